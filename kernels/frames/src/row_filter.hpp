#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "bordered.hpp"

/// Filters row by row: what a filter is, apart from where its rows come from and go to (row_chain.hpp).
namespace polyloop::frames::detail {

/// Has the memory work on the rows that come next.
struct fetches_ahead {
  virtual void fetch_ahead() = 0;

 protected:
  ~fetches_ahead() = default;
};

/// Makes rows from the rows around them, one below the other. Not for several threads at once: it has scratch
/// rows, and may use again what it computed for the row above.
template <class In, class Out>
class row_filter {
 public:
  row_filter() = default;
  row_filter(const row_filter&) = delete;
  row_filter& operator=(const row_filter&) = delete;
  virtual ~row_filter() = default;

  /// taps[t] is row y + t - up of the input for row y of the output. A row of the input is in the same place
  /// as long as it is in windows that follow each other, and one row more.
  virtual void make(const In* const* taps, Out* row) = 0;
  /// The next window is not a row below the last one, or other rows may be in the same place.
  virtual void restart() {}

  /// Where the taps come from; it fetches ahead when the filter leaves the memory idle.
  void takes_from(fetches_ahead& source) { source_ = &source; }

  /// Whether it can write by non-temporal stores, to rows that begin on a cache line.
  virtual bool goes_around_cache() const { return false; }
  /// The same as make(), by such stores; the thread that did so calls finish_streaming().
  virtual void make_around_cache(const In* const* taps, Out* row) { make(taps, row); }

 protected:
  void fetch_ahead() const {
    if (source_ != nullptr) source_->fetch_ahead();
  }

 private:
  fetches_ahead* source_ = nullptr;
};

/// A filter of frames of one shape, before a band has its own.
template <class In, class Out>
struct row_plan {
  shape size;  ///< of the output: as wide and high as the input
  reach around;
  border edge;
  std::function<std::unique_ptr<row_filter<In, Out>>()> filter;
};

template <class In, class Out, class Make>
class tap_filter final : public row_filter<In, Out> {
 public:
  explicit tap_filter(Make make) : make_(std::move(make)) {}
  void make(const In* const* taps, Out* row) override {
    make_(taps, row);
    this->fetch_ahead();
  }

 private:
  Make make_;
};

/// A plan of make(taps, row), of which each band has a copy.
template <class In, class Out, class Make>
row_plan<In, Out> plan_of_taps(const shape& out, const reach& around, const border& edge, Make make) {
  return {out, around, edge, [make] { return std::make_unique<tap_filter<In, Out, Make>>(make); }};
}

/// The frame that a filter of two passes is for.
struct pass_frame {
  shape size;
  border edge;
  reach around;
  std::size_t line_count;
};

/// A filter of two passes, of which the first makes `line_count` rows of Mid from rows of the input and the
/// second a row of the output from these:
///
///     columns(taps, count, lines)    lines[k][i] from taps[t][i]
///     along(lines, taps, row)        lines[k] has `across` pixels before and behind
///
/// columns.restart() and along.around_cache(lines, row), where there are such, are as in row_filter.
/// Beyond a constant border the intermediate values are what `columns` makes of the constant.
template <class Mid, class In, class Out, class Columns, class Along>
class two_pass_filter final : public row_filter<In, Out> {
 public:
  two_pass_filter(const pass_frame& of, Columns columns, Along along)
      : of_(of),
        columns_(std::move(columns)),
        along_(std::move(along)),
        lines_(of.line_count, of.size.row_samples(), (of.around.across() + 1) * of.size.channels),
        beyond_(of.line_count, of.size.channels, 0) {
    if (of.edge.mode != border_mode::constant) return;
    const std::vector<In> constant(static_cast<std::size_t>(of.size.channels), to_sample<In>(of.edge.value));
    const std::vector<const In*> taps(static_cast<std::size_t>(of.around.rows()), constant.data());
    columns_(taps.data(), of.size.channels, beyond_.data());
    restart();
  }

  void make(const In* const* taps, Out* row) override {
    down(taps);
    along_(lines_.data(), taps, row);
  }

  void restart() final {
    if constexpr (requires { columns_.restart(); }) columns_.restart();
  }

  bool goes_around_cache() const override { return can_go_around; }
  void make_around_cache(const In* const* taps, Out* row) override {
    if constexpr (can_go_around) {
      down(taps);
      along_.around_cache(lines_.data(), row);
    }
  }

 private:
  static constexpr bool can_go_around = requires(Along a, Mid* const* lines, Out* row) {
    a.around_cache(lines, row);
  };

  /// The first pass.
  void down(const In* const* taps) {
    columns_(taps, of_.size.row_samples(), lines_.data());
    this->fetch_ahead();
    for (std::size_t k = 0; k < of_.line_count; ++k)
      pad_row(lines_.data()[k], of_.size.width, of_.size.channels, of_.around.across(), of_.edge.mode,
              beyond_.data()[k]);
  }

  pass_frame of_;
  Columns columns_;
  Along along_;
  scratch_rows<Mid> lines_;
  scratch_rows<Mid> beyond_;
};

/// A plan of two passes; make_columns() and make_along() make those of a band.
template <class Mid, class In, class Out, class MakeColumns, class MakeAlong>
row_plan<In, Out> plan_of_passes(const pass_frame& of, MakeColumns make_columns, MakeAlong make_along) {
  using filter = two_pass_filter<Mid, In, Out, decltype(make_columns()), decltype(make_along())>;
  return {of.size, of.around, of.edge,
          [of, make_columns, make_along]() -> std::unique_ptr<row_filter<In, Out>> {
            return std::make_unique<filter>(of, make_columns(), make_along());
          }};
}

}  // namespace polyloop::frames::detail
