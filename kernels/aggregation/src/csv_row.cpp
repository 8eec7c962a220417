#include "csv_row.hpp"

#include <algorithm>

#include "polyloop/error.hpp"

namespace polyloop::aggregation {

namespace {

constexpr const char* field_end = "a separator or the end of the line";

bool ends_field(const char* at, const char* end, const dialect& rules) {
  if (at == end || *at == rules.separator() || *at == '\n') return true;
  return *at == '\r' && end - at > 1 && at[1] == '\n';
}

std::string misplaced(char c) {
  if (c == '"') return "a quote inside an unquoted field";
  if (c == '\r') return "a carriage return without a line feed";
  return "a NUL byte";
}

/// The closing quote of the field whose opening quote is at `open`.
const char* closing_quote(const char* open, const char* end, index_t column, bool& doubled) {
  const char* at = open + 1;
  for (;; at += 2) {
    while (at != end && *at != '"' && *at != '\0') ++at;
    if (at == end) throw field_failure{open, column, "the end of the text", "a closing quote"};
    if (*at == '\0') throw field_failure{open, column, misplaced('\0'), "text"};
    if (end - at < 2 || at[1] != '"') return at;
    doubled = true;
  }
}

const char* read_quoted(const char* open, const char* end, const dialect& rules, index_t column, field& out) {
  out = {{}, true, false};
  const char* const close = closing_quote(open, end, column, out.doubled);
  out.text = {open + 1, static_cast<std::size_t>(close - open - 1)};
  if (ends_field(close + 1, end, rules)) return close + 1;
  throw field_failure{open, column, excerpt({close + 1, 1}) + " after a closing quote", field_end};
}

}  // namespace

dialect::dialect(char separator) : separator_(separator) {
  if (separator == '"' || separator == '\n' || separator == '\r' || separator == '\0')
    throw invalid_argument("separator", std::to_string(static_cast<int>(separator)),
                           "a character other than quote, line ends and NUL");
  for (char c : {separator, '\n', '\r', '"', '\0'}) stops_[static_cast<unsigned char>(c)] = true;
}

const char* read_field(const char* at, const char* end, const dialect& rules, index_t column, field& out) {
  if (at != end && *at == '"') return read_quoted(at, end, rules, column, out);
  const char* const begin = at;
  while (at != end && !rules.stops(*at)) ++at;
  out = {{begin, static_cast<std::size_t>(at - begin)}, false, false};
  if (ends_field(at, end, rules)) return at;
  throw field_failure{begin, column, misplaced(*at), field_end};
}

const char* next_line(const char* at, const char* end) {
  if (at != end && *at == '\r') ++at;
  return at == end ? end : at + 1;
}

void append_unquoted(const field& from, std::string& text) {
  if (!from.doubled) {
    text += from.text;
    return;
  }
  for (std::size_t i = 0; i < from.text.size(); ++i) {
    text += from.text[i];
    if (from.text[i] == '"') ++i;  // the second of a pair
  }
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t most = 40;
  std::string shown(text.substr(0, most));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) < 32; }, '?');
  return '"' + shown + (text.size() > most ? "...\"" : "\"");
}

}  // namespace polyloop::aggregation
