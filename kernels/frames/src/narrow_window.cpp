#include "narrow_window.hpp"

#include <algorithm>
#include <cmath>

namespace polyloop::frames::detail {

namespace {

constexpr int most_shift = 28;
constexpr double most_change = 0.125;

/// sum(f(weight)) over the window.
template <class Function>
double sum_over(const weighed_window& of, const Function& f) {
  double sum = 0;
  for (const float weight : of.weights) sum += f(static_cast<double>(weight));
  return sum;
}

/// The largest shift with which weights fit 16 bits, and sums of 8-bit samples 30; below 0 where none does.
int shift_for(const weighed_window& of) {
  double largest = 0;
  for (const float weight : of.weights) largest = std::max(largest, std::abs(static_cast<double>(weight)));
  const double all = 255 * sum_over(of, [](double weight) { return std::abs(weight); });
  int shift = most_shift;
  const auto fits = [&] {
    return std::ldexp(largest, shift) <= 32767 && std::ldexp(all, shift) < 0x3fffffff;
  };
  while (shift >= 0 && !fits()) --shift;
  return shift;
}

/// The weight of row t and column k in units; 0 beyond the window.
std::int32_t units(const weighed_window& of, int shift, index_t t, index_t k) {
  if (t < 0 || t >= of.of.height) return 0;
  const float weight = of.weights[static_cast<std::size_t>(t * of.of.width + k)];
  return static_cast<std::int32_t>(std::lround(std::ldexp(static_cast<double>(weight), shift)));
}

/// The pairs of a window that stands `down` rows below the pairs of rows.
std::vector<sample_pair> pairs_of(const weighed_window& of, const narrow_window& made, index_t down) {
  std::vector<sample_pair> pairs;
  for (index_t p = 0; p < made.height; ++p)
    for (index_t k = 0; k < made.width; ++k) {
      const auto first = static_cast<std::uint32_t>(units(of, made.shift, 2 * p - down, k));
      const auto second = static_cast<std::uint32_t>(units(of, made.shift, 2 * p + 1 - down, k));
      pairs.push_back(static_cast<sample_pair>((first & 0xffffU) | second << 16));
    }
  return pairs;
}

}  // namespace

std::optional<narrow_window> narrowed(const weighed_window& exact) {
  narrow_window made{exact.of.width, exact.of.height / 2 + 1, shift_for(exact), {}, {}};
  if (made.shift < 0) return {};
  const double change = sum_over(exact, [&](double weight) {
    const double scaled = std::ldexp(weight, made.shift);
    return std::abs(std::round(scaled) - scaled);
  });
  if (255 * std::ldexp(change, -made.shift) > most_change) return {};
  made.upper = pairs_of(exact, made, 0);
  made.lower = pairs_of(exact, made, 1);
  return made;
}

}  // namespace polyloop::frames::detail
