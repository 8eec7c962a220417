#include "suite/results.hpp"

#include "suite/google_report.hpp"

namespace polyloop::bench {

namespace {
constexpr int format_version = 1;
}

nlohmann::ordered_json document_of(const results& from, bool aggregates_only) {
  using json = nlohmann::ordered_json;
  json here = from.where;
  here["warnings"] = json::array();
  for (const auto& [what, effect] : from.warnings)
    here["warnings"].push_back({{"what", what}, {"effect", effect}});
  json document = google_json(from.runs, aggregates_only);
  document["polyloop"] = {{"version", format_version},
                          {"confidence", {{"median", confidence_of_median}, {"ratio", confidence_of_ratio}}},
                          {"environment", here},
                          {"roofline", from.roof.as_json()},
                          {"rows", from.rows},
                          {"launch", from.launches},
                          {"timelines", from.timelines}};
  return document;
}

}  // namespace polyloop::bench
