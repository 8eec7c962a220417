#include "thinning.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "thinning.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

/// The directions are told apart by tan(22.5 degrees), in 2^-15, and tan(67.5 degrees), which is 2 more.
constexpr int32_t tangent = 13573;

struct marking {
  const detail::thinning_rows& rows;
  int32_t low;
  int32_t high;
  uint8_t* marks;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto gx = load(d, rows.gx + i);
    const auto gy = load(d, rows.gy + i);
    const auto x = hn::Abs(gx);
    const auto y = hn::ShiftLeft<15>(hn::Abs(gy));
    const auto limit22 = hn::Mul(x, hn::Set(d, tangent));
    const auto limit67 = hn::Add(limit22, hn::ShiftLeft<16>(x));
    const auto upright = hn::Lt(y, limit22);
    const auto level = hn::Gt(y, limit67);
    const auto falling = hn::Lt(hn::Xor(gx, gy), hn::Zero(d));

    // A level or upright edge may have an equal neighbour behind it: 1 more than that is to be reached.
    const auto one = hn::Set(d, 1);
    auto before = hn::IfThenElse(falling, load(d, rows.above + i + 1), load(d, rows.above + i - 1));
    auto behind =
        hn::Add(hn::IfThenElse(falling, load(d, rows.below + i - 1), load(d, rows.below + i + 1)), one);
    before = hn::IfThenElse(level, load(d, rows.above + i), before);
    behind = hn::IfThenElse(level, load(d, rows.below + i), behind);
    before = hn::IfThenElse(upright, load(d, rows.here + i - 1), before);
    behind = hn::IfThenElse(upright, load(d, rows.here + i + 1), behind);
    put(d, i, hn::Max(hn::Add(before, one), behind));
  }

 private:
  template <class D>
  static HWY_INLINE hn::Vec<D> load(D d, const int16_t* from) {
    return hn::PromoteTo(d, hn::LoadU(hn::Rebind<int16_t, D>(), from));
  }

  /// `least`: what the magnitude has to be at least.
  template <class D>
  HWY_INLINE void put(D d, index_t i, hn::Vec<D> least) const {
    const auto here = load(d, rows.here + i);
    const auto enough = hn::Max(least, hn::Set(d, low + 1));
    const auto weak = hn::IfThenZeroElse(hn::Gt(enough, here), hn::Set(d, int32_t{detail::weak_edge}));
    const auto sure = hn::IfThenElse(hn::Gt(here, hn::Set(d, high)), hn::Add(weak, weak), weak);
    const hn::Rebind<uint8_t, D> narrow;
    hn::StoreU(hn::DemoteTo(narrow, sure), narrow, marks + i);
  }
};

void mark_row(const detail::thinning_rows& rows, int32_t low, int32_t high, index_t count, uint8_t* marks) {
  for_lanes(hn::ScalableTag<int32_t>(), count, marking{rows, low, high, marks});
}

}  // namespace

detail::thin_function Thinning() {
  return mark_row;
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(Thinning);

detail::thin_function detail::thinning() {
  return HWY_DYNAMIC_DISPATCH(Thinning)();
}

}  // namespace polyloop::frames
#endif
