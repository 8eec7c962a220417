#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "polyloop/error.hpp"
#include "polyloop/huge_vector.hpp"
#include "polyloop/index.hpp"

namespace polyloop::frames {

/// The size of a frame: width x height pixels of `channels` interleaved samples.
struct shape {
  index_t width = 0;
  index_t height = 0;
  index_t channels = 1;

  /// True where there is no sample at all.
  constexpr bool empty() const { return width == 0 || height == 0; }
  /// Samples in a row of pixels.
  constexpr index_t row_samples() const { return width * channels; }
  friend constexpr bool operator==(const shape&, const shape&) = default;
};

/// "640x480x3": width, height, channels.
std::string to_string(const shape& size);

namespace detail {

/// Throws invalid_argument for a shape that no frame of samples of
/// `sample_bytes` can have, and for a stride below a row.
void check_layout(const shape& size, index_t stride, std::size_t sample_bytes);
/// The same, and throws for null data where there are samples.
void check_view(const void* data, const shape& size, index_t stride, std::size_t sample_bytes);
/// Samples from a row to the next such that each begins on a 64-byte boundary.
index_t aligned_stride(const shape& size, std::size_t sample_bytes);

}  // namespace detail

/// Samples that belong to somebody else, as a frame. Sample c of pixel (x, y)
/// is data[y * stride + x * channels + c]; the stride counts samples (not
/// bytes) from a row to the next and may exceed a row, so that a part of a
/// frame is a view too.
///
/// As cheap to copy as a pointer. Views of const samples may be read by
/// several threads at once.
template <class T>
class view {
 public:
  using sample = T;

  /// No pixels.
  constexpr view() = default;

  /// Rows that follow each other without a gap. Throws as below.
  view(T* data, const shape& size) : view(data, size, size.row_samples()) {}

  /// Throws invalid_argument, naming width, height, channels, stride or data:
  /// negative sizes, channels < 1, a stride < width * channels, more bytes
  /// than can be addressed, or null data for a shape that is not empty.
  view(T* data, const shape& size, index_t stride) : data_(data), size_(size), stride_(stride) {
    detail::check_view(data, size, stride, sizeof(T));
  }

  /// A view to write through is one to read through.
  template <class U>
  requires std::same_as<const U, T>
  constexpr view(const view<U>& writable)  // NOLINT(google-explicit-constructor)
      : data_(writable.data()), size_(writable.size()), stride_(writable.stride()) {}

  constexpr T* data() const { return data_; }
  constexpr const shape& size() const { return size_; }
  constexpr index_t width() const { return size_.width; }
  constexpr index_t height() const { return size_.height; }
  constexpr index_t channels() const { return size_.channels; }
  /// Samples from the beginning of a row to that of the next.
  constexpr index_t stride() const { return stride_; }
  constexpr bool empty() const { return size_.empty(); }

  /// The first sample of row y, 0 <= y < height; not checked.
  constexpr T* row(index_t y) const { return data_ + y * stride_; }
  /// The first sample of pixel (x, y); not checked.
  constexpr T* pixel(index_t x, index_t y) const { return row(y) + x * size_.channels; }

 private:
  T* data_ = nullptr;
  shape size_;
  index_t stride_ = 0;
};

/// A frame that owns its samples. Rows begin on 64-byte boundaries; samples
/// are zero at first. A large one lies in huge pages where the system has them
/// (docs/memory.md). It moves but does not copy by accident: see clone().
template <class T>
requires(std::is_arithmetic_v<T> && 64 % sizeof(T) == 0) class image {
 public:
  /// No pixels.
  image() = default;

  /// Throws invalid_argument as view does, and std::bad_alloc.
  explicit image(const shape& size) : size_(size), stride_(detail::aligned_stride(size, sizeof(T))) {
    const auto samples = static_cast<std::size_t>(stride_ * size.height);
    if (samples == 0) return;
    data_ = {huge_page_allocator<T>().allocate(samples), release{samples}};
    std::memset(static_cast<void*>(data_.get()), 0, samples * sizeof(T));
  }

  image(image&& other) noexcept
      : data_(std::move(other.data_)),
        size_(std::exchange(other.size_, {})),
        stride_(std::exchange(other.stride_, 0)) {}

  image& operator=(image&& other) noexcept {
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, {});
    stride_ = std::exchange(other.stride_, 0);
    return *this;
  }

  /// A second image with the same samples.
  image clone() const {
    image copy(size_);
    if (data_ != nullptr)
      std::memcpy(copy.data_.get(), data_.get(),
                  static_cast<std::size_t>(stride_ * size_.height) * sizeof(T));
    return copy;
  }

  const shape& size() const { return size_; }
  index_t stride() const { return stride_; }
  T* row(index_t y) { return data_.get() + y * stride_; }
  const T* row(index_t y) const { return data_.get() + y * stride_; }

  view<T> pixels() { return {data_.get(), size_, stride_}; }
  view<const T> pixels() const { return {data_.get(), size_, stride_}; }
  operator view<T>() { return pixels(); }              // NOLINT(google-explicit-constructor)
  operator view<const T>() const { return pixels(); }  // NOLINT(google-explicit-constructor)

 private:
  struct release {
    std::size_t samples = 0;
    void operator()(T* memory) const { huge_page_allocator<T>().deallocate(memory, samples); }
  };

  std::unique_ptr<T, release> data_;
  shape size_;
  index_t stride_ = 0;
};

/// A frame of 8-bit luma and chroma. Chroma planes are smaller where chroma
/// is subsampled, and empty for a frame of luma alone.
struct yuv_planes {
  view<const std::uint8_t> y;
  view<const std::uint8_t> u;
  view<const std::uint8_t> v;
};

}  // namespace polyloop::frames
