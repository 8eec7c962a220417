// Allocation that fails when a test wants it to. In a file of its own: compilers that see both ends inline them, and
// warn that free() is given what operator new made.
#include "failing_memory.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

std::atomic<long> allocations_until_failure{-1};

// All forms that delete may be given the memory of: AddressSanitizer has its own of each that is not replaced.
void* operator new(std::size_t bytes, const std::nothrow_t& /*tag*/) noexcept {
  if (allocations_until_failure.load() >= 0 && allocations_until_failure.fetch_sub(1) == 0) return nullptr;
  return std::malloc(bytes == 0 ? 1 : bytes);
}

void* operator new(std::size_t bytes) {
  if (void* const memory = operator new(bytes, std::nothrow)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory, const std::nothrow_t& /*tag*/) noexcept {
  std::free(memory);
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t /*bytes*/) noexcept {
  std::free(memory);
}
