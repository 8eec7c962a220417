#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "polyloop/aggregation/table.hpp"
#include "polyloop/frames/view.hpp"

/// The same kernels written by hand: each once as a plain loop, once with
/// OpenMP, once with oneTBB, in the form that comes naturally with the runtime.
/// The filters share the code of a row (raw_rows.hpp); how rows are handed to
/// threads is each runtime's own. Compiled for the CPU at hand.
namespace polyloop::bench {

template <class T>
using source = frames::view<const T>;
template <class T>
using target = frames::view<T>;

/// Weights of a symmetric kernel from the centre outwards, in two precisions.
struct raw_gaussian {
  std::vector<std::uint32_t> integers;  // of sum 2^15, both sides counted
  std::vector<float> floats;
};

struct raw_extrema {
  double minimum = 0;
  double maximum = 0;
  index_t minimum_at = 0;
  index_t maximum_at = 0;
};

struct raw_moments {
  double mean = 0;
  double variance = 0;
};

/// A column of a CSV text that is wanted: its place in a row, and as what.
struct raw_field {
  std::size_t place = 0;
  aggregation::column_type type = aggregation::column_type::string;
};

/// A column as one would read it by hand; only the vector of its type is used.
struct raw_column {
  std::vector<std::string> strings;
  std::vector<double> doubles;         // NaN where missing
  std::vector<std::int64_t> integers;  // 0 where missing
};
using raw_table = std::vector<raw_column>;

/// The aggregates of a group.
struct raw_group {
  index_t rows = 0;
  index_t count = 0;
  double sum = 0;
  double minimum = 0;
  double maximum = 0;
};

/// Groups sorted by their keys, the rows without a key last.
template <class Key>
using raw_grouped = std::vector<std::pair<Key, raw_group>>;

struct raw_kernels {
  /// Makes a call during which the loops below take so many threads.
  void (*with_workers)(int workers, const std::function<void()>& call);

  void (*gray8)(const source<std::uint8_t>& rgb, const target<std::uint8_t>& gray);
  void (*gray_float)(const source<float>& rgb, const target<float>& gray);
  void (*blur8)(const source<std::uint8_t>& in, const target<std::uint8_t>& out, const raw_gaussian& kernel);
  void (*blur_float)(const source<float>& in, const target<float>& out, const raw_gaussian& kernel);
  void (*sobel8)(const source<std::uint8_t>& in, const target<std::uint8_t>& out);
  void (*sobel_float)(const source<float>& in, const target<float>& out);

  double (*sum)(std::span<const double> x);
  double (*dot)(std::span<const double> x, std::span<const double> y);
  raw_extrema (*minmax)(std::span<const double> x);
  raw_moments (*moments)(std::span<const double> x);

  /// `rows` is the text without its header.
  raw_table (*read_csv)(std::string_view rows, const std::vector<raw_field>& wanted);
  raw_grouped<std::string_view> (*group_by_string)(const aggregation::string_column& keys,
                                                   const aggregation::double_column& values);
  raw_grouped<std::int64_t> (*group_by_integer)(const aggregation::int64_column& keys,
                                                const aggregation::double_column& values);
};

/// By hand for the runtime of a backend; the plain loops for "serial"; null
/// for a backend that the baselines do not know.
const raw_kernels* raw_for(std::string_view backend);

extern const raw_kernels raw_plain;
extern const raw_kernels raw_openmp;
extern const raw_kernels raw_tbb;

}  // namespace polyloop::bench
