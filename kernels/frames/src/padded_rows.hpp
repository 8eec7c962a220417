#pragma once

#include <vector>

#include "bordered.hpp"
#include "polyloop/frames/window.hpp"

namespace polyloop::frames::detail {

/// A row as it is.
template <class T>
struct copied_row {
  void operator()(const T* from, index_t count, T* to) const { std::copy_n(from, count, to); }
};

/// A filter of the rows of a band that reads all samples of a window as they are, or as convert(from, count,
/// to) makes them numbers of Mid, and makes up to `together` rows at once:
///
///     run(taps, y, n)    rows y to y + n - 1; taps[t] is row y + t - up, with the pixels beyond the border
///                        before and behind it
///
/// Each source row is converted and padded once in a band.
template <class Mid, class In, class Convert, class Run>
void filter_padded_together(const view<const In>& in, const border& edge, const reach& r, extent rows,
                            index_t together, const Convert& convert, Run&& run) {
  const index_t channels = in.channels();
  const index_t count = in.size().row_samples();
  const index_t height = r.rows() + together - 1;
  const bordered_rows<In> source(in, edge);
  std::vector<Mid> constant(static_cast<std::size_t>(channels));
  if (edge.mode == border_mode::constant) convert(source.constant(), channels, constant.data());

  std::vector<scratch_row<Mid>> ring;
  for (index_t k = 0; k < height; ++k) ring.emplace_back(count, (r.across() + 1) * channels);
  const auto line = [&](index_t y) {
    return ring[static_cast<std::size_t>((y - rows.begin + r.up) % height)].data();
  };
  std::vector<const Mid*> taps(static_cast<std::size_t>(height));
  index_t fetched = rows.begin - r.up;
  for (index_t y = rows.begin; y < rows.end; y += together) {
    const index_t end = std::min(y + together, rows.end);
    for (; fetched < end + r.down; ++fetched) {
      convert(source.row(fetched), count, line(fetched));
      pad_row(line(fetched), in.width(), channels, r.across(), edge.mode, constant.data());
    }
    for (index_t k = 0; k < together; ++k) source.prefetch(fetched + k);
    for (index_t t = 0; t < height; ++t) taps[static_cast<std::size_t>(t)] = line(y + t - r.up);
    run(taps.data(), y, end - y);
  }
}

/// The same row by row: row(taps, y).
template <class Mid, class In, class Convert, class Row>
void filter_padded(const view<const In>& in, const border& edge, const reach& r, extent rows,
                   const Convert& convert, Row&& row) {
  filter_padded_together<Mid>(in, edge, r, rows, 1, convert,
                              [&](const Mid* const* taps, index_t y, index_t) { row(taps, y); });
}

}  // namespace polyloop::frames::detail
