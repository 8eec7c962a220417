#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "bands.hpp"
#include "bordered.hpp"
#include "check.hpp"
#include "polyloop/frames/gradient.hpp"
#include "simd/gradients.hpp"
#include "simd/thinning.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 64;

/// A mark for each pixel, with a ring around the frame where there is none.
class mark_map {
 public:
  explicit mark_map(const shape& of) : marks_({of.width + 2, of.height + 2, 1}) {}

  std::uint8_t* row(index_t y) { return marks_.row(y + 1) + 1; }
  index_t stride() const { return marks_.stride(); }

 private:
  image<std::uint8_t> marks_;
};

/// Makes edges of the weak pixels that hang together with sure ones.
class tracing {
 public:
  /// Within rows [rows.begin, rows.end).
  tracing(mark_map& marks, extent rows)
      : first_(marks.row(rows.begin) - 1), end_(marks.row(rows.end) - 1), stride_(marks.stride()) {}

  void from(std::uint8_t* mark) {
    found_.push_back(mark);
    while (!found_.empty()) {
      std::uint8_t* const next = found_.back();
      found_.pop_back();
      for (const index_t row : {-stride_, index_t{0}, stride_})
        for (const index_t column : {-1, 0, 1}) take(next, row + column);
    }
  }

 private:
  void take(std::uint8_t* from, index_t distance) {
    // Compared as distances: the rows above the first may lie before the whole map.
    const index_t place = from - first_ + distance;
    if (place < 0 || place >= end_ - first_ || first_[place] != detail::weak_edge) return;
    first_[place] = detail::sure_edge;
    found_.push_back(first_ + place);
  }

  std::uint8_t* first_;
  std::uint8_t* end_;
  index_t stride_;
  std::vector<std::uint8_t*> found_;
};

/// visit(mark) for each sure pixel of a row.
template <class Visit>
void for_each_sure(std::uint8_t* row, index_t width, const Visit& visit) {
  std::uint8_t* const end = row + width;
  for (std::uint8_t* at = row; at < end; ++at) {
    at = static_cast<std::uint8_t*>(std::memchr(at, detail::sure_edge, static_cast<std::size_t>(end - at)));
    if (at == nullptr) return;
    visit(at);
  }
}

/// The gradients of three rows at a time.
class gradient_ring {
 public:
  explicit gradient_ring(const view<const std::uint8_t>& in)
      : in_(in),
        source_(in, {}),
        pass_(detail::rows_for<detail::gradient_rows, std::uint8_t>(detail::gradients)),
        sums_(2, in.width(), 2),
        gx_(3, in.width(), 2),
        gy_(3, in.width(), 2),
        magnitudes_(3, in.width(), 2) {}

  /// Row y; beyond the frame there is no gradient.
  void fetch(index_t y) {
    const index_t count = in_.width();
    std::int16_t* const magnitude = magnitudes_.data()[place(y)];
    std::fill(magnitude - 1, magnitude + count + 1, std::int16_t{0});
    if (y < 0 || y >= in_.height()) return;
    const std::uint8_t* const taps[] = {source_.row(y - 1), source_.row(y), source_.row(y + 1)};
    std::int16_t* const* const sums = sums_.data();
    pass_.sobel(taps, count, sums[0], sums[1]);
    for (const int k : {0, 1})
      detail::pad_row<std::int16_t>(sums[k], count, 1, 1, border_mode::replicate, nullptr);
    pass_.dx(sums[0], sums[1], 1, count, gx_.data()[place(y)]);
    pass_.dy(sums[0], sums[1], 1, count, gy_.data()[place(y)]);
    pass_.l1(sums[0], sums[1], 1, count, magnitude);
  }

  detail::thinning_rows around(index_t y) const {
    return {gx_.data()[place(y)], gy_.data()[place(y)], magnitudes_.data()[place(y - 1)],
            magnitudes_.data()[place(y)], magnitudes_.data()[place(y + 1)]};
  }

 private:
  static index_t place(index_t y) { return (y + 3) % 3; }

  view<const std::uint8_t> in_;
  detail::bordered_rows<std::uint8_t> source_;
  detail::gradient_rows<std::uint8_t> pass_;
  detail::scratch_rows<std::int16_t> sums_, gx_, gy_, magnitudes_;
};

/// Marks the thin pixels of a band, and traces edges as far as it reaches.
void mark_band(const view<const std::uint8_t>& in, std::int32_t low, std::int32_t high, mark_map& marks,
               extent rows) {
  const detail::thin_function thin = detail::thinning();
  gradient_ring gradients(in);
  gradients.fetch(rows.begin - 1);
  gradients.fetch(rows.begin);
  for (index_t y = rows.begin; y < rows.end; ++y) {
    gradients.fetch(y + 1);
    thin(gradients.around(y), low, high, in.width(), marks.row(y));
  }
  tracing edges(marks, rows);
  for (index_t y = rows.begin; y < rows.end; ++y)
    for_each_sure(marks.row(y), in.width(), [&](std::uint8_t* mark) { edges.from(mark); });
}

/// Traces on from band to band.
void join_bands(mark_map& marks, const shape& size) {
  tracing edges(marks, {0, size.height});
  for (index_t y = band_rows; y < size.height; y += band_rows)
    for (const index_t row : {y - 1, y})
      for_each_sure(marks.row(row), size.width, [&](std::uint8_t* mark) { edges.from(mark); });
}

loop_result write_edges(mark_map& marks, const view<std::uint8_t>& out, const loop_options& options) {
  return detail::for_bands(out.size(), band_rows, "canny", options, [&marks, out](extent rows) {
    for (index_t y = rows.begin; y < rows.end; ++y)
      std::transform(marks.row(y), marks.row(y) + out.width(), out.row(y), [](std::uint8_t mark) {
        return static_cast<std::uint8_t>(mark == detail::sure_edge ? 255 : 0);
      });
  });
}

/// Beyond what magnitudes can be, limits differ no more.
std::int32_t limit_of(const char* name, double limit) {
  if (std::isnan(limit)) throw invalid_argument(name, "nan", "a number");
  return static_cast<std::int32_t>(std::floor(std::clamp(limit, -1.0, 4096.0)));
}

}  // namespace

loop_result canny(view<const std::uint8_t> in, view<std::uint8_t> out, const canny_limits& limits,
                  const loop_options& options) {
  const auto ordered = std::minmax({limit_of("low", limits.low), limit_of("high", limits.high)});
  detail::require_shape("in", in.size(), {in.width(), in.height(), 1});
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart("out", out, in);
  if (in.empty()) return {};
  mark_map marks(in.size());
  const loop_result marked = detail::for_bands(in.size(), band_rows, "canny", options, [&](extent rows) {
    mark_band(in, ordered.first, ordered.second, marks, rows);
  });
  if (!marked.finished()) return {loop_result::status::stopped, marked.shared, 0};
  join_bands(marks, in.size());
  return write_edges(marks, out, options);
}

}  // namespace polyloop::frames
