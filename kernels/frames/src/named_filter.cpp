#include "polyloop/frames/named_filter.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "bordered.hpp"
#include "polyloop/frames/filters.hpp"
#include "simd/tables.hpp"

namespace polyloop::frames {

namespace {

using parameters = std::span<const filter_parameter>;
using numbers = std::span<const double>;

template <class T>
using run_function = loop_result (*)(const view<const T>&, const view<T>&, numbers, const border&,
                                     const loop_options&);

/// A description, and the filter for each type of samples.
struct entry {
  filter_description description;
  detail::for_each_sample<run_function> run;
};

template <class T, class Call>
loop_result run_as(const view<const T>& in, const view<T>& out, numbers with, const border& edge,
                   const loop_options& options) {
  return Call{}(in, out, with, edge, options);
}

template <class Call>
constexpr entry make_entry(std::string_view name, std::string_view meaning, bool has_border, parameters takes,
                           Call) {
  return {{name, meaning, has_border, takes},
          {run_as<std::uint8_t, Call>, run_as<std::uint16_t, Call>, run_as<float, Call>}};
}

index_t whole(double number) {
  return static_cast<index_t>(number);
}

std::optional<index_t> radius_or_none(double number) {
  if (number < 0) return {};
  return whole(number);
}

constexpr double most_side = most_window_side;
constexpr double most_blur = most_blur_radius;
constexpr double most_median = most_median_radius;
constexpr double most_disc = most_bilateral_radius;
constexpr double most_sigma = 1e6;

constexpr filter_parameter bilateral_takes[] = {
    {"radius", 0, most_disc, 2, true, "pixels on each side"},
    {"range", least_bilateral_sigma, most_sigma, 30, false, "standard deviation in units of the samples"},
    {"space", least_bilateral_sigma, most_sigma, 2, false, "standard deviation in pixels"}};
constexpr filter_parameter window_takes[] = {
    {"width", 1, most_side, 3, true, "pixels of the window in a row"},
    {"height", 1, most_side, 3, true, "rows of the window"}};
constexpr filter_parameter gaussian_takes[] = {
    {"sigma", 1e-6, most_sigma, 1, false, "standard deviation in pixels"},
    {"radius", -1, most_blur, -1, true, "pixels on each side; -1: three sigma"}};
constexpr filter_parameter median_takes[] = {{"radius", 0, most_median, 1, true, "pixels on each side"}};
constexpr filter_parameter threshold_takes[] = {
    {"limit", -3.4e38, 3.4e38, 128, false, "what samples are compared with"},
    {"high", -3.4e38, 3.4e38, 255, false, "what becomes of those above; the others become 0"}};
constexpr filter_parameter unsharp_takes[] = {
    {"sigma", 1e-6, most_sigma, 1, false, "standard deviation of the blur in pixels"},
    {"radius", -1, most_blur, -1, true, "of the blur; -1: three sigma"},
    {"amount", 0, most_unsharp_amount, 1, false, "how much of the difference to the blur is added"}};

// By the order of their names.
const entry entries[] = {
    make_entry("bilateral", "blur that stops at edges", true, bilateral_takes,
               [](auto in, auto out, numbers with, const border& edge, const loop_options& options) {
                 return bilateral_filter(in, out, {whole(with[0]), with[1], with[2], edge}, options);
               }),
    make_entry("box", "mean of a window", true, window_takes,
               [](auto in, auto out, numbers with, const border& edge, const loop_options& options) {
                 return box_blur(in, out, {whole(with[0]), whole(with[1]), edge}, options);
               }),
    make_entry("dilate", "greatest sample of a window", true, window_takes,
               [](auto in, auto out, numbers with, const border& edge, const loop_options& options) {
                 return dilate(in, out, window{whole(with[0]), whole(with[1]), edge}, options);
               }),
    make_entry("erode", "least sample of a window", true, window_takes,
               [](auto in, auto out, numbers with, const border& edge, const loop_options& options) {
                 return erode(in, out, window{whole(with[0]), whole(with[1]), edge}, options);
               }),
    make_entry("gaussian", "Gaussian blur", true, gaussian_takes,
               [](auto in, auto out, numbers with, const border& edge, const loop_options& options) {
                 return gaussian_blur(in, out, {with[0], radius_or_none(with[1]), edge}, options);
               }),
    make_entry("gray", "luma of red, green and blue", false, {},
               [](auto in, auto out, numbers, const border&, const loop_options& options) {
                 return grayscale(in, out, options);
               }),
    make_entry("median", "middle sample of a square", true, median_takes,
               [](auto in, auto out, numbers with, const border& edge, const loop_options& options) {
                 return median(in, out, {whole(with[0]), edge}, options);
               }),
    make_entry("sobel", "magnitude of the gradient", true, {},
               [](auto in, auto out, numbers, const border& edge, const loop_options& options) {
                 return sobel_magnitude(in, out, edge, options);
               }),
    make_entry("threshold", "two values, for samples above a limit and the others", false, threshold_takes,
               []<class T>(const view<const T>& in, const view<T>& out, numbers with, const border&,
                           const loop_options& options) {
                 const threshold_at<T> at{detail::to_sample<T>(with[0]), detail::to_sample<T>(with[1])};
                 return threshold(in, out, at, options);
               }),
    make_entry("unsharp", "unsharp mask", true, unsharp_takes,
               [](auto in, auto out, numbers with, const border& edge, const loop_options& options) {
                 return unsharp_mask(in, out, {{with[0], radius_or_none(with[1]), edge}, with[2]}, options);
               }),
};

constexpr std::size_t entry_count = std::size(entries);

std::array<filter_description, entry_count> all_descriptions() {
  std::array<filter_description, entry_count> all{};
  std::transform(std::begin(entries), std::end(entries), all.begin(),
                 [](const entry& e) { return e.description; });
  return all;
}

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

double argument_of(const filter_parameter& of, std::string_view text) {
  const double number = number_of(of.name, text);
  if (!(number >= of.least && number <= of.most) || (of.whole && number != std::floor(number)))
    throw invalid_argument(of.name, text,
                           (of.whole ? "a whole number from " : "a number from ") + text_of(of.least) +
                               " to " + text_of(of.most));
  return number;
}

border_mode mode_of(std::string_view name) {
  std::string known;
  for (int k = 0; k <= static_cast<int>(border_mode::constant); ++k) {
    const auto mode = static_cast<border_mode>(k);
    if (to_string(mode) == name) return mode;
    known += (known.empty() ? "" : ", ") + std::string(to_string(mode));
  }
  throw invalid_argument("border", name, "one of " + known);
}

/// Cuts the part before the separator off the text; all of it where there is none.
std::string_view cut_off(std::string_view& text, char separator) {
  const std::size_t at = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

}  // namespace

std::span<const filter_description> filter_descriptions() {
  static const auto all = all_descriptions();
  return all;
}

named_filter::named_filter(std::string_view text) {
  const auto all = filter_descriptions();
  const std::string_view name = cut_off(text, ':');
  const auto found =
      std::find_if(all.begin(), all.end(), [name](const auto& each) { return each.name == name; });
  if (found == all.end()) throw invalid_argument("filter", name, "one of " + list_of(all));
  description_ = &*found;
  number_ = static_cast<std::size_t>(found - all.begin());
  for (const filter_parameter& each : description_->parameters) arguments_.push_back(each.usual);
  while (!text.empty()) read(cut_off(text, ','));
}

void named_filter::read(std::string_view assignment) {
  std::string_view value = assignment;
  const std::string_view name = cut_off(value, '=');
  if (description_->has_border && name == "border") {
    edge_.mode = mode_of(value);
    return;
  }
  if (description_->has_border && name == "value") {
    edge_.value = number_of(name, value);
    return;
  }
  const auto takes = description_->parameters;
  const auto found =
      std::find_if(takes.begin(), takes.end(), [name](const auto& each) { return each.name == name; });
  if (found == takes.end())
    throw invalid_argument("filter", assignment,
                           "parameter=number, of the parameters of " + std::string(description_->name) +
                               ": " + list_of(takes) + (description_->has_border ? "; border, value" : ""));
  arguments_[static_cast<std::size_t>(found - takes.begin())] = argument_of(*found, value);
}

std::string named_filter::text() const {
  std::string all;
  const auto add = [&all](std::string_view name, const std::string& value) {
    all += (all.empty() ? ':' : ',') + std::string(name) + '=' + value;
  };
  for (std::size_t k = 0; k < arguments_.size(); ++k)
    add(description_->parameters[k].name, text_of(arguments_[k]));
  if (description_->has_border) add("border", std::string(to_string(edge_.mode)));
  if (description_->has_border && edge_.mode == border_mode::constant) add("value", text_of(edge_.value));
  return std::string(description_->name) + all;
}

shape named_filter::output_shape(const shape& in) const {
  return description_->name == "gray" ? shape{in.width, in.height, 1} : in;
}

loop_result named_filter::operator()(view<const std::uint8_t> in, view<std::uint8_t> out,
                                     const loop_options& options) const {
  return std::get<run_function<std::uint8_t>>(entries[number_].run)(in, out, arguments_, edge_, options);
}

loop_result named_filter::operator()(view<const std::uint16_t> in, view<std::uint16_t> out,
                                     const loop_options& options) const {
  return std::get<run_function<std::uint16_t>>(entries[number_].run)(in, out, arguments_, edge_, options);
}

loop_result named_filter::operator()(view<const float> in, view<float> out,
                                     const loop_options& options) const {
  return std::get<run_function<float>>(entries[number_].run)(in, out, arguments_, edge_, options);
}

}  // namespace polyloop::frames
