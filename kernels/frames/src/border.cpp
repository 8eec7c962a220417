#include "polyloop/frames/border.hpp"

#include <algorithm>

namespace polyloop::frames {

namespace {

index_t modulo(index_t i, index_t period) noexcept {
  const index_t rest = i % period;
  return rest < 0 ? rest + period : rest;
}

index_t reflected(index_t i, index_t size) noexcept {
  const index_t at = modulo(i, 2 * size);
  return at < size ? at : 2 * size - 1 - at;
}

index_t reflected101(index_t i, index_t size) noexcept {
  if (size == 1) return 0;
  const index_t at = modulo(i, 2 * size - 2);
  return at < size ? at : 2 * size - 2 - at;
}

}  // namespace

std::string_view to_string(border_mode mode) noexcept {
  constexpr std::string_view names[] = {"replicate", "reflect", "reflect101", "wrap", "constant"};
  return names[static_cast<unsigned>(mode)];
}

index_t border_index(index_t i, index_t size, border_mode mode) noexcept {
  if (i >= 0 && i < size) return i;
  switch (mode) {
    case border_mode::replicate:
      return std::clamp<index_t>(i, 0, size - 1);
    case border_mode::reflect:
      return reflected(i, size);
    case border_mode::reflect101:
      return reflected101(i, size);
    case border_mode::wrap:
      return modulo(i, size);
    case border_mode::constant:
      break;
  }
  return -1;
}

}  // namespace polyloop::frames
