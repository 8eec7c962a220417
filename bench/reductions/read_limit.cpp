#include "reductions/read_limit.hpp"

#include <algorithm>
#include <cstdint>
#include <polyloop/parallel_for.hpp>

#include "support/keep.hpp"

namespace polyloop::bench::reductions_bench {

namespace {

/// The bits of all words, by `width` independent chains.
template <std::size_t width>
std::uint64_t any_bits(const std::uint64_t* words, std::size_t count) {
  std::uint64_t found[width] = {};
  for (std::size_t i = 0; i + width <= count; i += width)
    for (std::size_t k = 0; k < width; ++k) found[k] |= words[i + k];
  for (std::size_t k = 1; k < width; ++k) found[0] |= found[k];
  return found[0];
}

template <std::size_t width>
void read(const void* data, std::size_t bytes, const schedule& how) {
  constexpr std::size_t part = std::size_t{1} << 18;
  const auto* words = static_cast<const std::uint64_t*>(data);
  const std::size_t parts = (bytes + part - 1) / part;
  parallel_for(
      parts,
      [=](std::size_t p) {
        const std::size_t size = std::min(part, bytes - p * part);
        keep(any_bits<width>(words + p * part / sizeof(std::uint64_t), size / sizeof(std::uint64_t)));
      },
      {.schedule = how});
}

}  // namespace

std::vector<std::function<void()>> ways_to_read(const void* data, std::size_t bytes) {
  return {[=] { read<64>(data, bytes, schedule::static_()); },
          [=] { read<64>(data, bytes, schedule::dynamic(1)); },
          [=] { read<8>(data, bytes, schedule::static_()); },
          [=] { read<8>(data, bytes, schedule::dynamic(1)); }};
}

}  // namespace polyloop::bench::reductions_bench
