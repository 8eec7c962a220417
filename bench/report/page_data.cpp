#include "report/page_data.hpp"

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "report/report.hpp"
#include "report/scaling.hpp"
#include "report/tidy.hpp"
#include "report/timeline.hpp"

namespace polyloop::bench {

using nlohmann::json;

namespace {

using kind = field_kind;
constexpr int known_version = 1;
constexpr double usual_confidence = 0.95;
constexpr int most_workers = 4096;  // more than any machine: the page draws a line for each

constexpr field environment_fields[] = {
    {"cpu", kind::text},    {"cpus", kind::number},   {"governor", kind::text}, {"affinity", kind::text},
    {"quota", kind::text},  {"compiler", kind::text}, {"flags", kind::text},    {"commit", kind::text},
    {"system", kind::text}, {"date", kind::text}};
constexpr field confidence_fields[] = {{"median", kind::number}, {"ratio", kind::number}};
constexpr field level_fields[] = {{"workers", kind::number, true}, {"bytes", kind::number, true},
                                  {"read_gb_s", kind::number},     {"copy_gb_s", kind::number},
                                  {"triad_gb_s", kind::number},    {"update_gb_s", kind::number}};
constexpr field warning_fields[] = {{"what", kind::text, true}, {"effect", kind::text}};
constexpr field cache_fields[] = {{"level", kind::number}, {"type", kind::text}, {"bytes", kind::number}};
constexpr field row_fields[] = {{"name", kind::text},
                                {"kernel", kind::text, true},
                                {"size", kind::number},
                                {"input", kind::text},
                                {"kind", kind::text},
                                {"backend", kind::text, true},
                                {"workers", kind::number, true},
                                {"schedule", kind::text},
                                {"grain", kind::number},
                                {"seconds", kind::interval},
                                {"outliers", kind::number},
                                {"bytes", kind::number},
                                {"operations", kind::number},
                                {"gb_s", kind::number},
                                {"gflop_s", kind::number},
                                {"roofline_fraction", kind::number},
                                {"bound", kind::text},
                                {"checksum", kind::text},
                                {"checksum_holds", kind::flag},
                                {"over_raw", kind::interval},
                                {"speed_up", kind::interval}};
constexpr field launch_fields[] = {{"backend", kind::text, true},
                                   {"workers", kind::number, true},
                                   {"kind", kind::text},
                                   {"ns", kind::interval, true}};
constexpr field timeline_fields[] = {{"kernel", kind::text, true},
                                     {"backend", kind::text, true},
                                     {"schedule", kind::text},
                                     {"workers", kind::number, true}};
constexpr field span_fields[] = {
    {"worker", kind::number, true}, {"begin_us", kind::number, true}, {"end_us", kind::number, true}};

bool is_number_of_workers(double value) {
  return value >= 1 && value <= most_workers && value == std::floor(value);
}

/// A list of objects that each have a number of workers.
json tidy_runs(const json& results, const char* name, std::span<const field> fields) {
  json runs = tidy_list(results, name, fields, "polyloop");
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (!is_number_of_workers(runs[i]["workers"]))
      throw results_error(std::string("polyloop.") + name + "[" + std::to_string(i) +
                          "].workers is no number of workers");
  return runs;
}

json tidy_environment(const json& results) {
  const std::string where = "polyloop.environment";
  const json& from = object_in(results, "environment", "polyloop");
  json environment = tidy(from, environment_fields, where);
  environment["warnings"] = tidy_list(from, "warnings", warning_fields, where);
  environment["caches"] = tidy_list(from, "caches", cache_fields, where);
  environment["libraries"] = json::array();
  for (const auto& [name, version] : object_in(from, "libraries", where).items())
    if (version.is_string()) environment["libraries"].push_back({{"name", name}, {"version", version}});
  return environment;
}

/// What share of intervals hold the true value: those of medians, and those of ratios.
json tidy_confidence(const json& results) {
  const json& from = object_in(results, "confidence", "polyloop");
  json confidence = tidy(from, confidence_fields, "polyloop.confidence");
  for (json& share : confidence)
    if (share.is_null() || share <= 0 || share >= 1) share = usual_confidence;
  return confidence;
}

/// By the name of the roof: a list of {workers, value}, fewest workers first.
json tidy_roofline(const json& results) {
  const json& from = object_in(results, "roofline", "polyloop");
  json roofline = json::object();
  roofline["levels"] = tidy_list(from, "levels", level_fields, "polyloop.roofline");
  for (const char* roof : {"read_gb_s", "copy_gb_s", "triad_gb_s", "peak_gflop_s", "peak_float_gflop_s"}) {
    std::map<int, double> by_workers;
    for (const auto& [workers, value] : object_in(from, roof, "polyloop.roofline").items())
      if (value.is_number() && value.get<double>() > 0) by_workers[std::atoi(workers.c_str())] = value;
    roofline[roof] = json::array();
    for (const auto& [workers, value] : by_workers)
      roofline[roof].push_back({{"workers", workers}, {"value", value}});
  }
  return roofline;
}

json to_json(const estimate& of) {
  return {{"middle", of.middle}, {"low", of.low}, {"high", of.high}};
}

json curve_of(const std::vector<observation>& seen, law_kind law, double confidence) {
  const auto fitted = extrapolate(seen, law, confidence);
  if (!fitted) return nullptr;
  json curve = json::array();
  for (const auto& [workers, speed_up] : fitted->curve) {
    curve.push_back(to_json(speed_up));
    curve.back()["workers"] = workers;
  }
  return {{"contention", to_json(fitted->contention)},
          {"coherency", to_json(fitted->coherency)},
          {"curve", curve}};
}

/// The rows of one loop on one backend with one schedule.
json series_key(const json& row) {
  json key = json::object();
  for (const char* name : {"kernel", "size", "input", "backend", "schedule", "grain"}) key[name] = row[name];
  return key;
}

std::vector<observation> observations_of(const json& points) {
  std::vector<observation> seen;
  for (const json& each : points)
    seen.push_back({each["workers"], {each["middle"], each["low"], each["high"]}});
  return seen;
}

json scaling_of(const json& rows, double confidence) {
  std::map<json, json> points;
  for (const json& row : rows) {
    if (row["kind"] == "raw" || row["speed_up"].is_null()) continue;
    json point = row["speed_up"];
    point["workers"] = row["workers"];
    points[series_key(row)].push_back(point);
  }
  json all = json::array();
  for (const auto& [key, seen] : points) {
    json series = key;
    series["points"] = seen;
    series["amdahl"] = curve_of(observations_of(seen), law_kind::amdahl, confidence);
    series["universal"] = curve_of(observations_of(seen), law_kind::universal, confidence);
    all.push_back(series);
  }
  return all;
}

json tidy_timelines(const json& results) {
  const json& from = list_in(results, "timelines", "polyloop");
  json timelines = tidy_runs(results, "timelines", timeline_fields);
  for (std::size_t i = 0; i < from.size(); ++i)
    add_tracks(timelines[i],
               tidy_list(from[i], "spans", span_fields, "polyloop.timelines[" + std::to_string(i) + "]"));
  return timelines;
}

const json& results_in(const json& file) {
  const bool is_ours = file.is_object() && file.contains("polyloop") && file["polyloop"].is_object();
  if (!is_ours) throw results_error("there is no object \"polyloop\" in it");
  const json& results = file["polyloop"];
  if (results.value("version", json()) != known_version)
    throw results_error("its version is " + results.value("version", json()).dump() +
                        ", this program reads 1");
  return results;
}

}  // namespace

json page_data(const json& file) {
  const json& results = results_in(file);
  json data = json::object();
  data["environment"] = tidy_environment(results);
  data["roofline"] = tidy_roofline(results);
  data["rows"] = tidy_runs(results, "rows", row_fields);
  data["confidence"] = tidy_confidence(results);
  data["scaling"] = scaling_of(data["rows"], data["confidence"]["ratio"]);
  data["launch"] = tidy_runs(results, "launch", launch_fields);
  data["timelines"] = tidy_timelines(results);
  return data;
}

}  // namespace polyloop::bench
