#include "suite/suite_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <set>

#include "suite/measure_rows.hpp"
#include "support/progress.hpp"

namespace polyloop::bench {

namespace {

sweep sweep_of(const options& how) {
  return how.sweep_text.empty() ? sweep{} : parse_sweep(how.sweep_text);
}

}  // namespace

suite_run::suite_run(const options& how, const extension& more)
    : how_(how), more_(more), wanted_(how.filter), ours_(our_variants(sweep_of(how))), ways_(ours_) {
  std::ranges::copy(raw_variants(ours_), std::back_inserter(ways_));
  for (const kernel_family& each : all_kernels())
    for (const index_t size : each.sizes)
      if (!wanted_ways(each.name, size).empty()) tasks_.push_back({&each, size});
}

std::vector<std::string> suite_run::names() const {
  std::vector<std::string> all;
  for (const auto& [family, size] : tasks_)
    for (const variant& way : wanted_ways(family->name, size))
      if (!way.raw) all.push_back(row_name(family->name, size, way));
  return all;
}

results suite_run::measured() const {
  results all{.where = this_environment()};
  noise_watch watch;
  progress line(static_cast<int>(tasks_.size()) + 2);
  line.begin("the machine's limits");
  if (!how_.no_roofline) all.roof = measure_roofline(roofline_workers());
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    if (i == tasks_.size() / 2) watch.look();
    line.begin(fmt::format("{}/{}", tasks_[i].family->name, tasks_[i].size));
    measure(tasks_[i], all);
  }
  line.begin("launches");
  if (more_.launch) all.launches = measure_launches({"launch", 0, more_.launch()}, ours_);
  watch.look();
  all.warnings = warnings_of(watch.seen());
  return all;
}

std::vector<variant> suite_run::wanted_ways(const std::string& kernel, index_t size) const {
  std::vector<variant> those;
  for (const variant& each : ways_)
    if (wanted_(row_name(kernel, size, each))) those.push_back(each);
  return those;
}

/// 1, 2, 4, ... of those that rows have, and the most: each takes about a second.
std::vector<int> suite_run::roofline_workers() const {
  std::set<int> counts;
  for (const variant& each : ours_) counts.insert(each.workers);
  const int most = *counts.rbegin();
  std::erase_if(counts, [most](int count) {
    return count != most && !std::has_single_bit(static_cast<unsigned>(count));
  });
  return {counts.begin(), counts.end()};
}

void suite_run::measure(const task& each, results& all) const {
  const instance which = prepared(*each.family, each.size);
  const std::vector<variant> ways = possible(wanted_ways(which.name, which.size), which.code);
  if (!ways.empty()) measure_rows(which, ways, how_.plan_for(tasks_.size()), all);
}

}  // namespace polyloop::bench
