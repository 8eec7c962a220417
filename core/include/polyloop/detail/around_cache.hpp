#pragma once

#include <cstddef>

namespace polyloop::detail {

/// Copies bytes around the cache, by non-temporal stores (see core/src/stream.hpp).
using copy_function = void (*)(std::byte* to, const std::byte* from, std::size_t bytes);

/// How to write so many bytes, where writing them around the cache gains; else null.
copy_function copy_around_cache(std::size_t bytes_in_all);

/// To be called by a thread that has copied so, before others look.
void finish_copy_around_cache() noexcept;

/// Throws invalid_argument unless the memory from which and to which so many bytes
/// go is apart. `same_allowed`: or the same.
void check_memory(const void* from, std::size_t from_bytes, const void* to, std::size_t to_bytes,
                  bool same_allowed);

}  // namespace polyloop::detail
