#include <Eigen/Core>

#include "polyloop/eigen_reductions.hpp"
#include "reductions_checks.hpp"

namespace {

using namespace number_checks;

struct size {
  index_t rows;
  index_t columns;
};
// Lines fewer and more than a panel or the share of a worker, lengths around a stretch.
const size matrix_sizes[] = {{0, 3},     {1, 1},     {1, 40},   {3, 2},    {17, 5},  {5, 17},
                             {70, 2100}, {2100, 70}, {300, 33}, {33, 300}, {4100, 3}};

template <class T>
void check_line(const lines<T>& of, index_t line, const auto& sums, const auto& least, const auto& greatest,
                const auto& spread) {
  const auto at = static_cast<std::size_t>(line);
  CHECK(word_of(sums[at]) == word_of(sum(of[line])));
  CHECK(least[at] == minimum(of[line]));
  CHECK(greatest[at] == maximum(of[line]));
  const moments_of alone = moments(of[line]);
  CHECK(spread[at].count() == alone.count());
  CHECK(bits(spread[at].mean()) == bits(alone.mean()));
  CHECK(bits(spread[at].sum_of_squares()) == bits(alone.sum_of_squares()));
}

template <class T>
void check_lines(const lines<T>& of) {
  const auto sums = sum(of);
  REQUIRE(sums.size() == static_cast<std::size_t>(of.count));
  if (of.length == 0) return;
  const auto least = minimum(of);
  const auto greatest = maximum(of);
  const auto spread = moments(of);
  for (index_t line = 0; line < of.count; ++line) check_line(of, line, sums, least, greatest, spread);
}

template <class T>
std::vector<T> elements_of(index_t n) {
  if constexpr (std::is_floating_point_v<T>)
    return normal_values<T>(static_cast<std::size_t>(n));
  else
    return random_values<T>(static_cast<std::size_t>(n));
}

}  // namespace

TEST_CASE_TEMPLATE("lines have the bits of sequences", T, float, double, std::int32_t, std::int64_t) {
  for (const size& each : matrix_sizes) {
    const auto x = elements_of<T>(each.rows * each.columns + 1);
    CAPTURE(each.rows);
    CAPTURE(each.columns);
    const matrix_view<T> column_major{x.data(), each.rows, each.columns, 1, each.rows};
    const matrix_view<T> row_major{x.data(), each.rows, each.columns, each.columns, 1};
    check_lines(each_row(column_major));
    check_lines(each_column(column_major));
    check_lines(each_row(row_major));
    check_lines(each_column(row_major));
  }
}

TEST_CASE("lines with gaps, and none") {
  const auto x = normal_values<double>(10'000);
  const matrix_view<double> every_other{x.data(), 40, 30, 2, 200};
  check_lines(each_row(every_other));
  check_lines(each_column(every_other));
  const matrix_view<double> empty{x.data(), 3, 0, 1, 3};
  CHECK(sum(each_row(empty)) == std::vector<double>{0, 0, 0});
  CHECK(moments(each_row(empty))[1].count() == 0);
  CHECK_THROWS_AS(minimum(each_row(empty)), too_few_elements);
  CHECK(minimum(each_column(empty)).empty());
  CHECK_THROWS_AS(sum(lines<double>{x.data(), -1, 2, 1, 1}), polyloop::invalid_argument);
  CHECK_THROWS_AS(sum(lines<double>{x.data(), 1, -2, 1, 1}), polyloop::invalid_argument);
}

TEST_CASE("NaNs and ties of lines side by side") {
  std::vector<double> x(100 * 50, 1.0);
  x[7 + 100 * 20] = not_a_number;
  x[7 + 100 * 30] = not_a_number;
  x[9 + 100 * 30] = -infinity;
  const lines<double> rows{x.data(), 100, 50, 1, 100};
  const auto least = minimum(rows);
  CHECK(least[7].index == 20);
  CHECK(std::isnan(least[7].value));
  CHECK(maximum(rows)[7].index == 20);
  CHECK(least[9] == extremum<double>{-infinity, 30});
  CHECK(least[8] == extremum<double>{1, 0});
  CHECK(std::isnan(sum(rows)[7]));
  CHECK(std::isnan(moments(rows)[7].mean()));
  CHECK(moments(rows)[8].sum_of_squares() == 0);
}

TEST_CASE("lines have one hash everywhere") {
  const auto x = normal_values<float>(300 * 400);
  const matrix_view<float> m{x.data(), 300, 400, 1, 300};
  const auto hash = [](const lines<float>& of) {
    std::uint64_t all = hash_of_all(sum(of));
    for (const auto& each : minimum(of)) all = hash_of(all, each.index, each.value);
    for (const auto& each : maximum(of)) all = hash_of(all, each.index, each.value);
    for (const auto& each : moments(of)) all = hash_of(all, each.mean(), each.variance());
    return all;
  };
  check_same_everywhere([&] { return hash_of(hash(each_row(m)), hash(each_column(m))); });
}

TEST_CASE_TEMPLATE("covariances against plain loops", T, float, double, std::int32_t) {
  for (const index_t n : {2, 1000, 5000}) {
    const auto x = elements_of<T>(n * 3);
    const matrix_view<T> m{x.data(), n, 3, 1, n};
    const covariance_of got = covariance(m);
    CHECK(got.count() == n);
    CHECK(got.variables() == 3);
    for (index_t i = 0; i < 3; ++i)
      for (index_t j = 0; j < 3; ++j) {
        double expected = 0;
        const double mean_i = mean(each_column(m)[i]);
        const double mean_j = mean(each_column(m)[j]);
        for (index_t k = 0; k < n; ++k)
          expected += (static_cast<double>(x[static_cast<std::size_t>(i * n + k)]) - mean_i) *
                      (static_cast<double>(x[static_cast<std::size_t>(j * n + k)]) - mean_j);
        CHECK(got.mean(i) == doctest::Approx(mean_i));
        CHECK(got.covariance(i, j) == doctest::Approx(expected / static_cast<double>(n - 1)).epsilon(1e-9));
        CHECK(got.covariances()[static_cast<std::size_t>(3 * i + j)] == got.covariance(i, j));
        CHECK(got.correlations()[static_cast<std::size_t>(3 * i + j)] ==
              doctest::Approx(expected / static_cast<double>(n - 1) /
                              std::sqrt(got.covariance(i, i) * got.covariance(j, j)))
                  .epsilon(1e-9));
      }
  }
}

TEST_CASE("covariances of few rows, of NaNs, and everywhere") {
  auto x = normal_values<double>(9000);
  const matrix_view<double> m{x.data(), 3000, 3, 3, 1};
  check_same_everywhere([&m] { return hash_of_all(covariance(m).covariances()); });
  const covariance_of none = covariance(matrix_view<double>{x.data(), 0, 3, 1, 0});
  CHECK(none.count() == 0);
  CHECK_THROWS_AS(none.mean(0), too_few_elements);
  const covariance_of one = covariance(matrix_view<double>{x.data(), 1, 3, 1, 1});
  CHECK_THROWS_AS(one.covariance(0, 1), too_few_elements);
  CHECK(one.covariance(0, 1, variance_of::population) == 0);
  CHECK_THROWS_AS(one.mean(3), polyloop::invalid_argument);
  x[4] = not_a_number;
  const covariance_of got = covariance(m);
  CHECK(std::isnan(got.covariance(0, 1)));
  CHECK_FALSE(std::isnan(got.covariance(0, 2)));
}

TEST_CASE("views of Eigen's matrices, rows, maps, blocks and expressions") {
  const Eigen::MatrixXd m = Eigen::MatrixXd::Random(30, 40);
  const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> r = m;
  check_lines(each_row(view(m)));
  for (index_t i = 0; i < 30; ++i)
    CHECK(sum(each_row(view(m)))[static_cast<std::size_t>(i)] == sum(strided(m.row(i))));
  CHECK(sum(each_column(view(m))) == sum(each_column(view(r))));
  CHECK(sum(each_row(view(m.block(2, 3, 5, 6)))) == sum(each_row(view(r.block(2, 3, 5, 6)))));
  const Eigen::Map<const Eigen::VectorXd, 0, Eigen::InnerStride<3>> map(m.data(), 100);
  CHECK(sum(strided(map)) == doctest::Approx(map.sum()));
  CHECK(sum(coefficients(m)) == sum(m));
  CHECK(maximum(coefficients(m * 2 + m)).value == doctest::Approx(m.maxCoeff() * 3));
  CHECK(sum(coefficients(m.cwiseProduct(m))) == doctest::Approx(m.squaredNorm()));
  CHECK(covariance(view(m)).count() == 30);
}
