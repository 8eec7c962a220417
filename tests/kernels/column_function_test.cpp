#include "polyloop/aggregation/column_function.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include "polyloop/aggregation/group_table.hpp"

namespace {

using namespace polyloop::aggregation;
using polyloop::index_t;

typed_table shop() {
  typed_table made;
  made.add("country", dictionary_coded(typed_column::strings({"Spain", "Malta", "Spain", "Malta"})));
  made.add("product", typed_column::strings({"tea", "", "milk", "tea"}));
  made.add("quantity", typed_column::of(std::vector<std::int32_t>{6, 2, 1, 4}));
  const std::vector<std::uint8_t> there{1, 0, 1, 1};
  made.add("price", typed_column::of(std::vector<double>{2.5, 10, 4, 2.5}, there));
  made.add("gift", typed_column::booleans({false, true, false, false}));
  return made;
}

}  // namespace

TEST_CASE("column functions: arguments are the columns' values, in their own types") {
  const typed_table of = shop();
  const input revenue(
      of_columns(of, {"quantity", "price"},
                 [](std::int32_t quantity, std::optional<double> price) -> std::optional<double> {
                   if (!price) return std::nullopt;
                   return quantity * *price;
                 }),
      "revenue");
  const auto given = of_columns(
      of, {"gift", "product"}, [](bool gift, std::string_view product) { return gift || product == "milk"; });
  const auto in_spain =
      of_columns(of, {"country"}, [](const std::string_view& country) { return country == "Spain"; });
  const grouped_table all =
      group_by(of, {"country"}, {aggregate::sum(revenue), aggregate::count_missing(revenue)});
  CHECK(all["sum(revenue)"].real(0) == 19);
  CHECK(all["sum(revenue)"].real(1) == 10);
  CHECK(all["missing(revenue)"].integer(1) == 1);
  CHECK(group_by(of, {}, {aggregate::count()}, {.where = given})["count"].integer(0) == 2);
  CHECK(group_by(of, {}, {aggregate::sum("quantity")}, {.where = in_spain})["sum(quantity)"].integer(0) == 7);
}

TEST_CASE("column functions: tell what they read, which is fetched ahead and changes no result") {
  typed_table of;
  std::vector<std::int32_t> key;
  std::vector<double> price;
  std::vector<bool> gift;
  std::int64_t paid = 0;
  for (std::int32_t row = 0; row < 50'001; ++row) {
    key.push_back(row % 7);
    price.push_back(row % 100);
    gift.push_back(row % 3 == 0);
    if (row % 3 != 0) paid += row % 100;
  }
  of.add("key", typed_column::of(key)).add("price", typed_column::of(price));
  of.add("gift", typed_column::booleans(gift));
  const auto given = of_columns(of, {"gift", "price"}, [](bool free, double p) { return free ? 0 : p; });
  REQUIRE(given.streams().size() == 2);
  CHECK(given.streams()[0].bytes == 0);  // bits do not lie in rows
  CHECK(given.streams()[1].bytes == sizeof(double));
  const void* const values = of["price"].numbers<double>().data();
  CHECK(given.streams()[1].at == values);
  const auto bought = of_columns(of, {"gift"}, [](bool free) { return !free; });
  const grouped_table all = group_by(of, {}, {aggregate::sum({given, "paid"})});
  CHECK(all["sum(paid)"].real(0) == static_cast<double>(paid));
  const grouped_table some = group_by(of, {"key"}, {aggregate::sum("price")}, {.where = bought});
  double total = 0;
  for (index_t g = 0; g < some.groups(); ++g) total += some["sum(price)"].real(g);
  CHECK(total == static_cast<double>(paid));
}

TEST_CASE("column functions: a user's own function may have a member streams() that means something else") {
  struct twice {
    index_t operator()(index_t row) const { return 2 * row; }
    int streams() const { return 7; }
  };
  CHECK(group_by(shop(), {}, {aggregate::sum({twice{}, "twice"})})["sum(twice)"].integer(0) == 12);
}

TEST_CASE("column functions: other types, values that may be missing and unknown names are declined") {
  const typed_table of = shop();
  using polyloop::invalid_argument;
  CHECK_THROWS_AS(of_columns(of, {"quantity"}, [](std::int64_t) { return true; }), invalid_argument);
  CHECK_THROWS_AS(of_columns(of, {"country"}, [](std::uint32_t) { return true; }), invalid_argument);
  CHECK_THROWS_AS(of_columns(of, {"quantity"}, [](std::string_view) { return true; }), invalid_argument);
  CHECK_THROWS_AS(of_columns(of, {"price"}, [](double) { return true; }), invalid_argument);
  CHECK_THROWS_AS(of_columns(of, {"prize"}, [](double) { return true; }), invalid_argument);
}
