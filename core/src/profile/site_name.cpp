#include "profile/site_name.hpp"

#include "polyloop/detail/site.hpp"
#include "polyloop/profile.hpp"

namespace polyloop::detail {

namespace {

bool opens(char c) {
  return c == '(' || c == '<' || c == '{' || c == '[';
}
bool closes(char c) {
  return c == ')' || c == '>' || c == '}' || c == ']';
}

std::string_view without_front(std::string_view text, std::string_view front) {
  return text.starts_with(front) ? text.substr(front.size()) : text;
}
std::string_view without_back(std::string_view text, std::string_view back) {
  return text.ends_with(back) ? text.substr(0, text.size() - back.size()) : text;
}

// "... [with Key = K]" or "... [Key = K]": K.
std::string_view key_of(std::string_view text) {
  const auto equals = text.find("Key = ");
  if (equals == std::string_view::npos) return text;
  return without_back(text.substr(equals + 6), "]");
}

// The end of `text` as far as it is one name: back to a bracket that opens, or
// a comma or a blank outside of brackets.
std::string_view last_name(std::string_view text) {
  int depth = 0;
  for (std::size_t i = text.size(); i-- > 0;) {
    const char c = text[i];
    depth += closes(c) ? 1 : opens(c) ? -1 : 0;
    if (depth < 0 || (depth == 0 && (c == ',' || c == ' '))) return text.substr(i + 1);
  }
  return text;
}

// Clang: "(lambda at /path/file.cpp:15:10)".
std::string place_of_lambda(std::string_view text) {
  text = text.substr(0, text.find(')'));
  const auto slash = text.rfind('/');
  if (slash != std::string_view::npos) text = text.substr(slash + 1);
  return std::string(text.substr(0, text.rfind(':')));
}

std::string without_anonymous(std::string_view name) {
  constexpr std::string_view anonymous = "{anonymous}::";
  std::string result(name);
  for (auto at = result.find(anonymous); at != std::string::npos; at = result.find(anonymous))
    result.erase(at, anonymous.size());
  return result;
}

// GCC: "app::rows(int) const::<lambda(int)>". Arguments of templates stand before
// the lambdas within them, so the first lambda is the user's own.
std::string function_of_lambda(std::string_view before) {
  before = without_back(before, " const");
  const std::string_view name = last_name(before);
  return without_anonymous(name.substr(0, name.ends_with(')') ? name.find('(') : name.size()));
}

// The body of each_index<long int, body>.
std::string_view last_argument(std::string_view key) {
  if (!key.ends_with('>')) return key;
  key.remove_suffix(key.ends_with(" >") ? 2 : 1);
  int depth = 0;
  for (std::size_t i = key.size(); i-- > 0;) {
    depth += closes(key[i]) ? 1 : opens(key[i]) ? -1 : 0;
    if (depth < 0) return key.substr(i + 1);
    if (depth == 0 && key[i] == ',') return without_front(key.substr(i + 1), " ");
  }
  return key;
}

}  // namespace

std::string readable_site(std::string_view type_text) {
  const std::string_view key = key_of(type_text);
  constexpr std::string_view by_place = "(lambda at ";
  if (const auto at = key.find(by_place); at != std::string_view::npos)
    return place_of_lambda(key.substr(at + by_place.size()));
  if (const auto at = key.find("::<lambda("); at != std::string_view::npos)
    return function_of_lambda(key.substr(0, at));
  return std::string(last_argument(key));
}

}  // namespace polyloop::detail

std::string polyloop::profile::call_site::name() const {
  return detail::readable_site(here_->type_text());
}
