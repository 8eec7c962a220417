#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "polyloop/frames/border.hpp"
#include "polyloop/frames/view.hpp"
#include "polyloop/loop_options.hpp"

/// Filters by name, for programs that are told on the command line or in a file what to do:
///
///     const named_filter blur("gaussian:sigma=1.5,border=reflect101");
///     blur(in, out);
namespace polyloop::frames {

/// A number that a filter takes.
struct filter_parameter {
  std::string_view name;
  double least;
  double most;
  double usual;  ///< what it is where the text does not say
  bool whole;    ///< whether it has to be a whole number
  std::string_view meaning;
};

/// What a filter is called and takes. Each takes `border` (a name of border_mode) and `value` (of a constant
/// border) too where `has_border` says so.
struct filter_description {
  std::string_view name;
  std::string_view meaning;
  bool has_border;
  std::span<const filter_parameter> parameters;
};

/// All filters that can be named, by their names' order. The views and spans live as long as the program.
std::span<const filter_description> filter_descriptions();

/// A filter with its parameters, of frames of 8 and 16 bits and of float.
class named_filter {
 public:
  /// Reads "name" or "name:parameter=number,...". Throws invalid_argument, naming `filter` (a name that is
  /// not known, or a text that is no such list), the parameter (a number out of its range) or `border`; the
  /// text lists what there is.
  explicit named_filter(std::string_view text);

  const filter_description& description() const { return *description_; }
  /// All parameters, in a form that can be read again.
  std::string text() const;
  /// The shape of the output for such an input: one channel for `gray`, else the same. Not checked.
  shape output_shape(const shape& in) const;

  /// Runs it. Throws as the filter itself does, which is named by the description.
  loop_result operator()(view<const std::uint8_t> in, view<std::uint8_t> out,
                         const loop_options& options = {}) const;
  loop_result operator()(view<const std::uint16_t> in, view<std::uint16_t> out,
                         const loop_options& options = {}) const;
  loop_result operator()(view<const float> in, view<float> out, const loop_options& options = {}) const;

 private:
  void read(std::string_view assignment);

  const filter_description* description_;
  std::size_t number_;  // of the description
  std::vector<double> arguments_;
  border edge_;
};

}  // namespace polyloop::frames
