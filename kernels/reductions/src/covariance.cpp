#include "polyloop/reductions/covariance.hpp"

#include <cmath>

#include "instances.hpp"
#include "moment_stretches.hpp"

namespace polyloop::reductions {

namespace {

void check_variable(index_t i, index_t count) {
  if (i < 0 || i >= count) polyloop::detail::throw_invalid("variable", i, "one of " + std::to_string(count));
}

template <class Entry>
std::vector<double> square(index_t size, const Entry& entry) {
  std::vector<double> all;
  for (index_t i = 0; i < size; ++i)
    for (index_t j = 0; j < size; ++j) all.push_back(entry(i, j));
  return all;
}

}  // namespace

double covariance_of::product(index_t i, index_t j) const {
  check_variable(i, variables());
  check_variable(j, variables());
  return products_[static_cast<std::size_t>(i * variables() + j)];
}

double covariance_of::mean(index_t i) const {
  if (count_ < 1) throw too_few_elements(count_, 1);
  check_variable(i, variables());
  return means_[static_cast<std::size_t>(i)];
}

double covariance_of::covariance(index_t i, index_t j, variance_of kind) const {
  const index_t lost = kind == variance_of::sample ? 1 : 0;
  if (count_ < 1 + lost) throw too_few_elements(count_, 1 + lost);
  return product(i, j) / static_cast<double>(count_ - lost);
}

double covariance_of::correlation(index_t i, index_t j) const {
  if (count_ < 1) throw too_few_elements(count_, 1);
  return product(i, j) / (std::sqrt(product(i, i)) * std::sqrt(product(j, j)));
}

std::vector<double> covariance_of::covariances(variance_of kind) const {
  return square(variables(), [&](index_t i, index_t j) { return covariance(i, j, kind); });
}

std::vector<double> covariance_of::correlations() const {
  return square(variables(), [&](index_t i, index_t j) { return correlation(i, j); });
}

covariance_of merged(const covariance_of& a, const covariance_of& b) {
  if (a.count_ == 0) return b;
  if (b.count_ == 0) return a;
  const auto na = static_cast<double>(a.count_);
  const double share = static_cast<double>(b.count_) / static_cast<double>(a.count_ + b.count_);
  const std::size_t size = a.means_.size();
  covariance_of both = a;
  both.count_ += b.count_;
  for (std::size_t i = 0; i < size; ++i) {
    const double apart = b.means_[i] - a.means_[i];
    both.means_[i] += apart * share;
    for (std::size_t j = 0; j < size; ++j)
      both.products_[i * size + j] +=
          b.products_[i * size + j] + apart * (b.means_[j] - a.means_[j]) * (na * share);
  }
  return both;
}

namespace {

/// Rows that are gone through together, twice.
constexpr index_t rows_together = 1024;

/// The distances from the means, in some rows of the matrix, variable after variable.
template <class T>
struct centred {
  centred(const matrix_view<T>& m, index_t first, index_t count, const stretch_functions<T>& f)
      : means(static_cast<std::size_t>(m.columns)), distances(static_cast<std::size_t>(m.columns * count)) {
    for (index_t c = 0; c < m.columns; ++c) {
      const strided_view<T> column{m.data + c * m.right + first * m.down, count, m.down};
      detail::with_input(column, [&](const auto& in) { take(in, f, c); });
    }
  }

  void take(const input<T>& in, const stretch_functions<T>& f, index_t c) {
    T scratch[rows_together];
    const stretch<T> x{in.read(0, in.size(), scratch), static_cast<std::size_t>(in.size()), 0};
    const double mean = stretch_mean(f, x);
    means[static_cast<std::size_t>(c)] = mean;
    double* const to = distances.data() + c * in.size();
    for (std::size_t i = 0; i < x.size; ++i) to[i] = static_cast<double>(x.data[i]) - mean;
  }

  std::vector<double> means;
  std::vector<double> distances;
};

template <class T>
covariance_of stretch_covariance(const matrix_view<T>& m, index_t first, index_t count,
                                 const stretch_functions<T>& f, const stretch_functions<double>& in_double) {
  centred<T> rows(m, first, count, f);
  std::vector<double> products(static_cast<std::size_t>(m.columns * m.columns));
  for (index_t i = 0; i < m.columns; ++i)
    for (index_t j = i; j < m.columns; ++j) {
      const double together =
          in_double.dot(rows.distances.data() + i * count, rows.distances.data() + j * count,
                        static_cast<std::size_t>(count));
      products[static_cast<std::size_t>(i * m.columns + j)] = together;
      products[static_cast<std::size_t>(j * m.columns + i)] = together;
    }
  return {count, std::move(rows.means), std::move(products)};
}

}  // namespace

template <class T>
covariance_of covariance(const matrix_view<T>& m, const loop_options& options) {
  if (m.columns < 0) polyloop::detail::throw_invalid("columns", m.columns, "at least 0");
  const auto block = [&, f = functions_for<T>(), in_double = functions_for<double>()](index_t from,
                                                                                      index_t to) {
    covariance_of all;
    for (index_t first = from * rows_together; from < to; ++from, first += rows_together)
      all = merged(all, stretch_covariance(m, first, std::min(rows_together, m.rows - first), f, in_double));
    return all;
  };
  return parallel_reduce_blocks(stretch_count(m.rows, rows_together), merging<covariance_of>{}, block,
                                options);
}

#define POLYLOOP_COVARIANCE(T) template covariance_of covariance(const matrix_view<T>&, const loop_options&);
POLYLOOP_FOR_EACH_TYPE(POLYLOOP_COVARIANCE)

}  // namespace polyloop::reductions
