#include <tbb/parallel_sort.h>

#include <algorithm>
#include <execution>

#include "vocabulary/raw_sort.hpp"

namespace polyloop::bench::vocabulary {

namespace {

template <class T>
void tbb_sort(T* first, T* last) {
  tbb::parallel_sort(first, last, less_of_user{});
}

template <class T>
void standard_sort(T* first, T* last) {
  std::sort(std::execution::par, first, last, less_of_user{});
}

template <class T>
void standard_stable_sort(T* first, T* last) {
  std::stable_sort(std::execution::par, first, last, less_of_user{});
}

}  // namespace

std::span<const peer_sort> tbb_sorts() {
  static constexpr peer_sort all[] = {
      {"tbb::parallel_sort", false, tbb_sort, tbb_sort, tbb_sort},
      {"std::sort(par)", false, standard_sort, standard_sort, standard_sort},
      {"std::stable_sort(par)", true, standard_stable_sort, standard_stable_sort, standard_stable_sort},
  };
  return all;
}

}  // namespace polyloop::bench::vocabulary
