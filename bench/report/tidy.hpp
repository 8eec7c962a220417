#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

namespace polyloop::bench {

/// What a field of the results is. An interval is an object with low, high and
/// a median or a ratio between them; the page gets {middle, low, high}.
enum class field_kind { text, number, flag, interval };

struct field {
  const char* name;
  field_kind kind;
  bool needed = false;
};

/// The fields of an object and nothing else, each of its kind: what is missing
/// or null becomes null, an empty text, or false. `where` names the object in
/// errors. Throws results_error for a field of another kind, or a needed one
/// that is missing.
nlohmann::json tidy(const nlohmann::json& object, std::span<const field> fields, const std::string& where);

/// The same for each object of a list, which may be missing or null.
nlohmann::json tidy_list(const nlohmann::json& owner, const char* name, std::span<const field> fields,
                         const std::string& where);

/// owner[name], an empty object where it is missing or null. Throws
/// results_error where it is something else.
const nlohmann::json& object_in(const nlohmann::json& owner, const char* name, const std::string& where);

/// owner[name], an empty list where it is missing or null. Throws likewise.
const nlohmann::json& list_in(const nlohmann::json& owner, const char* name, const std::string& where);

}  // namespace polyloop::bench
