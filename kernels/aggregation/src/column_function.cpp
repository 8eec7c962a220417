#include "polyloop/aggregation/column_function.hpp"

namespace polyloop::aggregation::detail {

void check_argument(const typed_table& table, const std::string& name, value_type wanted, bool optional) {
  const typed_column& of = table[name];
  const bool ticks = wanted == value_type::int64 && of.type() == value_type::timestamp;
  if (of.type() != wanted && !ticks)
    throw invalid_argument("argument for column " + name, name_of(wanted), name_of(of.type()));
  if (of.may_be_missing() && !optional)
    throw invalid_argument("argument for column " + name, name_of(wanted),
                           "a std::optional, for values may be missing");
}

}  // namespace polyloop::aggregation::detail
