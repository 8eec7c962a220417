#include <algorithm>
#include <polyloop/polyloop.hpp>
#include <vector>

#include "support/keep.hpp"
#include "vocabulary/table.hpp"

namespace polyloop::bench::vocabulary {

namespace {

/// The time of ours over that of std::find, with the start of a loop or without, for a
/// value at a place in 1e7 elements.
double beside_plain(std::size_t place, int repeats, bool launch) {
  std::vector<int> data(10'000'000, 0);
  data[place] = 1;
  const auto ours = [&] {
    for (int i = 0; i < repeats; ++i) keep(parallel_find(data, 1));
  };
  const auto plain = [&] {
    for (int i = 0; i < repeats; ++i) {
      keep(std::find(data.begin(), data.end(), 1));
      if (launch) parallel_for(2, [](int) {}, {.schedule = schedule::static_()});
    }
  };
  return ratio_in_turn(31, ours, plain);
}

}  // namespace

std::vector<claim> find_claims() {
  return {{"find in 1e7, the element is the 1000th: ours over std::find and the start of a loop",
           beside_plain(999, 1000, true), 1.0, true, "x"},
          {"find in 1e7, the element is the last: ours over std::find", beside_plain(9'999'999, 1, false), 0.9,
           true, "x"}};
}

}  // namespace polyloop::bench::vocabulary
