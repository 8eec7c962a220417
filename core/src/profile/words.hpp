#pragma once

#include <chrono>
#include <string>

namespace polyloop::detail {

/// A number with so many digits after the point, whatever the locale.
std::string fixed(double value, int digits);

/// A time with three digits or four: "12.3 ms".
std::string in_words(std::chrono::nanoseconds time);

}  // namespace polyloop::detail
