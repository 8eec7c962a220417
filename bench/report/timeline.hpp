#pragma once

#include <nlohmann/json_fwd.hpp>

namespace polyloop::bench {

/// Adds to a timeline, for each of its workers, {worker, busy_us, chunks, spans}:
/// the spans as pairs of begin and end. A span shorter than a thousandth of the
/// whole is joined with the one that it follows as closely: the page shows no
/// more, and loops have chunks by the million.
/// Adds the end of the last span and the imbalance, the busiest worker's time over
/// the mean; 0 where nobody was busy.
void add_tracks(nlohmann::json& timeline, const nlohmann::json& spans);

}  // namespace polyloop::bench
