#include "polyloop/aggregation/group_by.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <string>

#include "polyloop/aggregation/csv.hpp"
#include "polyloop/context.hpp"
#include "shop_file.hpp"

namespace {

using namespace polyloop::aggregation;
using polyloop::index_t;

struct random_table {
  int64_column integers;
  string_column strings;
  int64_column amounts;
  double_column prices;
};

/// Every tenth value or so is missing, keys too.
random_table random_rows(index_t rows, unsigned keys, unsigned seed) {
  std::mt19937 random(seed);
  random_table t{int64_column(rows), {}, int64_column(rows), double_column(rows)};
  for (index_t r = 0; r < rows; ++r) {
    const auto key = static_cast<std::int64_t>(random() % keys) - 5;
    const bool missing = random() % 10 == 0;
    if (!missing) t.integers.set(r, key);
    missing ? t.strings.push_back_missing() : t.strings.push_back("key " + std::to_string(key));
    if (random() % 10 != 0) t.amounts.set(r, static_cast<std::int64_t>(random() % 1000) - 500);
    if (random() % 10 != 0) t.prices.set(r, static_cast<double>(random() % 1000) / 8);
  }
  return t;
}

struct expected_group {
  index_t rows = 0;
  index_t count = 0;
  std::int64_t sum = 0;
  std::int64_t min = 0;
  std::int64_t max = 0;
  double price = 0;  // eighths: exact in any order
};

template <class Column>
auto key_at(const Column& keys, index_t row) {
  return keys.valid(row) ? std::optional(keys[row]) : std::nullopt;
}

template <class Column>
auto naive_groups(const Column& keys, const random_table& t) {
  std::map<std::optional<typename Column::value_type>, expected_group> groups;
  for (index_t r = 0; r < keys.rows(); ++r) {
    expected_group& g = groups[key_at(keys, r)];
    ++g.rows;
    g.price += t.prices[r];
    if (!t.amounts.valid(r)) continue;
    const std::int64_t v = t.amounts[r];
    g.min = g.count == 0 ? v : std::min(g.min, v);
    g.max = g.count == 0 ? v : std::max(g.max, v);
    g.sum += v;
    ++g.count;
  }
  return groups;
}

void check_group(const grouped& got, index_t g, const expected_group& want) {
  const auto i = static_cast<std::size_t>(g);
  const auto& amounts = got.int64("amount");
  CHECK(got.rows()[i] == want.rows);
  CHECK(amounts.count[i] == want.count);
  CHECK(amounts.missing[i] == want.rows - want.count);
  CHECK(amounts.sum[i] == want.sum);
  CHECK(amounts.mean.valid(g) == (want.count > 0));
  CHECK(amounts.min.valid(g) == (want.count > 0));
  CHECK(amounts.min[g] == want.min);
  CHECK(amounts.max[g] == want.max);
  if (want.count > 0)
    CHECK(amounts.mean[g] == static_cast<double>(want.sum) / static_cast<double>(want.count));
  CHECK(got.float64("price").sum[i] == want.price);
}

template <class Column, class Keys>
void check_against_map(const Column& keys, const random_table& t, Keys keys_of) {
  const auto want = naive_groups(keys, t);
  const grouped got = group_by(keys, {{"amount", t.amounts}, {"price", t.prices}}, group_order::sorted);
  REQUIRE(got.groups() == static_cast<index_t>(want.size()));
  const Column& result = keys_of(got);
  const index_t known = got.groups() - (want.count(std::nullopt) ? 1 : 0);
  for (index_t g = 0; g < got.groups(); ++g) {
    CHECK(result.valid(g) == (g < known));
    if (g > 0 && g < known) CHECK(result[g - 1] < result[g]);
    check_group(got, g, want.at(key_at(result, g)));
  }
}

std::vector<std::uint64_t> bits(const std::vector<double>& x) {
  std::vector<std::uint64_t> all;
  for (const double each : x) all.push_back(std::bit_cast<std::uint64_t>(each));
  return all;
}

}  // namespace

TEST_CASE("random tables against std::map") {
  for (const index_t rows : {1, 10, 1000, 8192, 8193, 50'000})
    for (const unsigned keys : {1U, 7U, 3000U}) {
      const random_table t = random_rows(rows, keys, static_cast<unsigned>(rows) + keys);
      CAPTURE(rows);
      CAPTURE(keys);
      check_against_map(t.integers, t,
                        [](const grouped& g) -> const int64_column& { return g.int64_keys(); });
      check_against_map(t.strings, t,
                        [](const grouped& g) -> const string_column& { return g.string_keys(); });
    }
}

TEST_CASE("groups in the order of their first appearance") {
  int64_column keys(20'000);
  for (index_t r = 0; r < keys.rows(); ++r)
    if (r != 1) keys.set(r, r < 10'000 ? 7 - r % 3 : 100 - r % 2);
  const grouped got = group_by(keys);
  REQUIRE(got.groups() == 6);
  CHECK(got.int64_keys()[0] == 7);
  CHECK_FALSE(got.int64_keys().valid(1));
  CHECK(got.int64_keys()[2] == 5);
  CHECK(got.int64_keys()[3] == 6);
  CHECK(got.int64_keys()[4] == 100);
  CHECK(got.int64_keys()[5] == 99);
  CHECK(got.rows()[1] == 1);
}

TEST_CASE("no rows, no groups; only missing keys, one group; only missing values, no mean") {
  CHECK(group_by(int64_column()).groups() == 0);
  const int64_column nothing(10);
  const grouped got = group_by(nothing, {{"value", nothing}});
  REQUIRE(got.groups() == 1);
  CHECK_FALSE(got.int64_keys().valid(0));
  CHECK(got.int64("value").missing[0] == 10);
  CHECK(got.int64("value").sum[0] == 0);
  CHECK_FALSE(got.int64("value").mean.valid(0));
  CHECK_FALSE(got.int64("value").max.valid(0));
}

TEST_CASE("computed inputs, as a function of the row and as a column") {
  const random_table t = random_rows(30'000, 10, 3);
  const auto cost = [&t](index_t r) -> std::optional<double> {
    if (!t.amounts.valid(r) || !t.prices.valid(r)) return {};
    return static_cast<double>(t.amounts[r]) * t.prices[r];
  };
  const double_column column = computed_column(t.amounts.rows(), cost);
  const grouped got = group_by(
      t.integers, {{"function", cost}, {"column", column}, {"parity", [](index_t r) { return r % 2; }}});
  CHECK(got.float64("function").sum == got.float64("column").sum);
  CHECK(got.float64("function").missing == got.float64("column").missing);
  CHECK(got.int64("parity").max[0] == 1);
  CHECK(got.int64("parity").missing[0] == 0);
}

TEST_CASE("a NaN is a value, and stays") {
  const double_column values(std::vector<double>{1, NAN, 2});
  const grouped got = group_by(int64_column(std::vector<std::int64_t>{1, 1, 1}), {{"value", values}});
  CHECK(got.float64("value").count[0] == 3);
  CHECK(std::isnan(got.float64("value").min[0]));
  CHECK(std::isnan(got.float64("value").max[0]));
  CHECK(std::isnan(got.float64("value").sum[0]));
}

TEST_CASE("int64 sums are modulo 2^64") {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const int64_column values(std::vector<std::int64_t>{most, 1});
  const grouped got = group_by(int64_column(std::vector<std::int64_t>{0, 0}), {{"value", values}});
  CHECK(got.int64("value").sum[0] == std::numeric_limits<std::int64_t>::min());
}

TEST_CASE("wrong arguments are named") {
  const int64_column keys(3);
  const int64_column longer(4);
  CHECK_THROWS_WITH_AS(group_by(keys, {{"v", longer}}),
                       "rows of value v is 4: expected 3, as many as there are keys",
                       polyloop::invalid_argument);
  CHECK_THROWS_AS(group_by(keys, {{"v", keys}, {"v", keys}}), polyloop::invalid_argument);
  const grouped got = group_by(keys, {{"v", keys}});
  CHECK_THROWS_AS(got.float64("v"), polyloop::invalid_argument);
  CHECK_THROWS_AS(got.int64("w"), polyloop::invalid_argument);
  CHECK_THROWS_AS(got.string_keys(), polyloop::invalid_argument);
  CHECK_THROWS_AS(string_column("abc", {2}, {1}), polyloop::invalid_argument);
  static_assert(!std::is_constructible_v<value_input, std::string, int64_column&&>);
}

TEST_CASE("what a function throws comes out") {
  const int64_column keys(100'000);
  const auto thrower = [](index_t r) -> double {
    if (r >= 20'000) throw r;
    return 0;
  };
  index_t thrown = 0;
  try {
    group_by(keys, {{"v", thrower}});
  } catch (index_t row) {
    thrown = row;
  }
  CHECK(thrown == 20'000);
}

TEST_CASE("same bits on every backend with any number of workers") {
  const random_table t = random_rows(200'000, 100, 9);
  const auto root = [&t](index_t r) { return std::sqrt(t.prices[r]); };
  const auto sums = [&] { return bits(group_by(t.strings, {{"root", root}}).float64("root").sum); };
  const auto expected = sums();
  for (polyloop::backend* b : polyloop::compiled_backends())
    for (int workers : {1, 2, 4, 8}) {
      const polyloop::scoped_context scope{.backend = *b, .workers = workers, .oversubscribe = true};
      CAPTURE(b->name());
      CAPTURE(workers);
      CHECK(sums() == expected);
    }
}

// The transactions of a shop, per country, against figures computed with R.

namespace {

using shop_data::data_folder;
using shop_data::unpacked;
namespace fs = std::filesystem;

std::string cents(double x) {
  char text[64];
  std::snprintf(text, sizeof text, "%.3f", x);
  return text;
}

void check_countries(const std::string& file, const table& expected) {
  const table shop = read_csv_file(file, {{"Country"},
                                          {"Quantity", column_type::int64},
                                          {"UnitPrice", column_type::float64},
                                          {"CustomerID", column_type::int64}});
  const auto& quantity = shop.int64("Quantity");
  const auto& price = shop.float64("UnitPrice");
  const auto revenue = [&](index_t row) { return static_cast<double>(quantity[row]) * price[row]; };
  const grouped got =
      group_by(shop.string("Country"),
               {{"quantity", quantity}, {"revenue", revenue}, {"customer", shop.int64("CustomerID")}});
  REQUIRE(got.groups() == expected.rows());
  const auto& country = expected.string("Country");
  std::map<std::string_view, std::size_t> group;
  for (index_t g = 0; g < got.groups(); ++g) group[got.string_keys()[g]] = static_cast<std::size_t>(g);
  index_t without_customer = 0;
  for (index_t r = 0; r < expected.rows(); ++r) {
    CAPTURE(country[r]);
    REQUIRE(group.count(country[r]) == 1);
    const std::size_t g = group[country[r]];
    CHECK(got.rows()[g] == expected.int64("lines")[r]);
    CHECK(got.int64("quantity").sum[g] == expected.int64("quantity")[r]);
    CHECK(cents(got.float64("revenue").sum[g]) == expected.string("revenue")[r]);
    without_customer += got.int64("customer").missing[g];
  }
  CHECK(without_customer == 135'080);
}

}  // namespace

TEST_CASE("the shop's transactions per country, to the cent") {
  const fs::path packed = data_folder() / "online-retail.csv.xz";
  const fs::path facts = data_folder() / "online-retail.expected.csv";
  if (!fs::exists(packed) || !fs::exists(facts)) {
    MESSAGE("skipped: online-retail.csv.xz and online-retail.expected.csv are not in POLYLOOP_DATA");
    return;
  }
  const unpacked shop(packed);
  if (!shop.done()) {
    MESSAGE("skipped: the program xz could not unpack online-retail.csv.xz");
    return;
  }
  const table expected = read_csv_file(
      facts.string(),
      {{"Country"}, {"lines", column_type::int64}, {"quantity", column_type::int64}, {"revenue"}});
  for (polyloop::backend* b : polyloop::compiled_backends()) {
    const polyloop::scoped_context scope{.backend = *b};
    CAPTURE(b->name());
    check_countries(shop.file(), expected);
  }
}
