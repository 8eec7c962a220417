#pragma once

#include <cstdint>

#include "polyloop/aggregation/typed_column.hpp"

namespace polyloop::aggregation {

/// call(T{}) with the type of a column's numbers; a timestamp is an int64. Throws invalid_argument for
/// booleans and strings, which have none.
template <class Call>
auto by_type(value_type type, const Call& call) {
  switch (type) {
    case value_type::int8:
      return call(std::int8_t{});
    case value_type::int16:
      return call(std::int16_t{});
    case value_type::int32:
      return call(std::int32_t{});
    case value_type::int64:
    case value_type::timestamp:
      return call(std::int64_t{});
    case value_type::uint8:
      return call(std::uint8_t{});
    case value_type::uint16:
      return call(std::uint16_t{});
    case value_type::uint32:
      return call(std::uint32_t{});
    case value_type::uint64:
      return call(std::uint64_t{});
    case value_type::float32:
      return call(float{});
    case value_type::float64:
      return call(double{});
    case value_type::boolean:
    case value_type::string:
      break;
  }
  throw invalid_argument("type of the column", name_of(type), "a type of numbers");
}

}  // namespace polyloop::aggregation
