#include "suite/measure_rows.hpp"

#include <algorithm>

#include "suite/check.hpp"
#include "suite/sweep.hpp"

namespace polyloop::bench {

namespace {

constexpr double ns = 1e9;

/// The samples of the way that is like `like`; none where it was not measured.
const samples* samples_like(const std::vector<row>& rows, const variant& like) {
  const auto found = std::ranges::find(rows, like, &row::how);
  return found == rows.end() ? nullptr : &found->taken;
}

std::optional<interval> ratio(const samples* over, const samples* under) {
  if (over == nullptr || under == nullptr) return std::nullopt;
  return paired_ratio(*over, *under);
}

row row_of(const instance& which, const variant& how, const samples& taken, const roofline& roof) {
  const kernel& code = which.code;
  row made{.name = row_name(which.name, which.size, how), .kernel = which.name, .size = which.size};
  made.input = code.input;
  made.how = how;
  made.taken = taken;
  made.seconds = summary_of(taken);
  made.bytes = code.bytes;
  made.operations = code.operations;
  const roofline::place place =
      roof.of(code.bytes, code.operations, code.number_bytes, how.workers, made.seconds.median);
  made.roofline_fraction = place.fraction;
  made.bound = place.bound;
  return made;
}

void relate(std::vector<row>& rows) {
  const samples* const reference = samples_like(rows, {.backend = "serial"});
  for (row& each : rows) {
    const variant twin{.backend = each.how.backend, .workers = each.how.workers, .raw = true};
    each.speed_up = ratio(reference, &each.taken);
    if (!each.how.raw) each.over_raw = ratio(&each.taken, samples_like(rows, twin));
  }
}

void record_timelines(const instance& which, const std::vector<variant>& ways, results& to) {
  const int most = std::ranges::max(ways, {}, &variant::workers).workers;
  for (const variant& each : ways)
    if (!each.raw && each.workers == most && most > 1) to.timelines.push_back(record_timeline(which, each));
}

void take_verdicts(std::vector<row>& rows, const std::vector<verdict>& before,
                   const std::vector<verdict>& after, results& to) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const verdict& told = before[i].problem.empty() ? after[i] : before[i];
    rows[i].checksum = told.checksum;
    rows[i].checksum_holds = told.problem.empty();
    if (!told.problem.empty()) to.wrong_results.push_back(told.problem);
  }
}

}  // namespace

std::vector<variant> possible(const std::vector<variant>& ways, const kernel& code) {
  std::vector<variant> those;
  for (const variant& each : ways) {
    const auto twin = code.raw.find(each.backend);
    const bool there = twin != code.raw.end() && (each.workers == 1 || twin->second.with_workers);
    if (!each.raw || there) those.push_back(each);
  }
  return those;
}

void measure_rows(const instance& which, const std::vector<variant>& ways, const plan& how, results& to) {
  const std::vector<verdict> before = check_results(which, ways);
  std::vector<contender> contenders;
  for (const variant& each : ways) contenders.push_back({&which, each});
  std::vector<repetitions> runs = measure_rounds(contenders, how);
  const std::vector<verdict> after = check_results(which, ways);
  std::vector<row> rows;
  for (std::size_t i = 0; i < ways.size(); ++i)
    rows.push_back(row_of(which, ways[i], samples_of(runs[i]), to.roof));
  relate(rows);
  take_verdicts(rows, before, after, to);
  record_timelines(which, ways, to);
  std::ranges::move(rows, std::back_inserter(to.rows));
  std::ranges::move(runs, std::back_inserter(to.runs));
}

std::vector<launch> measure_launches(const instance& which, const std::vector<variant>& ours) {
  std::vector<variant> ways;
  for (const variant& each : ours)  // a static schedule is never run inline
    ways.push_back({each.backend, each.workers, schedule::static_()});
  std::ranges::copy(raw_variants(ways), std::back_inserter(ways));
  ways = possible(ways, which.code);

  std::vector<subject> subjects;
  for (const variant& each : ways) subjects.push_back(subject_of(which, each));
  const plan how{.most_rounds = 15, .least_rounds = 5, .budget_seconds = 3};
  const std::vector<samples> taken = measure_in_turn(subjects, how);
  std::vector<launch> all;
  for (std::size_t i = 0; i < ways.size(); ++i) {
    const summary seconds = summary_of(taken[i]);
    all.push_back({ways[i], {ns * seconds.median, ns * seconds.low, ns * seconds.high}});
  }
  return all;
}

}  // namespace polyloop::bench
