#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace polyloop::bench::reductions_bench {

/// Read so many bytes with the workers of the scope that they are called in, and do next to nothing with
/// them: in one share for each worker, or in parts of 256 KiB that are handed out; 512 bytes at a time,
/// or 64. The quickest is the limit: which one that is differs between CPUs.
std::vector<std::function<void()>> ways_to_read(const void* data, std::size_t bytes);

}  // namespace polyloop::bench::reductions_bench
