#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "bordered.hpp"
#include "simd/stream.hpp"

namespace polyloop::frames::detail {

/// Outputs of at least so many bytes go around the cache: they would only push out what is in it, and each
/// line would be read before it is written. Measured: Sobel of a 4K frame of three channels takes a seventh
/// less.
inline constexpr index_t least_streamed_bytes = index_t{10} << 20;

/// The rows that a band writes: in place, or in rows of scratch and from there around the cache.
template <class T>
class row_writer {
 public:
  /// `in_place`: the rows are read too. `bytes_read`: of frames that take part of the cache meanwhile.
  /// `together`: how many rows are written at once, at most.
  explicit row_writer(const view<T>& out, bool in_place = false, index_t bytes_read = 0, index_t together = 1)
      : out_(out),
        streams_(!in_place && bytes_read + out.height() * row_bytes() >= least_streamed_bytes),
        scratch_(static_cast<std::size_t>(streams_ ? together : 0), out.size().row_samples(), 0),
        rows_(static_cast<std::size_t>(together)) {}
  row_writer(const row_writer&) = delete;
  row_writer& operator=(const row_writer&) = delete;
  ~row_writer() {
    if (streams_) finish_streaming();
  }

  /// Whether row y is to be written around the cache, and begins on a cache line: it may be, by whoever can.
  bool takes_lines() const {
    return streams_ && reinterpret_cast<std::uintptr_t>(out_.data()) % 64 == 0 &&
           out_.stride() * static_cast<index_t>(sizeof(T)) % 64 == 0;
  }
  T* row(index_t y) const { return out_.row(y); }

  /// fill(rows) writes rows y to y + count - 1.
  template <class Fill>
  void write(index_t y, index_t count, const Fill& fill) {
    for (index_t r = 0; r < count; ++r) place(r) = streams_ ? scratch_.data()[r] : out_.row(y + r);
    fill(std::span<T* const>(rows_.data(), static_cast<std::size_t>(count)));
    if (!streams_) return;
    for (index_t r = 0; r < count; ++r)
      stream_(reinterpret_cast<const std::byte*>(place(r)), static_cast<std::size_t>(row_bytes()),
              reinterpret_cast<std::byte*>(out_.row(y + r)));
  }
  /// fill(row) writes row y.
  template <class Fill>
  void write(index_t y, const Fill& fill) {
    write(y, 1, [&fill](std::span<T* const> rows) { fill(rows[0]); });
  }

 private:
  index_t row_bytes() const { return out_.size().row_samples() * static_cast<index_t>(sizeof(T)); }
  T*& place(index_t r) { return rows_[static_cast<std::size_t>(r)]; }

  view<T> out_;
  bool streams_;
  scratch_rows<T> scratch_;
  std::vector<T*> rows_;
  stream_function stream_ = streaming();
};

}  // namespace polyloop::frames::detail
