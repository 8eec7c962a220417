#include "stream.hpp"

#include <cstdint>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "stream.cpp"
#include "hwy/cache_control.h"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

/// Whole cache lines go around the cache; what lies before and behind them does not.
void stream_bytes(const std::byte* from, std::size_t bytes, std::byte* to) {
  constexpr std::size_t line = 64;
  const std::size_t before = (line - reinterpret_cast<std::uintptr_t>(to) % line) % line;
  if (bytes < before + line) {
    std::memcpy(to, from, bytes);
    return;
  }
  std::memcpy(to, from, before);
  const hn::ScalableTag<uint8_t> d;
  const auto* const source = reinterpret_cast<const uint8_t*>(from);
  auto* const target = reinterpret_cast<uint8_t*>(to);
  const std::size_t end = before + (bytes - before) / line * line;
  for (std::size_t i = before; i < end; i += hn::Lanes(d))
    hn::Stream(hn::LoadU(d, source + i), d, target + i);
  std::memcpy(to + end, from + end, bytes - end);
}

}  // namespace

detail::stream_function Streaming() {
  return stream_bytes;
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(Streaming);

detail::stream_function detail::streaming() {
  return HWY_DYNAMIC_DISPATCH(Streaming)();
}

void detail::finish_streaming() {
  hwy::FlushStream();
}

}  // namespace polyloop::frames
#endif
