#include <fmt/format.h>

#include <polyloop/polyloop.hpp>
#include <stdexcept>
#include <vector>

#include "vocabulary/table.hpp"

namespace polyloop::bench::vocabulary {

namespace {

constexpr index_t iterations = 1'000'000;

/// The time of a loop of cheap iterations that feeds a counter over that of the same loop without.
double with_over_without(std::vector<double>& data) {
  const auto body = [x = data.data()](index_t i) { x[i] = x[i] * 0.5 + 1; };
  // The loop is called by one call site: the two ways share what is known of it.
  const auto loop = [&](progress_counter* counter) { parallel_for(iterations, body, {.progress = counter}); };
  const auto told = [&] {
    int last = 0;
    progress_counter counter(iterations, [&](const progress_report& now) { last += now.finished ? 1 : 0; });
    loop(&counter);
    if (last != 1) throw std::runtime_error("100 % was not told exactly once");
  };
  return ratio_in_turn(101, told, [&] { loop(nullptr); });
}

}  // namespace

std::vector<claim> progress_claims() {
  std::vector<double> data(iterations, 1.0);
  std::vector<claim> made;
  for (backend* each : compiled_backends()) {
    const scoped_context scope{.backend = *each};
    made.push_back({fmt::format("progress of 1e6 cheap iterations, {}: with over without", each->name()),
                    with_over_without(data), 1.01, true, "x"});
  }
  return made;
}

}  // namespace polyloop::bench::vocabulary
