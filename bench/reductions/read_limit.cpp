#include "reductions/read_limit.hpp"

#include <algorithm>
#include <cstdint>
#include <polyloop/parallel_for.hpp>

#include "support/keep.hpp"

namespace polyloop::bench::reductions_bench {

namespace {

/// The bits of all words, by several independent chains.
std::uint64_t any_bits(const std::uint64_t* words, std::size_t count) {
  constexpr std::size_t width = 64;
  std::uint64_t found[width] = {};
  for (std::size_t i = 0; i + width <= count; i += width)
    for (std::size_t k = 0; k < width; ++k) found[k] |= words[i + k];
  for (std::size_t k = 1; k < width; ++k) found[0] |= found[k];
  return found[0];
}

void read(const void* data, std::size_t bytes, std::size_t part, const schedule& how) {
  const auto* words = static_cast<const std::uint64_t*>(data);
  const std::size_t parts = (bytes + part - 1) / part;
  parallel_for(parts,
               [=](std::size_t p) {
                 const std::size_t size = std::min(part, bytes - p * part);
                 keep(any_bits(words + p * part / sizeof(std::uint64_t), size / sizeof(std::uint64_t)));
               },
               {.schedule = how});
}

}  // namespace

void read_shares(const void* data, std::size_t bytes) {
  read(data, bytes, std::size_t{1} << 18, schedule::static_());
}

void read_parts(const void* data, std::size_t bytes) {
  read(data, bytes, std::size_t{1} << 18, schedule::dynamic(1));
}

}  // namespace polyloop::bench::reductions_bench
