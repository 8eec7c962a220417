#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <polyloop/polyloop.hpp>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "support/checksum.hpp"
#include "vocabulary/raw_scan.hpp"
#include "vocabulary/table.hpp"

namespace polyloop::bench::vocabulary {

namespace {

std::vector<peer_scan> peers() {
  std::vector<peer_scan> all;
#ifdef POLYLOOP_BENCH_TBB
  all.insert(all.end(), tbb_scans().begin(), tbb_scans().end());
#endif
#ifdef POLYLOOP_BENCH_OPENMP
  all.insert(all.end(), openmp_scans().begin(), openmp_scans().end());
#endif
  return all;
}

template <class T>
std::vector<T> values(std::size_t n) {
  std::vector<T> made(n);
  std::uint64_t state = 1;
  for (T& each : made) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    each = static_cast<T>(state >> 44);
  }
  return made;
}

template <class T>
auto peer_function(const peer_scan& peer) {
  if constexpr (std::is_same_v<T, double>)
    return peer.doubles;
  else
    return peer.integers;
}

/// Small scans are repeated, so that a call can be timed.
template <class T>
void add_speeds(std::vector<claim>& made, const char* type, index_t n, int rounds) {
  const std::vector<T> in = values<T>(static_cast<std::size_t>(n));
  std::vector<T> out(in.size());
  const int repeats = n < 1'000'000 ? 50 : 1;
  const auto ours = [&] {
    for (int i = 0; i < repeats; ++i) parallel_inclusive_scan(in, out, sum<T>{});
  };
  double least = std::numeric_limits<double>::infinity();
  std::string best = "nobody";
  for (const peer_scan& peer : peers()) {
    const auto theirs = [&, scan = peer_function<T>(peer)] {
      for (int i = 0; i < repeats; ++i) scan(in.data(), out.data(), n);
    };
    const double ratio = ratio_in_turn(rounds, theirs, ours);
    if (ratio < least) best = peer.name;
    least = std::min(least, ratio);
  }
  made.push_back({fmt::format("inclusive scan of {} {}: {} over ours", n, type, best), least, 1.2, false, "x"});
}

template <class T>
std::uint64_t hash_of_scan(const std::vector<T>& in) {
  std::vector<T> out(in.size());
  const T total = parallel_inclusive_scan(in, out, sum<T>{});
  checksum sum_of;
  sum_of.add(std::as_bytes(std::span(out)));
  sum_of.add_value(total);
  return sum_of.value();
}

claim one_hash() {
  std::vector<double> in = values<double>(3'000'017);
  for (double& each : in) each *= 1e-7;
  std::set<std::uint64_t> seen;
  for (backend* each : compiled_backends())
    for (const int workers : {1, 2, 3, 8}) {
      const scoped_context scope{.backend = *each, .workers = workers, .oversubscribe = true};
      seen.insert(hash_of_scan(in));
    }
  return {"inclusive scan of doubles: hashes over all backends and 1, 2, 3, 8 workers",
          static_cast<double>(seen.size()), 1, true, "hashes"};
}

}  // namespace

std::vector<claim> scan_claims() {
  std::vector<claim> made;
  for (const auto& [n, rounds] : {std::pair<index_t, int>{100'000, 41}, {10'000'000, 21}, {100'000'000, 7}}) {
    add_speeds<std::int64_t>(made, "int64", n, rounds);
    add_speeds<double>(made, "double", n, rounds);
  }
  made.push_back(one_hash());
  return made;
}

}  // namespace polyloop::bench::vocabulary
