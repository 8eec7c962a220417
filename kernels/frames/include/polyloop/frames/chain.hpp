#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "polyloop/frames/named_filter.hpp"

/// Filters one after the other, over one frame or many. What they have in common with all filters is in
/// filters.hpp.
namespace polyloop::frames {

namespace detail {
struct chain_link;
}

/// A list of filters, each of which works on what the one before it gives:
///
///     const chain edges("gray", gaussian{1.2}, "sobel");
///     const chain same("gray|gaussian:sigma=1.2|sobel");
///     edges(photograph, magnitude);
///
/// The result has the same bits as the filters one by one. Filters that look at a few rows (see
/// `runs_by_rows`) are run together, row by row: each keeps as many rows as the next one looks at, and there
/// is no frame in between. Frames are cut into bands, at whose borders a few rows are made twice. Others (a
/// median of a large radius, Canny, a size) have whole frames before and behind them.
///
/// Samples may change on the way: each filter gives the samples that it takes, and only as late as the type
/// of the output demands another type ("gray|sobel" of 8 bits to a float frame has exact roots). Const calls
/// from several threads are safe.
class chain {
 public:
  /// Reads filters that are separated by "|". Throws as named_filter does, and names `filter` for one that
  /// takes more than one frame, or where there is none.
  explicit chain(std::string_view text);
  explicit chain(std::vector<named_filter> filters);
  explicit chain(const named_filter& only) : chain(std::vector{only}) {}
  /// Of texts that name filters, and what describes one: gaussian, unsharp, median_square and the like.
  template <class First, class Second, class... Rest>
  chain(const First& first, const Second& second, const Rest&... rest)
      : chain(std::vector{named_filter(first), named_filter(second), named_filter(rest)...}) {}

  std::span<const named_filter> filters() const { return filters_; }
  /// The filters with all of their parameters, in a form that can be read again.
  std::string text() const;
  /// The shape of the output for such an input. Not checked.
  shape output_shape(const shape& in) const;

  /// Runs it. Throws invalid_argument for the shape of `out` and for overlap, as the filters do for what they
  /// are given, and names `out` where these filters make no such samples of those of `in`. Where the options
  /// end it early, rows of the output are unwritten.
  loop_result operator()(view<const std::uint8_t> in, view<std::uint8_t> out,
                         const loop_options& options = {}) const;
  loop_result operator()(view<const std::uint8_t> in, view<std::int16_t> out,
                         const loop_options& options = {}) const;
  loop_result operator()(view<const std::uint8_t> in, view<float> out,
                         const loop_options& options = {}) const;
  loop_result operator()(view<const std::uint16_t> in, view<std::uint16_t> out,
                         const loop_options& options = {}) const;
  loop_result operator()(view<const std::uint16_t> in, view<float> out,
                         const loop_options& options = {}) const;
  loop_result operator()(view<const float> in, view<float> out, const loop_options& options = {}) const;

  /// A sequence: out[k] is made of in[k], of any shapes. Where there are several frames for each worker, a
  /// worker takes a frame at a time (idle ones help with bands of it); else the bands of one frame after the
  /// other are shared. `iterations` counts frames. Throws as above before any frame is begun, and names `out`
  /// where its number is not that of `in`, or where an output overlaps any input or other output.
  loop_result operator()(std::span<const view<const std::uint8_t>> in,
                         std::span<const view<std::uint8_t>> out, const loop_options& options = {}) const;
  loop_result operator()(std::span<const view<const std::uint8_t>> in, std::span<const view<float>> out,
                         const loop_options& options = {}) const;
  loop_result operator()(std::span<const view<const std::uint16_t>> in,
                         std::span<const view<std::uint16_t>> out, const loop_options& options = {}) const;
  loop_result operator()(std::span<const view<const float>> in, std::span<const view<float>> out,
                         const loop_options& options = {}) const;

 private:
  std::vector<detail::chain_link> links() const;
  template <class In, class Out>
  void check(const view<const In>& in, const view<Out>& out) const;
  template <class In, class Out>
  loop_result run(const view<const In>& in, const view<Out>& out, const loop_options& options) const;
  template <class In, class Out>
  loop_result run_all(std::span<const view<const In>> in, std::span<const view<Out>> out,
                      const loop_options& options) const;

  std::vector<named_filter> filters_;
};

}  // namespace polyloop::frames
