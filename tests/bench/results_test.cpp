#include "suite/results.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <polyloop/parallel_for.hpp>
#include <set>

#include "suite/measure_rows.hpp"
#include "suite/sweep.hpp"

using namespace polyloop;
using namespace polyloop::bench;

namespace {

instance doubled(index_t n) {
  const auto x = std::make_shared<std::vector<double>>(static_cast<std::size_t>(n), 1.0);
  const auto y = std::make_shared<std::vector<double>>(static_cast<std::size_t>(n));
  kernel made{.bytes = 16.0 * static_cast<double>(n), .operations = static_cast<double>(n)};
  made.run = [=](const loop_options& how) {
    parallel_for(
        n, [in = x->data(), out = y->data()](index_t i) { out[i] = 2 * in[i]; }, how);
  };
  made.checksum = [y] { return checksum_of(*y); };
  return {"doubled", n, made};
}

results few_rounds() {
  results all{.where = this_environment()};
  measure_rows(doubled(1000), our_variants({}), {.most_rounds = 3, .least_rounds = 3, .sample_seconds = 1e-5},
               all);
  return all;
}

}  // namespace

TEST_CASE("a row for each way, with as many samples as rounds and the right checksum") {
  const results all = few_rounds();
  CHECK(all.rows.size() == our_variants({}).size());
  CHECK(all.wrong_results.empty());
  for (const row& each : all.rows) {
    CHECK(each.taken.size() == 3);
    CHECK(each.checksum_holds);
    CHECK(each.checksum == all.rows.front().checksum);
    CHECK(each.seconds.median > 0);
    CHECK(each.seconds.low <= each.seconds.median);
  }
}

TEST_CASE("the document is Google Benchmark's with ours beside it") {
  const results all = few_rounds();
  const auto document = document_of(all);
  CHECK(document.at("context").contains("num_cpus"));
  std::set<std::string> names;
  for (const auto& each : document.at("benchmarks")) {
    names.insert(each.at("run_name"));
    CHECK(each.at("real_time") > 0);
    CHECK(each.contains("time_unit"));
  }
  for (const row& each : all.rows) CHECK(names.contains(each.name));
  constexpr std::size_t aggregates = 4;
  CHECK(document.at("benchmarks").size() == all.rows.size() * (3 + aggregates));
  CHECK(document_of(all, true).at("benchmarks").size() == all.rows.size() * aggregates);
  CHECK(document.at("polyloop").at("rows").size() == all.rows.size());
  CHECK(document.at("polyloop").at("version") == 1);
}

TEST_CASE("a timeline covers each iteration once, or is empty where there are too many chunks") {
  const instance which = doubled(1000);
  for (const variant& way : our_variants(parse_sweep("schedule=static,dynamic,grain=100"))) {
    const timeline seen = record_timeline(which, way);
    std::vector<int> times(1000);
    for (const timeline_span& each : seen.spans) {
      CHECK(each.begin_us <= each.end_us);
      CHECK(each.worker >= 0);
      CHECK(each.worker < way.workers);
      for (index_t i = each.first; i < each.last; ++i) ++times[static_cast<std::size_t>(i)];
    }
    CHECK(times == std::vector<int>(1000, 1));
  }
  const variant last = our_variants(parse_sweep("schedule=dynamic,grain=1")).back();
  if (last.workers > 1) CHECK(record_timeline(which, last, 10).spans.empty());
}

TEST_CASE("a repetition of Google Benchmark's is a sample of ours") {
  const results all = few_rounds();
  const auto document = document_of(all);
  const auto& first = document.at("benchmarks").at(0);
  CHECK(first.at("name") == all.rows.front().name);
  const double scale = first.at("time_unit") == "ns" ? 1e9 : first.at("time_unit") == "us" ? 1e6 : 1e3;
  CHECK(first.at("real_time").get<double>() == doctest::Approx(scale * all.rows.front().taken.front()));
}
