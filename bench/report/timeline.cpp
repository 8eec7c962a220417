#include "report/timeline.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>
#include <vector>

namespace polyloop::bench {

using nlohmann::json;

namespace {

constexpr double visible = 1e-3;  // of the whole

using interval = std::pair<double, double>;

struct track {
  std::vector<interval> spans;
  double busy = 0;
};

std::vector<track> tracks_of(std::size_t workers, const json& spans) {
  std::vector<track> tracks(workers);
  for (const json& each : spans) {
    const double worker = each["worker"];
    const interval span(each["begin_us"], each["end_us"]);
    if (worker < 0 || worker >= static_cast<double>(workers) || span.second < span.first) continue;
    track& its = tracks[static_cast<std::size_t>(worker)];
    its.spans.push_back(span);
    its.busy += span.second - span.first;
  }
  for (track& each : tracks) std::sort(each.spans.begin(), each.spans.end());
  return tracks;
}

bool are_seen_as_one(const interval& before, const interval& after, double thin) {
  return after.first - before.second < thin && after.second - after.first < thin;
}

std::vector<interval> joined(const std::vector<interval>& spans, double thin) {
  std::vector<interval> result;
  for (const interval& each : spans) {
    if (!result.empty() && are_seen_as_one(result.back(), each, thin))
      result.back().second = std::max(result.back().second, each.second);
    else
      result.push_back(each);
  }
  return result;
}

double end_of(const std::vector<track>& tracks) {
  double end = 0;
  for (const track& each : tracks)
    for (const interval& span : each.spans) end = std::max(end, span.second);
  return end;
}

double imbalance_of(const std::vector<track>& tracks) {
  double sum = 0;
  double most = 0;
  for (const track& each : tracks) sum += each.busy, most = std::max(most, each.busy);
  return sum > 0 ? most * static_cast<double>(tracks.size()) / sum : 0;
}

}  // namespace

void add_tracks(json& timeline, const json& spans) {
  const std::vector<track> tracks = tracks_of(timeline["workers"], spans);
  const double end = end_of(tracks);
  timeline["end_us"] = end;
  timeline["imbalance"] = imbalance_of(tracks);
  timeline["tracks"] = json::array();
  for (std::size_t worker = 0; worker < tracks.size(); ++worker)
    timeline["tracks"].push_back({{"worker", worker},
                                  {"busy_us", tracks[worker].busy},
                                  {"chunks", tracks[worker].spans.size()},
                                  {"spans", joined(tracks[worker].spans, visible * end)}});
}

}  // namespace polyloop::bench
