#include "polyloop/error.hpp"

namespace polyloop {

namespace {
std::string sentence(std::string_view name, std::string_view value, std::string_view expected) {
  std::string text(name);
  text.append(" is ").append(value).append(": expected ").append(expected);
  return text;
}
}  // namespace

invalid_argument::invalid_argument(std::string_view name, std::string_view value, std::string_view expected)
    : error(sentence(name, value, expected)), argument_(name), value_(value) {}

stopped::stopped(index_t iterations)
    : error("stopped after " + std::to_string(iterations) + " iterations: the reduction has no result"),
      iterations_(iterations) {}

namespace detail {
void throw_invalid(std::string_view name, index_t value, std::string_view expected) {
  throw invalid_argument(name, std::to_string(value), expected);
}
}  // namespace detail

}  // namespace polyloop
