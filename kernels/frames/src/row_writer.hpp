#pragma once

#include "bordered.hpp"
#include "simd/stream.hpp"

namespace polyloop::frames::detail {

/// Outputs of at least so many bytes go around the cache: they would only push out what is in it, and each
/// line would be read before it is written. Measured: Sobel of a 4K frame of three channels takes a seventh
/// less.
inline constexpr index_t least_streamed_bytes = index_t{12} << 20;

/// The rows that a band writes: in place, or in a row of scratch and from there around the cache.
template <class T>
class row_writer {
 public:
  /// `in_place`: the rows are read too.
  explicit row_writer(const view<T>& out, bool in_place = false)
      : out_(out),
        streams_(!in_place && out.height() * row_bytes() >= least_streamed_bytes),
        scratch_(streams_ ? out.size().row_samples() : 0, 0) {}
  row_writer(const row_writer&) = delete;
  row_writer& operator=(const row_writer&) = delete;
  ~row_writer() {
    if (streams_) finish_streaming();
  }

  /// fill(row) writes row y.
  template <class Fill>
  void write(index_t y, const Fill& fill) {
    if (!streams_) return fill(out_.row(y));
    fill(scratch_.data());
    stream_(reinterpret_cast<const std::byte*>(scratch_.data()), static_cast<std::size_t>(row_bytes()),
            reinterpret_cast<std::byte*>(out_.row(y)));
  }

 private:
  index_t row_bytes() const { return out_.size().row_samples() * static_cast<index_t>(sizeof(T)); }

  view<T> out_;
  bool streams_;
  scratch_row<T> scratch_;
  stream_function stream_ = streaming();
};

}  // namespace polyloop::frames::detail
