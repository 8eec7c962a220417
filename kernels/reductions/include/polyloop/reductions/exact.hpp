#pragma once

#include <array>
#include <concepts>
#include <cstdint>

#include "polyloop/loop_options.hpp"
#include "polyloop/reductions/input.hpp"

namespace polyloop::reductions {

/// A sum of doubles without any rounding: a fixed-point number of all bits that a sum of up to 2^63 doubles
/// may have (the superaccumulator of U. Kulisch; carries are put off as in R. Neal, "Fast exact summation
/// using small and large superaccumulators", 2015). 560 bytes.
///
/// The order in which numbers are added, and accumulators merged, does not matter.
class exact_accumulator {
 public:
  /// O(1). Infinities and NaNs are remembered.
  void add(double x);
  /// Adds what another one holds.
  void merge(const exact_accumulator& other);

  /// The sum rounded once, to nearest, ties to even; infinite where it exceeds the type, 0.0 for none.
  /// Of infinities of one sign that infinity; of both signs, or of a NaN, NaN.
  double to_double() const;
  float to_float() const;

 private:
  // Limb i counts multiples of 2^(32 i - 1074) and may be as large as 63 bits until carries are taken.
  static constexpr int limbs = 68;
  static constexpr std::int32_t most_additions = 1 << 29;

  void carry();
  template <class Float>
  Float rounded() const;

  std::array<std::int64_t, limbs> limb_ = {};
  std::int32_t additions_ = 0;
  bool positive_infinity_ = false;
  bool negative_infinity_ = false;
  bool nan_ = false;
};

namespace detail {
float exact_sum(const input<float>& x, const loop_options& options);
double exact_sum(const input<double>& x, const loop_options& options);
}  // namespace detail

/// The sum of floats or doubles as if it were computed without rounding and rounded once (to nearest, ties to
/// even): independent of the order, the same bits everywhere. 0.0 of none; infinities and NaNs as
/// exact_accumulator says.
///
/// Elements within 2^28 of each other take about as long as they take to be read; all others still O(1) each.
template <sequence X>
requires std::floating_point<detail::element_of<X>> detail::element_of<X> exact_sum(
    const X& x, const loop_options& options = {}) {
  return detail::with_input(x, [&options](const auto& in) { return detail::exact_sum(in, options); });
}

}  // namespace polyloop::reductions
