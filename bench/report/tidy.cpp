#include "report/tidy.hpp"

#include <algorithm>
#include <cmath>

#include "report/report.hpp"

namespace polyloop::bench {

using nlohmann::json;

namespace {

const json nothing;
const json empty_object = json::object();
const json empty_list = json::array();

const json& value_in(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

[[noreturn]] void refuse(const std::string& where, const char* problem) {
  throw results_error(where + problem);
}

const json& checked_object(const json& value, const std::string& where) {
  if (value.is_null()) return empty_object;
  if (!value.is_object()) refuse(where, " is no object");
  return value;
}

bool is_positive(const json& value) {
  return value.is_number() && std::isfinite(value.get<double>()) && value.get<double>() > 0;
}

/// The bounds lie around the middle, whatever the file says.
json tidy_interval(const json& value) {
  const json& middle = value.contains("median") ? value["median"] : value_in(value, "ratio");
  if (!is_positive(middle)) return nullptr;
  const auto bound = [&](const char* name) {
    return is_positive(value_in(value, name)) ? value[name] : middle;
  };
  return {
      {"middle", middle}, {"low", std::min(bound("low"), middle)}, {"high", std::max(bound("high"), middle)}};
}

json missing(const field& which, const std::string& where) {
  if (which.needed) refuse(where, " is missing");
  switch (which.kind) {
    case field_kind::text:
      return "";
    case field_kind::flag:
      return false;
    default:
      return nullptr;
  }
}

bool is_of_kind(const json& value, field_kind kind) {
  switch (kind) {
    case field_kind::text:
      return value.is_string();
    case field_kind::number:
      return value.is_number();
    case field_kind::flag:
      return value.is_boolean();
    default:
      return value.is_object();
  }
}

const char* otherwise(field_kind kind) {
  switch (kind) {
    case field_kind::text:
      return " is no text";
    case field_kind::number:
      return " is no number";
    case field_kind::flag:
      return " is neither true nor false";
    default:
      return " is no interval";
  }
}

json tidy_field(const json& value, const field& which, const std::string& where) {
  if (value.is_null()) return missing(which, where);
  if (!is_of_kind(value, which.kind)) refuse(where, otherwise(which.kind));
  return which.kind == field_kind::interval ? tidy_interval(value) : value;
}

}  // namespace

json tidy(const json& object, std::span<const field> fields, const std::string& where) {
  const json& from = checked_object(object, where);
  json result = json::object();
  for (const field& each : fields)
    result[each.name] = tidy_field(value_in(from, each.name), each, where + "." + each.name);
  return result;
}

json tidy_list(const json& owner, const char* name, std::span<const field> fields, const std::string& where) {
  json result = json::array();
  for (const json& each : list_in(owner, name, where))
    result.push_back(tidy(each, fields, where + "." + name + "[" + std::to_string(result.size()) + "]"));
  return result;
}

const json& object_in(const json& owner, const char* name, const std::string& where) {
  return checked_object(value_in(owner, name), where + "." + name);
}

const json& list_in(const json& owner, const char* name, const std::string& where) {
  const json& list = value_in(owner, name);
  if (list.is_null()) return empty_list;
  if (!list.is_array()) refuse(where + "." + name, " is no list");
  return list;
}

}  // namespace polyloop::bench
