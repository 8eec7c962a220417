#pragma once

#include <algorithm>
#include <cstring>
#include <vector>

#include "bordered.hpp"
#include "simd/windows.hpp"

/// The columns of windows, in a time that does not depend on their height: what the row
/// above has already combined is used again. Each is a first pass of filter_band.
namespace polyloop::frames::detail {

/// Remembers the rows under a window.
template <class T>
class moving_taps {
 public:
  /// Whether the window stands a row below the last one.
  bool moved_down(const T* const* taps, index_t height, index_t count) const {
    return count == count_ && static_cast<index_t>(last_.size()) == height &&
           std::equal(last_.begin() + 1, last_.end(), taps);
  }
  void remember(const T* const* taps, index_t height, index_t count) {
    last_.assign(taps, taps + height);
    count_ = count;
  }
  void forget() { count_ = -1; }
  const T* first() const { return last_.front(); }
  const T* last() const { return last_.back(); }

 private:
  std::vector<const T*> last_;
  index_t count_ = -1;
};

/// Sums of integers: the row that enters is added and the one that leaves taken
/// away. Of floats, whose sums would then depend on what was there before, all rows are added.
template <class T, class Sum>
class sum_columns {
 public:
  sum_columns(const sum_rows<T, Sum>& rows, index_t height, index_t count)
      : rows_(rows), height_(height), sums_(count, 0) {}

  void operator()(const T* const* taps, index_t count, Sum* const* lines) {
    const bool moved = std::is_integral_v<Sum> && moved_.moved_down(taps, height_, count);
    const T* const leaving = moved ? moved_.first() : nullptr;
    moved_.remember(taps, height_, count);
    if (moved) return rows_.next(moved_.last(), leaving, count, sums_.data(), lines[0]);
    rows_.columns(taps, height_, count, sums_.data());
    std::copy_n(sums_.data(), count, lines[0]);
  }
  void restart() { moved_.forget(); }

 private:
  sum_rows<T, Sum> rows_;
  index_t height_;
  moving_taps<T> moved_;
  scratch_row<Sum> sums_;
};

/// The least or greatest of columns, by blocks of as many rows as the window has: three operations a
/// sample, whatever its height.
/// (M. van Herk, "A fast algorithm for local minimum and maximum filters on rectangular and octagonal
/// kernels", 1992; J. Gil, M. Werman, "Computing 2-D min, median, and max filters", 1993.)
template <class T>
class extreme_columns {
 public:
  extreme_columns(const extreme_rows<T>& rows, index_t height, index_t count) : rows_(rows), height_(height) {
    if (height > most_direct_height)
      for (index_t k = 0; k <= height; ++k) block_.emplace_back(count, 0);
  }

  void operator()(const T* const* taps, index_t count, T* const* lines) { single(taps, count, lines); }
  /// One row of the output, or two.
  void operator()(const T* const* taps, index_t n, index_t count, T* const* lines) {
    if (n == 2 && height_ > 1 && height_ <= most_direct_height)
      return rows_.two_columns(taps, height_, count, lines[0], lines[1]);
    for (index_t k = 0; k < n; ++k) single(taps + k, count, lines + k);
  }

 private:
  static constexpr index_t most_direct_height = 9;

  void single(const T* const* taps, index_t count, T* const* lines) {
    if (height_ <= most_direct_height) return rows_.columns(taps, height_, count, lines[0]);
    const bool in_block = place_ > 0 && moved_.moved_down(taps, height_, count);
    moved_.remember(taps, height_, count);
    if (in_block)
      go_on(moved_.last(), count, lines[0]);
    else
      begin_block(taps, count, lines[0]);
    place_ = (place_ + 1) % height_;
  }
  void restart() { moved_.forget(); }

  T* suffix(index_t k) { return block_[static_cast<std::size_t>(k)].data(); }

  /// The window is the block: the extremes from each of its rows to its last.
  void begin_block(const T* const* taps, index_t count, T* out) {
    std::copy_n(moved_.last(), count, suffix(height_ - 1));
    for (index_t k = height_ - 2; k >= 0; --k) rows_.pair(taps[k], suffix(k + 1), count, suffix(k));
    std::copy_n(suffix(0), count, out);
    place_ = 0;
  }

  /// The window is the end of the block and the rows below it.
  void go_on(const T* entering, index_t count, T* out) {
    T* const below = suffix(height_);
    if (place_ == 1) std::copy_n(entering, count, below);
    rows_.next(entering, suffix(place_), count, below, out);
  }

  extreme_rows<T> rows_;
  index_t height_;
  index_t place_ = 0;
  moving_taps<T> moved_;
  std::vector<scratch_row<T>> block_;
};

}  // namespace polyloop::frames::detail
