#pragma once

#include <cstdint>
#include <span>

namespace polyloop::bench::vocabulary {

/// A number to sort by, and what belongs to it.
struct pair {
  std::uint64_t key;
  std::uint64_t value;
  bool operator==(const pair&) const = default;
};

/// A comparator of the user's, of which nobody knows that digits would do.
struct less_of_user {
  template <class T>
  bool operator()(const T& a, const T& b) const { return a < b; }
  bool operator()(const pair& a, const pair& b) const { return a.key < b.key; }
};

/// A sort by another library.
struct peer_sort {
  const char* name;
  bool stable;
  void (*integers)(std::uint64_t* first, std::uint64_t* last);
  void (*doubles)(double* first, double* last);
  void (*pairs)(pair* first, pair* last);
};

std::span<const peer_sort> tbb_sorts();
std::span<const peer_sort> openmp_sorts();

}  // namespace polyloop::bench::vocabulary
