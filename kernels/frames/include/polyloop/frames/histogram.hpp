#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "polyloop/frames/view.hpp"
#include "polyloop/frames/window.hpp"
#include "polyloop/loop_options.hpp"

/// Counts of sample values, and filters that go by them. What they have in common with all filters is in
/// filters.hpp.
namespace polyloop::frames {

/// How often each value occurs in a channel: 256 counts of 8-bit samples, 65536 of 16 bits. O(samples).
/// Throws invalid_argument for a channel that is not there, and stopped where the options ended it early.
std::vector<std::uint64_t> histogram(view<const std::uint8_t> in, index_t channel = 0,
                                     const loop_options& options = {});
std::vector<std::uint64_t> histogram(view<const std::uint16_t> in, index_t channel = 0,
                                     const loop_options& options = {});

/// out = table[in], sample by sample, of any number of channels; both frames have the same shape, and may be
/// the same. O(samples).
loop_result look_up(view<const std::uint8_t> in, view<std::uint8_t> out,
                    const std::array<std::uint8_t, 256>& table, const loop_options& options = {});

/// Spreads the values of a frame of one channel, so that about as many samples lie in each part of 0 .. 255.
/// Value v becomes the number of samples above the least value that occurs and up to v, times the float 255 /
/// (samples - those of the least value), rounded to nearest, ties to even; a frame of one value stays as it
/// is. Equal to OpenCV's equalizeHist. `out` may be `in`. O(samples). Throws invalid_argument for channels,
/// shapes or overlap, and stopped as histogram does.
loop_result equalize(view<const std::uint8_t> in, view<std::uint8_t> out, const loop_options& options = {});

/// The limit between two classes of samples whose means are the farthest apart, weighed by their sizes, of a
/// frame of one channel; the lower one of several. For threshold(). 0 for a frame without pixels. Equal to
/// OpenCV's THRESH_OTSU. (N. Otsu, "A threshold selection method from gray-level histograms", 1979.)
std::uint8_t otsu_limit(view<const std::uint8_t> in, const loop_options& options = {});

}  // namespace polyloop::frames
