// Included once for each SIMD target.
#if defined(POLYLOOP_REDUCTIONS_NATURAL_EXPONENTIAL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef POLYLOOP_REDUCTIONS_NATURAL_EXPONENTIAL_INL
#undef POLYLOOP_REDUCTIONS_NATURAL_EXPONENTIAL_INL
#else
#define POLYLOOP_REDUCTIONS_NATURAL_EXPONENTIAL_INL
#endif

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace polyloop::reductions::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// exp(x) of doubles x <= 0, within 2e-16 of it relatively; 0 below -708, NaN of NaN. With x = k log 2 + r,
/// |r| <= log 2 / 2, it is 2^k times the Taylor series of exp(r), without fused operations, which not every
/// target has.
template <class D>
HWY_INLINE hn::Vec<D> exponential(D d, hn::Vec<D> x) {
  constexpr double inverse_factorials[] = {1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800,
                                           1.0 / 362880,     1.0 / 40320,     1.0 / 5040,     1.0 / 720,
                                           1.0 / 120,        1.0 / 24,        1.0 / 6,        1.0 / 2};
  const hn::Rebind<std::int64_t, D> integers;
  const auto least = hn::Set(d, -708.0);
  const auto cut = hn::IfThenElse(hn::Lt(x, least), least, x);  // lets NaN through
  // Adding 3 * 2^51 rounds to an integer, which then stands in the lowest bits.
  const auto magic = hn::Set(d, 0x1.8p52);
  const auto rounded = hn::Add(hn::Mul(cut, hn::Set(d, 0x1.71547652b82fep0)), magic);
  const auto k = hn::Sub(rounded, magic);
  const auto upper = hn::Mul(k, hn::Set(d, 0x1.62e42fee00000p-1));  // exact: the last 21 bits are 0
  const auto lower = hn::Mul(k, hn::Set(d, 0x1.a39ef35793c76p-33));
  const auto r = hn::Sub(hn::Sub(cut, upper), lower);
  auto series = hn::Set(d, inverse_factorials[0]);
  for (int i = 1; i < 12; ++i) series = hn::Add(hn::Mul(series, r), hn::Set(d, inverse_factorials[i]));
  const auto value = hn::Add(hn::Set(d, 1.0), hn::Add(r, hn::Mul(hn::Mul(r, r), series)));
  const auto power = hn::ShiftLeft<52>(hn::BitCast(integers, rounded));
  const auto scaled = hn::BitCast(d, hn::Add(hn::BitCast(integers, value), power));
  const auto known = hn::IfThenElse(hn::Eq(x, x), scaled, x);
  return hn::IfThenZeroElse(hn::Lt(x, least), known);
}

}  // namespace polyloop::reductions::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
