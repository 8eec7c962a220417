#pragma once

#include <string>

#include "polyloop/error.hpp"
#include "polyloop/index.hpp"

namespace polyloop::aggregation {

/// Where a CSV text is wrong, and how.
struct csv_problem {
  index_t line = 0;         ///< physical line on which the field begins, from 1
  index_t column = 0;       ///< number of the field in its row, from 1
  std::string column_name;  ///< the field's name in the header; empty if it has none
  std::string found;        ///< what is there
  std::string expected;     ///< what should be
  std::string file;         ///< the file's name; empty if the text is from elsewhere
};

/// A CSV text is malformed, or a field is not of its column's type. what()
/// reads `shop.csv: line 7, column 4 "Quantity": found "six", expected an integer`.
class csv_error : public error {
 public:
  explicit csv_error(csv_problem problem);

  index_t line() const noexcept { return problem_.line; }
  index_t column() const noexcept { return problem_.column; }
  const std::string& column_name() const noexcept { return problem_.column_name; }
  const std::string& found() const noexcept { return problem_.found; }
  const std::string& expected() const noexcept { return problem_.expected; }
  const std::string& file() const noexcept { return problem_.file; }
  const csv_problem& problem() const noexcept { return problem_; }

 private:
  csv_problem problem_;
};

/// A file cannot be opened or read.
class file_error : public error {
 public:
  file_error(const std::string& file, const std::string& reason);
  const std::string& file() const noexcept { return file_; }

 private:
  std::string file_;
};

}  // namespace polyloop::aggregation
