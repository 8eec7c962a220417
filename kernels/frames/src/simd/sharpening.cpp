#include "sharpening.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sharpening.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

struct bytes {
  const uint8_t* in;
  const uint8_t* blurred;
  int16_t amount;
  uint8_t* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto sample = load_wide(d, in + i);
    const auto difference = hn::Sub(sample, load_wide(d, blurred + i));
    const auto added = hn::MulFixedPoint15(hn::ShiftLeft<5>(difference), hn::Set(d, amount));
    store_narrow(d, hn::Add(sample, added), out + i);
  }
};

template <class T>
struct floats {
  const T* in;
  const float* blurred;
  float amount;
  T* out;

  template <class D>
  HWY_INLINE void operator()(D d, index_t i) const {
    const auto sample = load_float(d, in + i);
    const auto difference = hn::Sub(sample, hn::LoadU(d, blurred + i));
    store_float(d, hn::Add(sample, hn::Mul(hn::Set(d, amount), difference)), out + i);
  }
};

void sharpen(const uint8_t* in, const uint8_t* blurred, int16_t amount, index_t count, uint8_t* out) {
  for_lanes(hn::ScalableTag<int16_t>(), count, bytes{in, blurred, amount, out});
}

template <class T>
void sharpen(const T* in, const float* blurred, float amount, index_t count, T* out) {
  for_lanes(hn::ScalableTag<float>(), count, floats<T>{in, blurred, amount, out});
}

}  // namespace

detail::sharpen_bytes ByteSharpening() {
  return sharpen;
}

detail::for_each_sample<detail::sharpen_floats> FloatSharpening() {
  return {sharpen<uint8_t>, sharpen<uint16_t>, sharpen<float>};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(ByteSharpening);
HWY_EXPORT(FloatSharpening);

detail::sharpen_bytes detail::byte_sharpening() {
  return HWY_DYNAMIC_DISPATCH(ByteSharpening)();
}

detail::for_each_sample<detail::sharpen_floats> detail::float_sharpening() {
  return HWY_DYNAMIC_DISPATCH(FloatSharpening)();
}

}  // namespace polyloop::frames
#endif
