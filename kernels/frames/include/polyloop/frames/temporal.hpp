#pragma once

#include <cstdint>
#include <span>

#include "polyloop/frames/view.hpp"
#include "polyloop/loop_options.hpp"

/// Filters over frames of the same shape that follow each other. What they have in common with all filters is
/// in filters.hpp.
namespace polyloop::frames {

/// The most frames of a temporal filter.
inline constexpr std::size_t most_temporal_frames = 256;

/// The mean of 1 to most_temporal_frames frames, sample by sample. 8 bit: floor((sum + n / 2) / n), with n /
/// 2 rounded down. 16 bit: the sum as a float, times the float 1 / n, rounded to nearest, ties to even,.
/// float: the sum in the order of the frames, times 1 / n. O(samples * n). Throws invalid_argument for their
/// number, shapes or overlap.
loop_result temporal_mean(std::span<const view<const std::uint8_t>> in, view<std::uint8_t> out,
                          const loop_options& options = {});
loop_result temporal_mean(std::span<const view<const std::uint16_t>> in, view<std::uint16_t> out,
                          const loop_options& options = {});
loop_result temporal_mean(std::span<const view<const float>> in, view<float> out,
                          const loop_options& options = {});

/// The median of 1 to most_temporal_frames frames, sample by sample: of an even number the upper one of the
/// two in the middle. By a sorting network for 3 and 5 frames. O(samples * n).
loop_result temporal_median(std::span<const view<const std::uint8_t>> in, view<std::uint8_t> out,
                            const loop_options& options = {});
loop_result temporal_median(std::span<const view<const std::uint16_t>> in, view<std::uint16_t> out,
                            const loop_options& options = {});
loop_result temporal_median(std::span<const view<const float>> in, view<float> out,
                            const loop_options& options = {});

/// The difference to a background that follows the frames: out = |in - background|, to integers rounded to
/// nearest, and then background += rate * (in - background), both in float. `background` is the caller's: a
/// frame of the same shape, the first frame at best. 0 <= rate <= 1. `out` may be `in`. O(samples).
loop_result background_difference(view<const std::uint8_t> in, view<float> background, view<std::uint8_t> out,
                                  double rate, const loop_options& options = {});
loop_result background_difference(view<const std::uint16_t> in, view<float> background,
                                  view<std::uint16_t> out, double rate, const loop_options& options = {});
loop_result background_difference(view<const float> in, view<float> background, view<float> out, double rate,
                                  const loop_options& options = {});

}  // namespace polyloop::frames
