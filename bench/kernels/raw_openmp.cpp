#include <omp.h>

#include "kernels/raw_csv.hpp"
#include "kernels/raw_groups.hpp"
#include "kernels/raw_numbers.hpp"
#include "kernels/raw_rows.hpp"

namespace polyloop::bench {

namespace {

struct openmp_runtime {
  template <class Rows>
  static void over_rows(index_t height, const Rows& rows) {
#pragma omp parallel
    {
      typename Rows::scratch own;
#pragma omp for schedule(static)
      for (index_t y = 0; y < height; ++y) rows(y, own);
    }
  }
};

double sum(std::span<const double> x) {
  const double* const at = x.data();
  const index_t n = length(x);
  double total = 0;
#pragma omp parallel for simd schedule(static) reduction(+ : total)
  for (index_t i = 0; i < n; ++i) total += at[i];
  return total;
}

double dot(std::span<const double> x, std::span<const double> y) {
  const double* const a = x.data();
  const double* const b = y.data();
  const index_t n = length(x);
  double total = 0;
#pragma omp parallel for simd schedule(static) reduction(+ : total)
  for (index_t i = 0; i < n; ++i) total += a[i] * b[i];
  return total;
}

raw_extrema minmax(std::span<const double> x) {
  const double* const at = x.data();
  const index_t n = length(x);
  raw_extrema all = no_extrema();
#pragma omp parallel
  {
    raw_extrema own = no_extrema();
#pragma omp for schedule(static) nowait
    for (index_t i = 0; i < n; ++i) take(own, at[i], i);
#pragma omp critical
    all = merged(all, own);
  }
  return all;
}

raw_moments moments(std::span<const double> x) {
  const double* const at = x.data();
  const index_t n = length(x);
  const double mean = sum(x) / static_cast<double>(n);
  double squares = 0;
#pragma omp parallel for simd schedule(static) reduction(+ : squares)
  for (index_t i = 0; i < n; ++i) squares += (at[i] - mean) * (at[i] - mean);
  return {mean, squares / static_cast<double>(n - 1)};
}

template <class Key, class Keys>
raw_grouped<Key> grouped_by(const Keys& keys, const aggregation::double_column& values) {
  raw_groups<Key> all;
#pragma omp parallel
  {
    raw_groups<Key> own;
#pragma omp for schedule(static) nowait
    for (index_t row = 0; row < keys.rows(); ++row) take_row(own, keys, values, row);
#pragma omp critical
    merge(all, own);
  }
  return sorted(all);
}

void with_workers(int workers, const std::function<void()>& call) {
  const int before = omp_get_max_threads();
  omp_set_num_threads(workers);
  call();
  omp_set_num_threads(before);
}

using filters = raw_filters<openmp_runtime>;

}  // namespace

const raw_kernels raw_openmp = {
    with_workers,
    filters::gray<std::uint8_t>,
    filters::gray<float>,
    filters::blur8,
    filters::blur_float,
    filters::sobel<std::uint8_t>,
    filters::sobel<float>,
    sum,
    dot,
    minmax,
    moments,
    read_csv_by_hand<openmp_runtime>,
    grouped_by<std::string_view, aggregation::string_column>,
    grouped_by<std::int64_t, aggregation::int64_column>,
};

}  // namespace polyloop::bench
