#pragma once

#include <vector>

#include "bordered.hpp"
#include "simd/window_weighing.hpp"

namespace polyloop::frames::detail {

/// Pairs of 8-bit rows that lie one below the other, each row in one pair, and the pixels beyond the border
/// before and behind them.
class paired_rows {
 public:
  /// Windows of `height` pairs, of which the first begins with row `first`.
  paired_rows(const view<const std::uint8_t>& in, const border& edge, const reach& r, index_t height,
              index_t first)
      : shape_(in.size()),
        mode_(edge.mode),
        across_(r.across()),
        height_(height),
        row_(first),
        source_(in, edge),
        lines_(static_cast<std::size_t>(height), in.size().row_samples(), (across_ + 1) * in.channels()),
        constant_(static_cast<std::size_t>(in.channels())),
        taps_(static_cast<std::size_t>(height)) {
    if (mode_ == border_mode::constant)
      pass_.join(source_.constant(), source_.constant(), in.channels(), constant_.data());
    while (fetched_ + 1 < height) fetch();
  }

  /// The pairs of the next window, two rows further down.
  const sample_pair* const* next() {
    fetch();
    for (index_t t = 0; t < height_; ++t) taps_[static_cast<std::size_t>(t)] = line(fetched_ + t);
    return taps_.data();
  }

 private:
  sample_pair* line(index_t number) { return lines_.data()[number % height_]; }

  void fetch() {
    sample_pair* const made = line(fetched_++);
    pass_.join(source_.row(row_), source_.row(row_ + 1), shape_.row_samples(), made);
    pad_row(made, shape_.width, shape_.channels, across_, mode_, constant_.data());
    row_ += 2;
    source_.prefetch(row_);
    source_.prefetch(row_ + 1);
  }

  pair_rows pass_ = pair_weighing();
  shape shape_;
  border_mode mode_;
  index_t across_, height_, row_;
  index_t fetched_ = 0;
  bordered_rows<std::uint8_t> source_;
  scratch_rows<sample_pair> lines_;
  std::vector<sample_pair> constant_;
  std::vector<const sample_pair*> taps_;
};

}  // namespace polyloop::frames::detail
