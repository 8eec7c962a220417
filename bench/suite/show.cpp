#include "suite/show.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <map>
#include <ostream>

#include "support/table.hpp"

namespace polyloop::bench {

namespace {

std::string ratio_text(const std::optional<interval>& of) {
  return of ? fmt::format("{:.2f} ({:.2f}..{:.2f})", of->middle, of->low, of->high) : "-";
}

std::string rate_text(double rate) {
  return rate > 0 ? fmt::format("{:.2f}", rate) : "-";
}

std::string schedule_text(const variant& how) {
  if (how.raw) return "-";
  const index_t grain = how.schedule.grain();
  return schedule_name(how.schedule) + (grain == 0 ? "" : fmt::format("/{}", grain));
}

std::string roof_text(const row& of) {
  return of.bound.empty() ? "-" : fmt::format("{:.2f} {}", of.roofline_fraction, of.bound);
}

std::string backend_text(const variant& how) {
  return (how.raw ? "raw " : "") + how.backend;
}

void add_row(table& rows, const row& of) {
  rows.add({of.kernel, std::to_string(of.size), backend_text(of.how), std::to_string(of.how.workers),
            schedule_text(of.how), duration_text(of.seconds.median),
            fmt::format("{:.1f} %", 100 * of.seconds.deviation / of.seconds.median),
            rate_text(of.gb_per_second()), rate_text(of.gflop_per_second()), roof_text(of),
            ratio_text(of.speed_up), ratio_text(of.over_raw), of.checksum_holds ? of.checksum : "WRONG"});
}

void show_rows(std::ostream& out, const std::vector<row>& all) {
  table rows({{"kernel"},
              {"size", true},
              {"backend"},
              {"workers", true},
              {"schedule"},
              {"median", true},
              {"+-", true},
              {"GB/s", true},
              {"GFLOP/s", true},
              {"of the roof"},
              {"speed-up over serial"},
              {"time over raw"},
              {"checksum"}});
  for (const row& each : all) add_row(rows, each);
  rows.print(out);
}

void show_environment(std::ostream& out, const results& all) {
  const environment& here = all.where;
  fmt::print(out, "{}, {} CPUs (affinity {}, quota {}); {}; commit {}\n", here.cpu, here.cpus, here.affinity,
             here.quota, here.compiler, here.commit);
  std::map<std::string, std::string> kernels_of;  // by input
  for (const row& each : all.rows) {
    std::string& kernels = kernels_of[each.input];
    if (!kernels.ends_with(each.kernel)) kernels += (kernels.empty() ? "" : ", ") + each.kernel;
  }
  for (const auto& [input, kernels] : kernels_of)
    if (!input.empty()) fmt::print(out, "input of {}: {}\n", kernels, input);
  fmt::print(out, "\n");
}

/// Why it is no faster, where the roofline tells.
std::string reason(const row& of) {
  constexpr double near = 0.7;
  if (of.bound == "memory" && of.roofline_fraction > near)
    return "at the limit of the memory: more workers will not help";
  if (of.bound == "compute" && of.roofline_fraction > near) return "at the limit of the arithmetic";
  return "";
}

void show_best(std::ostream& out, const std::vector<row>& all) {
  std::map<std::pair<std::string, index_t>, const row*> best;
  for (const row& each : all) {
    if (each.how.raw) continue;
    const row*& so_far = best[{each.kernel, each.size}];
    if (so_far == nullptr || each.seconds.median < so_far->seconds.median) so_far = &each;
  }
  table rows(
      {{"kernel"}, {"size", true}, {"best on"}, {"workers", true}, {"schedule"}, {"median", true}, {""}});
  for (const auto& [key, row] : best)
    rows.add({row->kernel, std::to_string(row->size), row->how.backend, std::to_string(row->how.workers),
              schedule_text(row->how), duration_text(row->seconds.median), reason(*row)});
  fmt::print(out, "\n");
  rows.print(out);
}

void show_launches(std::ostream& out, const std::vector<launch>& all) {
  if (all.empty()) return;
  fmt::print(out, "\na launch costs\n");
  table rows({{"backend"}, {"workers", true}, {"ns", true}});
  for (const launch& each : all)
    rows.add({backend_text(each.how), std::to_string(each.how.workers),
              fmt::format("{:.0f}", each.nanoseconds.middle)});
  rows.print(out);
}

void show_change(std::ostream& out, const char* what, const change& of) {
  fmt::print(out, "{}: {}: time {} of before\n", what, of.name, ratio_text(of.ratio));
}

}  // namespace

void show(std::ostream& out, const results& all) {
  show_environment(out, all);
  show_rows(out, all.rows);
  show_best(out, all.rows);
  show_launches(out, all.launches);
  for (const auto& [what, effect] : all.warnings) fmt::print(out, "\nnoise: {}:\n  {}\n", what, effect);
}

std::size_t show(std::ostream& out, const baseline_comparison& made, double threshold) {
  std::size_t slower = 0;
  std::size_t faster = 0;
  fmt::print(out, "\n");
  for (const change& each : made.changes) {
    if (each.is_regression(threshold)) ++slower, show_change(out, "slower", each);
    if (each.is_improvement(threshold)) ++faster, show_change(out, "faster", each);
  }
  for (const std::string& name : made.other_data) fmt::print(out, "not compared, other data: {}\n", name);
  fmt::print(out, "beside the baseline: {} slower, {} faster, {} alike, {} not in it\n", slower, faster,
             made.changes.size() - slower - faster, made.new_rows.size());
  return slower;
}

}  // namespace polyloop::bench
