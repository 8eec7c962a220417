#pragma once

#include <functional>
#include <string>
#include <vector>

#include "polyloop/aggregation/aggregation.hpp"

namespace polyloop::bench::group_by {

/// A shop's transactions: InvoiceNo, StockCode, Quantity, InvoiceDate (ISO 8601), UnitPrice, CustomerID,
/// Country. Columns country, month, product, customer, invoice, quantity, price. Throws what read_csv throws.
aggregation::typed_table read_shop(const std::string& csv_file);

/// A question about it, here and in SQL; the rows of both are in the same order.
struct shop_question {
  std::string words;
  std::function<aggregation::typed_table(const aggregation::typed_table& shop,
                                         aggregation::scratch_memory& memory)>
      ask;
  std::string sql;
};

std::vector<shop_question> shop_questions();

}  // namespace polyloop::bench::group_by
