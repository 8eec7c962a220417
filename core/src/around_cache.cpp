#include "polyloop/detail/around_cache.hpp"

#include <cstdint>
#include <string>

#include "polyloop/error.hpp"
#include "stream.hpp"

namespace polyloop::detail {

copy_function copy_around_cache(std::size_t bytes_in_all) {
  return bytes_in_all < stream_threshold() ? nullptr : stream_functions().back();
}

void finish_copy_around_cache() noexcept {
  finish_stream();
}

void check_memory(const void* from, std::size_t from_bytes, const void* to, std::size_t to_bytes,
                  bool same_allowed) {
  const auto a = reinterpret_cast<std::uintptr_t>(from);
  const auto b = reinterpret_cast<std::uintptr_t>(to);
  if (a == b && same_allowed) return;
  if (from_bytes == 0 || to_bytes == 0 || a + from_bytes <= b || b + to_bytes <= a) return;
  const std::uintptr_t distance = a < b ? b - a : a - b;
  throw invalid_argument("distance of to", std::to_string(distance) + " bytes",
                         same_allowed ? "from itself, or memory that does not overlap it"
                                      : "memory that does not overlap from");
}

}  // namespace polyloop::detail
