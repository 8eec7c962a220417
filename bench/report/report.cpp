#include "report/report.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

#include "report/assets.hpp"
#include "report/page_data.hpp"

namespace polyloop::bench {

namespace {

std::string replaced(std::string text, const std::map<char, std::string_view>& by) {
  std::string result;
  for (const char each : text) {
    const auto found = by.find(each);
    found == by.end() ? result += each : result += found->second;
  }
  return result;
}

/// JSON that an HTML parser finds no tag in, and no bytes that are not ASCII.
std::string json_for_html(const nlohmann::json& data) {
  constexpr auto instead = nlohmann::json::error_handler_t::replace;
  return replaced(data.dump(-1, ' ', true, instead), {{'<', "\\u003c"}, {'>', "\\u003e"}, {'&', "\\u0026"}});
}

std::string text_for_html(std::string_view text) {
  return replaced(std::string(text), {{'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}});
}

/// The template with the parts in the places named {{so}}; what a part
/// contains is not looked at again.
std::string filled(std::string_view rest, const std::map<std::string_view, std::string>& parts) {
  std::string page;
  for (std::size_t place = rest.find("{{"); place != rest.npos; place = rest.find("{{")) {
    const std::size_t end = rest.find("}}", place);
    page += rest.substr(0, place);
    page += parts.at(rest.substr(place + 2, end - place - 2));
    rest.remove_prefix(end + 2);
  }
  return page.append(rest);
}

}  // namespace

results_error::results_error(const std::string& problem)
    : std::runtime_error("not results of polyloop-bench: " + problem) {}

std::string report_page(const nlohmann::json& results) {
  return filled(assets::page(), {{"style", std::string(assets::style())},
                                 {"script", std::string(assets::script())},
                                 {"chart_library", std::string(assets::chart_library())},
                                 {"chart_licence", text_for_html(assets::chart_licence())},
                                 {"data", json_for_html(page_data(results))}});
}

}  // namespace polyloop::bench
