#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_reduce.h>
#include <tbb/task_arena.h>

#include <map>

#include "kernels/raw_csv.hpp"
#include "kernels/raw_groups.hpp"
#include "kernels/raw_numbers.hpp"
#include "kernels/raw_rows.hpp"

namespace polyloop::bench {

namespace {

using range = tbb::blocked_range<index_t>;

struct tbb_runtime {
  template <class Rows>
  static void over_rows(index_t height, const Rows& rows) {
    tbb::parallel_for(range(0, height), [&rows](const range& part) {
      typename Rows::scratch own;
      for (index_t y = part.begin(); y < part.end(); ++y) rows(y, own);
    });
  }
};

template <class Term>
double sum_of(index_t n, const Term& term) {
  const auto part_sum = [&term](const range& part, double total) {
    for (index_t i = part.begin(), end = part.end(); i < end; ++i) total += term(i);
    return total;
  };
  return tbb::parallel_reduce(range(0, n), 0.0, part_sum, std::plus<>());
}

double sum(std::span<const double> x) {
  return sum_of(length(x), [at = x.data()](index_t i) { return at[i]; });
}

double dot(std::span<const double> x, std::span<const double> y) {
  return sum_of(length(x), [a = x.data(), b = y.data()](index_t i) { return a[i] * b[i]; });
}

raw_extrema minmax(std::span<const double> x) {
  const auto part_extrema = [at = x.data()](const range& part, raw_extrema seen) {
    for (index_t i = part.begin(), end = part.end(); i < end; ++i) take(seen, at[i], i);
    return seen;
  };
  return tbb::parallel_reduce(range(0, length(x)), no_extrema(), part_extrema, merged);
}

raw_moments moments(std::span<const double> x) {
  const auto n = static_cast<double>(x.size());
  const double mean = sum(x) / n;
  const double squares =
      sum_of(length(x), [at = x.data(), mean](index_t i) { return (at[i] - mean) * (at[i] - mean); });
  return {mean, squares / (n - 1)};
}

template <class Key, class Keys>
raw_grouped<Key> grouped_by(const Keys& keys, const aggregation::double_column& values) {
  tbb::enumerable_thread_specific<raw_groups<Key>> each;
  tbb::parallel_for(range(0, keys.rows()), [&](const range& part) {
    raw_groups<Key>& own = each.local();
    for (index_t row = part.begin(); row < part.end(); ++row) take_row(own, keys, values, row);
  });
  raw_groups<Key> all;
  for (const raw_groups<Key>& own : each) merge(all, own);
  return sorted(all);
}

// Arenas are kept: the workers of a new one would first have to come to it.
void with_workers(int workers, const std::function<void()>& call) {
  if (workers == tbb::info::default_concurrency()) return call();
  static std::map<int, tbb::task_arena> arenas;
  arenas.try_emplace(workers, workers).first->second.execute(call);
}

using filters = raw_filters<tbb_runtime>;

}  // namespace

const raw_kernels raw_tbb = {
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
    read_csv_by_hand<tbb_runtime>,
    grouped_by<std::string_view, aggregation::string_column>,
    grouped_by<std::int64_t, aggregation::int64_column>,
};

}  // namespace polyloop::bench
