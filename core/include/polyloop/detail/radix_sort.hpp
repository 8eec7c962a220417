#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <type_traits>
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
    const int most = std::min(width, std::clamp(static_cast<int>(std::bit_width(n)) - 3, 8, 16));
    // A table of 2^12 stays in the first-level cache: 1e7 random uint64 in .92 of the time.
    const int few = std::min(most, 12);
    if (count_prefixes(sample, width, few) > 2 * sample.size() / wanted + 8 && few < most)
      count_prefixes(sample, width, most);
    number_buckets(sample.size(), wanted);
  }

  std::size_t buckets() const { return std::size_t{bucket_.back()} + 1; }
  template <class U>
  std::size_t of(U bits) const { return bucket_[prefix(bits)]; }

 private:
  /// Returns how many have the most frequent one.
  template <class U>
  std::size_t count_prefixes(const std::vector<U>& sample, int width, int prefix_bits) {
    shift_ = width - prefix_bits;
    bucket_.assign(std::size_t{1} << prefix_bits, 0);
    for (const U bits : sample) ++bucket_[prefix(bits)];
    return *std::max_element(bucket_.begin(), bucket_.end());
  }

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
template <class T, class Order, class Storage = radix_storage<T, Order>>
class radix_sorter {
 public:
  radix_sorter(const sort_loops& loops, const Order& order, std::size_t length)
      : loops_(loops), order_(order), large_(std::clamp(length / 8, most_small, std::size_t{1} << 31)) {}

  /// Sorts n elements of `from`; where the storage would lose something of one it does nothing, and gives false.
  /// Stopped, or without memory, it only sees to it that none is lost.
  bool sort(T* from, T* to, std::size_t n) {
    const bool done = sort(from, to, n, false, order_);
    if (failure_ != nullptr) std::rethrow_exception(failure_);
    return done;
  }

 private:
  using U = bits_of<Order, T>;
  using inner_order = typename Storage::order;
  static constexpr std::size_t bucket_bytes = std::size_t{1} << 18, least = 128, most = 1024;
  static constexpr std::size_t most_small = std::size_t{1} << 16;

  struct seen {
    U differing;
    bool loses;
  };

  template <class By>
  static constexpr bool is_stored = Storage::as_bits && std::is_same_v<By, inner_order>;

  inner_order within_buckets() const {
    if constexpr (Storage::as_bits)
      return {};
    else
      return order_;
  }

  /// By the order of elements as they are, or of stored ones. If it throws it has moved nothing.
  template <class By>
  bool sort(T* from, T* to, std::size_t n, bool result_in_to, const By& by) {
    const std::vector<U> sample = sample_of(from, n, by);
    for (int width = std::max(1, width_of(sample)); !loops_.should_stop();) {
      const radix_split split(sample, width, n, std::clamp(std::bit_floor(n * sizeof(T) / bucket_bytes), least, most));
      dealer places(n, split.buckets());
      const seen all = count(from, split, places, by);
      const int whole = static_cast<int>(std::bit_width(all.differing));
      if (all.loses) return false;
      if (whole == 0) break;
      if (whole <= width) {
        deal(from, to, split, places, by);
        sort_buckets(from, to, places, result_in_to);
        return true;
      }
      width = whole;  // none of the sample had the highest bit that differs
    }
    bring_back<By>(from, result_in_to ? to : from, n);
    return true;
  }

  /// In the order that the elements have.
  template <class By>
  void bring_back(T* from, T* to, std::size_t n) const {
    each_sort_block(loops_, blocks_to_pass(n), [&](std::size_t first, std::size_t last) {
      if (to != from) std::copy(from + first, from + last, to + first);
      if constexpr (is_stored<By>) Storage::restore(to + first, last - first);
    });
  }

  template <class By>
  static std::vector<U> sample_of(const T* data, std::size_t n, const By& by) {
    const sample_places places(n, 4096);
    std::vector<U> sample(places.count());
    for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = by(data[places[i]]);
    return sample;
  }

  static int width_of(const std::vector<U>& bits) {
    U differing = 0;
    for (const U each : bits) differing = static_cast<U>(differing | (each ^ bits[0]));
    return static_cast<int>(std::bit_width(differing));
  }

  /// Counts what is to be dealt to each bucket.
  template <class By>
  seen count(const T* from, const radix_split& split, dealer& places, const By& by) const {
    const U first = by(from[0]);
    std::vector<seen> parts(places.blocks().count());
    loops_.each(parts.size(), [&](std::size_t b) {
      parts[b] = count_block(from, places.blocks().begin(b), places.blocks().end(b), split, places.of_block(b), by, first);
    });
    seen all{};
    for (const seen& part : parts) {
      all.differing = static_cast<U>(all.differing | part.differing);
      all.loses |= part.loses;
    }
    return all;
  }

  template <class By>
  static seen count_block(const T* from, std::size_t begin, std::size_t end, const radix_split& split,
                          std::size_t* counts, const By& by, U first) {
    constexpr std::size_t at_a_time = 2048;  // looked at twice, the second time in the first-level cache
    seen found{};
    for (std::size_t last = begin; begin < end; begin = last) {
      last = std::min(end, begin + at_a_time);
      if constexpr (!is_stored<By>) found.loses |= Storage::loses(from + begin, last - begin);
      each_key(from, begin, last, by, [&](std::size_t, U bits) {
        found.differing = static_cast<U>(found.differing | (bits ^ first));
        ++counts[split.of(bits)];
      });
    }
    return found;
  }

  template <class By>
  void deal(const T* from, T* to, const radix_split& split, dealer& places, const By& by) const {
    places.find_places();
    loops_.each(places.blocks().count(), [&](std::size_t b) {
      std::size_t* const next = places.of_block(b);
      each_key(from, places.blocks().begin(b), places.blocks().end(b), by, [&](std::size_t i, U bits) {
        put_ahead(to + next[split.of(bits)]++, Storage::stored(from[i], bits));
      });
    });
  }

  /// From `to`, where they were dealt to.
  void sort_buckets(T* from, T* to, const dealer& places, bool result_in_to) {
    loops_.each(places.buckets(), [&](std::size_t d) {
      if (places.length(d) <= large_) sort_bucket(to, from, places.begin(d), places.length(d), !result_in_to);
    });
    for (std::size_t d = 0; d < places.buckets(); ++d)
      if (places.length(d) > large_)
        sort_large_bucket(to + places.begin(d), from + places.begin(d), places.length(d), !result_in_to);
  }

  void sort_large_bucket(T* from, T* to, std::size_t n, bool result_in_to) {
    try {
      sort(from, to, n, result_in_to, within_buckets());
    } catch (...) {  // no memory for its tables
      if (failure_ == nullptr) failure_ = std::current_exception();
      bring_back<inner_order>(from, result_in_to ? to : from, n);
    }
  }

  void sort_bucket(T* from, T* to, std::size_t begin, std::size_t n, bool result_in_to) const {
    if (n > 1 && !loops_.should_stop())
      radix_sort_here(from + begin, to + begin, n, within_buckets(), result_in_to);
    else if (result_in_to)
      std::copy(from + begin, from + begin + n, to + begin);
    Storage::restore((result_in_to ? to : from) + begin, n);
  }

  const sort_loops& loops_;
  const Order& order_;
  std::size_t large_;
  std::exception_ptr failure_;
};

template <class T, class Order>
void radix_sort_together(const sort_loops& loops, T* data, T* other, std::size_t n, const Order& order) {
  if (radix_sorter<T, Order>(loops, order, n).sort(data, other, n)) return;
  radix_sorter<T, Order, stored_as_they_are<T, Order>>(loops, order, n).sort(data, other, n);
}

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
    radix_sort_together(loops, data, other.data(), n, order);
  loops.check();
}

}  // namespace polyloop::detail
