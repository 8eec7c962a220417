#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <concepts>
#include <exception>
#include <functional>
#include <iterator>
#include <mutex>
#include <ranges>
#include <type_traits>
#include <utility>

#include "polyloop/detail/elements.hpp"
#include "polyloop/parallel_for.hpp"

/// Searches that stop as soon as the answer is known.
///
/// Common to all of them:
///  - They give the lowest index, or element, of all that would do: the same on every
///    backend, with any schedule and any number of workers.
///  - Blocks are handed out from the front, and none behind the lowest found so far is begun,
///    so little is searched behind it. What a plain search finds within some
///    microseconds, the calling thread finds as fast, and nobody is invited.
///  - If the predicate throws, the caller gets the exception of the plain search: none if that
///    would have found something before.
///  - Throws stopped when the stop token or the deadline of `options` ended it before the
///    answer was known, and invalid_argument for bad arguments.
///  - Nesting and thread-safety as for parallel_for.
namespace polyloop {

namespace detail {

/// Elements in a block: many blocks, but so large that handing them out is nothing
/// beside looking at them. Blocks of 16 KiB took twice the time of ones of 128 KiB: each begins without
/// the lines that the processor fetches ahead.
constexpr index_t search_block_size(index_t n) {
  return std::clamp<index_t>(n / 256, 1, 32768);
}

/// The end of a search: the lowest index that was found, or where the predicate threw.
class search_end {
 public:
  explicit search_end(index_t none) : lowest_(none) {}

  bool before(index_t i) const noexcept { return lowest_.load(std::memory_order_relaxed) <= i; }
  void record(index_t i, std::exception_ptr what) {
    const std::lock_guard hold(lock_);
    if (before(i)) return;
    lowest_.store(i, std::memory_order_relaxed);
    what_ = std::move(what);
  }
  /// The index; throws what was thrown there.
  index_t answer() {
    if (what_ != nullptr) std::rethrow_exception(std::move(what_));
    return lowest_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<index_t> lowest_;
  std::mutex lock_;
  std::exception_ptr what_;
};

/// The first i of [first, last) for which the predicate holds, else last. If the
/// predicate throws, `reached` is the index that did.
template <class Predicate>
POLYLOOP_ONE_COPY index_t search_plainly(const Predicate& predicate, index_t first, index_t last,
                                         index_t& reached) {
  held<Predicate> holds = predicate;
  index_t i = first;
  try {
    // Four at a time, as std::find does: the end is looked at as often as four elements are.
    for (const index_t last_four = last - 3; i < last_four;) {
      if (holds(i)) return i;
      if (holds(++i)) return i;
      if (holds(++i)) return i;
      if (holds(++i)) return i;
      ++i;
    }
    while (i < last && !holds(i)) ++i;
  } catch (...) {
    reached = i;
    throw;
  }
  return i;
}

/// Whether an element of an array of numbers is the value. Looking at one behind the answer does no harm.
template <class T>
struct equals_number {
  const T* data;
  T value;
  bool operator()(index_t i) const noexcept { return data[i] == value; }
};

/// In groups without a branch within, which compilers turn into SIMD.
template <class T>
POLYLOOP_ONE_COPY index_t search_plainly(const equals_number<T>& predicate, index_t first, index_t last,
                                         index_t& /*reached*/) {
  constexpr index_t group = 128 / static_cast<index_t>(sizeof(T));
  const equals_number<T> holds = predicate;
  const auto holds_within = [holds](index_t i) {
    T any = 0;
    for (index_t k = 0; k < group; ++k) any |= holds(i + k) ? T(-1) : T(0);
    return any;
  };
  index_t i = first;
  while (last - i >= group && !holds_within(i)) i += group;
  while (i < last && !holds(i)) ++i;
  return i;
}

/// Searches on the calling thread while a launch would cost more than it brings;
/// returns where it came to, and whether that is the answer.
template <class Predicate>
index_t search_first_part(index_t n, const Predicate& predicate, bool& found) {
  constexpr index_t longest_strip = 4096;
  constexpr std::chrono::microseconds enough{8};
  const auto start = std::chrono::steady_clock::now();
  index_t reached = 0;
  index_t done = 0;
  for (index_t strip = 1; done < n; strip = std::min(8 * strip, longest_strip)) {
    const index_t last = strip < n - done ? done + strip : n;
    done = search_plainly(predicate, done, last, reached);
    found = done < last;
    if (found || std::chrono::steady_clock::now() - start > enough) break;
  }
  return done;
}

/// The rest, [first, n), by all workers.
template <class Predicate>
index_t search_together(index_t first, index_t n, const Predicate& predicate, const loop_options& options) {
  const index_t count = n - first;
  const index_t size = search_block_size(count);
  search_end end(n);
  std::atomic<index_t> next{0};
  const auto block = [&](index_t) {
    const index_t begin = first + next.fetch_add(1, std::memory_order_relaxed) * size;
    if (end.before(begin)) return;
    const index_t last = size < n - begin ? begin + size : n;
    index_t at = begin;
    try {
      at = search_plainly(predicate, begin, last, at);
      if (at < last) end.record(at, nullptr);
    } catch (...) {
      end.record(at, std::current_exception());
    }
  };
  // Nothing is to be learnt from blocks that are skipped.
  const loop_result result =
      parallel_for(count / size + (count % size != 0), block, one_at_a_time(options));
  const index_t answer = end.answer();
  if (answer == n && !result.finished()) throw stopped(std::min(result.iterations * size, count));
  return answer;
}

template <class Predicate>
index_t find_without_policy(index_t n, const Predicate& predicate, const loop_options& options) {
  index_t done = 0;
  if (leaves_small_loops_alone(options)) {
    bool found = false;
    done = search_first_part(n, predicate, found);
    if (found || done == n) return done;
  }
  return search_together(done, n, predicate, options);
}

/// An element whose predicate fails, and that is passed over, is not the one. What fails behind the answer
/// is forgotten: the plain search would not have come there.
template <class Predicate>
index_t find_index(index_t n, const Predicate& predicate, const loop_options& options) {
  const error_policy* const policy = options.errors.get();
  if (policy == nullptr) return find_without_policy(n, predicate, options);
  return with_policy(*policy, options, n, [&](error_handler& handler, const loop_options& rest) {
    const auto tried = [&](index_t i) {
      bool holds = false;
      handler.attempt(i, [&] { holds = predicate(i); });
      return holds;
    };
    const index_t answer = find_without_policy(n, tried, rest);
    handler.forget_behind(answer);
    return answer;
  });
}

/// The predicate by index, for a range of random access.
template <class Range, class Predicate>
index_t find_position(Range& over, const Predicate& predicate, const loop_options& options) {
  const auto holds = [first = std::ranges::begin(over), &predicate](index_t i) {
    return static_cast<bool>(std::invoke(predicate, element_at(first, i)));
  };
  return find_index(length_of(over), holds, options);
}

}  // namespace detail

/// The lowest i of 0 .. n - 1 for which predicate(i) holds; n if there is none. At
/// most O(n) work.
template <std::integral I, class Predicate>
requires std::predicate<const Predicate&, I> I parallel_find_if(I n, const Predicate& predicate,
                                                                const loop_options& options = {}) {
  const auto holds = [&predicate](index_t i) { return static_cast<bool>(predicate(static_cast<I>(i))); };
  return static_cast<I>(detail::find_index(detail::checked_count(n, "n"), holds, options));
}

/// The first element of a range of random access for which the predicate holds; its end if
/// there is none:
///
///     auto broken = parallel_find_if(records, [](const record& each) { return !each.valid(); });
template <std::ranges::random_access_range Range, class Predicate>
requires std::predicate<const Predicate&, std::ranges::range_reference_t<Range>>
    std::ranges::borrowed_iterator_t<Range> parallel_find_if(Range&& over, const Predicate& predicate,
                                                             const loop_options& options = {}) {
  const index_t at = detail::find_position(over, predicate, options);
  return std::ranges::begin(over) + static_cast<std::ranges::range_difference_t<Range>>(at);
}

/// The first element that equals the value; the range's end if there is none.
template <std::ranges::random_access_range Range, class T>
requires std::equality_comparable_with<std::ranges::range_reference_t<Range>, const T&>
    std::ranges::borrowed_iterator_t<Range> parallel_find(Range&& over, const T& value,
                                                          const loop_options& options = {}) {
  using element = std::ranges::range_value_t<Range>;
  if constexpr (std::ranges::contiguous_range<Range> && std::is_integral_v<element> && std::is_same_v<element, T>) {
    const detail::equals_number<T> holds{std::ranges::data(over), value};
    const index_t at = detail::find_index(detail::length_of(over), holds, options);
    return std::ranges::begin(over) + static_cast<std::ranges::range_difference_t<Range>>(at);
  } else {
    return parallel_find_if(
        std::forward<Range>(over), [&value](const auto& each) { return each == value; }, options);
  }
}

/// Whether the predicate holds for an element at least; for none it is false.
template <std::ranges::random_access_range Range, class Predicate>
requires std::predicate<const Predicate&, std::ranges::range_reference_t<Range>>
bool parallel_any_of(Range&& over, const Predicate& predicate, const loop_options& options = {}) {
  return detail::find_position(over, predicate, options) != detail::length_of(over);
}

/// Whether the predicate holds for no element.
template <std::ranges::random_access_range Range, class Predicate>
requires std::predicate<const Predicate&, std::ranges::range_reference_t<Range>>
bool parallel_none_of(Range&& over, const Predicate& predicate, const loop_options& options = {}) {
  return !parallel_any_of(over, predicate, options);
}

/// Whether the predicate holds for every element.
template <std::ranges::random_access_range Range, class Predicate>
requires std::predicate<const Predicate&, std::ranges::range_reference_t<Range>>
bool parallel_all_of(Range&& over, const Predicate& predicate, const loop_options& options = {}) {
  const auto fails = [&predicate](auto&& each) {
    return !std::invoke(predicate, std::forward<decltype(each)>(each));
  };
  return !parallel_any_of(over, fails, options);
}

/// The same over the indices 0 .. n - 1.
template <std::integral I, class Predicate>
requires std::predicate<const Predicate&, I>
bool parallel_any_of(I n, const Predicate& predicate, const loop_options& options = {}) {
  return parallel_find_if(n, predicate, options) != n;
}
template <std::integral I, class Predicate>
requires std::predicate<const Predicate&, I>
bool parallel_none_of(I n, const Predicate& predicate, const loop_options& options = {}) {
  return parallel_find_if(n, predicate, options) == n;
}
template <std::integral I, class Predicate>
requires std::predicate<const Predicate&, I>
bool parallel_all_of(I n, const Predicate& predicate, const loop_options& options = {}) {
  return parallel_find_if(n, [&predicate](I i) { return !predicate(i); }, options) == n;
}

}  // namespace polyloop
