#pragma once

#include <bit>
#include <cstdint>

#include "polyloop/parallel_for.hpp"
#include "polyloop/worker_local.hpp"
#include "stretches.hpp"

namespace polyloop::reductions {

inline constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

/// Integers in the order of the doubles.
inline std::uint64_t key_of(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  return (bits & sign_bit) != 0 ? ~bits : bits | sign_bit;
}

inline double value_of(std::uint64_t key) {
  return std::bit_cast<double>((key & sign_bit) != 0 ? key & ~sign_bit : ~key);
}

/// visit(local, stretch) for all stretches, in parallel, with a value of the worker's own.
template <class T, class Local, class Visit>
void for_each_stretch(const input<T>& x, worker_local<Local>& locals, const Visit& visit,
                      const loop_options& options) {
  const loop_result result = parallel_for(
      stretch_count(x.size(), stretch_size<T>),
      [&](index_t s) {
        auto local = locals.borrow();
        for_stretches(x, s, s + 1, [&](const stretch<T>& part) { visit(*local, part); });
      },
      options);
  if (!result.finished()) throw stopped(result.iterations);
}

}  // namespace polyloop::reductions
