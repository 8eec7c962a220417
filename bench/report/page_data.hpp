#pragma once

#include <nlohmann/json_fwd.hpp>

namespace polyloop::bench {

/// What the page's script reads: the results, each field there and of its kind
/// (see tidy.hpp), with the curves of scaling.hpp for each loop and backend, and
/// the timelines cut down to what can be seen. Throws results_error.
nlohmann::json page_data(const nlohmann::json& results);

}  // namespace polyloop::bench
