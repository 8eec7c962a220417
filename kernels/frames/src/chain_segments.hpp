#pragma once

#include <span>
#include <variant>
#include <vector>

#include "filter_entries.hpp"

/// How a chain of filters is run: which samples are between them, and which of them go together row by row.
namespace polyloop::frames::detail {

template <template <class> class Of>
using any_sample = std::variant<Of<std::uint8_t>, Of<std::uint16_t>, Of<float>, Of<std::int16_t>>;

template <class T>
using read_view = view<const T>;

using any_input = any_sample<read_view>;
using any_output = any_sample<view>;

/// A filter and its parameters.
struct chain_link {
  const filter_entry* filter;
  const filter_arguments* with;
};

/// Runs the filters over one frame. Throws invalid_argument as chain does, but for the shape of the output
/// and overlap.
loop_result run_links(std::span<const chain_link> links, const any_input& in, const any_output& out,
                      const loop_options& options);

/// Throws, naming `out`, unless the filters can make such samples of those of the input.
void require_samples(std::span<const chain_link> links, std::size_t in, std::size_t out);

}  // namespace polyloop::frames::detail
