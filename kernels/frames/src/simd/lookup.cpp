#include "lookup.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lookup.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

using table256 = std::array<uint8_t, 256>;

void look_up_each(const uint8_t* in, const table256& table, index_t begin, index_t end, uint8_t* out) {
  for (index_t i = begin; i < end; ++i) out[i] = table[in[i]];
}

#if HWY_TARGET == HWY_SCALAR

void look_up_row(const uint8_t* in, const table256& table, index_t count, uint8_t* out) {
  look_up_each(in, table, 0, count, out);
}

#else

/// Sixteen tables of sixteen bytes: by the lower four bits in each of them, and by the upper four from one.
template <class D>
HWY_INLINE hn::Vec<D> look_up_vector(D d, hn::Vec<D> index, const table256& table) {
  const auto lower = hn::And(index, hn::Set(d, 0x0f));
  const auto upper = hn::AndNot(hn::Set(d, 0x0f), index);
  auto found = hn::Zero(d);
  for (std::size_t part = 0; part < 16; ++part) {
    const auto bytes = hn::LoadDup128(d, table.data() + 16 * part);
    const auto here = hn::Eq(upper, hn::Set(d, static_cast<uint8_t>(16 * part)));
    found = hn::IfThenElse(here, hn::TableLookupBytes(bytes, lower), found);
  }
  return found;
}

void look_up_row(const uint8_t* in, const table256& table, index_t count, uint8_t* out) {
  const hn::ScalableTag<uint8_t> d;
  index_t i = 0;
  for (; i + lanes(d) <= count; i += lanes(d))
    hn::StoreU(look_up_vector(d, hn::LoadU(d, in + i), table), d, out + i);
  look_up_each(in, table, i, count, out);
}

#endif

}  // namespace

detail::lookup_function Lookup() {
  return look_up_row;
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(Lookup);

detail::lookup_function detail::lookup() {
  return HWY_DYNAMIC_DISPATCH(Lookup)();
}

}  // namespace polyloop::frames
#endif
