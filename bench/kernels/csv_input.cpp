#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "kernels/inputs.hpp"
#include "polyloop/aggregation/csv.hpp"

namespace polyloop::bench {

namespace {

using aggregation::column_type;

constexpr std::uint64_t generated_rows = 400'000;
constexpr std::uint64_t quick_rows = 40'000;
constexpr std::size_t probed_bytes = std::size_t{1} << 20;

/// A shop's transactions, like those of a real one in shape: few countries,
/// some thousand customers, quoted text with commas.
std::string generated_csv(std::uint64_t rows) {
  std::string text = "Description,Quantity,UnitPrice,CustomerID,Country\n";
  for (std::uint64_t row = 0; row < rows; ++row) {
    const std::uint64_t dice = scrambled(row);
    fmt::format_to(std::back_inserter(text), "\"ITEM {}, SET OF {}\",{},{}.{:02},{},Country {}\n",
                   dice % 4000, dice % 7 + 2, dice / 7 % 24 + 1, dice / 11 % 20, dice / 13 % 100,
                   12346 + dice / 17 % 5900, dice / 19 % 38);
  }
  return text;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

/// The names in the header, for looking for a column; names with commas are not found.
std::vector<std::string> names_of(std::string_view text) {
  std::string header(text.substr(0, text.find_first_of("\r\n")));
  if (header.starts_with("\xEF\xBB\xBF")) header.erase(0, 3);
  std::erase(header, '"');
  return split(header, ',');
}

/// The beginning of the text, up to the end of a line.
std::string_view beginning(std::string_view text) {
  if (text.size() <= probed_bytes) return text;
  return text.substr(0, text.rfind('\n', probed_bytes) + 1);
}

bool reads_as(std::string_view text, const std::string& name, column_type type) {
  try {
    aggregation::read_csv(text, {{name, type}});
    return true;
  } catch (const error&) {
    return false;
  }
}

std::vector<std::string> wanted_names(const csv_input& input) {
  std::vector<std::string> names = {input.key};
  names.insert(names.end(), input.values.begin(), input.values.end());
  return names;
}

/// A column of integers to group by: a customer's number where there is one.
std::optional<std::string> integer_key_of(const csv_input& input) {
  const std::vector<std::string> used = wanted_names(input);
  std::vector<std::string> names = names_of(input.text);
  const auto customer = std::find(names.begin(), names.end(), "CustomerID");
  if (customer != names.end()) std::rotate(names.begin(), customer, customer + 1);
  for (const std::string& name : names) {
    const bool taken = std::find(used.begin(), used.end(), name) != used.end();
    if (!taken && reads_as(beginning(input.text), name, column_type::int64) &&
        reads_as(input.text, name, column_type::int64))
      return name;
  }
  return std::nullopt;
}

/// Reads once what is going to be read: errors come before the first measurement.
void check_columns(const csv_input& input) {
  for (const std::string& name : wanted_names(input)) place_of(input, name);
  std::vector<aggregation::column_request> wanted = {{input.key, column_type::string}};
  for (const std::string& name : input.values) wanted.push_back({name, column_type::float64});
  try {
    aggregation::read_csv(input.text, wanted);
  } catch (const error& problem) {
    throw input_error(fmt::format("{}: {}", input.file, problem.what()));
  }
}

}  // namespace

std::size_t place_of(const csv_input& input, const std::string& name) {
  const std::vector<std::string> names = names_of(input.text);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw input_error(
        fmt::format("{}: line 1: no column \"{}\"; there are: {}", input.file, name, fmt::join(names, ", ")));
  return static_cast<std::size_t>(found - names.begin());
}

std::shared_ptr<const csv_input> load_csv(const inputs& how) {
  csv_input input;
  input.label = input_label(how.csv, how.csv_label);
  input.file = how.csv;
  input.text = how.csv.empty() ? generated_csv(how.quick ? quick_rows : generated_rows) : read_file(how.csv);
  input.key = how.csv_key;
  input.values = split(how.csv_value, '*');
  check_columns(input);
  input.integer_key = integer_key_of(input);
  return std::make_shared<const csv_input>(std::move(input));
}

}  // namespace polyloop::bench
