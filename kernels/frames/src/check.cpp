#include "check.hpp"

namespace polyloop::frames::detail {

namespace {

/// Rows of equal stride that lie between each other, as the halves of a frame
/// do. `upper` begins at or after `lower`.
bool interleaved(const footprint& lower, const footprint& upper) {
  if (lower.stride_bytes != upper.stride_bytes) return false;
  const std::uintptr_t column = (upper.begin - lower.begin) % lower.stride_bytes;
  return column >= lower.row_bytes && column + upper.row_bytes <= lower.stride_bytes;
}

bool overlap(const footprint& a, const footprint& b) {
  if (a.rows == 0 || b.rows == 0) return false;
  if (end_of(a) <= b.begin || end_of(b) <= a.begin) return false;
  return !(a.begin <= b.begin ? interleaved(a, b) : interleaved(b, a));
}

}  // namespace

std::uintptr_t end_of(const footprint& f) {
  return f.rows == 0 ? f.begin : f.begin + (f.rows - 1) * f.stride_bytes + f.row_bytes;
}

void require_shape(const char* name, const shape& size, const shape& expected) {
  if (size != expected) throw invalid_argument(name, to_string(size), "a frame of " + to_string(expected));
}

void require_channels(index_t channels) {
  constexpr index_t most = 4;
  if (channels > most) polyloop::detail::throw_invalid("channels", channels, "1 to 4 channels");
}

void require_window(const window& of) {
  const auto require_side = [](const char* name, index_t side) {
    if (side < 1 || side > most_window_side)
      polyloop::detail::throw_invalid(name, side, "1 to " + std::to_string(most_window_side) + " pixels");
  };
  require_side("width", of.width);
  require_side("height", of.height);
}

void require_apart(const char* name, const footprint& out, const footprint& in) {
  if (overlap(out, in))
    throw invalid_argument(name, "overlapping the input", "memory apart from the input's");
}

}  // namespace polyloop::frames::detail
