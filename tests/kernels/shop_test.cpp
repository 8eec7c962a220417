// Five questions about the transactions of a shop, on typed tables: against figures computed with R, and
// against plain maps.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "polyloop/aggregation/aggregation.hpp"
#include "polyloop/context.hpp"
#include "shop_file.hpp"

namespace {

using namespace polyloop::aggregation;
using polyloop::index_t;

std::string thousandths(double x) {
  char text[64];
  std::snprintf(text, sizeof text, "%.3f", x);
  return text;
}

struct shop_table {
  table read;
  typed_table columns;
};

shop_table read_shop(const std::string& file) {
  shop_table made{read_csv_file(file, {{"InvoiceNo"},
                                       {"StockCode"},
                                       {"Quantity", column_type::int64},
                                       {"InvoiceDate"},
                                       {"UnitPrice", column_type::float64},
                                       {"CustomerID", column_type::int64},
                                       {"Country"}}),
                  {}};
  const string_column& dates = made.read.string("InvoiceDate");
  std::vector<std::string_view> months;
  for (index_t row = 0; row < dates.rows(); ++row) months.push_back(dates[row].substr(0, 7));
  for (const char* name : {"Country", "StockCode", "InvoiceNo"})
    made.columns.add(name, dictionary_coded(typed_column::from(made.read[name])));
  made.columns.add("month", typed_column::strings(months));
  made.columns.add("CustomerID", typed_column::from(made.read["CustomerID"]));
  made.columns.add("Quantity", typed_column::of(made.read.int64("Quantity").values()));
  made.columns.add("UnitPrice", typed_column::of(made.read.float64("UnitPrice").values()));
  return made;
}

class questions {
 public:
  explicit questions(const shop_table& shop)
      : shop_(shop),
        revenue_(of_columns(shop.columns, {"Quantity", "UnitPrice"},
                            [](std::int64_t quantity, double price) {
                              return static_cast<double>(quantity) * price;
                            }),
                 "revenue") {}

  /// Key: "country" or "country, month".
  void check_revenue(const std::vector<std::string>& keys, const table* expected) const {
    const grouped_table got = group_by(
        shop_.columns, keys, {aggregate::count(), aggregate::sum("Quantity"), aggregate::sum(revenue_)},
        {.order = group_order::sorted});
    const auto& naive = sums_by(keys);
    REQUIRE(static_cast<std::size_t>(got.groups()) == naive.size());
    index_t g = 0;
    for (const auto& [key, sums] : naive) {
      CAPTURE(key);
      CHECK(key_of(got.columns(), keys, g) == key);
      CHECK(got["count"].integer(g) == sums.rows);
      CHECK(got["sum(Quantity)"].integer(g) == sums.quantity);
      CHECK(thousandths(got["sum(revenue)"].real(g)) == thousandths(sums.revenue));
      if (expected) check_expected(got, g, *expected);
      ++g;
    }
  }

  void check_top_products() const {
    const grouped_table got =
        group_by(shop_.columns, {"StockCode"}, {aggregate::sum(revenue_), aggregate::count()});
    CHECK(got.groups() == 4070);
    std::vector<std::pair<double, std::string>> ours;
    for (index_t g = 0; g < got.groups(); ++g)
      ours.emplace_back(got["sum(revenue)"].real(g), std::string(got["StockCode"].text(g)));
    std::vector<std::pair<double, std::string>> naive;
    for (const auto& [key, sums] : sums_by({"StockCode"})) naive.emplace_back(sums.revenue, key);
    for (auto* each : {&ours, &naive}) std::sort(each->begin(), each->end(), std::greater<>());
    for (std::size_t i = 0; i < 10; ++i) {
      CHECK(ours[i].second == naive[i].second);
      CHECK(thousandths(ours[i].first) == thousandths(naive[i].first));
    }
  }

  void check_customers() const {
    const grouped_table got =
        group_by(shop_.columns, {"Country"},
                 {aggregate::count_distinct("CustomerID"), aggregate::count_missing("CustomerID")});
    std::map<std::string, std::set<std::int64_t>> naive;
    const int64_column& customers = shop_.read.int64("CustomerID");
    for (index_t row = 0; row < customers.rows(); ++row) {
      auto& known = naive[std::string(shop_.columns["Country"].text(row))];
      if (customers.valid(row)) known.insert(customers[row]);
    }
    std::int64_t without = 0;
    for (index_t g = 0; g < got.groups(); ++g) {
      CHECK(got["distinct(CustomerID)"].integer(g) ==
            static_cast<std::int64_t>(naive[std::string(got["Country"].text(g))].size()));
      without += got["missing(CustomerID)"].integer(g);
    }
    CHECK(without == 135'080);
  }

  void check_median_basket() const {
    const grouped_table baskets =
        group_by(shop_.columns, {"InvoiceNo"}, {aggregate::sum(revenue_).as("basket")});
    CHECK(baskets.groups() == 25'900);
    std::vector<double> naive;
    for (const auto& [key, sums] : sums_by({"InvoiceNo"})) naive.push_back(sums.revenue);
    std::sort(naive.begin(), naive.end());
    const double median = (naive[naive.size() / 2 - 1] + naive[naive.size() / 2]) / 2;
    const grouped_table got = group_by(baskets.columns(), {}, {aggregate::median("basket")});
    CHECK(thousandths(got[got.columns().names().front()].real(0)) == thousandths(median));
  }

 private:
  /// Against the line of the group's country, of which there is one.
  static void check_expected(const grouped_table& got, index_t g, const table& expected) {
    const string_column& countries = expected.string("Country");
    index_t line = 0;
    while (line < countries.rows() && countries[line] != got["Country"].text(g)) ++line;
    REQUIRE(line < countries.rows());
    CHECK(got["count"].integer(g) == expected.int64("lines")[line]);
    CHECK(got["sum(Quantity)"].integer(g) == expected.int64("quantity")[line]);
    CHECK(thousandths(got["sum(revenue)"].real(g)) == expected.string("revenue")[line]);
  }

  struct sums_of {
    std::int64_t rows = 0;
    std::int64_t quantity = 0;
    double revenue = 0;
  };

  static std::string key_of(const typed_table& from, const std::vector<std::string>& keys, index_t row) {
    std::string key;
    for (const std::string& name : keys) {
      if (!key.empty()) key += '/';
      key += from[name].text(row);
    }
    return key;
  }

  /// Counted once for all backends.
  const std::map<std::string, sums_of>& sums_by(const std::vector<std::string>& keys) const {
    std::map<std::string, sums_of>& all = naive_[keys];
    if (!all.empty()) return all;
    for (index_t row = 0; row < shop_.columns.rows(); ++row) {
      sums_of& sums = all[key_of(shop_.columns, keys, row)];
      const std::int64_t quantity = shop_.read.int64("Quantity")[row];
      ++sums.rows;
      sums.quantity += quantity;
      sums.revenue += static_cast<double>(quantity) * shop_.read.float64("UnitPrice")[row];
    }
    return all;
  }

  const shop_table& shop_;
  input revenue_;
  mutable std::map<std::vector<std::string>, std::map<std::string, sums_of>> naive_;
};

}  // namespace

TEST_CASE("the shop's five questions on a typed table, to the last digit") {
  const auto packed = shop_data::data_folder() / "online-retail.csv.xz";
  const auto facts = shop_data::data_folder() / "online-retail.expected.csv";
  if (!shop_data::fs::exists(packed) || !shop_data::fs::exists(facts)) {
    MESSAGE("skipped: online-retail.csv.xz and online-retail.expected.csv are not in POLYLOOP_DATA");
    return;
  }
  const shop_data::unpacked file(packed);
  if (!file.done()) {
    MESSAGE("skipped: the program xz could not unpack online-retail.csv.xz");
    return;
  }
  const shop_table shop = read_shop(file.file());
  const table expected = read_csv_file(
      facts.string(),
      {{"Country"}, {"lines", column_type::int64}, {"quantity", column_type::int64}, {"revenue"}});
  const questions ask(shop);
  for (polyloop::backend* each : polyloop::compiled_backends()) {
    const polyloop::scoped_context scope{.backend = *each};
    CAPTURE(each->name());
    ask.check_revenue({"Country"}, &expected);
    ask.check_revenue({"Country", "month"}, nullptr);
    ask.check_top_products();
    ask.check_customers();
    ask.check_median_basket();
  }
}
