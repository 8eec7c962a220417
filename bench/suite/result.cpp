#include "suite/result.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "polyloop/error.hpp"

namespace polyloop::bench {

namespace {

using json = nlohmann::ordered_json;
using kind = schedule::kind;

constexpr std::array<std::pair<kind, const char*>, 4> schedule_names = {{{kind::automatic, "automatic"},
                                                                         {kind::fixed, "static"},
                                                                         {kind::dynamic, "dynamic"},
                                                                         {kind::guided, "guided"}}};

json ratio_json(const std::optional<interval>& from) {
  if (!from) return nullptr;
  return {{"ratio", from->middle}, {"low", from->low}, {"high", from->high}};
}

std::optional<interval> ratio_of(const json& from) {
  if (from.is_null()) return std::nullopt;
  return interval{from.at("ratio"), from.at("low"), from.at("high")};
}

const char* kind_name(const variant& how) {
  return how.raw ? "raw" : "ours";
}

}  // namespace

void to_json(json& to, const row& from) {
  to = {{"name", from.name},
        {"kernel", from.kernel},
        {"size", from.size},
        {"input", from.input},
        {"kind", kind_name(from.how)},
        {"backend", from.how.backend},
        {"workers", from.how.workers},
        {"schedule", schedule_name(from.how.schedule)},
        {"grain", from.how.schedule.grain()},
        {"seconds",
         {{"median", from.seconds.median},
          {"mad", from.seconds.deviation},
          {"low", from.seconds.low},
          {"high", from.seconds.high}}},
        {"samples", from.taken},
        {"outliers", from.seconds.outliers},
        {"bytes", from.bytes},
        {"operations", from.operations},
        {"gb_s", from.gb_per_second()},
        {"gflop_s", from.gflop_per_second()},
        {"roofline_fraction", from.roofline_fraction},
        {"bound", from.bound},
        {"checksum", from.checksum},
        {"checksum_holds", from.checksum_holds},
        {"over_raw", ratio_json(from.over_raw)},
        {"speed_up", ratio_json(from.speed_up)}};
}

void to_json(json& to, const launch& from) {
  to = {
      {"backend", from.how.backend},
      {"workers", from.how.workers},
      {"ns",
       {{"median", from.nanoseconds.middle}, {"low", from.nanoseconds.low}, {"high", from.nanoseconds.high}}},
      {"kind", kind_name(from.how)}};
}

void from_json(const json& from, row& to) {
  const json& seconds = from.at("seconds");
  to.name = from.at("name");
  to.kernel = from.at("kernel");
  to.size = from.at("size");
  to.input = from.at("input");
  to.how = {from.at("backend"), from.at("workers"), schedule_named(from.at("schedule"), from.at("grain")),
            from.at("kind") == "raw"};
  to.seconds = {seconds.at("median"), seconds.at("mad"), seconds.at("low"), seconds.at("high"),
                from.at("outliers")};
  to.taken = from.at("samples").get<samples>();
  to.bytes = from.at("bytes");
  to.operations = from.at("operations");
  to.roofline_fraction = from.at("roofline_fraction");
  to.bound = from.at("bound");
  to.checksum = from.at("checksum");
  to.checksum_holds = from.at("checksum_holds");
  to.over_raw = ratio_of(from.at("over_raw"));
  to.speed_up = ratio_of(from.at("speed_up"));
}

std::string schedule_name(const schedule& how) {
  for (const auto& [each, name] : schedule_names)
    if (each == how.how()) return name;
  return {};
}

schedule schedule_named(const std::string& name, index_t grain) {
  if (name == "automatic") return grain == 0 ? schedule::automatic : schedule::automatic_from(grain);
  if (name == "static") return grain == 0 ? schedule::static_() : schedule::static_(grain);
  if (name == "dynamic") return schedule::dynamic(grain == 0 ? 1 : grain);
  if (name == "guided") return schedule::guided(grain == 0 ? 1 : grain);
  throw invalid_argument("schedule", name, "automatic, static, dynamic or guided");
}

std::string row_name(const std::string& kernel, index_t size, const variant& how) {
  if (how.raw) return fmt::format("{}/{}/raw:{}/workers:{}", kernel, size, how.backend, how.workers);
  std::string name = fmt::format("{}/{}/backend:{}/workers:{}/schedule:{}", kernel, size, how.backend,
                                 how.workers, schedule_name(how.schedule));
  if (how.schedule.grain() != 0) name += fmt::format("/grain:{}", how.schedule.grain());
  return name;
}

}  // namespace polyloop::bench
