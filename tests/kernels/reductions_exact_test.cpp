#include <algorithm>
#include <array>

#include "reductions_checks.hpp"

namespace {

using namespace number_checks;

/// A number of any size: a plain sum of magnitudes with all carries taken at once.
class natural {
 public:
  void add(double magnitude) {
    int exponent = 0;
    auto digits = static_cast<std::uint64_t>(std::ldexp(std::frexp(magnitude, &exponent), 53));
    int place = exponent - 53 + 1074;
    for (; place < 0; ++place) digits >>= 1;
    for (int bit = 0; bit < 53; ++bit)
      if ((digits >> bit & 1) != 0) add_bit(place + bit);
  }

  friend natural operator-(natural a, const natural& b) {
    std::int64_t borrow = 0;
    for (std::size_t i = 0; i < a.digit_.size(); ++i) {
      const std::int64_t difference = std::int64_t{a.digit_[i]} - b.digit_[i] - borrow;
      borrow = difference < 0;
      a.digit_[i] = static_cast<std::uint32_t>(difference);
    }
    return a;
  }
  friend bool operator<(const natural& a, const natural& b) {
    return std::lexicographical_compare(a.digit_.rbegin(), a.digit_.rend(), b.digit_.rbegin(),
                                        b.digit_.rend());
  }
  friend bool operator==(const natural&, const natural&) = default;

 private:
  void add_bit(int place) {
    auto at = static_cast<std::size_t>(place / 32);
    std::uint64_t carry = std::uint64_t{1} << place % 32;
    for (; carry != 0; ++at) {
      carry += digit_[at];
      digit_[at] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
  }

  std::array<std::uint32_t, 72> digit_ = {};
};

/// The distance of a sum from a number, with unlimited precision.
struct long_sum {
  natural positive;
  natural negative;

  void add(double x) { (x < 0 ? negative : positive).add(std::abs(x)); }
  natural distance(double from) const {
    long_sum all = *this;
    all.add(-from);
    return all.negative < all.positive ? all.positive - all.negative : all.negative - all.positive;
  }
};

template <class T>
bool is_even(T x) {
  int exponent = 0;
  const double digits = std::ldexp(std::frexp(x, &exponent), std::numeric_limits<T>::digits);
  const bool subnormal = std::abs(x) < std::numeric_limits<T>::min();
  return subnormal ? std::fmod(x / std::numeric_limits<T>::denorm_min(), 2) == 0 : std::fmod(digits, 2) == 0;
}

/// No neighbour of the result is nearer to the sum, nor as near and even.
template <class T>
void check_rounded(const std::vector<T>& x, T result) {
  long_sum all;
  for (const T each : x) all.add(static_cast<double>(each));
  REQUIRE(std::isfinite(result));
  const natural here = all.distance(static_cast<double>(result));
  for (const T to : {-std::numeric_limits<T>::infinity(), std::numeric_limits<T>::infinity()}) {
    const natural beside = all.distance(static_cast<double>(std::nextafter(result, to)));
    CHECK(!(beside < here));
    if (beside == here) CHECK(is_even(result));
  }
}

/// Numbers of exponents from -spread to spread.
template <class T>
std::vector<T> spread_values(std::size_t n, int spread, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<T> x(n);
  for (T& each : x) {
    const auto digits = static_cast<T>(static_cast<std::int64_t>(random()));
    each =
        std::ldexp(digits, static_cast<int>(random() % static_cast<unsigned>(2 * spread + 1)) - spread - 63);
  }
  return x;
}

}  // namespace

TEST_CASE_TEMPLATE("exact sums are rounded once", T, float, double) {
  for (const std::size_t n : {1UL, 2UL, 17UL, 1000UL, 3000UL})
    for (const int spread : {0, 5, 25, 60, 120}) {
      CAPTURE(n);
      CAPTURE(spread);
      const auto x = spread_values<T>(n, spread, static_cast<unsigned>(n));
      check_rounded(x, exact_sum(x));
    }
}

TEST_CASE("exact sums of doubles of all magnitudes, of very few bits and of subnormal ones") {
  for (const int spread : {300, 700, 960}) {
    const auto x = spread_values<double>(2500, spread, 3);
    check_rounded(x, exact_sum(x));
  }
  std::vector<double> tiny(3000);
  for (std::size_t i = 0; i < tiny.size(); ++i)
    tiny[i] = (i % 3 == 0 ? -5e-324 : 5e-324) * static_cast<double>(i);
  check_rounded(tiny, exact_sum(tiny));
  for (double& each : tiny) each *= 0x1p100;
  check_rounded(tiny, exact_sum(tiny));
}

TEST_CASE("conditions up to 1e300") {
  for (const double height : {1e10, 1e50, 1e150, 1e290}) {
    std::mt19937_64 random(5);
    std::vector<double> x{1e-10};
    for (int i = 0; i < 5000; ++i) {
      const double large =
          std::ldexp(static_cast<double>(random()), static_cast<int>(random() % 20) - 70) * height;
      x.push_back(large);
      x.push_back(-large);
    }
    std::shuffle(x.begin(), x.end(), random);
    CAPTURE(height);
    CHECK(exact_sum(x) == 1e-10);
    const double once = 3.5;
    x.push_back(once);
    check_rounded(x, exact_sum(x));
  }
}

TEST_CASE("the order does not matter to an exact sum") {
  auto x = spread_values<double>(10'000, 80, 11);
  const double expected = exact_sum(x);
  std::mt19937 random(1);
  for (int i = 0; i < 10; ++i) {
    std::shuffle(x.begin(), x.end(), random);
    CHECK(bits(exact_sum(x)) == bits(expected));
  }
}

TEST_CASE("ties go to even, and what is beyond them decides") {
  const auto of = [](std::vector<double> x) { return exact_sum(x); };
  CHECK(of({1, 0x1p-53}) == 1);
  CHECK(of({1, 0x1p-53, 5e-324}) == 1 + 0x1p-52);
  CHECK(of({1 + 0x1p-52, 0x1p-53}) == 1 + 0x1p-51);
  CHECK(of({1 + 0x1p-52, 0x1p-53, -5e-324}) == 1 + 0x1p-52);
  CHECK(of({-1, -0x1p-53, -5e-324}) == -1 - 0x1p-52);
  CHECK(exact_sum(std::vector<float>{1, 0x1p-24F, 1e-45F}) == 1 + 0x1p-23F);
  CHECK(exact_sum(std::vector<float>{1, 0x1p-24F}) == 1);
}

TEST_CASE("exact sums that overflow on the way, or in the end, or are not numbers") {
  const double most = std::numeric_limits<double>::max();
  CHECK(exact_sum(std::vector<double>{most, most, -most, -most, 7}) == 7);
  CHECK(exact_sum(std::vector<double>{most, most}) == infinity);
  CHECK(exact_sum(std::vector<float>{std::numeric_limits<float>::max(), -0.0F}) ==
        std::numeric_limits<float>::max());
  CHECK(exact_sum(std::vector<double>{-infinity, most}) == -infinity);
  CHECK(std::isnan(exact_sum(std::vector<double>{-infinity, infinity})));
  CHECK(std::isnan(exact_sum(std::vector<double>{1, not_a_number})));
  CHECK(bits(exact_sum(std::vector<double>{})) == bits(0.0));
  CHECK(bits(exact_sum(std::vector<double>(5000, 0.0))) == bits(0.0));
  CHECK(bits(exact_sum(std::vector<double>{0.1, -0.1})) == bits(0.0));
}

TEST_CASE("accumulators merge in any order") {
  const auto x = spread_values<double>(1000, 100, 2);
  exact_accumulator all;
  exact_accumulator parts[2];
  for (std::size_t i = 0; i < x.size(); ++i) {
    all.add(x[i]);
    parts[i % 2].add(x[i]);
  }
  exact_accumulator back = parts[1];
  back.merge(parts[0]);
  parts[0].merge(parts[1]);
  CHECK(bits(parts[0].to_double()) == bits(all.to_double()));
  CHECK(bits(back.to_double()) == bits(exact_sum(x)));
}

TEST_CASE("exact sums have one hash everywhere") {
  const auto narrow = normal_values<double>(50'001);
  const auto wide = spread_values<double>(50'001, 60, 4);
  const auto floats = spread_values<float>(50'001, 40, 4);
  check_same_everywhere([&] { return hash_of(exact_sum(narrow), exact_sum(wide), exact_sum(floats)); });
}

TEST_CASE("a compensated sum is as good as one of twice the precision") {
  CHECK(compensated_sum(std::vector<double>{1e16, 1, -1e16}) == 1);
  CHECK(compensated_sum(std::vector<float>{1e8F, 1, -1e8F}) == 1);
  const auto y = spread_values<double>(100'000, 20, 9);
  CHECK(compensated_sum(y) == doctest::Approx(exact_sum(y)).epsilon(1e-15));
  CHECK(compensated_sum(std::vector<double>{infinity, 1}) == infinity);
  CHECK(std::isnan(compensated_sum(std::vector<double>{infinity, -infinity})));
  CHECK(std::isnan(compensated_sum(std::vector<double>{not_a_number, 1})));
  CHECK(compensated_sum(std::vector<double>{}) == 0);
}
