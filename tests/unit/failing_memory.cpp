// Allocation that fails when a test wants it to. In a file of its own: compilers that see both ends inline them, and
// warn that free() is given what operator new made.
#include "failing_memory.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

std::atomic<long> allocations_until_failure{-1};

void* operator new(std::size_t bytes) {
  if (allocations_until_failure.load() >= 0 && allocations_until_failure.fetch_sub(1) == 0) throw std::bad_alloc();
  if (void* const memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t /*bytes*/) noexcept {
  std::free(memory);
}
