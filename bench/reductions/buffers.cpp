#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <polyloop/huge_vector.hpp>
#include <polyloop/parallel_for.hpp>
#include <set>
#include <string>

#include "polyloop/reductions/reductions.hpp"
#include "reductions/read_limit.hpp"
#include "reductions/table.hpp"
#include "support/keep.hpp"

namespace polyloop::bench::reductions_bench {

namespace {

constexpr std::size_t length = 100'000'000;
constexpr int rounds = 11;

/// In [-1, 1), no two parts alike.
template <class T>
huge_vector<T> generated(std::uint64_t seed) {
  huge_vector<T> x(length);
  parallel_for(length, [&x, seed](std::size_t i) {
    std::uint64_t word = (i + seed) * 0x9e3779b97f4a7c15;
    word = (word ^ (word >> 31)) * 0xbf58476d1ce4e5b9;
    x[i] = static_cast<T>(static_cast<double>(static_cast<std::int64_t>(word ^ (word >> 29))) * 0x1p-63);
  });
  return x;
}

template <class T>
using numbers = std::span<const T>;

template <class T>
struct reduction {
  const char* name;
  double bar;
  int inputs;
  void (*run)(numbers<T> x, numbers<T> y);
};

template <class T>
constexpr reduction<T> reductions_of[] = {
    {"sum", 0.97, 1, [](numbers<T> x, numbers<T>) { keep(reductions::sum(x)); }},
    {"dot", 0.97, 2, [](numbers<T> x, numbers<T> y) { keep(reductions::dot(x, y)); }},
    {"min and argmin", 0.97, 1, [](numbers<T> x, numbers<T>) { keep(reductions::minimum(x)); }},
    {"mean and variance", 0.97, 1, [](numbers<T> x, numbers<T>) { keep(reductions::moments(x)); }},
    {"exact sum", 0.5, 1, [](numbers<T> x, numbers<T>) { keep(reductions::exact_sum(x)); }},
};

template <class T>
std::vector<claim> shares(const char* type, int workers, numbers<T> x, numbers<T> y) {
  const scoped_context scope{.workers = workers};
  const std::size_t bytes = length * sizeof(T);
  std::vector<std::function<void()>> calls = ways_to_read(x.data(), bytes);
  const auto ways = static_cast<std::ptrdiff_t>(calls.size());
  for (const auto& way : ways_to_read(y.data(), bytes)) calls.push_back(way);
  for (const auto& each : reductions_of<T>) calls.emplace_back([=] { each.run(x, y); });
  const std::vector<double> seconds = medians_in_turn(rounds, calls);
  const auto y_begin = seconds.begin() + ways;
  const double read_x = *std::min_element(seconds.begin(), y_begin);
  const double read_y = *std::min_element(y_begin, y_begin + ways);
  std::vector<claim> made;
  for (std::size_t i = 0; i < std::size(reductions_of<T>); ++i) {
    const auto& each = reductions_of<T>[i];
    const double limit = read_x + (each.inputs == 2 ? read_y : 0);
    made.push_back({fmt::format("{} of 1e8 {}, {} worker{}: of the speed of reading it", each.name, type,
                                workers, workers == 1 ? "" : "s"),
                    limit / seconds[2 * static_cast<std::size_t>(ways) + i], each.bar, false, "x"});
  }
  return made;
}

template <class T>
std::vector<claim> all_shares(const char* type) {
  const auto x = generated<T>(1);
  const auto y = generated<T>(std::uint64_t{1} << 40);
  std::vector<claim> all;
  for (const int workers : {1, 2})
    for (const claim& each : shares<T>(type, workers, x, y)) all.push_back(each);
  return all;
}

std::uint64_t hash_of(numbers<double> x) {
  std::uint64_t hash = 0;
  const reductions::moments_of spread = reductions::moments(x);
  const auto least = reductions::minimum(x);
  for (const double each :
       {reductions::sum(x), reductions::dot(x, x), least.value, static_cast<double>(least.index),
        spread.mean(), spread.variance(), reductions::exact_sum(x), reductions::norm2(x)})
    hash = (hash ^ std::bit_cast<std::uint64_t>(each)) * 0x100000001b3;
  return hash;
}

}  // namespace

std::vector<claim> float_claims() {
  return all_shares<float>("float");
}

std::vector<claim> double_claims() {
  return all_shares<double>("double");
}

std::vector<claim> hash_claims() {
  const auto x = generated<double>(1);
  std::set<std::uint64_t> hashes;
  for (backend* each : compiled_backends())
    for (const int workers : {1, 2}) {
      const scoped_context scope{.backend = *each, .workers = workers};
      hashes.insert(hash_of(x));
    }
  return {{"reductions of 1e8 double: different bits from the backends with 1 and 2 workers",
           static_cast<double>(hashes.size()), 1, true, ""}};
}

}  // namespace polyloop::bench::reductions_bench
