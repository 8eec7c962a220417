#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "bands.hpp"
#include "polyloop/worker_local.hpp"
#include "row_filter.hpp"
#include "row_writer.hpp"

/// Filters one after the other without frames in between: a row is made when the filter behind asks for it,
/// and kept as long as that looks at it.
namespace polyloop::frames::detail {

/// Rows by their number, made when they are asked for.
template <class T>
class row_source : public fetches_ahead {
 public:
  row_source() = default;
  row_source(const row_source&) = delete;
  row_source& operator=(const row_source&) = delete;
  virtual ~row_source() = default;

  /// Row y of a frame, 0 <= y < height; good until so many others have been asked for as are kept.
  virtual const T* row(index_t y) = 0;
};

/// A frame that is there. The next row is fetched ahead of its use, while passes over what is in the cache
/// would leave the memory idle.
template <class T>
class frame_source final : public row_source<T> {
 public:
  explicit frame_source(const view<const T>& frame) : frame_(frame), rows_(frame, {}) {}

  const T* row(index_t y) override {
    asked_ = y;
    return frame_.row(y);
  }
  void fetch_ahead() override { rows_.prefetch(asked_ + 1); }

 private:
  view<const T> frame_;
  bordered_rows<T> rows_;
  index_t asked_ = 0;
};

/// What a filter makes of the rows of a source.
template <class In, class Out>
class filtered_source final : public row_source<Out> {
 public:
  /// Keeps the last `kept` rows: rows that are asked for together lie within so many.
  filtered_source(std::unique_ptr<row_source<In>> from, const row_plan<In, Out>& plan, index_t kept)
      : from_(std::move(from)),
        height_(plan.size.height),
        around_(plan.around),
        mode_(plan.edge.mode),
        filter_(plan.filter()),
        taps_(static_cast<std::size_t>(plan.around.rows())),
        rows_(static_cast<std::size_t>(kept), plan.size.row_samples(), 0),
        numbers_(static_cast<std::size_t>(kept), -1) {
    filter_->takes_from(*from_);
    if (mode_ == border_mode::constant)
      constant_.assign(static_cast<std::size_t>(plan.size.row_samples()), to_sample<In>(plan.edge.value));
  }

  const Out* row(index_t y) override {
    const std::size_t place = static_cast<std::size_t>(y) % numbers_.size();
    Out* const kept = rows_.data()[place];
    if (numbers_[place] != y) filter_->make(window(y), kept);
    numbers_[place] = y;
    return kept;
  }
  void fetch_ahead() override { from_->fetch_ahead(); }

  /// Row y into a frame.
  void write(index_t y, row_writer<Out>& to) {
    const In* const* const taps = window(y);
    if (filter_->goes_around_cache() && to.takes_lines())
      filter_->make_around_cache(taps, to.row(y));
    else
      to.write(y, [&](Out* row) { filter_->make(taps, row); });
  }

 private:
  /// The rows that row y is made of.
  const In* const* window(index_t y) {
    if (y == last_ + 1 && last_ >= around_.up && y + around_.down < height_) {
      std::move(taps_.begin() + 1, taps_.end(), taps_.begin());
      taps_.back() = from_->row(y + around_.down);
    } else {
      if (y != last_ + 1) filter_->restart();
      for (std::size_t t = 0; t < taps_.size(); ++t)
        taps_[t] = row_at(y + static_cast<index_t>(t) - around_.up);
    }
    last_ = y;
    return taps_.data();
  }

  const In* row_at(index_t y) {
    const index_t at = border_index(y, height_, mode_);
    return at < 0 ? constant_.data() : from_->row(at);
  }

  std::unique_ptr<row_source<In>> from_;
  index_t height_;
  reach around_;
  border_mode mode_;
  std::unique_ptr<row_filter<In, Out>> filter_;
  std::vector<In> constant_;
  std::vector<const In*> taps_;
  scratch_rows<Out> rows_;
  std::vector<index_t> numbers_;  // of the rows that are kept
  index_t last_ = -2;             // that was made
};

/// Writes the rows of sources by bands of `height` rows; make_last() makes the source of a worker, which goes
/// on from one band to the next where it has both. `bytes_read` push out of the cache what is written.
template <class In, class Out, class MakeLast>
loop_result write_rows(const view<Out>& out, index_t bytes_read, index_t height, std::string_view label,
                       const loop_options& options, const MakeLast& make_last) {
  worker_local<std::unique_ptr<filtered_source<In, Out>>> sources(make_last);
  return for_bands(out.size(), height, label, options, [&](extent rows) {
    const auto last = sources.borrow();
    row_writer<Out> to(out, false, bytes_read);
    for (index_t y = rows.begin; y < rows.end; ++y) (*last)->write(y, to);
  });
}

/// One filter of a frame.
template <class In, class Out>
loop_result filter_by_rows(const view<const In>& in, const view<Out>& out, const row_plan<In, Out>& plan,
                           index_t height, std::string_view label, const loop_options& options) {
  return write_rows<In>(out, 0, height, label, options, [&] {
    return std::make_unique<filtered_source<In, Out>>(std::make_unique<frame_source<In>>(in), plan, 0);
  });
}

}  // namespace polyloop::frames::detail
