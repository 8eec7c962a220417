#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "polyloop/index.hpp"

namespace polyloop {

/// Base of every error that the library itself throws. What a loop body
/// throws reaches the caller unchanged.
class error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An argument (or an environment variable) has a value that the call cannot
/// work with. what() reads "grain is -4: expected a positive number".
class invalid_argument : public error {
 public:
  invalid_argument(std::string_view name, std::string_view value, std::string_view expected);
  /// The argument's name as the caller writes it.
  const std::string& argument() const noexcept { return argument_; }
  /// Its offending value, as text.
  const std::string& value() const noexcept { return value_; }

 private:
  std::string argument_;
  std::string value_;
};

/// A scope or a program asked for a backend that is not compiled in.
class unknown_backend : public invalid_argument {
 public:
  using invalid_argument::invalid_argument;
};

/// A reduction was stopped, by its stop token or its deadline, before it had
/// seen every element: it has no result.
class stopped : public error {
 public:
  explicit stopped(index_t iterations);
  /// Iterations that had run when the loop ended.
  index_t iterations() const noexcept { return iterations_; }

 private:
  index_t iterations_;
};

namespace detail {
[[noreturn]] void throw_invalid(std::string_view name, index_t value, std::string_view expected);
}  // namespace detail

}  // namespace polyloop
