#include <algorithm>
#include <fstream>

#include "polyloop/huge_vector.hpp"

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace polyloop {

namespace {

constexpr std::size_t line_bytes = 64;

std::size_t read_huge_page_size() noexcept {
  constexpr std::size_t usual = std::size_t{2} << 20;
  try {
    std::size_t bytes = 0;
    std::ifstream("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size") >> bytes;
    const bool sound = bytes >= line_bytes && (bytes & (bytes - 1)) == 0;
    return sound ? bytes : usual;
  } catch (...) {  // no memory for the stream
    return usual;
  }
}

std::align_val_t alignment_of(std::size_t bytes, std::size_t alignment) noexcept {
  const std::size_t page = huge_page_size();
  return std::align_val_t{std::max(alignment, bytes >= page ? page : line_bytes)};
}

}  // namespace

std::size_t huge_page_size() noexcept {
  static const std::size_t bytes = read_huge_page_size();
  return bytes;
}

namespace detail {

void* allocate_pages(std::size_t bytes, std::size_t alignment) {
  const std::size_t page = huge_page_size();
  if (bytes < page) return ::operator new(bytes, alignment_of(bytes, alignment));
  // Whole pages: a huge page cannot be shared with what another call allocates.
  const std::size_t whole = (bytes + page - 1) / page * page;
  void* memory = ::operator new(whole, alignment_of(bytes, alignment));
#ifdef __linux__
  // A wish: where it is declined the memory is as good as any other.
  static_cast<void>(madvise(memory, whole, MADV_HUGEPAGE));
#endif
  return memory;
}

void free_pages(void* memory, std::size_t bytes, std::size_t alignment) noexcept {
  ::operator delete(memory, alignment_of(bytes, alignment));
}

}  // namespace detail

}  // namespace polyloop
