#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <type_traits>
#include <vector>

namespace polyloop {

/// Bytes in a huge page, as the system says; 2 MiB where it does not.
std::size_t huge_page_size() noexcept;

namespace detail {
/// Throws std::bad_alloc. `alignment` is that of the elements.
void* allocate_pages(std::size_t bytes, std::size_t alignment);
void free_pages(void* memory, std::size_t bytes, std::size_t alignment) noexcept;
}  // namespace detail

/// Allocates in huge pages: fewer page faults when memory is first written, and
/// fewer misses of the TLB ever after.
///
///  - A huge page or more: aligned to a huge page and rounded up to whole ones;
///    on Linux the system is asked for them by madvise(MADV_HUGEPAGE). It may
///    decline (see docs/memory.md), and then only the alignment is left.
///  - Less: from the aligned operator new, aligned to a cache line of 64 bytes.
///  - Elements that are not given a value are default-initialised: those of a
///    trivial type are *uninitialised*, and their pages are not touched.
///
/// Stateless: any of them frees what another has allocated. Throws
/// std::bad_array_new_length for a size that no memory can have, std::bad_alloc
/// where there is not enough.
template <class T>
class huge_page_allocator {
 public:
  using value_type = T;
  using is_always_equal = std::true_type;
  using propagate_on_container_move_assignment = std::true_type;

  constexpr huge_page_allocator() noexcept = default;
  template <class U>
  constexpr huge_page_allocator(const huge_page_allocator<U>&) noexcept {}  // NOLINT: as std::allocator

  [[nodiscard]] T* allocate(std::size_t n) {
    if (n > static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max()) / sizeof(T))
      throw std::bad_array_new_length();
    return static_cast<T*>(detail::allocate_pages(n * sizeof(T), alignof(T)));
  }
  void deallocate(T* memory, std::size_t n) noexcept {
    detail::free_pages(memory, n * sizeof(T), alignof(T));
  }

  /// Default-initialisation, where std::allocator value-initialises.
  template <class U>
  void construct(U* at) noexcept(std::is_nothrow_default_constructible_v<U>) {
    ::new (static_cast<void*>(at)) U;
  }

  template <class U>
  friend constexpr bool operator==(const huge_page_allocator&, const huge_page_allocator<U>&) noexcept {
    return true;
  }
};

/// A vector in huge pages:
///
///     huge_vector<double> x(n);       // n uninitialised doubles; no page is touched
///     first_touch(x);                 // now they are 0, and each page is near its worker
///     huge_vector<double> y(n, 0.0);  // 0 as well, but one thread has touched all pages
///
/// resize(n) leaves new elements of a trivial type uninitialised too.
template <class T>
using huge_vector = std::vector<T, huge_page_allocator<T>>;

}  // namespace polyloop
