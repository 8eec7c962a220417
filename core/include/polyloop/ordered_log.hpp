#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "polyloop/index.hpp"
#include "polyloop/parallel_sort.hpp"
#include "polyloop/worker_local.hpp"

namespace polyloop {

/// Values that iterations append, in the order of the iterations, whoever ran them:
///
///     ordered_log<std::string> found;
///     parallel_for(lines.size(), [&](std::size_t i) { if (matches(lines[i])) found.append(i, lines[i]); });
///     for (const std::string& line : found.take()) print(line);
///
/// The values of one index stay in the order in which they were appended, also by several threads in turn.
/// append() is thread-safe and takes some 40 ns; take() is for when nobody appends.
template <class T>
class ordered_log {
 public:
  void append(index_t index, T value) {
    // A thread need not get the part that it had before, so the parts alone do not tell the order.
    parts_.borrow()->push_back({index, next_.fetch_add(1, std::memory_order_relaxed), std::move(value)});
  }
  template <std::unsigned_integral I>
  void append(I index, T value) {
    append(static_cast<index_t>(index), std::move(value));
  }

  /// All values in order; the log is empty then. O(n) or a sort.
  std::vector<T> take() {
    std::vector<entry> all;
    parts_.for_each([&all](std::vector<entry>& part) {
      all.insert(all.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
    });
    parts_.clear();
    parallel_sort(all, [](const entry& a, const entry& b) {
      return a.index != b.index ? a.index < b.index : a.number < b.number;
    });
    std::vector<T> values;
    values.reserve(all.size());
    for (entry& each : all) values.push_back(std::move(each.value));
    return values;
  }

 private:
  struct entry {
    index_t index;
    std::uint64_t number;  // of all appended
    T value;
  };
  std::atomic<std::uint64_t> next_{0};
  worker_local<std::vector<entry>> parts_;
};

}  // namespace polyloop
