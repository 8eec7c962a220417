#pragma once

#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>

namespace polyloop::bench {

/// The JSON is not what polyloop-bench writes. what() names the place:
/// "not results of polyloop-bench: polyloop.rows[3].workers is missing".
class results_error : public std::runtime_error {
 public:
  explicit results_error(const std::string& problem);
};

/// The whole HTML page on a file of results, which opens without any network:
/// styles, scripts, the results and the chart library are in it. Where the
/// library was not found when this was built, the page has tables and no charts.
///
/// Optional parts of the results may be missing; nothing in them, names and
/// versions included, is taken for HTML or script. Linear in the size of the
/// results, plus some milliseconds for each curve (see scaling.hpp). Thread-safe.
/// Throws results_error.
std::string report_page(const nlohmann::json& results);

}  // namespace polyloop::bench
