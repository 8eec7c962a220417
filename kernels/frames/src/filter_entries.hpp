#pragma once

#include <optional>
#include <span>
#include <tuple>

#include "polyloop/frames/named_filter.hpp"
#include "row_filter.hpp"

/// The table of all named filters.
namespace polyloop::frames::detail {

template <class T>
using frame_list = std::span<const view<const T>>;

/// A filter of frames of In that gives one of Out; null where there is none.
template <class In, class Out>
using run_function = loop_result (*)(const frame_list<In>&, const view<Out>&, const filter_arguments&,
                                     const loop_options&);
/// The same row by row; null, or none, where it cannot be had or is not worth it.
template <class In, class Out>
using plan_function = std::optional<row_plan<In, Out>> (*)(const shape&, const filter_arguments&);

/// The samples that filters take and give.
template <template <class, class> class F>
using for_each_pair =
    std::tuple<F<std::uint8_t, std::uint8_t>, F<std::uint8_t, std::int16_t>, F<std::uint8_t, float>,
               F<std::uint16_t, std::uint16_t>, F<std::uint16_t, float>, F<float, float>>;

struct filter_entry {
  filter_description description;
  shape (*output)(const shape& in, const filter_arguments& with);
  for_each_pair<run_function> run;
  for_each_pair<plan_function> plan;
};

/// All of them, by their names' order.
std::span<const filter_entry> filter_entries();

/// Throws invalid_argument for a number of frames that the filter does not take, and where it is null.
template <class In, class Out>
run_function<In, Out> require_run(const filter_entry& of, index_t frames) {
  const filter_inputs takes = of.description.inputs;
  if (frames < takes.least || frames > takes.most)
    polyloop::detail::throw_invalid("in", frames,
                                    "as many frames as " + std::string(of.description.name) + " takes: " +
                                        std::to_string(takes.least) + " to " + std::to_string(takes.most));
  const auto run = std::get<run_function<In, Out>>(of.run);
  if (run == nullptr)
    throw invalid_argument(
        "in", "samples of " + std::to_string(8 * sizeof(In)) + " bits",
        "samples that " + std::string(of.description.name) + " takes, and makes those of the output of");
  return run;
}

}  // namespace polyloop::frames::detail
