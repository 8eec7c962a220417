#pragma once

#include <cstdint>
#include <polyloop/polyloop.hpp>
#include <span>
#include <vector>

/// Nests of loops, tasks and streams. A nest is a function of a number: value(seed, depth). From the seed
/// come the construct, its size and options, and the seeds of its children, so that no order of running changes
/// the value.
namespace soak {

/// The finaliser of splitmix64 (Steele, Lea, Flood 2014): numbers that have nothing in common.
inline std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}
inline std::uint64_t child(std::uint64_t seed, std::uint64_t number) {
  return mixed(seed ^ mixed(number + 1));
}

/// Draws one number after the other from a seed.
class lots {
 public:
  explicit lots(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() { return state_ = mixed(state_); }
  int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
  bool one_in(int n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

polyloop::loop_options any_options(lots& draw);

/// Thrown on purpose, with the value that the nest then has.
struct planned {
  std::uint64_t value;
};

/// The value of a nest: what it returns, or throws as planned.
std::uint64_t value(std::uint64_t seed, int depth);

/// The value of a child, with some work of its own; now and then it throws instead.
std::uint64_t value_of_child(std::uint64_t seed, std::uint64_t number, int depth, int throws_one_in);

int any_size(lots& draw, int depth);
std::uint64_t sum_of(const std::vector<std::uint64_t>& parts);

using construct = std::uint64_t (*)(std::uint64_t seed, int depth);

/// Those of each file.
std::span<const construct> loop_nests();
std::span<const construct> task_nests();
std::span<const construct> stream_nests();

}  // namespace soak
