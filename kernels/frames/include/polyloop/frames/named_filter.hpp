#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "polyloop/frames/adaptive.hpp"
#include "polyloop/frames/blur.hpp"
#include "polyloop/frames/border.hpp"
#include "polyloop/frames/gradient.hpp"
#include "polyloop/frames/median.hpp"
#include "polyloop/frames/view.hpp"
#include "polyloop/loop_options.hpp"

/// Filters by name, for programs that are told on the command line or in a file what to do:
///
///     const named_filter blur("gaussian:sigma=1.5,border=reflect101");
///     blur(in, out);
namespace polyloop::frames {

/// What a filter takes: a number; one of several names, where there are choices (0 stands for the first); or
/// a list of numbers ("1:2:1"), where there may be more than one.
struct filter_parameter {
  std::string_view name;
  double least;
  double most;
  double usual;  ///< what it is where the text does not say; of lists each number
  bool whole;    ///< whether it has to be a whole number
  std::string_view meaning;
  std::span<const std::string_view> choices = {};
  index_t most_numbers = 1;
};

/// How many frames a filter takes.
struct filter_inputs {
  index_t least = 1;
  index_t most = 1;
};

/// What a filter is called and takes. Each takes `border` (a name of border_mode) and `value` (of a constant
/// border) too where `has_border` says so.
struct filter_description {
  std::string_view name;
  std::string_view meaning;
  bool has_border;
  std::span<const filter_parameter> parameters;
  filter_inputs inputs = {};
};

/// All filters that can be named, by their names' order. The views and spans live as long as the program.
std::span<const filter_description> filter_descriptions();

namespace detail {

/// The parameters of a named filter. At most one is a list, whose place among the numbers is not used.
struct filter_arguments {
  std::vector<double> numbers;
  std::vector<double> list;
  border edge;
};

struct filter_entry;

}  // namespace detail

/// A filter with its parameters. It takes frames of 8 and 16 bits and of float, as far as the filter itself
/// does, and gives frames of the same samples; of gradients (see gradient.hpp) also 16-bit and float ones.
class named_filter {
 public:
  /// Reads "name" or "name:parameter=value,...". Throws invalid_argument, naming `filter` (a name that is
  /// not known, or a text that is no such list), the parameter (a value that it does not take) or `border`;
  /// the text lists what there is.
  explicit named_filter(std::string_view text);
  explicit named_filter(const char* text) : named_filter(std::string_view(text)) {}
  explicit named_filter(const std::string& text) : named_filter(std::string_view(text)) {}

  // Filters that a description of their own tells from others. Throw invalid_argument, naming the parameter,
  // for values that cannot be named either.
  named_filter(const gaussian& how);        // NOLINT(google-explicit-constructor)
  named_filter(const unsharp& how);         // NOLINT(google-explicit-constructor)
  named_filter(const bilateral& how);       // NOLINT(google-explicit-constructor)
  named_filter(const median_square& how);   // NOLINT(google-explicit-constructor)
  named_filter(const adaptive_mean& how);   // NOLINT(google-explicit-constructor)
  named_filter(const contrast_tiles& how);  // NOLINT(google-explicit-constructor)
  named_filter(const canny_limits& how);    // NOLINT(google-explicit-constructor)

  const filter_description& description() const;
  /// All parameters, in a form that can be read again.
  std::string text() const;
  /// The shape of the output for such an input. Not checked.
  shape output_shape(const shape& in) const;

  /// Runs it. Throws as the filter itself does, which is named by the description, and names `in` where it
  /// does not take such samples, or takes more than one frame.
  loop_result operator()(view<const std::uint8_t> in, view<std::uint8_t> out,
                         const loop_options& options = {}) const;
  loop_result operator()(view<const std::uint8_t> in, view<std::int16_t> out,
                         const loop_options& options = {}) const;
  loop_result operator()(view<const std::uint8_t> in, view<float> out,
                         const loop_options& options = {}) const;
  loop_result operator()(view<const std::uint16_t> in, view<std::uint16_t> out,
                         const loop_options& options = {}) const;
  loop_result operator()(view<const std::uint16_t> in, view<float> out,
                         const loop_options& options = {}) const;
  loop_result operator()(view<const float> in, view<float> out, const loop_options& options = {}) const;

  /// Of several frames, for the filters that take so many (see the description). Throws as above.
  loop_result operator()(std::span<const view<const std::uint8_t>> in, view<std::uint8_t> out,
                         const loop_options& options = {}) const;
  loop_result operator()(std::span<const view<const std::uint16_t>> in, view<std::uint16_t> out,
                         const loop_options& options = {}) const;
  loop_result operator()(std::span<const view<const float>> in, view<float> out,
                         const loop_options& options = {}) const;

 private:
  friend class chain;

  named_filter(std::string_view name, std::vector<double> numbers, const border& edge);
  void read(std::string_view assignment);

  const detail::filter_entry* entry_;
  detail::filter_arguments arguments_;
};

}  // namespace polyloop::frames
