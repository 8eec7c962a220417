#pragma once

#include <cstddef>

namespace polyloop::bench::reductions_bench {

/// Reads so many bytes with the workers of this scope and does next to nothing with them: in one share for
/// each worker, or in parts of 256 KiB that are handed out.
void read_shares(const void* data, std::size_t bytes);
void read_parts(const void* data, std::size_t bytes);

}  // namespace polyloop::bench::reductions_bench
