#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace polyloop::detail {

/// Copies bytes around the cache, by non-temporal stores. Other threads may look
/// at them only after finish_stream() of the thread that has written.
using stream_function = void (*)(std::byte* to, const std::byte* from, std::size_t bytes);

/// One for each instruction set that this machine has, the best one last. A
/// machine without non-temporal stores has one that copies plainly.
std::span<const stream_function> stream_functions() noexcept;

void finish_stream() noexcept;

/// The size of the last-level cache as `text` states it ("32768K"); 0 if it does not.
std::size_t cache_size_of(const std::string& text) noexcept;

/// From how many written bytes on streaming gains, given the last-level cache
/// (0: unknown) and the number of CPUs.
std::size_t stream_threshold(std::size_t cache, std::size_t cpus) noexcept;

/// That of this machine, looked up once. No copy is so large where nothing streams.
std::size_t stream_threshold();

}  // namespace polyloop::detail
