#include "polyloop/frames/view.hpp"

#include <limits>

namespace polyloop::frames {

namespace {

constexpr index_t row_alignment = 64;

/// The most samples whose addresses can be told apart by a pointer difference.
index_t most_samples(std::size_t sample_bytes) {
  return std::numeric_limits<std::ptrdiff_t>::max() / static_cast<index_t>(sample_bytes);
}

void require_not_negative(const char* name, index_t value) {
  if (value < 0) polyloop::detail::throw_invalid(name, value, "a number of pixels that is not negative");
}

void check_shape(const shape& size, index_t most) {
  require_not_negative("width", size.width);
  require_not_negative("height", size.height);
  if (size.channels < 1) polyloop::detail::throw_invalid("channels", size.channels, "at least 1");
  if (size.width > most / size.channels)
    polyloop::detail::throw_invalid("width", size.width, "a row that fits into the address space");
}

}  // namespace

std::string to_string(const shape& size) {
  return std::to_string(size.width) + 'x' + std::to_string(size.height) + 'x' + std::to_string(size.channels);
}

namespace detail {

void check_layout(const shape& size, index_t stride, std::size_t sample_bytes) {
  const index_t most = most_samples(sample_bytes);
  check_shape(size, most);
  if (stride < size.row_samples())
    polyloop::detail::throw_invalid(
        "stride", stride, "at least width * channels = " + std::to_string(size.row_samples()) + " samples");
  if (stride != 0 && size.height > most / stride)
    polyloop::detail::throw_invalid("height", size.height, "a frame that fits into the address space");
}

void check_view(const void* data, const shape& size, index_t stride, std::size_t sample_bytes) {
  check_layout(size, stride, sample_bytes);
  if (data == nullptr && !size.empty())
    throw invalid_argument("data", "null", "the address of " + to_string(size) + " samples");
}

index_t aligned_stride(const shape& size, std::size_t sample_bytes) {
  const index_t step = row_alignment / static_cast<index_t>(sample_bytes);
  // Room for the rounding, so that the sum below cannot overflow.
  check_shape(size, most_samples(sample_bytes) - step);
  const index_t stride = (size.row_samples() + step - 1) / step * step;
  check_layout(size, stride, sample_bytes);
  return stride;
}

}  // namespace detail

}  // namespace polyloop::frames
