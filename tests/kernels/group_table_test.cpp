#include "polyloop/aggregation/group_table.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <tuple>

#include "../fuzz/compare_groups.hpp"
#include "effort.hpp"
#include "polyloop/aggregation/aggregator.hpp"
#include "polyloop/context.hpp"

namespace {

using namespace polyloop::aggregation;
using polyloop::index_t;

std::vector<std::uint8_t> random_bytes(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::uint8_t> bytes(64);
  for (std::uint8_t& each : bytes) each = static_cast<std::uint8_t>(random());
  return bytes;
}

groups::random_table random_table(unsigned seed, index_t most_rows) {
  const std::vector<std::uint8_t> data = random_bytes(seed);
  groups::bytes input(data.data(), data.size());
  return groups::table_of(input, most_rows);
}

std::vector<bool> all_rows(const typed_table& table) {
  return std::vector<bool>(static_cast<std::size_t>(table.rows()), true);
}

/// Every value of a result as text, doubles to the last bit.
std::vector<std::string> texts(const grouped_table& got) {
  std::vector<std::string> all;
  for (const std::string& name : got.columns().names())
    for (index_t g = 0; g < got.groups(); ++g) all.push_back(groups::text_of(got[name], g));
  return all;
}

template <class Call>
void on_every_setting(const Call& call) {
  for (polyloop::backend* b : polyloop::compiled_backends())
    for (int workers : effort::some_numbers_of_workers) {
      const polyloop::scoped_context scope{.backend = *b, .workers = workers, .oversubscribe = true};
      CAPTURE(b->name());
      CAPTURE(workers);
      call();
    }
}

/// Rows with so many different keys, evenly spread or far apart.
typed_table keyed_rows(index_t rows, std::int64_t keys, std::int64_t step) {
  std::vector<std::int64_t> key;
  std::vector<double> value;
  std::mt19937_64 random(11);
  for (index_t r = 0; r < rows; ++r) {
    key.push_back(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(keys)) * step);
    value.push_back(std::sqrt(static_cast<double>(random() % 1'000'000)));
  }
  typed_table made;
  made.add("k", typed_column::of(std::move(key))).add("v", typed_column::of(std::move(value)));
  return made;
}

bool planned(const grouped_table& got, const char* plan) {
  return got.explain().find(plan) != std::string::npos;
}

}  // namespace

TEST_CASE("group_by: random tables as std::map has them") {
  for (unsigned seed = 1; seed <= effort::random_tables; ++seed) {
    CAPTURE(seed);
    const groups::random_table from = random_table(seed, seed % 4 == 0 ? 20'000 : 500);
    const auto expected = groups::naive_groups(from, all_rows(from.table));
    const auto all = groups::all_aggregates();
    for (const group_order order : {group_order::first_appearance, group_order::sorted}) {
      groups::check_groups(from, group_by(from.table, from.keys, all, {.order = order}), expected, order);
      groups::check_groups(from, group_by(from.table, from.keys, groups::all_bounded(all), {.order = order}),
                           expected, order);
    }
  }
}

TEST_CASE("group_by: same bits on every backend with any number of workers, whatever the plan") {
  struct load {
    typed_table table;
    aggregate of;
    const char* plan;
  };
  const load loads[] = {{keyed_rows(200'000, 100, 1), aggregate::sum("v"), "arrays"},
                        {keyed_rows(200'000, 2, 1), aggregate::sum("v"), "arrays"},
                        {keyed_rows(200'000, 1000, 1'000'003), aggregate::variance("v"), "together numbered"},
                        {keyed_rows(200'000, 150'000, 1), aggregate::sum("v"), "by ranges"},
                        {keyed_rows(200'000, 150'000, 1'000'003), aggregate::sum("v"), "by a hash"},
                        {keyed_rows(200'000, 100, 1), aggregate::median("v"), "partitions"}};
  for (const load& each : loads) {
    const auto result = [&] { return group_by(each.table, {"k"}, {each.of, aggregate::mean("v")}); };
    const grouped_table once = result();
    INFO(once.explain());
    CHECK(planned(once, each.plan));
    const std::vector<std::string> expected = texts(once);
    on_every_setting([&] { CHECK(texts(result()) == expected); });
  }
}

TEST_CASE("group_by: groups come in the order of their first rows, whatever the plan") {
  // Arrays, two ways to deal rows, many groups and few in partitions, and a filter that leaves out the
  // beginning.
  for (const std::int64_t step : {1, 1'000'003})
    for (const std::int64_t keys : {100, 1000, 5000, 150'000})
      for (const aggregate& of : {aggregate::sum("v"), aggregate::median("v")}) {
        typed_table from = keyed_rows(200'000, keys, step);
        const std::span<const std::int64_t> key = from["k"].numbers<std::int64_t>();
        const auto late = [](index_t row) { return row >= 40'000; };
        const grouped_table got = group_by(from, {"k"}, {of}, {.where = late});
        INFO(got.explain());
        std::vector<std::int64_t> expected;
        std::set<std::int64_t> seen;
        for (std::size_t row = 40'000; row < key.size(); ++row)
          if (seen.insert(key[row]).second) expected.push_back(key[row]);
        const auto groups = got["k"].numbers<std::int64_t>();
        CHECK(std::equal(groups.begin(), groups.end(), expected.begin(), expected.end()));
      }
}

TEST_CASE("group_by: rows of one group that follow each other, beside single ones") {
  // Keys in runs of 500 rows and, in every other thousand, anew in each row; more keys than are kept in
  // copies.
  const index_t rows = 40'000;
  std::vector<std::int64_t> key, whole;
  std::vector<double> real;
  std::map<std::int64_t, std::tuple<std::int64_t, std::int64_t, double, std::int64_t>> expected;
  for (index_t row = 0; row < rows; ++row) {
    const bool in_run = row / 1000 % 2 == 0;
    key.push_back(in_run ? row / 500 % 7 : row * 7919 % 1000);
    whole.push_back(row % 1001 - 500);
    real.push_back(1.0 / static_cast<double>(row + 1));
    auto& [count, sum, reals, least] = expected[key.back()];
    least = count == 0 ? whole.back() : std::min(least, whole.back());
    ++count;
    sum += whole.back();
    reals += real.back();
  }
  typed_table t;
  t.add("k", typed_column::of(key)).add("i", typed_column::of(whole)).add("d", typed_column::of(real));
  on_every_setting([&] {
    const grouped_table got = group_by(
        t, {"k"},
        {aggregate::count().as("n"), aggregate::sum("i").as("sum"), aggregate::sum("d").as("reals")}, {});
    const grouped_table least = group_by(t, {"k"}, {aggregate::count(), aggregate::min("i").as("least")}, {});
    REQUIRE(got.groups() == static_cast<index_t>(expected.size()));
    for (index_t g = 0; g < got.groups(); ++g) {
      const auto& [count, sum, reals, smallest] = expected.at(got["k"].integer(g));
      CHECK(got["n"].integer(g) == count);
      CHECK(got["sum"].integer(g) == sum);
      CHECK(got["reals"].real(g) == doctest::Approx(reals).epsilon(1e-12));
      CHECK(least["least"].integer(g) == smallest);
    }
  });
}

TEST_CASE("group_by: sets of integers and sums where many values are missing, in few groups and in many") {
  std::mt19937 random(3);
  constexpr unsigned rows = 50'000;
  const auto sets_of = [&random](unsigned keys, bool in_runs) {
    CAPTURE(keys);
    CAPTURE(in_runs);
    std::vector<std::int32_t> key;
    std::vector<std::int64_t> value;
    std::vector<std::uint8_t> there;
    std::map<std::int32_t, std::set<std::int64_t>> naive;
    for (unsigned row = 0; row < rows; ++row) {
      key.push_back(static_cast<std::int32_t>(in_runs ? row / 40 % keys : random() % keys));
      value.push_back(static_cast<std::int64_t>(in_runs && row % 3 != 0 ? row / 9 % 500 : random() % 500) -
                      250);
      there.push_back(static_cast<std::uint8_t>(random() % 3 != 0));
      if (there.back() != 0) naive[key.back()].insert(value.back());
    }
    typed_table from;
    from.add("k", typed_column::of(key)).add("v", typed_column::of(value, there));
    const grouped_table got = group_by(
        from, {"k"}, {aggregate::count_distinct("v"), aggregate::count("v"), aggregate::count().as("rows")});
    for (index_t g = 0; g < got.groups(); ++g) {
      const auto of_group = static_cast<std::int32_t>(got["k"].integer(g));
      CHECK(got["distinct(v)"].integer(g) == static_cast<std::int64_t>(naive[of_group].size()));
      CHECK(got["rows"].integer(g) == std::count(key.begin(), key.end(), of_group));
    }
    CHECK(group_by(from, {}, {aggregate::count("v")})["count(v)"].integer(0) ==
          std::count(there.begin(), there.end(), 1));
  };
  for (const unsigned keys : {3U, 40U, 3000U})
    for (const bool in_runs : {false, true}) sets_of(keys, in_runs);
}

TEST_CASE("group_by: sorted, missing keys last, strings by their bytes") {
  const std::vector<std::uint8_t> valid{1, 1, 0, 1};
  typed_table t;
  t.add("s", typed_column::strings({"pear", "apple", "", "Zoe"}, valid));
  const grouped_table got = group_by(t, {"s"}, {aggregate::count()}, {.order = group_order::sorted});
  CHECK(got["s"].text(0) == "Zoe");
  CHECK(got["s"].text(1) == "apple");
  CHECK(got["s"].text(2) == "pear");
  CHECK_FALSE(got["s"].valid(3));
}

TEST_CASE("group_by: functions as inputs, and a filter, in the same pass") {
  typed_table t;
  std::vector<int> quantity;
  std::vector<double> price;
  std::vector<std::uint8_t> shop;
  for (int r = 0; r < 5000; ++r) {
    quantity.push_back(r % 7);
    price.push_back(r % 5 + 0.5);
    shop.push_back(static_cast<std::uint8_t>(r % 3));
  }
  t.add("shop", typed_column::over(std::span<const std::uint8_t>(shop)));
  const auto at = [](index_t row) { return static_cast<std::size_t>(row); };
  const input revenue([&](index_t row) { return quantity[at(row)] * price[at(row)]; }, "revenue");
  const input sold(
      [&](index_t row) { return quantity[at(row)] > 0 ? std::optional(quantity[at(row)]) : std::nullopt; },
      "sold");
  const grouped_table got =
      group_by(t, {"shop"}, {aggregate::sum(revenue), aggregate::count(sold), aggregate::count_missing(sold)},
               {.where = [&](index_t row) { return price[at(row)] < 3; }});
  for (index_t g = 0; g < 3; ++g) {
    double sum = 0;
    std::int64_t count = 0;
    std::int64_t missing = 0;
    for (std::size_t r = 0; r < shop.size(); ++r) {
      if (shop[r] != got["shop"].integer(g) || price[r] >= 3) continue;
      sum += quantity[r] * price[r];
      (quantity[r] > 0 ? count : missing) += 1;
    }
    CHECK(got["sum(revenue)"].real(g) == sum);  // halves: exact in any order
    CHECK(got["count(sold)"].integer(g) == count);
    CHECK(got["missing(sold)"].integer(g) == missing);
  }
}

TEST_CASE("group_by: correlation, quantiles, smallest, minima of strings") {
  typed_table t;
  t.add("k", typed_column::of(std::vector<int>{1, 1, 1, 1, 2}));
  t.add("x", typed_column::of(std::vector<double>{1, 2, 3, 4, 5}));
  t.add("y", typed_column::of(std::vector<int>{8, 6, 4, 2, 9}));
  t.add("s", typed_column::strings({"b", "a", "c", "b", "z"}));
  const grouped_table got = group_by(
      t, {"k"},
      {aggregate::correlation("x", "y"), aggregate::quantile("x", 0.25).as("q"), aggregate::smallest("y", 2),
       aggregate::min("s"), aggregate::max("s"), aggregate::last("s"), aggregate::standard_deviation("x")});
  CHECK(got["correlation(x, y)"].real(0) == doctest::Approx(-1));
  CHECK_FALSE(got["correlation(x, y)"].valid(1));
  CHECK(got["q"].real(0) == 1.75);
  CHECK(got["smallest(y)[1]"].integer(0) == 2);
  CHECK(got["smallest(y)[2]"].integer(0) == 4);
  CHECK_FALSE(got["smallest(y)[2]"].valid(1));
  CHECK(got["min(s)"].text(0) == "a");
  CHECK(got["max(s)"].text(0) == "c");
  CHECK(got["last(s)"].text(0) == "b");
  CHECK(got["standard deviation(x)"].real(0) == doctest::Approx(std::sqrt(5.0 / 3)));
}

TEST_CASE("group_by: variance of values far from zero") {
  typed_table t;
  std::vector<double> v;
  for (int i = 0; i < 100'000; ++i) v.push_back(1e9 + i % 2);
  t.add("v", typed_column::of(std::move(v)));
  CHECK(group_by(t, {}, {aggregate::variance("v")})["variance(v)"].real(0) ==
        doctest::Approx(0.25).epsilon(1e-4));
}

TEST_CASE("group_by: no rows, no groups; no keys, one group") {
  typed_table t;
  t.add("k", typed_column::of(std::vector<int>{})).add("v", typed_column::of(std::vector<double>{}));
  CHECK(group_by(t, {"k"}, groups::all_bounded({aggregate::sum("v")})).groups() == 0);
  CHECK(group_by(t, {"k"}, {aggregate::median("v")}).groups() == 0);
  CHECK(group_by(t, {}, {aggregate::sum("v")}).groups() == 0);
  CHECK(group_by(keyed_rows(10, 5, 1), {}, {aggregate::count()})["count"].integer(0) == 10);
}

TEST_CASE("group_by: wrong arguments are named") {
  typed_table t = keyed_rows(10, 5, 1);
  t.add("s", typed_column::strings({"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}));
  CHECK_THROWS_WITH_AS(group_by(t, {"key"}, {}), "column is key: expected one of: \"k\" \"v\" \"s\"",
                       polyloop::invalid_argument);
  CHECK_THROWS_AS(group_by(t, {"k"}, {aggregate::sum("s")}), polyloop::invalid_argument);
  CHECK_THROWS_AS(group_by(t, {"k"}, {aggregate::min("s"), aggregate::mean("s")}),
                  polyloop::invalid_argument);
  CHECK_THROWS_AS(group_by(t, {"k"}, {aggregate::sum("v"), aggregate::sum("v")}), polyloop::invalid_argument);
  CHECK_THROWS_AS(aggregate::quantile("v", 1.5), polyloop::invalid_argument);
  CHECK_THROWS_AS(aggregate::largest("v", 0), polyloop::invalid_argument);
  CHECK_THROWS_AS(t.add("x", typed_column::of(std::vector<int>{1})), polyloop::invalid_argument);
  CHECK_THROWS_AS(typed_column::coded(std::vector<int>{3}, typed_column::strings({"a"})),
                  polyloop::invalid_argument);
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(group_by(t, {"k"}, {}, {.loops = {.stop = stop.get_token()}}), polyloop::stopped);
}

TEST_CASE("group_by: a filter that changes its mind ends, with no more groups than there are keys") {
  const typed_table t = keyed_rows(40'000, 50, 1);
  std::atomic<index_t> calls = 0;
  const auto once = [&](index_t) { return calls++ < t.rows(); };  // each row, but not again
  CHECK(group_by(t, {"k"}, {aggregate::sum("v")}, {.where = once}).groups() <= 50);
  calls = 0;
  const grouped_table dealt =
      group_by(t, {"k"}, {aggregate::count(), aggregate::median("v")}, {.where = once});
  CHECK(dealt.explain().find("partitions") == 0);
  CHECK(dealt.groups() == 50);
}

TEST_CASE("group_by: what a function throws comes out") {
  const typed_table t = keyed_rows(50'000, 5, 1);
  const input thrower([](index_t row) -> double { return row == 40'000 ? throw row : 0; });
  CHECK_THROWS_AS(group_by(t, {"k"}, {aggregate::sum(thrower)}), index_t);
}

TEST_CASE("aggregator: batches, merged and saved ones, are as the whole") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    const groups::random_table from = random_table(seed, 3000);
    std::vector<aggregate> all = groups::all_bounded(groups::all_aggregates());
    std::erase_if(all, [](const aggregate& each) {
      return each.what() != aggregate::kind::count_rows && each.inputs().front().name() == "s";
    });
    const grouped_table whole = group_by(from.table, from.keys, all);
    const index_t cut = from.table.rows() / 3;
    const auto part = [&](index_t first, index_t rows) {
      typed_table made;
      for (const std::string& name : from.table.names()) made.add(name, from.table[name].slice(first, rows));
      return made;
    };
    aggregator first(from.keys, all);
    first.add(part(0, cut));
    first.add(part(cut, cut));
    aggregator second(from.keys, all);
    second.add(part(2 * cut, from.table.rows() - 2 * cut));
    first.merge_saved(second.save());
    CHECK(first.rows() == from.table.rows());
    const grouped_table got = first.finish();
    REQUIRE(got.groups() == whole.groups());
    for (const std::string& name : whole.columns().names()) {
      CAPTURE(name);
      const bool rounded = name == "sum(w)" || name == "mean(w)" || name == "variance(w)" || name == "sum(v)";
      for (index_t g = 0; !rounded && g < got.groups(); ++g)
        CHECK(groups::text_of(got[name], g) == groups::text_of(whole[name], g));
    }
    CHECK(first.groups() == 0);
  }
}

TEST_CASE("aggregator: sums add up, a snapshot changes nothing") {
  const typed_table t = keyed_rows(10'000, 7, 1);
  aggregator sums({"k"}, {aggregate::sum("v"), aggregate::count()});
  sums.add(t);
  const double once = sums.snapshot(group_order::sorted)["sum(v)"].real(3);
  sums.add(t);
  CHECK(sums.snapshot(group_order::sorted)["sum(v)"].real(3) == 2 * once);
  CHECK(sums.groups() == 7);
  CHECK(sums.rows() == 20'000);
}

TEST_CASE("aggregator: wrong uses are named") {
  CHECK_THROWS_AS(aggregator({"k"}, {aggregate::median("v")}), polyloop::invalid_argument);
  aggregator sums({"k"}, {aggregate::sum("v")});
  CHECK(sums.snapshot().groups() == 0);
  sums.add(keyed_rows(10, 3, 1));
  typed_table other;
  other.add("k", typed_column::strings({"a"})).add("v", typed_column::of(std::vector<double>{1}));
  CHECK_THROWS_AS(sums.add(other), polyloop::invalid_argument);
  aggregator more({"k"}, {aggregate::sum("v"), aggregate::count()});
  CHECK_THROWS_AS(more.merge(sums), polyloop::invalid_argument);
  const std::string saved = sums.save();
  for (std::size_t n = 0; n < saved.size(); ++n)
    CHECK_THROWS_AS(sums.merge_saved(std::string_view(saved).substr(0, n)), polyloop::invalid_argument);
  CHECK(sums.rows() == 10);
}

TEST_CASE("group_by: scratch memory is used again, and results outlive it") {
  const typed_table t = keyed_rows(300'000, 250'000, 1);
  const auto result = [&](scratch_memory* memory) {
    return group_by(t, {"k"}, {aggregate::sum("v"), aggregate::median("v")}, {.memory = memory});
  };
  const std::vector<std::string> expected = texts(result(nullptr));
  std::optional<scratch_memory> memory;
  memory.emplace();
  CHECK(texts(result(&*memory)) == expected);
  const std::size_t idle = memory->idle_bytes();
  CHECK(idle > 0);
  const grouped_table kept = result(&*memory);
  CHECK(memory->idle_bytes() < idle);
  memory->clear();
  CHECK(memory->idle_bytes() == 0);
  memory.reset();
  CHECK(texts(kept) == expected);
}

TEST_CASE("group_by: small blocks of scratch memory are used again, and go when the last is given back") {
  const typed_table t = keyed_rows(20'000, 3'000, 1);
  const auto result = [&](scratch_memory& memory) {
    return group_by(t, {"k"}, {aggregate::sum("v")}, {.memory = &memory});
  };
  scratch_memory memory;
  static_cast<void>(result(memory));
  const std::size_t idle = memory.idle_bytes();
  CHECK(idle > 0);
  for (int again = 0; again < 5; ++again) static_cast<void>(result(memory));
  CHECK(memory.idle_bytes() <= 2 * idle);  // two workers may hold more at once than they did the first time
  std::optional<grouped_table> kept = result(memory);
  const std::vector<std::string> expected = texts(*kept);
  memory.clear();
  CHECK(memory.idle_bytes() == 0);
  CHECK(texts(result(memory)) == expected);
  CHECK(texts(*kept) == expected);
  const std::size_t without = memory.idle_bytes();
  kept.reset();
  CHECK(memory.idle_bytes() == without);
}

TEST_CASE("typed_column: takes vectors as they are, whatever their memory is of") {
  polyloop::huge_vector<std::int32_t> numbers(3, 7);
  const void* const memory = numbers.data();
  const typed_column column = typed_column::of(std::move(numbers));
  CHECK(column.numbers<std::int32_t>().data() == memory);
  polyloop::huge_vector<std::uint8_t> codes(2, 1);
  const typed_column coded = typed_column::coded(std::move(codes), typed_column::strings({"a", "b"}));
  CHECK(coded.text(1) == "b");
}

TEST_CASE("group_by: every type of key, one by one and with missing ones") {
  for (unsigned type = 0; type < 13; ++type)
    for (const unsigned missing : {0U, 30U})
      for (const bool coded : {false, true}) {
        CAPTURE(type);
        std::mt19937_64 random(type);
        groups::random_table from;
        const auto column = [&](value_type of, bool as_codes) {
          return groups::column_of({of, 40, missing, false, as_codes}, 2000, random);
        };
        from.keys = {"k0"};
        from.table.add("k0", column(static_cast<value_type>(type), coded));
        from.table.add("v", column(value_type::int32, false)).add("w", column(value_type::float64, false));
        from.table.add("s", column(value_type::string, coded));
        const auto expected = groups::naive_groups(from, all_rows(from.table));
        groups::check_groups(from,
                             group_by(from.table, from.keys, groups::all_bounded(groups::all_aggregates())),
                             expected, group_order::first_appearance);
      }
}

TEST_CASE("group_by: quantiles of large groups are the values at their places, whatever the values' order") {
  constexpr index_t rows = 100'003;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const std::vector<std::pair<const char*, std::function<double(index_t)>>> orders{
      {"rising", [](index_t row) { return static_cast<double>(row); }},
      {"falling", [](index_t row) { return -static_cast<double>(row); }},
      {"all alike", [](index_t) { return 7.0; }},
      {"two values", [](index_t row) { return row % 2 == 0 ? -1.0 : 1.0; }},
      {"scattered", [](index_t row) { return static_cast<double>(row * 7919 % rows); }},
      {"the sample sees other values",
       [](index_t row) { return row % 24 == 0 ? 1e9 : static_cast<double>(row % 100); }},
      {"infinities", [](index_t row) { return row % 3 == 0   ? infinity
                                              : row % 3 == 1 ? -infinity
                                                             : 0.0; }}};
  for (const auto& [name, value] : orders)
    for (const std::int32_t groups : {1, 2}) {
      CAPTURE(name);
      CAPTURE(groups);
      std::vector<double> values;
      std::vector<std::int32_t> keys;
      std::vector<std::vector<double>> expected(static_cast<std::size_t>(groups));
      for (index_t row = 0; row < rows; ++row) {
        values.push_back(value(row));
        keys.push_back(static_cast<std::int32_t>(row % groups));
        expected[static_cast<std::size_t>(keys.back())].push_back(values.back());
      }
      for (std::vector<double>& each : expected) std::sort(each.begin(), each.end());
      typed_table table;
      table.add("key", typed_column::of(keys)).add("value", typed_column::of(values));
      for (const double q : {0.0, 0.001, 0.25, 0.5, 0.777, 1.0}) {
        CAPTURE(q);
        const grouped_table got = group_by(table, {"key"}, {aggregate::quantile("value", q).as("q")});
        for (std::int32_t g = 0; g < groups; ++g) {
          const std::vector<double>& sorted = expected[static_cast<std::size_t>(g)];
          const double at = q * static_cast<double>(sorted.size() - 1);
          const auto below = static_cast<std::size_t>(at);
          const double part = at - static_cast<double>(below);
          const double low = sorted[below];
          const double wanted = part == 0 ? low : low + (sorted[below + 1] - low) * part;
          const double found = got["q"].real(g);
          CHECK((found == wanted || (found != found && wanted != wanted)));
        }
      }
    }
}

TEST_CASE("group_by: a NaN in a large group is its quantile") {
  std::vector<double> values(100'000, 1.0);
  values[77'777] = std::numeric_limits<double>::quiet_NaN();
  typed_table table;
  table.add("value", typed_column::of(values));
  CHECK(std::isnan(group_by(table, {}, {aggregate::median("value").as("m")})["m"].real(0)));
}

TEST_CASE("group_by: integers as far apart as they can be, some missing") {
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const std::vector<std::int64_t> cycle{least, most, -3, 5, least + 1};
  for (const bool missing : {false, true}) {
    CAPTURE(missing);
    std::vector<std::int64_t> keys;
    std::vector<std::uint8_t> valid;
    for (std::size_t row = 0; row < 100; ++row) {
      keys.push_back(cycle[row % 5]);
      valid.push_back(missing && row % 5 == 2 ? 0 : 1);
    }
    typed_table table;
    table.add("key", typed_column::of(keys, valid));
    const grouped_table got = group_by(table, {"key"}, {aggregate::count().as("n")});
    REQUIRE(got.groups() == 5);
    for (index_t g = 0; g < 5; ++g) {
      const auto at = static_cast<std::size_t>(g);
      CHECK(got["key"].valid(g) == (valid[at] != 0));
      if (valid[at] != 0) CHECK(got["key"].integer(g) == cycle[at]);
      CHECK(got["n"].integer(g) == 20);
    }
  }
}
