#include "polyloop/reductions/exact.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include "simd/exact_levels.hpp"
#include "stretches.hpp"

namespace polyloop::reductions {

namespace {

constexpr int limb_bits = 32;
constexpr std::int64_t limb_mask = (std::int64_t{1} << limb_bits) - 1;
/// The exponent of the lowest bit.
constexpr int lowest_bit = -1074;

/// The bits [from, from + 64) of a number without a sign, in limbs of 32 bits.
std::uint64_t bits_from(const std::array<std::int64_t, 68>& limb, int from) {
  std::uint64_t value = 0;
  for (int i = 0; i < 3; ++i) {
    const auto at = static_cast<std::size_t>(from / limb_bits + i);
    if (at >= limb.size()) break;
    const int shift = i * limb_bits - from % limb_bits;
    const auto bits = static_cast<std::uint64_t>(limb[at]);
    if (shift < 64) value |= shift < 0 ? bits >> -shift : bits << shift;
  }
  return value;
}

bool any_below(const std::array<std::int64_t, 68>& limb, int bit) {
  for (int i = 0; i < bit / limb_bits; ++i)
    if (limb[static_cast<std::size_t>(i)] != 0) return true;
  const std::int64_t low = (std::int64_t{1} << bit % limb_bits) - 1;
  return (limb[static_cast<std::size_t>(bit / limb_bits)] & low) != 0;
}

int highest_bit(const std::array<std::int64_t, 68>& limb) {
  for (auto i = static_cast<int>(limb.size()) - 1; i >= 0; --i)
    if (const auto bits = static_cast<std::uint64_t>(limb[static_cast<std::size_t>(i)]); bits != 0)
      return i * limb_bits + 63 - std::countl_zero(bits);
  return -1;
}

/// Adds (or takes away) the mantissa, shifted so many bits up.
void add_shifted(std::array<std::int64_t, 68>& limb, std::uint64_t mantissa, int shift, bool negative) {
  const auto at = static_cast<std::size_t>(shift / limb_bits);
  const int within = shift % limb_bits;
  const std::uint64_t low = (mantissa & static_cast<std::uint64_t>(limb_mask)) << within;
  const std::uint64_t high = (mantissa >> limb_bits) << within;
  const auto mask = static_cast<std::uint64_t>(limb_mask);
  const auto first = static_cast<std::int64_t>(low & mask);
  const auto second = static_cast<std::int64_t>((low >> limb_bits) + (high & mask));
  const auto third = static_cast<std::int64_t>(high >> limb_bits);
  limb[at] += negative ? -first : first;
  limb[at + 1] += negative ? -second : second;
  limb[at + 2] += negative ? -third : third;
}

}  // namespace

void exact_accumulator::add(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto exponent = static_cast<int>(bits >> 52 & 2047);
  const bool negative = bits >> 63 != 0;
  std::uint64_t mantissa = bits & ((std::uint64_t{1} << 52) - 1);
  if (exponent == 2047) {
    nan_ = nan_ || mantissa != 0;
    (negative ? negative_infinity_ : positive_infinity_) |= mantissa == 0;
    return;
  }
  if (exponent > 0) mantissa |= std::uint64_t{1} << 52;
  add_shifted(limb_, mantissa, exponent > 0 ? exponent - 1 : 0, negative);
  if (++additions_ == most_additions) carry();
}

void exact_accumulator::merge(const exact_accumulator& other) {
  exact_accumulator tidy = other;
  tidy.carry();
  carry();
  for (std::size_t i = 0; i < limb_.size(); ++i) limb_[i] += tidy.limb_[i];
  additions_ = 2;
  positive_infinity_ = positive_infinity_ || other.positive_infinity_;
  negative_infinity_ = negative_infinity_ || other.negative_infinity_;
  nan_ = nan_ || other.nan_;
}

/// Leaves 32 bits in each limb but the highest, which has the sign.
void exact_accumulator::carry() {
  for (std::size_t i = 0; i + 1 < limb_.size(); ++i) {
    limb_[i + 1] += limb_[i] >> limb_bits;
    limb_[i] &= limb_mask;
  }
  additions_ = 1;
}

template <class Float>
Float exact_accumulator::rounded() const {
  using limits = std::numeric_limits<Float>;
  if (nan_ || (positive_infinity_ && negative_infinity_)) return limits::quiet_NaN();
  if (positive_infinity_ || negative_infinity_)
    return positive_infinity_ ? limits::infinity() : -limits::infinity();

  exact_accumulator magnitude = *this;
  magnitude.carry();
  const bool negative = magnitude.limb_.back() < 0;
  if (negative) {
    for (std::int64_t& limb : magnitude.limb_) limb = -limb;
    magnitude.carry();
  }
  const int top = highest_bit(magnitude.limb_);
  if (top < 0) return 0;
  constexpr int least =
      limits::min_exponent - limits::digits - lowest_bit;  // the last place of subnormal ones
  const int last = std::max(top - limits::digits + 1, least);
  std::uint64_t mantissa =
      last > top ? 0 : bits_from(magnitude.limb_, last) & ((std::uint64_t{1} << limits::digits) - 1);
  if (last > 0) {
    const bool half = (bits_from(magnitude.limb_, last - 1) & 1) != 0;
    if (half && ((mantissa & 1) != 0 || any_below(magnitude.limb_, last - 1))) ++mantissa;
  }
  const auto value = std::ldexp(static_cast<Float>(mantissa), last + lowest_bit);
  return negative ? -value : value;
}

double exact_accumulator::to_double() const {
  return rounded<double>();
}

float exact_accumulator::to_float() const {
  return rounded<float>();
}

namespace {

struct merging {
  using value_type = exact_accumulator;
  static exact_accumulator identity() { return {}; }
  exact_accumulator operator()(exact_accumulator a, const exact_accumulator& b) const {
    a.merge(b);
    return a;
  }
};

template <class T>
void add_stretch(const exact_functions<T>& functions, const stretch<T>& part, exact_accumulator& to) {
  const exact_parts parts = functions.sum(part.data, part.size);
  for (int i = 0; i < parts.count; ++i) to.add(parts.part[i]);
  if (parts.count > 0) return;
  for (std::size_t i = 0; i < part.size; ++i) to.add(static_cast<double>(part.data[i]));
}

template <class T>
exact_accumulator exact_total(const input<T>& x, const exact_functions<T>& functions,
                              const loop_options& options) {
  const auto block = [&](index_t from, index_t to) {
    exact_accumulator total;
    for_stretches(x, from, to, [&](const stretch<T>& part) { add_stretch(functions, part, total); });
    return total;
  };
  return parallel_reduce_blocks(stretch_count(x.size(), stretch_size<T>), merging{}, block, options);
}

}  // namespace

float detail::exact_sum(const input<float>& x, const loop_options& options) {
  return exact_total(x, exact_levels().for_float, options).to_float();
}

double detail::exact_sum(const input<double>& x, const loop_options& options) {
  return exact_total(x, exact_levels().for_double, options).to_double();
}

}  // namespace polyloop::reductions
