#include "polyloop/frames/named_filter.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "filter_entries.hpp"

namespace polyloop::frames {

namespace {

/// "a, b, c"
template <class Names>
std::string list_of(const Names& names) {
  std::string text;
  for (const auto& each : names) text += (text.empty() ? "" : ", ") + std::string(each.name);
  return text;
}

double number_of(std::string_view name, std::string_view text) {
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size())
    throw invalid_argument(name, text, "a number");
  return number;
}

std::string text_of(double number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return {text.data(), end};
}

/// Throws unless the parameter takes the number.
double require_number(const filter_parameter& of, double number, std::string_view text) {
  if (!(number >= of.least && number <= of.most) || (of.whole && number != std::floor(number)))
    throw invalid_argument(of.name, text,
                           (of.whole ? "a whole number from " : "a number from ") + text_of(of.least) +
                               " to " + text_of(of.most));
  return number;
}

/// The place of a name among others.
double place_of(std::string_view parameter, std::string_view name,
                std::span<const std::string_view> choices) {
  const auto found = std::find(choices.begin(), choices.end(), name);
  if (found != choices.end()) return static_cast<double>(found - choices.begin());
  std::string known;
  for (const std::string_view each : choices) known.append(known.empty() ? "" : ", ").append(each);
  throw invalid_argument(parameter, name, "one of " + known);
}

double argument_of(const filter_parameter& of, std::string_view text) {
  if (!of.choices.empty()) return place_of(of.name, text, of.choices);
  return require_number(of, number_of(of.name, text), text);
}

border_mode mode_of(std::string_view name) {
  std::array<std::string_view, static_cast<std::size_t>(border_mode::constant) + 1> names;
  for (std::size_t k = 0; k < names.size(); ++k) names[k] = to_string(static_cast<border_mode>(k));
  return static_cast<border_mode>(static_cast<int>(place_of("border", name, names)));
}

/// Cuts the part before the separator off the text; all of it where there is none.
std::string_view cut_off(std::string_view& text, char separator) {
  const std::size_t at = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

std::vector<double> list_argument_of(const filter_parameter& of, std::string_view text) {
  std::vector<double> numbers;
  do numbers.push_back(argument_of(of, cut_off(text, ':')));
  while (!text.empty() && static_cast<index_t>(numbers.size()) < of.most_numbers);
  if (!text.empty())
    throw invalid_argument(of.name, "more numbers",
                           "at most " + std::to_string(of.most_numbers) + " numbers");
  return numbers;
}

std::string text_of(const filter_parameter& of, double number) {
  return of.choices.empty() ? text_of(number) : std::string(of.choices[static_cast<std::size_t>(number)]);
}

std::string text_of(const std::vector<double>& list) {
  std::string text;
  for (const double each : list) text.append(text.empty() ? "" : ":").append(text_of(each));
  return text;
}

const detail::filter_entry& entry_of(std::string_view name) {
  const auto all = detail::filter_entries();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [name](const auto& each) { return each.description.name == name; });
  if (found == all.end()) throw invalid_argument("filter", name, "one of " + list_of(filter_descriptions()));
  return *found;
}

bool is_list(const filter_parameter& of) {
  return of.most_numbers > 1;
}

template <class In, class Out>
loop_result run(const detail::filter_entry& of, const detail::frame_list<In>& in, const view<Out>& out,
                const detail::filter_arguments& with, const loop_options& options) {
  return detail::require_run<In, Out>(of, static_cast<index_t>(in.size()))(in, out, with, options);
}

}  // namespace

std::span<const filter_description> filter_descriptions() {
  static const std::vector<filter_description> all = [] {
    std::vector<filter_description> made;
    for (const detail::filter_entry& each : detail::filter_entries()) made.push_back(each.description);
    return made;
  }();
  return all;
}

named_filter::named_filter(std::string_view text) : entry_(&entry_of(cut_off(text, ':'))) {
  for (const filter_parameter& each : description().parameters) arguments_.numbers.push_back(each.usual);
  while (!text.empty()) read(cut_off(text, ','));
}

named_filter::named_filter(std::string_view name, std::vector<double> numbers, const border& edge)
    : entry_(&entry_of(name)), arguments_{std::move(numbers), {}, edge} {
  for (std::size_t k = 0; k < arguments_.numbers.size(); ++k)
    require_number(description().parameters[k], arguments_.numbers[k], text_of(arguments_.numbers[k]));
}

namespace {

double number_of(const std::optional<index_t>& radius) {
  return radius ? static_cast<double>(*radius) : -1;
}
double number_of(index_t number) {
  return static_cast<double>(number);
}

}  // namespace

named_filter::named_filter(const gaussian& how)
    : named_filter("gaussian", {how.sigma, number_of(how.radius)}, how.edge) {}
named_filter::named_filter(const unsharp& how)
    : named_filter("unsharp", {how.blur.sigma, number_of(how.blur.radius), how.amount}, how.blur.edge) {}
named_filter::named_filter(const bilateral& how)
    : named_filter("bilateral", {number_of(how.radius), how.sigma_range, how.sigma_space}, how.edge) {}
named_filter::named_filter(const median_square& how)
    : named_filter("median", {number_of(how.radius)}, how.edge) {}
named_filter::named_filter(const adaptive_mean& how)
    : named_filter("adaptive",
                   {number_of(how.side), how.below, static_cast<double>(how.high), how.inverted ? 1.0 : 0.0},
                   how.edge) {}
named_filter::named_filter(const contrast_tiles& how)
    : named_filter("clahe", {how.clip_limit, number_of(how.across), number_of(how.down)}, {}) {}
named_filter::named_filter(const canny_limits& how) : named_filter("canny", {how.low, how.high}, {}) {}

const filter_description& named_filter::description() const {
  return entry_->description;
}

void named_filter::read(std::string_view assignment) {
  std::string_view value = assignment;
  const std::string_view name = cut_off(value, '=');
  if (description().has_border && name == "border") {
    arguments_.edge.mode = mode_of(value);
    return;
  }
  if (description().has_border && name == "value") {
    arguments_.edge.value = number_of(name, value);
    return;
  }
  const auto takes = description().parameters;
  const auto found =
      std::find_if(takes.begin(), takes.end(), [name](const auto& each) { return each.name == name; });
  if (found == takes.end())
    throw invalid_argument("filter", assignment,
                           "parameter=value, of the parameters of " + std::string(description().name) + ": " +
                               list_of(takes) + (description().has_border ? "; border, value" : ""));
  if (is_list(*found))
    arguments_.list = list_argument_of(*found, value);
  else
    arguments_.numbers[static_cast<std::size_t>(found - takes.begin())] = argument_of(*found, value);
}

std::string named_filter::text() const {
  std::string all;
  const auto add = [&all](std::string_view name, const std::string& value) {
    all += (all.empty() ? ':' : ',') + std::string(name) + '=' + value;
  };
  for (std::size_t k = 0; k < arguments_.numbers.size(); ++k) {
    const filter_parameter& of = description().parameters[k];
    if (!is_list(of)) add(of.name, text_of(of, arguments_.numbers[k]));
    if (is_list(of) && !arguments_.list.empty()) add(of.name, text_of(arguments_.list));
  }
  if (description().has_border) add("border", std::string(to_string(arguments_.edge.mode)));
  if (description().has_border && arguments_.edge.mode == border_mode::constant)
    add("value", text_of(arguments_.edge.value));
  return std::string(description().name) + all;
}

shape named_filter::output_shape(const shape& in) const {
  return entry_->output(in, arguments_);
}

loop_result named_filter::operator()(view<const std::uint8_t> in, view<std::uint8_t> out,
                                     const loop_options& options) const {
  return run<std::uint8_t, std::uint8_t>(*entry_, {&in, 1}, out, arguments_, options);
}
loop_result named_filter::operator()(view<const std::uint8_t> in, view<std::int16_t> out,
                                     const loop_options& options) const {
  return run<std::uint8_t, std::int16_t>(*entry_, {&in, 1}, out, arguments_, options);
}
loop_result named_filter::operator()(view<const std::uint8_t> in, view<float> out,
                                     const loop_options& options) const {
  return run<std::uint8_t, float>(*entry_, {&in, 1}, out, arguments_, options);
}
loop_result named_filter::operator()(view<const std::uint16_t> in, view<std::uint16_t> out,
                                     const loop_options& options) const {
  return run<std::uint16_t, std::uint16_t>(*entry_, {&in, 1}, out, arguments_, options);
}
loop_result named_filter::operator()(view<const std::uint16_t> in, view<float> out,
                                     const loop_options& options) const {
  return run<std::uint16_t, float>(*entry_, {&in, 1}, out, arguments_, options);
}
loop_result named_filter::operator()(view<const float> in, view<float> out,
                                     const loop_options& options) const {
  return run<float, float>(*entry_, {&in, 1}, out, arguments_, options);
}
loop_result named_filter::operator()(std::span<const view<const std::uint8_t>> in, view<std::uint8_t> out,
                                     const loop_options& options) const {
  return run<std::uint8_t, std::uint8_t>(*entry_, in, out, arguments_, options);
}
loop_result named_filter::operator()(std::span<const view<const std::uint16_t>> in, view<std::uint16_t> out,
                                     const loop_options& options) const {
  return run<std::uint16_t, std::uint16_t>(*entry_, in, out, arguments_, options);
}
loop_result named_filter::operator()(std::span<const view<const float>> in, view<float> out,
                                     const loop_options& options) const {
  return run<float, float>(*entry_, in, out, arguments_, options);
}

}  // namespace polyloop::frames
