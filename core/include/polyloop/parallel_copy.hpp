#pragma once

#include <cstddef>
#include <span>
#include <type_traits>

#include "polyloop/detail/elements.hpp"
#include "polyloop/loop_options.hpp"

namespace polyloop {

namespace detail {

loop_result copy_elements(const void* from, std::size_t from_count, void* to, std::size_t to_count,
                          std::size_t element_bytes, const loop_options& options);
loop_result fill_elements(void* to, std::size_t count, const void* value, std::size_t element_bytes,
                          const loop_options& options);

}  // namespace detail

/// Copies all elements of a span, vector or array to another of the same length:
///
///     parallel_copy(x, y);
///
/// It is a parallel_for over blocks of 256 KiB. What is larger than the cache is
/// written around it by non-temporal stores, where the processor has them: the
/// target's lines are not read first only to be overwritten, and the cache keeps
/// what it holds. See docs/memory.md for when that is not what one wants.
///
/// Elements are trivially copyable; any alignment. The result counts elements;
/// where it was stopped, those not copied are unchanged, and they may be
/// anywhere. Throws invalid_argument for lengths that differ and for memory that
/// overlaps, also if it is the same. Thread-safety and nesting as for parallel_for.
template <detail::contiguous From, detail::writable To>
requires std::is_same_v<std::remove_const_t<detail::element_of<const From>>, detail::element_of<To>> &&
    std::is_trivially_copyable_v<detail::element_of<To>>
        loop_result parallel_copy(const From& from, To&& to, const loop_options& options = {}) {
  const std::span source(from);
  const std::span target(to);
  return detail::copy_elements(source.data(), source.size(), target.data(), target.size(),
                               sizeof(detail::element_of<To>), options);
}

/// Copies the value to all elements of a span, vector or array; for the rest as
/// parallel_copy. The value may be one of the elements.
template <detail::writable To>
requires std::is_trivially_copyable_v<detail::element_of<To>> loop_result parallel_fill(
    To&& to, const std::type_identity_t<detail::element_of<To>>& value, const loop_options& options = {}) {
  const std::span target(to);
  return detail::fill_elements(target.data(), target.size(), &value, sizeof value, options);
}

}  // namespace polyloop
