#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "polyloop/detail/deal.hpp"
#include "polyloop/detail/radix_here.hpp"
#include "polyloop/detail/sort_common.hpp"
#include "polyloop/huge_vector.hpp"

namespace polyloop::detail {

/// Cuts the range of keys into buckets that hold about as many elements each, by a prefix of the
/// keys: a table says which bucket a prefix belongs to. Buckets of one digit alone would
/// not do: most numbers in [-1, 1) share a few exponents.
class radix_split {
 public:
  /// `width`: the bits of the keys from the highest one in which they differ down.
  template <class U>
  radix_split(const std::vector<U>& sample, int width, std::size_t n, std::size_t wanted) {
    const int prefix_bits = std::min(width, std::clamp(static_cast<int>(std::bit_width(n)) - 5, 8, 16));
    shift_ = width - prefix_bits;
    bucket_.assign(std::size_t{1} << prefix_bits, 0);
    for (const U bits : sample) ++bucket_[prefix(bits)];
    number_buckets(sample.size(), wanted);
  }

  std::size_t buckets() const { return std::size_t{bucket_.back()} + 1; }
  template <class U>
  std::size_t of(U bits) const { return bucket_[prefix(bits)]; }

 private:
  template <class U>
  std::size_t prefix(U bits) const { return static_cast<std::size_t>(bits >> shift_) & (bucket_.size() - 1); }

  /// From the counts of a sample. A prefix that holds as much as two buckets are to has one of its own.
  void number_buckets(std::size_t samples, std::size_t wanted) {
    std::size_t held = 0;
    std::uint16_t number = 0;
    for (std::uint16_t& each : bucket_) {
      if (&each != bucket_.data() && (held + each / 2U) * wanted > samples) ++number, held = 0;
      held += each;
      each = number;
    }
  }

  int shift_ = 0;
  std::vector<std::uint16_t> bucket_;
};

/// A radix sort by the most significant digit first, out of place and stable: elements are dealt out in
/// parallel to buckets that fit into the second-level cache, and these are sorted there, each by one
/// worker. A bucket that holds much of all is dealt out in parallel again. After M. Zagha and G. Blelloch,
/// "Radix sort for vector multiprocessors", 1991, and, for the two levels, P. Sanders, J. Wassenberg,
/// "Engineering a multi-core radix sort", 2011.
template <class T, class Order>
class radix_sorter {
 public:
  radix_sorter(const sort_loops& loops, const Order& order, std::size_t length)
      : loops_(loops), order_(order), large_(std::clamp(length / 8, most_small, std::size_t{1} << 31)) {}

  /// Sorts n elements of `from`. Stopped, it only sees to it that none is lost.
  void sort(T* from, T* to, std::size_t n, bool result_in_to) const {
    const std::vector<U> sample = sample_of(from, n);
    for (int width = std::max(1, width_of(sample)); !loops_.should_stop();) {
      const radix_split split(sample, width, n, std::clamp(std::bit_floor(n * sizeof(T) / bucket_bytes), least, most));
      dealer places(n, split.buckets());
      const int whole = count(from, split, places);
      if (whole == 0) break;
      if (whole <= width) return deal(from, to, split, places, result_in_to);
      width = whole;  // none of the sample had the highest bit that differs
    }
    if (result_in_to) copy_in_parallel(loops_, from, to, n);
  }

 private:
  using U = bits_of<Order, T>;
  static constexpr std::size_t bucket_bytes = std::size_t{1} << 18, least = 128, most = 1024;
  static constexpr std::size_t most_small = std::size_t{1} << 16;

  std::vector<U> sample_of(const T* data, std::size_t n) const {
    const sample_places places(n, 4096);
    std::vector<U> sample(places.count());
    for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = order_(data[places[i]]);
    return sample;
  }

  static int width_of(const std::vector<U>& bits) {
    U differing = 0;
    for (const U each : bits) differing = static_cast<U>(differing | (each ^ bits[0]));
    return static_cast<int>(std::bit_width(differing));
  }

  /// Counts what is to be dealt to each bucket; returns the width of what differs.
  int count(const T* from, const radix_split& split, dealer& places) const {
    const U first = order_(from[0]);
    std::vector<U> parts(places.blocks().count());
    loops_.each(parts.size(), [&](std::size_t b) {
      std::size_t* const counts = places.of_block(b);
      U all = 0;
      each_key(from, places.blocks().begin(b), places.blocks().end(b), order_, [&](std::size_t, U bits) {
        all = static_cast<U>(all | (bits ^ first));
        ++counts[split.of(bits)];
      });
      parts[b] = all;
    });
    U all = 0;
    for (const U part : parts) all = static_cast<U>(all | part);
    return static_cast<int>(std::bit_width(all));
  }

  void deal(T* from, T* to, const radix_split& split, dealer& places, bool result_in_to) const {
    places.find_places();
    loops_.each(places.blocks().count(), [&](std::size_t b) {
      std::size_t* const next = places.of_block(b);
      each_key(from, places.blocks().begin(b), places.blocks().end(b), order_,
               [&](std::size_t i, U bits) { put_ahead(to + next[split.of(bits)]++, from[i]); });
    });
    loops_.each(places.buckets(), [&](std::size_t d) {
      if (places.length(d) <= large_) sort_bucket(from, to, places.begin(d), places.length(d), !result_in_to);
    });
    for (std::size_t d = 0; d < places.buckets(); ++d)
      if (places.length(d) > large_)
        sort(to + places.begin(d), from + places.begin(d), places.length(d), !result_in_to);
  }

  void sort_bucket(T* from, T* to, std::size_t begin, std::size_t n, bool result_in_from) const {
    if (n > 1 && !loops_.should_stop())
      radix_sort_here(to + begin, from + begin, n, order_, result_in_from);
    else if (result_in_from)
      std::copy(to + begin, to + begin + n, from + begin);
  }

  const sort_loops& loops_;
  const Order& order_;
  std::size_t large_;
};

/// Sorts by an order of keys; stable. T is trivially copyable.
template <class T, class Order>
void radix_sort(T* data, std::size_t n, const Order& order, const loop_options& options) {
  const sort_loops loops(options);
  loops.check();
  if (sorted_by_looking(
          loops, data, n, [&](const T& a, const T& b) { return order.in_order(a, b); },
          [&](const T& a, const T& b) { return order.descends(a, b); }))
    return;
  huge_vector<T> other(n);
  if (n <= std::size_t{1} << 13)
    radix_sort_here(data, other.data(), n, order, false);
  else
    radix_sorter<T, Order>(loops, order, n).sort(data, other.data(), n, false);
  loops.check();
}

}  // namespace polyloop::detail
