#pragma once

#include <array>
#include <string>
#include <string_view>

#include "polyloop/index.hpp"

namespace polyloop::aggregation {

/// What is wrong with a field, before anyone has counted lines.
struct field_failure {
  const char* field;  // its first byte
  index_t column;     // its number in the row, from 0
  std::string found;
  std::string expected;
};

/// A field as it is in the text: without its quotes, with doubled ones still doubled.
struct field {
  std::string_view text;
  bool quoted = false;
  bool doubled = false;
};

/// Which bytes end the run of an unquoted field.
class dialect {
 public:
  /// Throws invalid_argument for a separator that means something else.
  explicit dialect(char separator);
  char separator() const { return separator_; }
  bool stops(char c) const { return stops_[static_cast<unsigned char>(c)]; }

 private:
  char separator_;
  std::array<bool, 256> stops_{};
};

/// Reads the field that begins at `at`. Returns where it ends: at a separator, a
/// line end or the end of the text. Throws field_failure.
const char* read_field(const char* at, const char* end, const dialect& rules, index_t column, field& out);

/// Whether a row goes on after a field that ended here.
inline bool more_fields(const char* at, const char* end, const dialect& rules) {
  return at != end && *at == rules.separator();
}

/// The first byte after a line end, LF or CRLF, or the end of the text.
const char* next_line(const char* at, const char* end);

/// The field's characters as the writer meant them, added to `text`.
void append_unquoted(const field& from, std::string& text);

/// Something of the text for a message: short, printable, in quotes.
std::string excerpt(std::string_view text);

}  // namespace polyloop::aggregation
