#pragma once

#include <functional>

namespace polyloop::bench::group_by {

/// Bytes that a process of its own has in memory at most while run() runs; prepare() comes before. 0 where
/// the system does not tell. To be called before there are threads.
double peak_memory(const std::function<std::function<void()>()>& prepare);

}  // namespace polyloop::bench::group_by
