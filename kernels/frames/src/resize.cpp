#include "polyloop/frames/resize.hpp"

#include "bands.hpp"
#include "bordered.hpp"
#include "check.hpp"
#include "resize_bytes.hpp"
#include "resize_taps.hpp"
#include "row_writer.hpp"
#include "simd/resizing.hpp"
#include "simd/weighed_taps.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 16;

/// The first sample of each sample of a row, and the last of them again to the end of a block.
std::vector<index_t> sources_of(const detail::resize_taps& of, index_t channels, index_t whole) {
  std::vector<index_t> made;
  made.reserve(static_cast<std::size_t>(whole));
  for (const index_t first : of.first)
    for (index_t c = 0; c < channels; ++c) made.push_back(first * channels + c);
  made.resize(static_cast<std::size_t>(whole), made.back());
  return made;
}

detail::gather_plan plan_for(const detail::resize_taps& of, index_t channels, index_t lanes) {
  detail::gather_plan made{lanes, of.taps, channels, {}, {}, {}};
  const index_t count = static_cast<index_t>(of.first.size()) * channels;
  const index_t whole = (count + lanes - 1) / lanes * lanes;
  const std::vector<index_t> sources = sources_of(of, channels, whole);
  made.weights.resize(static_cast<std::size_t>(whole * of.taps));
  for (index_t i = 0; i < whole; i += lanes) {
    const index_t* const block = sources.data() + i;
    const auto [least, most] = std::minmax_element(block, block + lanes);
    made.blocks.push_back({*least, *most - *least < lanes});
    for (index_t k = 0; k < lanes; ++k) {
      made.offsets.push_back(static_cast<std::int32_t>(block[k] - *least));
      const index_t pixel = std::min(i + k, count - 1) / channels;
      for (index_t t = 0; t < of.taps; ++t)
        made.weights[static_cast<std::size_t>(i * of.taps + t * lanes + k)] =
            of.weights[static_cast<std::size_t>(pixel * of.taps + t)];
    }
  }
  return made;
}

template <class T>
void resize_band(const view<const T>& in, const view<T>& out, const detail::resize_taps& down,
                 const detail::gather_plan& across, index_t beyond, extent rows) {
  const auto columns = detail::rows_for<detail::tap_rows, T>(detail::weighed_taps).columns;
  const auto gather = detail::rows_for<detail::resize_rows, T>(detail::resizing).gather;
  const detail::bordered_rows<T> source(in, {});
  detail::scratch_row<float> line(in.size().row_samples(), (beyond + across.lanes) * in.channels());
  float* const lines[] = {line.data()};
  std::vector<const T*> taps(static_cast<std::size_t>(down.taps));
  detail::row_writer<T> to(out);
  for (index_t y = rows.begin; y < rows.end; ++y) {
    const auto at = static_cast<std::size_t>(y);
    for (index_t t = 0; t < down.taps; ++t)
      taps[static_cast<std::size_t>(t)] = source.row(down.first[at] + t);
    const std::span<const float> weights(down.weights.data() + at * taps.size(), taps.size());
    columns(taps.data(), weights, in.size().row_samples(), {lines, 1});
    detail::pad_row<float>(line.data(), in.width(), in.channels(), beyond, border_mode::replicate, nullptr);
    to.write(y, [&](T* row) { gather(line.data(), across, out.size().row_samples(), row); });
  }
}

template <class T>
loop_result by_taps(const view<const T>& in, const view<T>& out, interpolation how,
                    const loop_options& options) {
  const detail::resize_taps down = detail::taps_for(how, in.height(), out.height());
  const detail::resize_taps across = detail::taps_for(how, in.width(), out.width());
  const detail::gather_plan plan = plan_for(across, in.channels(), detail::gathering_lanes());
  const index_t beyond = detail::reach_beyond(across, in.width());
  return detail::for_bands(out.size(), band_rows, "resize", options,
                           [&](extent rows) { resize_band(in, out, down, plan, beyond, rows); });
}

/// The bytes of the pixels that a row of copies takes, from the front on as long as blocks reach no further
/// than vectors do, and within the row.
template <class T>
detail::byte_plan bytes_for(const std::vector<index_t>& pixels, const shape& in) {
  constexpr index_t block = 16;
  const index_t pixel_bytes = in.channels * static_cast<index_t>(sizeof(T));
  const auto source = [&](index_t i) {
    return pixels[static_cast<std::size_t>(i / pixel_bytes)] * pixel_bytes + i % pixel_bytes;
  };
  detail::byte_plan made;
  for (index_t i = 0; i + block <= static_cast<index_t>(pixels.size()) * pixel_bytes; i += block) {
    index_t from = source(i), last = from;
    for (index_t k = 1; k < block; ++k) {
      from = std::min(from, source(i + k));
      last = std::max(last, source(i + k));
    }
    if (last - from >= block || from + block > in.width * pixel_bytes) break;
    made.from.push_back(from);
    for (index_t k = 0; k < block; ++k)
      made.offsets.push_back(static_cast<std::uint8_t>(source(i + k) - from));
  }
  return made;
}

/// Copies the pixels from number `first` on.
template <class T>
void copy_pixels(const T* from, const std::vector<index_t>& pixels, index_t first, index_t channels, T* to) {
  for (index_t x = first; x < static_cast<index_t>(pixels.size()); ++x)
    for (index_t c = 0; c < channels; ++c)
      to[x * channels + c] = from[pixels[static_cast<std::size_t>(x)] * channels + c];
}

template <class T>
loop_result by_copies(const view<const T>& in, const view<T>& out, const loop_options& options) {
  const detail::resize_taps down = detail::taps_for(interpolation::nearest, in.height(), out.height());
  const detail::resize_taps across = detail::taps_for(interpolation::nearest, in.width(), out.width());
  const detail::byte_plan plan = bytes_for<T>(across.first, in.size());
  const detail::pick_function pick = detail::picking();
  const index_t pixel_bytes = in.channels() * static_cast<index_t>(sizeof(T));
  return detail::for_bands(out.size(), band_rows, "resize", options, [&](extent rows) {
    detail::row_writer<T> to(out);
    for (index_t y = rows.begin; y < rows.end; ++y) {
      const T* const from = in.row(down.first[static_cast<std::size_t>(y)]);
      to.write(y, [&](T* row) {
        const index_t bytes =
            pick(reinterpret_cast<const std::uint8_t*>(from), plan, reinterpret_cast<std::uint8_t*>(row));
        copy_pixels(from, across.first, bytes / pixel_bytes, in.channels(), row);
      });
    }
  });
}

loop_result by_halves(const view<const std::uint8_t>& in, const view<std::uint8_t>& out,
                      const loop_options& options) {
  return detail::for_bands(out.size(), band_rows, "resize", options, [=](extent rows) {
    detail::row_writer<std::uint8_t> to(out);
    for (index_t y = rows.begin; y < rows.end; ++y)
      to.write(y, [&](std::uint8_t* row) {
        detail::halve_bytes(in.row(2 * y), in.row(2 * y + 1), in.channels(), out.width(), row);
      });
  });
}

template <class T>
void check(const view<const T>& in, const view<T>& out) {
  detail::require_channels(in.channels());
  detail::require_shape("out", out.size(), {out.width(), out.height(), in.channels()});
  detail::require_apart("out", out, in);
  if (in.empty() && !out.empty())
    throw invalid_argument("in", to_string(in.size()),
                           "a frame with pixels, to be made into " + to_string(out.size()));
}

template <class T>
loop_result resize_frame(const view<const T>& in, const view<T>& out, interpolation how,
                         const loop_options& options) {
  check(in, out);
  if (out.empty()) return {};
  if (how == interpolation::nearest) return by_copies(in, out, options);
  if constexpr (std::is_same_v<T, std::uint8_t>) {
    const bool halved = in.width() == 2 * out.width() && in.height() == 2 * out.height();
    if (halved && (how == interpolation::area || how == interpolation::bilinear))
      return by_halves(in, out, options);
    if (const auto done = detail::resize_bytes(in, out, how, options)) return *done;
  }
  return by_taps(in, out, how, options);
}

}  // namespace

loop_result resize(view<const std::uint8_t> in, view<std::uint8_t> out, interpolation how,
                   const loop_options& options) {
  return resize_frame(in, out, how, options);
}

loop_result resize(view<const std::uint16_t> in, view<std::uint16_t> out, interpolation how,
                   const loop_options& options) {
  return resize_frame(in, out, how, options);
}

loop_result resize(view<const float> in, view<float> out, interpolation how, const loop_options& options) {
  return resize_frame(in, out, how, options);
}

}  // namespace polyloop::frames
