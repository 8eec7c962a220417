#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include "reductions_checks.hpp"

namespace {

using namespace number_checks;

/// Type 7 of a sorted vector.
double naive_quantile(const std::vector<double>& sorted, double q) {
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const double low = sorted[below];
  const double high = sorted[std::min(below + 1, sorted.size() - 1)];
  return low + (high - low) * (place - std::floor(place));
}

const std::vector<double> some_quantiles{0, 0.001, 0.25, 0.5, 0.75, 0.9, 1};

}  // namespace

TEST_CASE_TEMPLATE("quantiles against a sort", T, float, double, std::int32_t, std::int64_t) {
  for (const std::size_t n : sizes) {
    const auto x = random_values<T>(n);
    std::vector<double> sorted(x.begin(), x.end());
    std::sort(sorted.begin(), sorted.end());
    const auto got = quantiles(x, some_quantiles);
    CAPTURE(n);
    for (std::size_t i = 0; i < got.size(); ++i)
      CHECK(got[i] == doctest::Approx(naive_quantile(sorted, some_quantiles[i])).epsilon(1e-12));
    CHECK(median(x) == got[3]);
  }
}

TEST_CASE("quantiles of special values") {
  CHECK(quantile(std::vector<double>{-infinity, 0, infinity}, 0.5) == 0);
  CHECK(quantile(std::vector<double>{infinity, infinity}, 0.3) == infinity);
  CHECK(std::isnan(median(std::vector<double>{1, not_a_number, 2})));
  CHECK(median(std::vector<double>(100'000, 4.25)) == 4.25);
  CHECK_THROWS_AS(median(std::vector<double>{}), too_few_elements);
  CHECK_THROWS_AS(quantile(std::vector<double>{1}, 1.5), polyloop::invalid_argument);
  CHECK_THROWS_AS(quantile(std::vector<double>{1}, not_a_number), polyloop::invalid_argument);
  CHECK(quantiles(std::vector<double>{1}, {}).empty());
}

TEST_CASE("a sketch keeps its error, and merges") {
  for (const int b : {0, 4, 7, 12}) {
    const auto x = normal_values<double>(30'001);
    std::vector<double> sorted = x;
    std::sort(sorted.begin(), sorted.end());
    const quantile_sketch all = sketch(x, b);
    CHECK(all.relative_error() == std::ldexp(1.0, -b - 1));
    CHECK(all.count() == 30'001);
    for (const double q : some_quantiles) {
      const double exact = sorted[static_cast<std::size_t>(q * 30'000)];
      CHECK(std::abs(all.quantile(q) - exact) <= all.relative_error() * std::abs(exact));
    }
    const std::span<const double> part(x);
    quantile_sketch merged = sketch(part.subspan(10'000), b);
    merged.merge(sketch(part.first(10'000), b));
    for (const double q : some_quantiles) CHECK(merged.quantile(q) == all.quantile(q));
  }
}

TEST_CASE("a sketch of special values") {
  quantile_sketch s;
  CHECK_THROWS_AS(s.quantile(0.5), too_few_elements);
  for (const double each : {not_a_number, infinity, -infinity, 0.0}) s.add(each);
  CHECK(s.nans() == 1);
  CHECK(s.count() == 3);
  CHECK(s.quantile(0) == -infinity);
  CHECK(std::abs(s.quantile(0.5)) < 1e-300);
  CHECK(s.quantile(1) == infinity);
  CHECK_THROWS_AS(s.merge(quantile_sketch(3)), polyloop::invalid_argument);
  CHECK_THROWS_AS(quantile_sketch(17), polyloop::invalid_argument);
}

TEST_CASE_TEMPLATE("histograms against a plain loop", T, float, double, std::int32_t, std::int64_t) {
  for (const bins of : {bins{-500, 500, 10}, bins{-1000, 1000, 7}, bins{0.1, 0.3, 3}})
    for (const std::size_t n : sizes) {
      const auto x = random_values<T>(n);
      const histogram_of got = histogram(x, of);
      std::vector<index_t> expected(static_cast<std::size_t>(of.count));
      index_t below = 0;
      for (const T each : x) {
        below += static_cast<double>(each) < of.low;
        for (index_t b = 0; b < of.count; ++b) {
          const auto value = static_cast<double>(each);
          const bool last = b == of.count - 1;
          expected[static_cast<std::size_t>(b)] +=
              value >= of.edge(b) && (last ? value <= of.high : value < of.edge(b + 1));
        }
      }
      CHECK(got.counts == expected);
      CHECK(got.below == below);
    }
}

TEST_CASE("what is beside the bins of a histogram") {
  const histogram_of got =
      histogram(std::vector<double>{-infinity, -0.1, 0, 0.5, 1, 1.1, infinity, not_a_number}, {0, 1, 2});
  CHECK(got.counts == std::vector<index_t>{1, 2});
  CHECK(got.below == 2);
  CHECK(got.above == 2);
  CHECK(got.nans == 1);
  CHECK_THROWS_AS(histogram(std::vector<double>{1}, {1, 1, 3}), polyloop::invalid_argument);
  CHECK_THROWS_AS(histogram(std::vector<double>{1}, {0, infinity, 3}), polyloop::invalid_argument);
  CHECK_THROWS_AS(histogram(std::vector<double>{1}, {0, 1, 0}), polyloop::invalid_argument);
}

TEST_CASE("automatic bins") {
  const auto x = normal_values<double>(10'000);
  const bins got = automatic_bins(x);
  CHECK(got.low == minimum(x).value);
  CHECK(got.high == maximum(x).value);
  const double width = 2 * (quantile(x, 0.75) - quantile(x, 0.25)) / std::cbrt(10'000.0);
  CHECK(got.count == static_cast<index_t>(std::ceil((got.high - got.low) / width)));
  const histogram_of all = histogram(x);
  CHECK(sum(all.counts) == 10'000);
  CHECK(histogram(std::vector<int>{7, 7}).counts == std::vector<index_t>{2});
  CHECK(automatic_bins(std::vector<double>{0, 1, 1, 1, 1, 1, 1, 1}).count ==
        4);  // Sturges: the quartiles are equal
  CHECK_THROWS_AS(histogram(std::vector<double>{}), too_few_elements);
  CHECK_THROWS_AS(histogram(std::vector<double>{1, not_a_number}), polyloop::invalid_argument);
  CHECK_THROWS_AS(histogram(std::vector<double>{1, infinity}), polyloop::invalid_argument);
}

TEST_CASE_TEMPLATE("the first k against a sort", T, float, double, std::int32_t, std::int8_t) {
  for (const std::size_t n : sizes) {
    auto x = random_values<T>(n);
    if constexpr (std::is_floating_point_v<T>) x[n / 3] = std::numeric_limits<T>::quiet_NaN();
    std::vector<index_t> order(n);
    for (std::size_t i = 0; i < n; ++i) order[i] = static_cast<index_t>(i);
    const auto value = [&x](index_t i) { return x[static_cast<std::size_t>(i)]; };
    std::sort(order.begin(), order.end(), [&](index_t a, index_t b) {
      const bool first_nan = value(a) != value(a);
      const bool second_nan = value(b) != value(b);
      if (first_nan != second_nan) return first_nan;
      return first_nan || value(a) == value(b) ? a < b : value(a) > value(b);
    });
    for (const index_t k : {0, 1, 10, 3000}) {
      const auto got = top_k(x, k);
      REQUIRE(got.size() == std::min(n, static_cast<std::size_t>(k)));
      for (std::size_t i = 0; i < got.size(); ++i) CHECK(got[i].index == order[i]);
    }
  }
  CHECK_THROWS_AS(top_k(std::vector<T>{}, -1), polyloop::invalid_argument);
}

TEST_CASE("counting what matches") {
  for (const std::size_t n : sizes) {
    const auto x = random_values<std::int16_t>(n);
    const auto positive = [](std::int16_t each) { return each > 0; };
    CHECK(count_if(x, positive) == std::count_if(x.begin(), x.end(), positive));
  }
  CHECK(count_if(std::vector<double>{1, not_a_number}, [](double each) { return each != each; }) == 1);
  CHECK(count_if(indexed{100, [](index_t i) { return i; }}, [](index_t i) { return i % 3 == 0; }) == 34);
  CHECK_THROWS_AS(count_if(std::vector<int>{1}, [](int) -> bool { throw std::runtime_error("no"); }),
                  std::runtime_error);
}

TEST_CASE("distinct values") {
  for (const std::size_t n : sizes) {
    const auto x = random_values<std::int64_t>(n);
    CHECK(distinct_count(x) == static_cast<index_t>(std::set<std::int64_t>(x.begin(), x.end()).size()));
  }
  CHECK(distinct_count(std::vector<double>{0.0, -0.0, not_a_number, -not_a_number, 1}) == 3);
  CHECK(distinct_count(std::vector<float>{}) == 0);
}

TEST_CASE("a sketch of distinct values keeps its error, and merges") {
  for (const index_t n : {0, 1, 100, 5000, 300'000}) {
    const indexed x{n, [](index_t i) { return i * 7919; }};
    const distinct_sketch all = distinct(x);
    CAPTURE(n);
    CHECK(std::abs(all.estimate() - static_cast<double>(n)) <=
          3 * all.standard_error() * static_cast<double>(n));
    distinct_sketch twice = all;
    twice.merge(distinct(indexed{n / 2, [](index_t i) { return i * 7919; }}));
    CHECK(twice.estimate() == all.estimate());
  }
  distinct_sketch s(4);
  for (const double each : {0.0, -0.0, not_a_number, -not_a_number}) s.add(each);
  CHECK(s.estimate() == doctest::Approx(2).epsilon(0.2));
  CHECK_THROWS_AS(s.merge(distinct_sketch(5)), polyloop::invalid_argument);
  CHECK_THROWS_AS(distinct_sketch(3), polyloop::invalid_argument);
}

TEST_CASE("statistics have one hash everywhere") {
  const auto x = normal_values<double>(100'003);
  const auto f = normal_values<float>(100'003);
  const auto all = [](const auto& in) {
    const auto first = top_k(in, 50);
    return hash_of(hash_of_all(quantiles(in, some_quantiles)), sketch(in).quantile(0.3),
                   hash_of_all(histogram(in).counts), first.front().index, first.back().index,
                   count_if(in, [](auto each) { return each > 100; }), distinct_count(in),
                   distinct(in).estimate());
  };
  check_same_everywhere([&] { return hash_of(all(x), all(f)); });
}
