#pragma once

#include <concepts>
#include <span>
#include <type_traits>
#include <utility>

#include "polyloop/detail/elements.hpp"
#include "polyloop/detail/guarded.hpp"
#include "polyloop/detail/scan_blocks.hpp"
#include "polyloop/monoid.hpp"
#include "polyloop/parallel_for.hpp"

/// Scans (prefix sums) with any monoid.
///
/// Common to all of them:
///  - The result depends on n and the values only: the range is cut into blocks and
///    the blocks into four parts by a rule of n and the value's type alone, and their
///    prefixes are combined from left to right. Same bits on every backend, with any
///    schedule and any number of workers. Sums of floating-point numbers are
///    associated otherwise than by the plain loop, so their last digits may differ from
///    its, and sums of positive ones need not grow from each element to the next.
///  - The memory is read once and written once: a worker combines a block, which
///    brings it into its cache, is given the prefix by the block before, hands on the
///    next, and scans its block from the cache (chained scan: S. Yan, G. Long, Y. Zhang,
///    "StreamScan", 2013; D. Merrill, M. Garland, "Single-pass parallel prefix scan with
///    decoupled look-back", 2016). transform and operation are called up to twice for an element.
///  - O(n) work, O(1) memory beside the output.
///  - They return the combination of all elements, which for an inclusive scan is the
///    last one of its output.
///  - If transform or operation throws, the caller gets the exception of the plain loop; if
///    store does, that of the lowest failing block. Output before it is written, behind it
///    some may be.
///  - A policy of `options` is about the calls of transform and store for single elements; one that fails
///    and is passed over counts as the identity.
///  - Throws stopped when the stop token or the deadline of `options` ended it early: some
///    of the output is not written then.
///  - Nesting and thread-safety as for parallel_for.
namespace polyloop {

namespace detail {

template <class In, class Out>
store_array<Out> checked_output(std::span<In> from, std::span<Out> to) {
  check_same_size("to", static_cast<index_t>(to.size()), static_cast<index_t>(from.size()), "from");
  constexpr bool same_allowed = std::is_same_v<std::remove_const_t<In>, Out>;
  check_memory(from.data(), from.size_bytes(), to.data(), to.size_bytes(), same_allowed);
  const bool in_place = static_cast<const void*>(from.data()) == static_cast<const void*>(to.data());
  // In place the lines are in the cache already.
  return {to.data(), in_place ? nullptr : copy_around_cache(to.size_bytes())};
}

/// scan(transform, store, options), with the two under the policy of the options if there is one.
template <class M, class Transform, class Store, class Scan>
typename M::value_type scan_by_index(index_t count, const M& combine, const Transform& transform,
                                     const Store& store, const loop_options& options, const Scan& scan) {
  const error_policy* const policy = options.errors.get();
  if (policy == nullptr) return scan(transform, store, options);
  return with_policy(*policy, options, count, [&](error_handler& handler, const loop_options& rest) {
    const guarded<M, Transform> tried{combine, transform, handler};
    const auto put = [&](index_t i, const auto& value) { handler.attempt(i, [&] { store(i, value); }); };
    return scan(tried, put, rest);
  });
}

}  // namespace detail

/// to[i] = from[0] * from[1] * ... * from[i], where * is the operation of the monoid:
///
///     parallel_inclusive_scan(counts, ends, sum<std::int64_t>{});
///
/// from and to are spans, vectors or arrays of the same length; to may be from itself.
/// Throws invalid_argument for lengths that differ and for memory that overlaps otherwise.
/// Returns the identity where there are no elements.
template <detail::contiguous From, detail::writable To, monoid M>
typename M::value_type parallel_inclusive_scan(const From& from, To&& to, const M& combine,
                                               const loop_options& options = {}) {
  const std::span source(from);
  const auto sink = detail::checked_output(source, std::span(to));
  const detail::array_value<std::remove_const_t<detail::element_of<const From>>> value{source.data()};
  return detail::inclusive_scan(static_cast<index_t>(source.size()), combine, value, sink, options);
}

/// to[i] = init * from[0] * ... * from[i - 1], so to[0] is init; for the rest as
/// parallel_inclusive_scan. Returns init * from[0] * ... * from[n - 1].
template <detail::contiguous From, detail::writable To, monoid M>
typename M::value_type parallel_exclusive_scan(const From& from, To&& to,
                                               std::type_identity_t<typename M::value_type> init,
                                               const M& combine, const loop_options& options = {}) {
  const std::span source(from);
  const auto sink = detail::checked_output(source, std::span(to));
  const detail::array_value<std::remove_const_t<detail::element_of<const From>>> value{source.data()};
  return detail::exclusive_scan(static_cast<index_t>(source.size()), std::move(init), combine, value, sink,
                                options);
}

/// The same by index: store(i, transform(0) * ... * transform(i)) for i = 0 .. n - 1.
///
///     // The places of the elements that are kept.
///     index_t kept = parallel_exclusive_scan(n, index_t{0}, sum<index_t>{},
///         [&](index_t i) { return index_t{keep(i)}; }, [&](index_t i, index_t at) { if (keep(i)) out[at] = x[i]; });
///
/// Both are called from several threads at once; store once for each i, when transform(i)
/// has been called for the last time. Throws invalid_argument for n < 0.
template <std::integral I, monoid M, class Transform, class Store>
requires std::invocable<const Transform&, I>&& std::invocable<const Store&, I, const typename M::value_type&>
typename M::value_type parallel_inclusive_scan(I n, const M& combine, const Transform& transform,
                                               const Store& store, const loop_options& options = {}) {
  const index_t count = detail::checked_count(n, "n");
  const auto value = [&transform](index_t i) { return transform(static_cast<I>(i)); };
  const auto put = [&store](index_t i, const auto& v) { store(static_cast<I>(i), v); };
  const auto scan = [&](const auto& each, const auto& sink, const loop_options& how) {
    using store_type = detail::store_each<std::remove_cvref_t<decltype(sink)>>;
    return detail::inclusive_scan(count, combine, each, store_type{sink}, how);
  };
  return detail::scan_by_index(count, combine, value, put, options, scan);
}

/// store(i, init * transform(0) * ... * transform(i - 1)) for i = 0 .. n - 1.
template <std::integral I, monoid M, class Transform, class Store>
requires std::invocable<const Transform&, I>&& std::invocable<const Store&, I, const typename M::value_type&>
typename M::value_type parallel_exclusive_scan(I n, std::type_identity_t<typename M::value_type> init,
                                               const M& combine, const Transform& transform,
                                               const Store& store, const loop_options& options = {}) {
  const index_t count = detail::checked_count(n, "n");
  const auto value = [&transform](index_t i) { return transform(static_cast<I>(i)); };
  const auto put = [&store](index_t i, const auto& v) { store(static_cast<I>(i), v); };
  const auto scan = [&](const auto& each, const auto& sink, const loop_options& how) {
    using store_type = detail::store_each<std::remove_cvref_t<decltype(sink)>>;
    return detail::exclusive_scan(count, std::move(init), combine, each, store_type{sink}, how);
  };
  return detail::scan_by_index(count, combine, value, put, options, scan);
}

}  // namespace polyloop
