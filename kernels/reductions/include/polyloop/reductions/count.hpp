#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "polyloop/loop_options.hpp"
#include "polyloop/parallel_reduce.hpp"
#include "polyloop/reductions/input.hpp"

namespace polyloop::reductions {

/// How many elements matches(x[i]) is true for; it may be called by several threads at once, and what it
/// throws reaches the caller as from parallel_for. A NaN is handed to it like any other element.
template <sequence X, std::predicate<detail::element_of<X>> Matches>
index_t count_if(const X& x, const Matches& matches, const loop_options& options = {}) {
  using T = detail::read_of<X>;
  return detail::with_input(x, [&](const auto& in) {
    constexpr index_t piece = 1024;
    const auto count = [&](index_t first, index_t last) {
      T scratch[piece];
      index_t found = 0;
      for (; first < last; first += piece) {
        const index_t size = std::min(piece, last - first);
        const T* const part = in.read(first, size, scratch);
        for (index_t i = 0; i < size; ++i)
          found += matches(static_cast<detail::element_of<X>>(part[i])) ? 1 : 0;
      }
      return found;
    };
    return parallel_reduce_blocks(in.size(), polyloop::sum<index_t>{}, count, options);
  });
}

/// An estimate of the number of distinct values in 2^precision bytes (HyperLogLog, P. Flajolet et al., 2007,
/// with the estimator of O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", 2017).
/// The standard error is 1.04 / 2^(precision / 2), 0.8 % for the default of 14. What it tells depends on the
/// set of values only.
class distinct_sketch {
 public:
  /// precision: 4 to 18. Throws invalid_argument for others.
  explicit distinct_sketch(int precision = 14);

  /// -0.0 and 0.0 are the same value, and so are all NaNs.
  void add(double x);
  void add(std::int64_t x);
  /// Throws invalid_argument if the other one has another precision.
  void merge(const distinct_sketch& other);

  double standard_error() const noexcept;
  double estimate() const;

 private:
  void add_hash(std::uint64_t hash);

  int precision_;
  std::vector<std::uint8_t> registers_;
};

namespace detail {
template <compiled T>
index_t distinct_count(const input<T>& x, const loop_options& options);
template <compiled T>
distinct_sketch distinct(const input<T>& x, int precision, const loop_options& options);
}  // namespace detail

/// The number of distinct values, exactly: -0.0 and 0.0 are the same, and so are all NaNs. By sorting: O(n),
/// and memory for 2n numbers of 8 bytes.
template <sequence X>
index_t distinct_count(const X& x, const loop_options& options = {}) {
  return detail::with_input(x, [&](const auto& in) { return detail::distinct_count(in, options); });
}

/// The sketch of the elements, in one pass.
template <sequence X>
distinct_sketch distinct(const X& x, int precision = 14, const loop_options& options = {}) {
  return detail::with_input(x, [&](const auto& in) { return detail::distinct(in, precision, options); });
}

}  // namespace polyloop::reductions
