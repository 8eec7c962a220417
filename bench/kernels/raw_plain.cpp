#include "kernels/raw_csv.hpp"
#include "kernels/raw_groups.hpp"
#include "kernels/raw_numbers.hpp"
#include "kernels/raw_rows.hpp"

namespace polyloop::bench {

namespace {

struct plain_runtime {
  template <class Rows>
  static void over_rows(index_t height, const Rows& rows) {
    typename Rows::scratch own;
    for (index_t y = 0; y < height; ++y) rows(y, own);
  }
};

double sum(std::span<const double> x) {
  double total = 0;
  for (const double value : x) total += value;
  return total;
}

double dot(std::span<const double> x, std::span<const double> y) {
  double total = 0;
  for (std::size_t i = 0; i < x.size(); ++i) total += x[i] * y[i];
  return total;
}

raw_extrema minmax(std::span<const double> x) {
  raw_extrema seen = no_extrema();
  for (index_t i = 0; i < length(x); ++i) take(seen, x[static_cast<std::size_t>(i)], i);
  return seen;
}

raw_moments moments(std::span<const double> x) {
  const auto n = static_cast<double>(x.size());
  const double mean = sum(x) / n;
  double squares = 0;
  for (const double value : x) squares += (value - mean) * (value - mean);
  return {mean, squares / (n - 1)};
}

template <class Key, class Keys>
raw_grouped<Key> grouped_by(const Keys& keys, const aggregation::double_column& values) {
  raw_groups<Key> groups;
  for (index_t row = 0; row < keys.rows(); ++row) take_row(groups, keys, values, row);
  return sorted(groups);
}

using filters = raw_filters<plain_runtime>;

}  // namespace

const raw_kernels raw_plain = {
    [](int, const std::function<void()>& call) { call(); },
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
    read_csv_by_hand<plain_runtime>,
    grouped_by<std::string_view, aggregation::string_column>,
    grouped_by<std::int64_t, aggregation::int64_column>,
};

const raw_kernels* raw_for(std::string_view backend) {
  if (backend == "serial") return &raw_plain;
#ifdef POLYLOOP_BENCH_OPENMP
  if (backend == "openmp") return &raw_openmp;
#endif
#ifdef POLYLOOP_BENCH_TBB
  if (backend == "tbb") return &raw_tbb;
#endif
  return nullptr;
}

}  // namespace polyloop::bench
