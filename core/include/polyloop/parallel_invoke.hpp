#pragma once

#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include "polyloop/parallel_for.hpp"

namespace polyloop {

namespace detail {

template <class Functions, std::size_t... K>
void call_numbered(const Functions& functions, index_t number, std::index_sequence<K...>) {
  (void)((number == static_cast<index_t>(K) ? (static_cast<void>(std::get<K>(functions)()), true) : false) ||
         ...);
}

}  // namespace detail

/// Calls the functions at the same time, as far as there are workers, and returns when
/// all have returned:
///
///     parallel_invoke([&] { sort(left); }, [&] { sort(right); });
///
/// The serial form calls them from left to right: if some throw, the caller gets the
/// exception of the first of them, and those behind it may not have been called. They need not
/// run at the same time, so none may wait for another. What they return is dropped; the
/// result counts functions. Nesting and thread-safety as for parallel_for. For much less than
/// 10 us of work a plain call is faster: the workers are invited in any case.
template <class... Functions>
requires(sizeof...(Functions) > 0 && (std::invocable<Functions&> && ...)) loop_result
    parallel_invoke(const loop_options& options, Functions&&... functions) {
  const std::tuple<Functions&...> all(functions...);
  const auto one = [&all](index_t number) {
    detail::call_numbered(all, number, std::index_sequence_for<Functions...>{});
  };
  return parallel_for(static_cast<index_t>(sizeof...(Functions)), one, detail::one_at_a_time(options));
}
template <class First, class... Functions>
requires(!std::is_same_v<std::remove_cvref_t<First>, loop_options> && std::invocable<First&> &&
         (std::invocable<Functions&> && ...)) loop_result
    parallel_invoke(First&& first, Functions&&... functions) {
  return parallel_invoke(loop_options{}, first, functions...);
}

}  // namespace polyloop
