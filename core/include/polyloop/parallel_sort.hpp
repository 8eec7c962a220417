#pragma once

#include <concepts>
#include <functional>
#include <ranges>
#include <span>
#include <type_traits>

#include "polyloop/detail/elements.hpp"
#include "polyloop/detail/radix_sort.hpp"
#include "polyloop/detail/sample_sort.hpp"
#include "polyloop/error.hpp"

/// Sorts, all of them stable.
///
/// Common to them:
///  - The result depends on the elements and the order only, whatever the
///    backend and the number of workers.
///  - Elements in order already, or in strictly descending order, take O(n).
///  - If the comparator throws, the elements stand as they did before; of several
///    exceptions the caller gets that of the lowest part of the range.
///  - For a policy of the options a sort is one iteration, number 0: it is tried again as a whole.
///  - Stopped by the token or the deadline of the options, they throw `stopped`: every element
///    is still there, once, in no particular order. A stop is seen between the passes.
///  - They may be called from any thread, for ranges apart, and nested in loops.
///  - Elements that are larger than 64 bytes, or not trivial to copy, are ordered by their
///    indices and then moved twice; move-only types are welcome. Moves must not throw.
namespace polyloop {

namespace detail {

template <class Less, class K>
inline constexpr bool ascends = std::same_as<Less, std::less<>> || std::same_as<Less, std::less<K>> ||
                                std::same_as<Less, std::ranges::less>;
template <class Less, class K>
inline constexpr bool descends = std::same_as<Less, std::greater<>> || std::same_as<Less, std::greater<K>> ||
                                 std::same_as<Less, std::ranges::greater>;
template <class Less, class K>
concept sorts_by_radix = radix_key<K> &&(ascends<Less, K> || descends<Less, K>);

template <class R>
concept sortable_range = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> &&
    safe_to_move<std::ranges::range_value_t<R>> &&
    !std::is_const_v<std::remove_reference_t<std::ranges::range_reference_t<R>>>;

template <class K, class V>
struct keyed {
  K key;
  V value;
};

/// Copies keys and values side by side, sorts, and copies them back.
template <class K, class V, class Less>
void sort_side_by_side(K* keys, V* values, std::size_t n, const Less& less, const loop_options& options) {
  const sort_loops loops(options);
  loops.check();
  huge_vector<keyed<K, V>> both(n);
  each_sort_block(loops, blocks_to_pass(n), [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) both[i].key = keys[i], both[i].value = values[i];
  });
  const auto key_of = [](const keyed<K, V>& e) { return e.key; };
  if constexpr (sorts_by_radix<Less, K>)
    radix_sort(both.data(), n, radix_order<descends<Less, K>, decltype(key_of)>{key_of}, options);
  else
    sort_by_comparator(
        both.data(), n, [&](const auto& a, const auto& b) -> bool { return less(a.key, b.key); }, options);
  each_sort_block(loops, blocks_to_pass(n), [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) keys[i] = both[i].key, values[i] = both[i].value;
  });
}

}  // namespace detail

/// Sorts a contiguous range (a span, a vector); stable:
///
///     parallel_sort(names, [](const name& a, const name& b) { return a.last < b.last; });
///
/// Integers and float or double with std::less or std::greater: a radix sort. Elements are dealt to some
/// hundred buckets, of about equal length and each for the cache, by a prefix of their keys, and these are
/// sorted by two digits each. O(n) for keys that are spread evenly within the buckets, O(n) a digit at most;
/// memory for n elements. Its order is total: -0.0 and 0.0 are equal (and keep their order), NaNs come last,
/// in either direction. Source: P. Sanders, J. Wassenberg, "Engineering a multi-core radix sort", 2011.
///
/// Else a sample sort whose buckets are sorted by a stable quicksort, O(n log n), and O(n log d) for d
/// distinct elements, a few; memory for n elements, for their bucket numbers of two bytes each, and a bucket
/// for each worker. Elements that have to be moved have indices sorted in their place, which is memory for 2n
/// of these and n elements. Sources: P. Sanders, S. Winkel, "Super scalar sample sort", 2004; L. Bergdoll, O.
/// Peters, "driftsort", 2024.
///
/// A comparator that is no strict weak ordering gives an unspecified order; no element is lost.
template <detail::sortable_range R, class Less = std::less<>>
void parallel_sort(R&& elements, const Less& less = {}, const loop_options& options = {}) {
  using T = std::ranges::range_value_t<R>;
  T* const data = std::ranges::data(elements);
  const auto n = static_cast<std::size_t>(std::ranges::size(elements));
  detail::sort_as_asked(n, options, [&](const loop_options& how) {
    if constexpr (detail::sorts_by_radix<Less, T>)
      detail::radix_sort(data, n,
                         detail::radix_order<detail::descends<Less, T>, std::identity>{std::identity{}}, how);
    else
      detail::sort_by_comparator(data, n, less, how);
  });
}

/// The same: parallel_sort is stable. For readers, where it matters.
template <detail::sortable_range R, class Less = std::less<>>
void parallel_stable_sort(R&& elements, const Less& less = {}, const loop_options& options = {}) {
  parallel_sort(elements, less, options);
}

/// Sorts by key_of(element); stable. A radix sort where the keys are integers, float or double, and
/// elements are trivial to copy; key_of is then called several times an element, and must not throw:
///
///     parallel_sort_by(orders, [](const order& o) { return o.price; });
template <detail::sortable_range R, class KeyOf, class Less = std::less<>>
void parallel_sort_by(R&& elements, const KeyOf& key_of, const Less& less = {},
                      const loop_options& options = {}) {
  using T = std::ranges::range_value_t<R>;
  using K = std::remove_cvref_t<std::invoke_result_t<const KeyOf&, const T&>>;
  T* const data = std::ranges::data(elements);
  const auto n = static_cast<std::size_t>(std::ranges::size(elements));
  detail::sort_as_asked(n, options, [&](const loop_options& how) {
    if constexpr (detail::sorts_by_radix<Less, K> && detail::cheap_to_copy<T>) {
      detail::radix_sort(data, n, detail::radix_order<detail::descends<Less, K>, KeyOf>{key_of}, how);
    } else {
      const auto by_key = [&](const T& a, const T& b) -> bool {
        return less(std::invoke(key_of, a), std::invoke(key_of, b));
      };
      detail::sort_by_comparator(data, n, by_key, how);
    }
  });
}

/// Sorts keys, and brings the values in the same order; stable. Memory for 2n keys
/// and values more. Stopped, keys and values stand as they did. Throws invalid_argument where there are not
/// as many values as keys.
template <detail::sortable_range Keys, detail::sortable_range Values, class Less = std::less<>>
void parallel_sort_by_key(Keys&& keys, Values&& values, const Less& less = {},
                          const loop_options& options = {}) {
  using K = std::ranges::range_value_t<Keys>;
  using V = std::ranges::range_value_t<Values>;
  const auto n = static_cast<std::size_t>(std::ranges::size(keys));
  detail::check_same_size("values", detail::length_of(values), detail::length_of(keys), "keys");
  K* const key = std::ranges::data(keys);
  V* const value = std::ranges::data(values);
  detail::sort_as_asked(n, options, [&](const loop_options& how) {
    if constexpr (detail::cheap_to_copy<K> && detail::cheap_to_copy<V>) {
      detail::sort_side_by_side(key, value, n, less, how);
    } else {
      const detail::sort_loops loops(how);
      loops.check();
      const auto order = detail::sorted_order(loops, key, n, less);
      detail::permute(loops, key, order);
      detail::permute(loops, value, order);
    }
  });
}

}  // namespace polyloop
