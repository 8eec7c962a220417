#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <polyloop/polyloop.hpp>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "support/quiet.hpp"
#include "support/statistics.hpp"
#include "vocabulary/raw_sort.hpp"
#include "vocabulary/sort_input.hpp"
#include "vocabulary/table.hpp"

namespace polyloop::bench::vocabulary {

namespace {

/// A way to sort, and the bars that are about it.
template <class T>
struct contender {
  enum class kind { by_digits, by_comparator, tbb, unstable, stable };

  std::string name;
  kind role;
  std::function<void(std::vector<T>&)> sort;
  std::vector<double> seconds = {};
};

template <class T>
auto function_of(const peer_sort& peer) {
  if constexpr (std::is_same_v<T, double>)
    return peer.doubles;
  else if constexpr (std::is_same_v<T, pair>)
    return peer.pairs;
  else
    return peer.integers;
}

template <class T>
void add_peer(std::vector<contender<T>>& all, const peer_sort& peer) {
  using kind = typename contender<T>::kind;
  const kind role = all.size() == 2 ? kind::tbb : peer.stable ? kind::stable : kind::unstable;
  all.push_back({peer.name, role, [sort = function_of<T>(peer)](std::vector<T>& data) {
                   sort(data.data(), data.data() + data.size());
                 }});
}

template <class T>
std::vector<contender<T>> contenders() {
  using kind = typename contender<T>::kind;
  std::vector<contender<T>> all;
  all.push_back({"parallel_sort", kind::by_digits, [](std::vector<T>& data) {
                   if constexpr (std::is_same_v<T, pair>)
                     parallel_sort_by(data, &pair::key);
                   else
                     parallel_sort(data);
                 }});
  all.push_back({"parallel_sort by a comparator", kind::by_comparator,
                 [](std::vector<T>& data) { parallel_sort(data, less_of_user{}); }});
#ifdef POLYLOOP_BENCH_TBB
  for (const peer_sort& peer : tbb_sorts()) add_peer(all, peer);
#endif
#ifdef POLYLOOP_BENCH_OPENMP
  for (const peer_sort& peer : openmp_sorts()) add_peer(all, peer);
#endif
  return all;
}

/// One sort of a fresh copy, which is not timed. Short ones are timed again and again: their workers are awake then.
template <class T>
double seconds_of(contender<T>& who, const std::vector<T>& given, std::vector<T>& work) {
  const int repeats = given.size() < 1'000'000 ? 15 : 1;
  std::vector<double> taken;
  wait_until_quiet();
  for (int i = 0; i < repeats; ++i) {
    std::copy(given.begin(), given.end(), work.begin());
    const auto start = std::chrono::steady_clock::now();
    who.sort(work);
    taken.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return median(taken);
}

/// All of them in turn, in an order by lot, round by round.
template <class T>
void race(std::vector<contender<T>>& all, const std::vector<T>& given, int rounds) {
  std::vector<T> work(given.size());
  std::vector<std::size_t> turn(all.size());
  std::iota(turn.begin(), turn.end(), std::size_t{0});
  std::mt19937_64 lot(20260101);
  for (int round = 0; round < rounds; ++round) {
    std::shuffle(turn.begin(), turn.end(), lot);
    for (const std::size_t each : turn) all[each].seconds.push_back(seconds_of(all[each], given, work));
  }
}

/// The least of their medians of their time over ours.
template <class T>
claim beside_best(const std::vector<contender<T>>& all, const contender<T>& ours, const std::string& what, double bar,
                  const std::function<bool(const contender<T>&)>& is_peer) {
  double least = std::numeric_limits<double>::infinity();
  std::string best = "nobody";
  for (const contender<T>& peer : all) {
    if (!is_peer(peer)) continue;
    const double ratio = median(ratios(peer.seconds, ours.seconds));
    if (ratio < least) best = peer.name;
    least = std::min(least, ratio);
  }
  return {fmt::format("{}: {} over ours", what, best), least, bar, false, "x"};
}

template <class T>
void add_claims(std::vector<claim>& made, const std::string& what, std::vector<contender<T>>& all) {
  using kind = typename contender<T>::kind;
  using peer = const contender<T>&;
  made.push_back(beside_best<T>(all, all[0], "sort of " + what, 5, [](peer p) { return p.role == kind::tbb; }));
  made.push_back(beside_best<T>(all, all[1], "sort by a comparator of " + what, 1.2, [](peer p) {
    return p.role == kind::tbb || p.role == kind::unstable;
  }));
  made.push_back(beside_best<T>(all, all[1], "stable sort by a comparator of " + what, 1,
                                [](peer p) { return p.role == kind::stable; }));
}

template <class T>
void add_sorts(std::vector<claim>& made, const char* type, std::size_t n, int rounds) {
  for (const named_order& each : orders) {
    const std::vector<T> given = elements<T>(n, each.how);
    std::vector<contender<T>> all = contenders<T>();
    race(all, given, rounds);
    add_claims(made, fmt::format("{} {} {}", n, each.name, type), all);
  }
}

std::vector<claim> claims_of(std::size_t n, int rounds) {
  std::vector<claim> made;
  add_sorts<std::uint64_t>(made, "uint64", n, rounds);
  add_sorts<double>(made, "double", n, rounds);
  add_sorts<pair>(made, "pairs", n, rounds);
  return made;
}

}  // namespace

std::vector<claim> small_sort_claims() {
  return claims_of(100'000, 7);
}
std::vector<claim> sort_claims() {
  return claims_of(10'000'000, 5);
}
std::vector<claim> large_sort_claims() {
  return claims_of(100'000'000, 1);
}

}  // namespace polyloop::bench::vocabulary
