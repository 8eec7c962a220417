#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <vector>

#include "polyloop/index.hpp"

namespace polyloop::aggregation::detail {

template <class R>
struct value_of {
  using type = std::conditional_t<std::integral<R>, std::int64_t, double>;
  static constexpr bool optional = false;
};
template <class R>
struct value_of<std::optional<R>> : value_of<R> {
  static constexpr bool optional = true;
};

template <class F>
using result_traits = value_of<std::remove_cvref_t<std::invoke_result_t<const F&, index_t>>>;

/// int64 for functions of a row that return an integer, double for the others; optional or not.
template <class F>
using computed_type = typename result_traits<F>::type;

template <class F>
concept row_function = std::invocable<const F&, index_t> && requires {
  typename computed_type<F>;
};

/// Memory that rows lie in, one after the other, from row 0 on; bytes is 0 where they do not.
struct row_stream {
  const char* at = nullptr;
  std::size_t bytes = 0;  ///< of a row
};

/// What a function of a row reads, if it tells; it can be fetched before it is asked for.
template <class F>
std::vector<row_stream> streams_of(const F& function) {
  if constexpr (requires {
                  { function.streams() } -> std::same_as<std::vector<row_stream>>;
                })
    return function.streams();
  else
    return {};
}

}  // namespace polyloop::aggregation::detail
