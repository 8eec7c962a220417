#pragma once

#include <memory>

#include "moving.hpp"
#include "row_filter.hpp"

namespace polyloop::frames::detail {

/// The largest area of windows whose sums of 8-bit samples fit 16 bits; an area of 1 has no multiplier to
/// divide by.
inline constexpr index_t most_narrow_area = 256;

template <class T>
bool has_narrow_sums(const window& of) {
  const index_t area = of.width * of.height;
  return std::is_same_v<T, std::uint8_t> && area > 1 && area <= most_narrow_area;
}

/// Sums of windows, and finish(sums, taps, row), which makes samples of them.
template <class T, class Sum, class Finish>
class sums_along {
 public:
  sums_along(const shape& in, const window& of, const sum_rows<T, Sum>& pass, const Finish& finish)
      : in_(in),
        of_(of),
        pass_(pass),
        finish_(finish),
        scratch_(in.row_samples(), of.width * in.channels),
        sums_(in.row_samples(), 0) {}

  template <class Out>
  void operator()(Sum* const* lines, const T* const* taps, Out* row) {
    pass_.along(lines[0] - reach_of(of_).left * in_.channels, scratch_.data(), of_.width, in_.channels,
                in_.row_samples(), sums_.data());
    finish_(sums_.data(), taps, row);
  }

 private:
  shape in_;
  window of_;
  sum_rows<T, Sum> pass_;
  Finish finish_;
  scratch_row<Sum> scratch_;
  scratch_row<Sum> sums_;
};

template <class T, class Sum, class Finish>
row_plan<T, T> plan_of_sums(const shape& in, const window& of, const sum_rows<T, Sum>& pass,
                            const Finish& finish) {
  return plan_of_passes<Sum, T, T>(
      {in, of.edge, reach_of(of), 1}, [=] { return sum_columns<T, Sum>(pass, of.height, in.row_samples()); },
      [=] { return sums_along<T, Sum, Finish>(in, of, pass, finish); });
}

}  // namespace polyloop::frames::detail
