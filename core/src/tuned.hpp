#pragma once

#include <string_view>

#include "polyloop/loop_options.hpp"
#include "polyloop/tuning.hpp"

namespace polyloop::detail {

/// What is settled for loops of this label under the context of this thread;
/// null if nothing is. Throws tuning_error if the file that POLYLOOP_TUNING
/// names cannot be read.
const loop_tuning* find_tuned(std::string_view label);

/// What the loop itself asks for counts; the rest is taken from the tuning.
loop_options tuned_options(const loop_options& asked, const loop_tuning& found);

}  // namespace polyloop::detail
