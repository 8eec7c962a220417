#pragma once

#include <cstddef>

namespace polyloop::frames::detail {

/// Copies bytes by non-temporal stores, for memory that nobody reads soon.
using stream_function = void (*)(const std::byte* from, std::size_t bytes, std::byte* to);
stream_function streaming();

/// To be called by a thread that has streamed, before others look.
void finish_streaming();

}  // namespace polyloop::frames::detail
