#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "row_filter.hpp"

/// Filters one after the other without frames in between: a row is made when the filter behind asks for it, and
/// kept as long as that looks at it.
namespace polyloop::frames::detail {

/// Rows by their number, made when they are asked for.
template <class T>
class row_source {
 public:
  row_source() = default;
  row_source(const row_source&) = delete;
  row_source& operator=(const row_source&) = delete;
  virtual ~row_source() = default;

  /// Row y of a frame, 0 <= y < height; good until so many others have been asked for as are kept.
  virtual const T* row(index_t y) = 0;
};

template <class T>
class frame_source final : public row_source<T> {
 public:
  explicit frame_source(const view<const T>& frame) : frame_(frame), rows_(frame, {}) {}

  const T* row(index_t y) override {
    if (y > last_) rows_.prefetch((last_ = y) + 1);
    return frame_.row(y);
  }

 private:
  view<const T> frame_;
  bordered_rows<T> rows_;
  index_t last_ = -1;
};

/// What a filter makes of the rows of a source.
template <class In, class Out>
class filtered_source final : public row_source<Out> {
 public:
  /// Keeps the last `kept` rows: rows that are asked for together lie within so many.
  filtered_source(std::unique_ptr<row_source<In>> from, const row_plan<In, Out>& plan, index_t kept)
      : from_(std::move(from)),
        height_(plan.size.height),
        up_(plan.around.up),
        mode_(plan.edge.mode),
        filter_(plan.filter()),
        taps_(static_cast<std::size_t>(plan.around.rows())),
        rows_(static_cast<std::size_t>(kept), plan.size.row_samples(), 0),
        numbers_(static_cast<std::size_t>(kept), -1) {
    if (mode_ == border_mode::constant)
      constant_.assign(static_cast<std::size_t>(plan.size.row_samples()), to_sample<In>(plan.edge.value));
  }

  const Out* row(index_t y) override {
    const std::size_t place = static_cast<std::size_t>(y) % numbers_.size();
    Out* const kept = rows_.data()[place];
    if (numbers_[place] != y) make(y, kept);
    numbers_[place] = y;
    return kept;
  }

  void make(index_t y, Out* row) {
    for (std::size_t t = 0; t < taps_.size(); ++t) {
      const index_t at = border_index(y + static_cast<index_t>(t) - up_, height_, mode_);
      taps_[t] = at < 0 ? constant_.data() : from_->row(at);
    }
    filter_->make(taps_.data(), row);
  }

 private:
  std::unique_ptr<row_source<In>> from_;
  index_t height_;
  index_t up_;
  border_mode mode_;
  std::unique_ptr<row_filter<In, Out>> filter_;
  std::vector<In> constant_;
  std::vector<const In*> taps_;
  scratch_rows<Out> rows_;
  std::vector<index_t> numbers_;
};

}  // namespace polyloop::frames::detail
