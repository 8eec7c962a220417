#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "compare/raw.hpp"

namespace polyloop::bench {

/// A kernel on an input: how to run it, with Polyloop and by hand, and how to
/// look at what it left behind. Both write to the same place.
struct kernel_case {
  std::string kernel;  // "sobel magnitude, 8 bit"
  std::string input;   // what it is made of, real or generated

  /// On the backend and the workers of the scope around.
  std::function<void()> ours;
  std::function<void(const raw_kernels&)> raw;

  /// Overwrites the result, so that the next one cannot be an old one.
  std::function<void()> clear;
  /// The hash of all bytes of the result.
  std::function<std::uint64_t()> hash;
  /// The result, or a large part of it, as numbers.
  std::function<std::vector<double>()> values;
  /// By how much the numbers by hand may differ from ours: they round elsewhere.
  double tolerance = 0;
};

}  // namespace polyloop::bench
