#include <array>
#include <type_traits>
#include <vector>

#include "bands.hpp"
#include "check.hpp"
#include "gaussian_kernel.hpp"
#include "polyloop/frames/filters.hpp"

/// Row by row: the columns pass makes one row of the values between the
/// passes, padded by the radius on both sides, and the rows pass reads it
/// while it is in the first-level cache. Nothing is computed twice, wherever
/// the frame is cut into bands.
namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 8;
constexpr index_t most_channels = 4;

/// The numbers of a blur: between the passes, in the weights, in the sums; and
/// by how many bits each pass shifts its sums down.
template <class Sample>
struct arithmetic;

template <>
struct arithmetic<std::uint8_t> {
  // 255 * 2^15 >> 8 < 2^15: the sum of two such values still fits 16 bits, so
  // a symmetric pair costs one 16 x 16 -> 32 bit multiplication.
  using between = std::uint16_t;
  using weight = std::uint16_t;
  using sum = std::uint32_t;
  static constexpr int columns_shift = 8;
  static constexpr int rows_shift = 2 * detail::weight_bits - columns_shift;
};

template <>
struct arithmetic<float> {
  using between = float;
  using weight = float;
  using sum = float;
  static constexpr int columns_shift = 0;
  static constexpr int rows_shift = 0;
};

template <int Shift, class Out, class Sum>
Out rounded(Sum sum) {
  if constexpr (std::is_floating_point_v<Sum>) {
    return sum;
  } else {
    return static_cast<Out>((sum + (Sum{1} << (Shift - 1))) >> Shift);
  }
}

template <class Sum, class Weight, class In>
Sum weighed_pair(Weight weight, In before, In after) {
  if constexpr (std::is_floating_point_v<Sum>) {
    return weight * (before + after);
  } else {
    // Through 16 bits, where the pair fits: that is what the optimiser needs to see to multiply 16 bits wide.
    const auto pair = static_cast<std::uint16_t>(before + after);
    return static_cast<Sum>(weight) * static_cast<Sum>(pair);
  }
}

/// What a pass reads: for tap t, the samples under the weight of distance
/// |t - radius|.
template <class In>
using taps = std::vector<const In*>;

/// Samples that are summed up together: their sums stay in the first-level cache.
constexpr index_t block_samples = 512;

/// out[i] = the weighed sum of tap[t][i] over all taps, for i < count <= block_samples.
template <int Shift, class Sum, class Weight, class In, class Out>
void convolve_block(const std::vector<Weight>& weights, const In* const* tap, index_t at, index_t count,
                    Out* out) {
  std::array<Sum, block_samples> sums;
  const std::size_t radius = weights.size() - 1;
  const In* centre = tap[radius] + at;
  for (index_t i = 0; i < count; ++i)
    sums[static_cast<std::size_t>(i)] = static_cast<Sum>(weights[0]) * static_cast<Sum>(centre[i]);
  for (std::size_t k = 1; k <= radius; ++k) {
    const In* before = tap[radius - k] + at;
    const In* after = tap[radius + k] + at;
    const Weight weight = weights[k];
    for (index_t i = 0; i < count; ++i)
      sums[static_cast<std::size_t>(i)] += weighed_pair<Sum>(weight, before[i], after[i]);
  }
  for (index_t i = 0; i < count; ++i) out[i] = rounded<Shift, Out>(sums[static_cast<std::size_t>(i)]);
}

template <int Shift, class Sum, class Weight, class In, class Out>
void convolve(const std::vector<Weight>& weights, const taps<In>& tap, index_t count, Out* out) {
  for (index_t at = 0; at < count; at += block_samples)
    convolve_block<Shift, Sum>(weights, tap.data(), at, std::min(block_samples, count - at), out + at);
}

/// Repeats the first and the last pixel of a row `pixels` times beyond it.
template <class T>
void replicate_ends(T* row, index_t row_samples, index_t channels, index_t pixels) {
  T* const last = row + row_samples - channels;
  for (index_t p = 1; p <= pixels; ++p)
    for (index_t c = 0; c < channels; ++c) {
      row[c - p * channels] = row[c];
      last[c + p * channels] = last[c];
    }
}

template <class T>
void blur_band(const view<const T>& in, const view<T>& out,
               const std::vector<typename arithmetic<T>::weight>& weights, extent rows) {
  using numbers = arithmetic<T>;
  const auto radius = static_cast<index_t>(weights.size()) - 1;
  const index_t channels = in.channels();
  const index_t count = in.size().row_samples();
  std::vector<typename numbers::between> padded(static_cast<std::size_t>(count + 2 * radius * channels));
  auto* const line = padded.data() + radius * channels;

  taps<typename numbers::between> across(static_cast<std::size_t>(2 * radius + 1));
  for (std::size_t t = 0; t < across.size(); ++t)
    across[t] = padded.data() + static_cast<index_t>(t) * channels;
  taps<T> down(across.size());

  for (index_t y = rows.begin; y < rows.end; ++y) {
    for (std::size_t t = 0; t < down.size(); ++t)
      down[t] = detail::replicated_row(in, y + static_cast<index_t>(t) - radius);
    convolve<numbers::columns_shift, typename numbers::sum>(weights, down, count, line);
    replicate_ends(line, count, channels, radius);
    convolve<numbers::rows_shift, typename numbers::sum>(weights, across, count, out.row(y));
  }
}

template <class T>
loop_result blur_frame(view<const T> in, view<T> out, const gaussian& kernel, const loop_options& options) {
  if (in.channels() > most_channels)
    polyloop::detail::throw_invalid("channels", in.channels(), "1 to 4 channels");
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart("out", out, in);
  const auto weights = detail::weights_of<typename arithmetic<T>::weight>(kernel);
  return detail::for_bands(in.size(), band_rows, "gaussian_blur", options,
                           [in, out, &weights](extent rows) { blur_band(in, out, weights, rows); });
}

}  // namespace

loop_result gaussian_blur(view<const std::uint8_t> in, view<std::uint8_t> out, const gaussian& kernel,
                          const loop_options& options) {
  return blur_frame(in, out, kernel, options);
}

loop_result gaussian_blur(view<const float> in, view<float> out, const gaussian& kernel,
                          const loop_options& options) {
  return blur_frame(in, out, kernel, options);
}

}  // namespace polyloop::frames
