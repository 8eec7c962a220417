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

#include "reductions_checks.hpp"

namespace {

using namespace number_checks;

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

TEST_CASE("a variance does not suffer from stretches that begin with an element far from the others") {
  std::vector<double> x = random_values<double>(40'000, 5);
  for (std::size_t i = 0; i < x.size(); i += 1024) x[i] += 1e7;
  long double mean = 0;
  for (const double each : x) mean += each;
  mean /= static_cast<long double>(x.size());
  long double squares = 0;
  for (const double each : x) squares += (each - mean) * (each - mean);
  const auto wanted = static_cast<double>(squares / static_cast<long double>(x.size()));
  CHECK(std::abs(moments(x).variance(variance_of::population) / wanted - 1) < 4e-16);
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

TEST_CASE("one hash on every backend, SIMD target and number of workers") {
  const auto d = normal_values<double>(200'003);
  const auto f = normal_values<float>(200'003);
  const auto i = random_values<std::int32_t>(200'003);
  const auto l = random_values<std::int64_t>(200'003);
  const auto all = [](const auto& x) {
    const shape_of s = shape(x);
    return hash_of(sum(x), product(x), dot(x, x), norm1(x), norm2(x), norm_infinity(x), minimum(x).index,
                   maximum(x).index, minmax(x).minimum.value, mean(x), variance(x), s.skewness(),
                   s.kurtosis(), log_sum_exp(x));
  };
  const auto everything = [&] {
    return hash_of(all(d), all(f), all(i), all(l), compensated_sum(d), compensated_sum(f), exact_sum(d),
                   exact_sum(f));
  };
  check_same_everywhere(everything);
}

TEST_CASE("the same bits from memory, strided views and index functions") {
  for (const std::size_t n : sizes) {
    const auto x = normal_values<double>(n);
    const auto size = static_cast<index_t>(n);
    std::vector<double> apart(3 * n);
    for (std::size_t i = 0; i < n; ++i) apart[3 * i] = x[n - 1 - i];
    const strided_view<double> backwards{apart.data() + 3 * (n - 1), size, -3};
    const indexed function{size, [&x](index_t i) { return x[static_cast<std::size_t>(i)]; }};
    const auto all = [](const auto& in) {
      return hash_of(sum(in), dot(in, in), minimum(in).index, maximum(in).value, mean(in), norm2(in),
                     exact_sum(in));
    };
    CAPTURE(n);
    CHECK(all(backwards) == all(x));
    CHECK(all(function) == all(x));
  }
  CHECK_THROWS_AS(sum(strided_view<double>{nullptr, -1, 1}), polyloop::invalid_argument);
  CHECK_THROWS_AS(sum(indexed{3, [](index_t i) -> double { throw std::out_of_range(std::to_string(i)); }}),
                  std::out_of_range);
}

TEST_CASE_TEMPLATE("integers of every size", T, std::int8_t, std::uint8_t, std::int16_t, std::uint16_t,
                   std::uint32_t, long long) {
  const T high = std::numeric_limits<T>::max();
  const std::vector<T> x{1, high, 2, high};
  CHECK(sum(x) == static_cast<std::int64_t>(3 + 2 * static_cast<std::uint64_t>(high)));
  CHECK(maximum(x) == extremum<T>{high, 1});
  CHECK(minimum(x) == extremum<T>{1, 0});
  CHECK(mean(x) == doctest::Approx((3 + 2 * static_cast<double>(high)) / 4));
}

TEST_CASE("integers overflow modulo 2^64") {
  const std::int64_t high = std::numeric_limits<std::int64_t>::max();
  CHECK(sum(std::vector<std::int64_t>{high, 1}) == std::numeric_limits<std::int64_t>::min());
  CHECK(dot(std::vector<std::int64_t>{high, high}, std::vector<std::int64_t>{2, 2}) == -4);
  CHECK(product(std::vector<std::int64_t>(64, 2)) == 0);
  CHECK(product(std::vector<int>(31, -2)) == -(std::int64_t{1} << 31));
  const std::vector<int> low(5000, std::numeric_limits<int>::min());
  CHECK(sum(low) == 5000 * static_cast<std::int64_t>(low[0]));
  CHECK(dot(std::vector<int>(2, low[0]), std::vector<int>(2, low[0])) ==
        std::numeric_limits<std::int64_t>::min());
}

TEST_CASE_TEMPLATE("products", T, float, double, std::int32_t, std::int64_t) {
  CHECK(product(std::vector<T>{}) == 1);
  for (const std::size_t n : sizes) {
    std::vector<T> x(n, T(1));
    x[n / 2] = T(3);
    x[n - 1] *= T(5);
    CHECK(product(x) == 15);
  }
}

TEST_CASE("norms, scaled where they must be") {
  CHECK(norm2(std::vector<double>{}) == 0);
  CHECK(norm_infinity(std::vector<double>{}) == 0);
  for (const double unit : {1.0, 1e300, 1e-300, 1e-310, 5e-324}) {
    const std::vector<double> x{3 * unit, -4 * unit};
    CAPTURE(unit);
    CHECK(norm1(x) == doctest::Approx(7 * unit));
    CHECK(norm2(x) / unit == doctest::Approx(5));
    CHECK(norm_infinity(x) == 4 * unit);
  }
  CHECK(norm2(std::vector<float>(4, 3e38F)) == doctest::Approx(6e38));
  CHECK(norm2(std::vector<double>(4, std::numeric_limits<double>::max())) == infinity);
  CHECK(norm1(std::vector<int>{-2, 1}) == 3);
  CHECK(norm_infinity(std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min()}) == 0x1p63);
  CHECK(std::isnan(norm2(std::vector<double>{not_a_number, infinity})));
  CHECK(std::isnan(norm1(std::vector<double>{not_a_number, 1})));
  CHECK(norm2(std::vector<double>{-infinity, 1}) == infinity);
}

TEST_CASE_TEMPLATE("skewness and kurtosis against two passes", T, float, double, std::int32_t, std::int64_t) {
  for (const std::size_t n : {3UL, 1000UL, 30'000UL}) {
    auto x = random_values<T>(n);
    for (T& each : x) each = each > 0 ? static_cast<T>(each * 3) : each;
    const double middle = mean(x);
    double powers[5] = {};
    for (const T each : x)
      for (int p = 2; p < 5; ++p)
        powers[p] += std::pow(static_cast<double>(each) - middle, p) / static_cast<double>(n);
    CHECK(skewness(x) == doctest::Approx(powers[3] / std::pow(powers[2], 1.5)).epsilon(1e-9));
    CHECK(kurtosis(x) == doctest::Approx(powers[4] / powers[2] / powers[2] - 3).epsilon(1e-9));
    CHECK(shape(x).moments().variance() == variance(x));
  }
  CHECK_THROWS_AS(skewness(std::vector<T>{}), too_few_elements);
  CHECK(std::isnan(kurtosis(std::vector<T>{1, 1})));
}

TEST_CASE("the logarithm of a sum of exponentials") {
  for (const std::size_t n : sizes) {
    std::vector<double> x(n);
    for (std::size_t i = 0; i < n; ++i) x[i] = std::sin(static_cast<double>(i)) * 30;
    long double expected = 0;
    for (const double each : x) expected += std::exp(static_cast<long double>(each));
    CHECK(log_sum_exp(x) == doctest::Approx(static_cast<double>(std::log(expected))).epsilon(1e-14));
  }
  CHECK(log_sum_exp(std::vector<double>{1000, 1000}) == doctest::Approx(1000 + std::log(2)));
  CHECK(log_sum_exp(std::vector<double>{-2000, -5000}) == -2000);
  CHECK(log_sum_exp(std::vector<int>{0, 0, 0, 0}) == doctest::Approx(std::log(4)));
  CHECK(log_sum_exp(std::vector<double>{}) == -infinity);
  CHECK(log_sum_exp(std::vector<double>{-infinity, -infinity}) == -infinity);
  CHECK(log_sum_exp(std::vector<double>{-infinity, 3}) == 3);
  CHECK(log_sum_exp(std::vector<double>{infinity, 3, -infinity}) == infinity);
  CHECK(std::isnan(log_sum_exp(std::vector<double>{infinity, not_a_number})));
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
