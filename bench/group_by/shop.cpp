#include "group_by/shop.hpp"

#include <algorithm>
#include <numeric>
#include <span>

namespace polyloop::bench::group_by {

namespace {

using namespace aggregation;

/// "2010-12-01T08:26:00" is month 201012.
typed_column month_of(const string_column& dates) {
  std::vector<std::int32_t> months;
  for (index_t row = 0; row < dates.rows(); ++row) {
    const std::string_view date = dates[row];
    months.push_back(std::stoi(std::string(date.substr(0, 4))) * 100 +
                     std::stoi(std::string(date.substr(5, 2))));
  }
  return typed_column::of(std::move(months));
}

/// Quantity x price, in the pass over the rows.
input revenue_of(const typed_table& shop) {
  const auto revenue = [](std::int64_t quantity, double price) {
    return static_cast<double>(quantity) * price;
  };
  return {of_columns(shop, {"quantity", "price"}, revenue), "revenue"};
}

grouping sorted_in(scratch_memory& memory) {
  return {.order = group_order::sorted, .memory = &memory};
}

typed_table revenue_by(const typed_table& shop, const std::vector<std::string>& keys,
                       scratch_memory& memory) {
  return aggregation::group_by(
             shop, keys, {aggregate::count(), aggregate::sum("quantity"), aggregate::sum(revenue_of(shop))},
             sorted_in(memory))
      .columns();
}

typed_table top_products(const typed_table& shop, scratch_memory& memory) {
  const grouped_table products = aggregation::group_by(
      shop, {"product"}, {aggregate::sum(revenue_of(shop)).as("revenue")}, {.memory = &memory});
  std::vector<index_t> order(static_cast<std::size_t>(products.groups()));
  std::iota(order.begin(), order.end(), index_t{0});
  const auto end = order.begin() + std::min<std::ptrdiff_t>(10, static_cast<std::ptrdiff_t>(order.size()));
  const std::span<const double> revenue = products["revenue"].numbers<double>();
  const auto revenue_at = [revenue](index_t group) { return revenue[static_cast<std::size_t>(group)]; };
  std::partial_sort(order.begin(), end, order.end(),
                    [&](index_t a, index_t b) { return revenue_at(a) > revenue_at(b); });
  std::vector<std::string_view> names;
  std::vector<double> revenues;
  for (auto at = order.begin(); at != end; ++at) {
    names.push_back(products["product"].text(*at));
    revenues.push_back(revenue_at(*at));
  }
  typed_table result;
  result.add("product", typed_column::strings(names)).add("revenue", typed_column::of(std::move(revenues)));
  return result;
}

typed_table median_basket(const typed_table& shop, scratch_memory& memory) {
  const grouped_table baskets = aggregation::group_by(
      shop, {"invoice"}, {aggregate::sum(revenue_of(shop)).as("basket")}, {.memory = &memory});
  return aggregation::group_by(baskets.columns(), {}, {aggregate::median("basket")}, {.memory = &memory})
      .columns();
}

}  // namespace

typed_table read_shop(const std::string& csv_file) {
  const table read = read_csv_file(csv_file, {{"InvoiceNo"},
                                              {"StockCode"},
                                              {"Quantity", column_type::int64},
                                              {"InvoiceDate"},
                                              {"UnitPrice", column_type::float64},
                                              {"CustomerID", column_type::int64},
                                              {"Country"}});
  const auto coded = [&read](const char* name) { return dictionary_coded(typed_column::from(read[name])); };
  typed_table shop;
  shop.add("country", coded("Country")).add("month", month_of(read.string("InvoiceDate")));
  shop.add("product", coded("StockCode")).add("customer", typed_column::from(read["CustomerID"]));
  shop.add("invoice", coded("InvoiceNo")).add("quantity", typed_column::from(read["Quantity"]));
  shop.add("price", typed_column::from(read["UnitPrice"]));
  return shop;
}

std::vector<shop_question> shop_questions() {
  return {
      {"revenue by country",
       [](const typed_table& shop, scratch_memory& memory) { return revenue_by(shop, {"country"}, memory); },
       "SELECT country, count(*), sum(quantity), sum(quantity * price) FROM shop GROUP BY country ORDER BY "
       "country"},
      {"revenue by country and month",
       [](const typed_table& shop, scratch_memory& memory) {
         return revenue_by(shop, {"country", "month"}, memory);
       },
       "SELECT country, month, count(*), sum(quantity), sum(quantity * price) FROM shop GROUP BY country, "
       "month "
       "ORDER BY country, month"},
      {"top 10 products", top_products,
       "SELECT product, sum(quantity * price) AS r FROM shop GROUP BY product ORDER BY r DESC LIMIT 10"},
      {"distinct customers by country",
       [](const typed_table& shop, scratch_memory& memory) {
         return aggregation::group_by(shop, {"country"}, {aggregate::count_distinct("customer")},
                                      sorted_in(memory))
             .columns();
       },
       "SELECT country, count(DISTINCT customer) FROM shop GROUP BY country ORDER BY country"},
      {"median basket", median_basket,
       "SELECT median(r) FROM (SELECT sum(quantity * price) AS r FROM shop GROUP BY invoice)"}};
}

}  // namespace polyloop::bench::group_by
