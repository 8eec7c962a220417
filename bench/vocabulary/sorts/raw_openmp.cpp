#include <omp.h>

#include <parallel/algorithm>

#include "vocabulary/raw_sort.hpp"

namespace polyloop::bench::vocabulary {

namespace {

template <class T>
void gnu_sort(T* first, T* last) {
  __gnu_parallel::sort(first, last, less_of_user{});
}

template <class T>
void gnu_stable_sort(T* first, T* last) {
  __gnu_parallel::stable_sort(first, last, less_of_user{});
}

}  // namespace

std::span<const peer_sort> openmp_sorts() {
  static constexpr peer_sort all[] = {
      {"__gnu_parallel::sort", false, gnu_sort, gnu_sort, gnu_sort},
      {"__gnu_parallel::stable_sort", true, gnu_stable_sort, gnu_stable_sort, gnu_stable_sort},
  };
  return all;
}

}  // namespace polyloop::bench::vocabulary
