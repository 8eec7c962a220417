#include "polyloop/reductions/reductions.hpp"

#include <doctest/doctest.h>

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <vector>

#include "../../kernels/reductions/src/block_kernels.hpp"
#include "polyloop/context.hpp"

namespace {

using namespace polyloop::reductions;
using polyloop::index_t;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Sizes around the lanes, the stretches and the blocks.
const std::vector<std::size_t> sizes{1, 2, 3, 15, 16, 17, 33, 511, 513, 1023, 1025, 5000, 16384, 100001};

template <class T>
std::vector<T> random_values(std::size_t n, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::vector<T> x(n);
  for (T& each : x) each = static_cast<T>(static_cast<int>(random() % 2001) - 1000);
  return x;
}

std::uint64_t bits(double x) {
  return std::bit_cast<std::uint64_t>(x);
}

/// The same on all backends with 1, 2, 4 and 8 workers, by ==.
template <class F>
void check_same_everywhere(const F& compute) {
  const auto expected = compute();
  for (polyloop::backend* b : polyloop::compiled_backends())
    for (int workers : {1, 2, 4, 8}) {
      const polyloop::scoped_context scope{.backend = *b, .workers = workers, .oversubscribe = true};
      CAPTURE(b->name());
      CAPTURE(workers);
      CHECK(compute() == expected);
    }
}

template <class X>
concept summable = requires(const X& x) {
  sum(x);
};

}  // namespace

TEST_CASE_TEMPLATE("sum and dot of whole numbers are exact", T, float, double, std::int32_t, std::int64_t) {
  for (const std::size_t n : sizes) {
    const auto x = random_values<T>(n);
    const auto y = std::vector<T>(n, T(2));
    std::int64_t expected = 0;
    for (const T each : x) expected += static_cast<std::int64_t>(each);
    CAPTURE(n);
    CHECK(static_cast<std::int64_t>(sum(x)) == expected);
    CHECK(static_cast<std::int64_t>(dot(x, y)) == 2 * expected);
  }
}

TEST_CASE("nothing has a sum and no least element") {
  const std::vector<double> none;
  CHECK(sum(none) == 0);
  CHECK(dot(none, none) == 0);
  CHECK(moments(none).count() == 0);
  CHECK_THROWS_WITH_AS(minimum(none), "number of elements is 0: expected at least 1", too_few_elements);
  CHECK_THROWS_AS(maximum(none), too_few_elements);
  CHECK_THROWS_AS(minmax(none), too_few_elements);
  CHECK_THROWS_AS(mean(none), too_few_elements);
  CHECK_THROWS_AS(variance(none, variance_of::population), too_few_elements);
  CHECK_THROWS_AS(variance(std::vector<double>{1}), too_few_elements);
  CHECK(variance(std::vector<double>{1}, variance_of::population) == 0);
}

TEST_CASE("dot refuses different lengths") {
  CHECK_THROWS_AS(dot(std::vector<int>(3), std::vector<int>(4)), polyloop::invalid_argument);
}

TEST_CASE("integer sums are modulo 2^64, and those of int32 do not overflow int32") {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  CHECK(sum(std::vector<std::int64_t>{most, 1}) == std::numeric_limits<std::int64_t>::min());
  const std::int32_t least = std::numeric_limits<std::int32_t>::min();
  CHECK(sum(std::vector<std::int32_t>(1000, least)) == std::int64_t{least} * 1000);
  CHECK(dot(std::vector<std::int32_t>(64, least), std::vector<std::int32_t>(64, 3)) ==
        std::int64_t{least} * 192);
}

TEST_CASE("a sum of floats is close to that in double") {
  const std::vector<float> x(3'000'000, 0.1F);
  CHECK(sum(x) == doctest::Approx(3'000'000 * static_cast<double>(0.1F)).epsilon(2e-6));
}

TEST_CASE_TEMPLATE("extrema are the first ones", T, float, double, std::int32_t, std::int64_t) {
  for (const std::size_t n : sizes) {
    const auto x = random_values<T>(n, static_cast<unsigned>(n));
    const auto least = std::min_element(x.begin(), x.end());
    const auto most = std::max_element(x.begin(), x.end());
    CAPTURE(n);
    CHECK(minimum(x) == extremum<T>{*least, least - x.begin()});
    CHECK(maximum(x) == extremum<T>{*most, most - x.begin()});
    CHECK(minmax(x) == extrema<T>{minimum(x), maximum(x)});
  }
}

TEST_CASE_TEMPLATE("extrema at the ends of the type", T, float, double, std::int32_t, std::int64_t) {
  const T lowest = std::numeric_limits<T>::lowest();
  const T highest = std::numeric_limits<T>::max();
  for (const std::size_t n : sizes) {
    CHECK(minimum(std::vector<T>(n, highest)) == extremum<T>{highest, 0});
    CHECK(maximum(std::vector<T>(n, lowest)) == extremum<T>{lowest, 0});
  }
}

TEST_CASE("infinities are values, also where they meet") {
  for (const std::size_t n : sizes) {
    std::vector<double> x(n + 1, infinity);
    CHECK(minimum(x) == extremum<double>{infinity, 0});
    x[n] = -infinity;
    CHECK(minimum(x) == extremum<double>{-infinity, static_cast<index_t>(n)});
    CHECK(maximum(x) == extremum<double>{infinity, 0});
  }
}

TEST_CASE("the first NaN wins, wherever it is") {
  for (const std::size_t n : sizes) {
    auto x = random_values<double>(n);
    for (const std::size_t at : {n - 1, n / 2, std::size_t{0}}) {
      x[at] = not_a_number;
      CAPTURE(n);
      CHECK(minimum(x).index == static_cast<index_t>(at));
      CHECK(std::isnan(minimum(x).value));
      CHECK(maximum(x).index == static_cast<index_t>(at));
      CHECK(minmax(x).maximum.index == static_cast<index_t>(at));
      CHECK(std::isnan(sum(x)));
      CHECK(std::isnan(mean(x)));
      CHECK(std::isnan(variance(x, variance_of::population)));
    }
  }
}

TEST_CASE("zeros of both signs tie") {
  const std::vector<double> x{1, 0.0, -0.0};
  CHECK(minimum(x).index == 1);
  CHECK(bits(minimum(x).value) == bits(0.0));
  CHECK(bits(minimum(std::vector<double>{-0.0, 0.0}).value) == bits(-0.0));
}

TEST_CASE_TEMPLATE("mean and variance against two passes", T, float, double, std::int32_t, std::int64_t) {
  for (const std::size_t n : sizes) {
    const auto x = random_values<T>(n);
    double total = 0;
    for (const T each : x) total += static_cast<double>(each);
    const double expected = total / static_cast<double>(n);
    double squares = 0;
    for (const T each : x) squares += std::pow(static_cast<double>(each) - expected, 2);
    const moments_of got = moments(x);
    CAPTURE(n);
    CHECK(got.count() == static_cast<index_t>(n));
    CHECK(got.mean() == doctest::Approx(expected).epsilon(1e-12));
    CHECK(got.sum_of_squares() == doctest::Approx(squares).epsilon(1e-12));
    CHECK(variance(x, variance_of::population) == doctest::Approx(squares / static_cast<double>(n)));
    if (n > 1) CHECK(variance(x) == doctest::Approx(squares / static_cast<double>(n - 1)));
    CHECK(got.standard_deviation(variance_of::population) ==
          doctest::Approx(std::sqrt(squares / static_cast<double>(n))));
  }
}

TEST_CASE("a variance far from zero does not cancel") {
  std::vector<double> x(300'000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 1e9 + static_cast<double>(i % 3);
  CHECK(mean(x) == 1e9 + 1);
  CHECK(variance(x, variance_of::population) == doctest::Approx(2.0 / 3).epsilon(1e-9));
  CHECK(variance(std::vector<double>(100'000, 0.1)) == doctest::Approx(0).epsilon(1e-20));
}

TEST_CASE("moments of two parts merge into those of the whole") {
  const auto x = random_values<double>(1000);
  const std::span<const double> all(x);
  const moments_of both = merged(moments(all.first(300)), moments(all.subspan(300)));
  CHECK(both.count() == 1000);
  CHECK(both.mean() == doctest::Approx(mean(x)));
  CHECK(both.variance() == doctest::Approx(variance(x)));
  CHECK(merged(moments_of{}, both).mean() == both.mean());
  CHECK(merged(both, moments_of{}).variance() == both.variance());
}

TEST_CASE_TEMPLATE("same bits on every backend with any number of workers", T, float, double) {
  std::vector<T> x(200'003);
  std::mt19937 random(7);
  std::normal_distribution<T> normal(T(3), T(1000));
  for (T& each : x) each = normal(random);
  check_same_everywhere([&x] { return sum(x); });
  check_same_everywhere([&x] { return dot(x, x); });
  check_same_everywhere([&x] { return minmax(x); });
  check_same_everywhere([&x] { return bits(mean(x)); });
  check_same_everywhere([&x] { return bits(variance(x)); });
}

TEST_CASE("same bits with every instruction set of this machine") {
  MESSAGE("instruction sets compared: " << all_kernels().size());
  std::mt19937 random(11);
  std::normal_distribution<double> normal(0, 1e3);
  for (const std::size_t n : sizes) {
    std::vector<double> x(n);
    std::vector<float> f(n);
    for (std::size_t i = 0; i < n; ++i) f[i] = static_cast<float>(x[i] = normal(random));
    const auto& first = *all_kernels().front();
    for (const kernel_set* set : all_kernels()) {
      CHECK(set->for_double.sum(x.data(), n) == first.for_double.sum(x.data(), n));
      CHECK(set->for_double.dot(x.data(), x.data(), n) == first.for_double.dot(x.data(), x.data(), n));
      CHECK(set->for_double.least(x.data(), n, 1).value == first.for_double.least(x.data(), n, 1).value);
      CHECK(set->for_double.greatest(x.data(), n, 1).probe ==
            first.for_double.greatest(x.data(), n, 1).probe);
      CHECK(set->for_double.squared_distances(x.data(), n, 0.1) ==
            first.for_double.squared_distances(x.data(), n, 0.1));
      CHECK(set->for_float.sum(f.data(), n) == first.for_float.sum(f.data(), n));
      CHECK(set->for_float.sum_in_double(f.data(), n) == first.for_float.sum_in_double(f.data(), n));
    }
  }
}

TEST_CASE("whatever is contiguous is accepted") {
  const std::array<int, 3> array{1, 2, 3};
  const double plain[] = {1, 2, 3};
  CHECK(sum(array) == 6);
  CHECK(sum(plain) == 6);
  CHECK(sum(std::span<const int>(array).first(2)) == 3);
}

TEST_CASE("Eigen vectors, matrices, segments and columns are accepted") {
  const Eigen::VectorXd v = Eigen::VectorXd::LinSpaced(1000, 1, 1000);
  CHECK(sum(v) == v.sum());
  CHECK(dot(v, v) == doctest::Approx(v.dot(v)));
  CHECK(maximum(v.segment(10, 20)) == extremum<double>{30, 19});
  const Eigen::MatrixXf m = Eigen::MatrixXf::Constant(10, 20, 2);
  CHECK(sum(m) == 400);
  CHECK(sum(m.col(3)) == 20);
  CHECK(mean(Eigen::Map<const Eigen::VectorXd>(v.data(), 10)) == 5.5);
}

TEST_CASE("Eigen objects with gaps are refused") {
  using strided = Eigen::Map<const Eigen::VectorXd, 0, Eigen::InnerStride<2>>;
  using any_stride = Eigen::Map<const Eigen::VectorXd, 0, Eigen::InnerStride<>>;
  static_assert(summable<Eigen::VectorXd>);
  static_assert(!summable<strided>);
  static_assert(!summable<any_stride>);
  static_assert(!summable<decltype(std::declval<const Eigen::MatrixXd&>().row(0))>);
  static_assert(!summable<decltype(std::declval<const Eigen::VectorXd&>() * 2.0)>);
  static_assert(!summable<std::vector<bool>>);
  const Eigen::MatrixXd m = Eigen::MatrixXd::Ones(10, 10);
  CHECK_THROWS_AS(sum(m.block(0, 0, 5, 5)), polyloop::invalid_argument);
  CHECK(sum(m.leftCols(3)) == 30);
}
