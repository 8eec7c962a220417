#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "polyloop/detail/around_cache.hpp"
#include "polyloop/detail/launch.hpp"
#include "polyloop/detail/scan_chain.hpp"
#include "polyloop/detail/scan_lanes.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::detail {

/// Elements in a block of a scan over n elements: a rule of n alone, so that the
/// result is one of n alone. A block of 8-byte numbers and its output stay in the
/// second-level cache; one of less than 8192 would be as short as a few ways of its
/// prefix from one core to another (1e5 int64 by two workers: 24 us in blocks of 2048, 17 us in these).
constexpr index_t scan_block_size(index_t n) {
  return static_cast<index_t>(
      std::bit_floor(static_cast<std::uint64_t>(std::clamp<index_t>(n / 64, 8192, 16384))));
}

/// Parts of a block that are combined at the same time, each from left to right: a
/// sum of doubles waits for the one before it, and four that do not know of each
/// other keep the processor busy. What is dear to copy has one. Integers with one part, whose
/// combination is vectorised then, are slower by a tenth where memory sets the pace (1e7).
template <class T>
inline constexpr int scan_lanes = std::is_trivially_copyable_v<T> && sizeof(T) <= 16 ? 4 : 1;
constexpr index_t least_in_lanes = 64;

/// store(i, value) for each element.
template <class Store>
struct store_each {
  static constexpr bool may_stream = false;
  held<Store> store;

  template <class T>
  void operator()(index_t i, const T& value) const { store(i, value); }
};

/// Elements of an array; those of a large one go around the cache.
template <class Out>
struct store_array {
  static constexpr bool may_stream = std::is_trivially_copyable_v<Out> && 64 % sizeof(Out) == 0;
  static constexpr index_t piece = may_stream ? 4096 / static_cast<index_t>(sizeof(Out)) : 1;
  static constexpr index_t line = may_stream ? 64 / static_cast<index_t>(sizeof(Out)) : 1;

  Out* out;
  copy_function around_cache;  // null: plain stores

  template <class T>
  void operator()(index_t i, const T& value) const { out[i] = static_cast<Out>(value); }
  /// Elements from the i-th on until a cache line begins.
  index_t before_line(index_t i) const {
    const auto place = reinterpret_cast<std::uintptr_t>(out + i) / sizeof(Out);
    return static_cast<index_t>(-place % static_cast<std::uintptr_t>(line));
  }
  void write(index_t i, const Out* from, index_t count) const {
    around_cache(reinterpret_cast<std::byte*>(out + i), reinterpret_cast<const std::byte*>(from),
                 static_cast<std::size_t>(count) * sizeof(Out));
  }
};

/// A scan that is under way: what its workers share.
template <bool inclusive, class M, class Value, class Sink>
class running_scan {
 public:
  using T = typename M::value_type;

  running_scan(index_t count, const M& combine, const Value& value, const Sink& sink)
      : count_(count), size_(scan_block_size(count)), combine_(combine), value_(value), sink_(sink) {}

  index_t blocks() const { return count_ / size_ + (count_ % size_ != 0); }
  index_t block_size() const { return size_; }
  scan_chain<T>& chain() { return chain_; }
  T total() { return std::move(*total_); }

  /// Scans the next block that nobody has taken.
  void next_block() {
    if (chain_.failed()) return;
    const index_t block = chain_.take();
    index_t first = block * size_;
    const index_t last = size_ < count_ - first ? first + size_ : count_;
    if (inclusive && block == 0 && !begin(first++)) return;
    if (last - first >= least_in_lanes)
      scan_block<scan_lanes<T>>(block, first, last);
    else
      scan_block<1>(block, first, last);
  }

 private:
  static constexpr bool may_have_kernels = has_lane_kernels<M, Value> && std::is_same_v<Sink, store_array<T>>;
  static const lane_kernels* kernels_here() {
    if constexpr (may_have_kernels)
      return lane_kernels_of<T>();
    else
      return nullptr;
  }

  template <int L>
  using lanes = std::array<T, static_cast<std::size_t>(L)>;
  template <int L>
  using numbers = std::make_integer_sequence<int, L>;
  template <int L>
  struct prefixes {
    lanes<L> start;
    T end;
  };

  // An inclusive scan begins with its first element, and not with the identity:
  // 0 + -0.0 would be another one.
  bool begin(index_t i) {
    try {
      T first(value_(i));
      sink_(i, first);
      chain_.hand_over(0, std::move(first));
      return true;
    } catch (...) {
      chain_.fail(0, std::current_exception());
      chain_.hand_over_failure(1);
      return false;
    }
  }

  template <int L>
  POLYLOOP_ONE_COPY void scan_block(index_t block, index_t first, index_t last) {
    const std::optional<lanes<L>> totals = folded<L>(first, last);
    const T* const before = chain_.await(block);
    if (before == nullptr) return chain_.hand_over_failure(block + 1);
    bool handed_over = false;
    try {
      std::optional<prefixes<L>> known = totals ? prefixes_of<L>(*before, *totals) : std::nullopt;
      T running = known ? std::move(known->end) : scan_plainly(*before, first, last);
      if (!known && last == count_) total_.emplace(running);
      chain_.hand_over(block + 1, std::move(running));
      handed_over = true;
      if (known) scan_lanes_of<L>(std::move(known->start), first, last);
    } catch (...) {
      chain_.fail(block, std::current_exception());
      if (!handed_over) chain_.hand_over_failure(block + 1);
    }
  }

  // What throws before anything of the block was stored is done again in the order
  // of the plain loop, so that the caller gets that one's exception.
  template <int L>
  std::optional<lanes<L>> folded(index_t first, index_t last) const {
    if (first == last) return {};
    try {
      return fold(first, last, numbers<L>{});
    } catch (...) {
      return {};
    }
  }

  template <int... K>
  lanes<sizeof...(K)> fold(index_t first, index_t last, std::integer_sequence<int, K...>) const {
    constexpr int L = sizeof...(K);
    held<M> combine = combine_;
    held<Value> value = value_;
    const index_t length = (last - first) / L;
    lanes<L> total{T(value(first + K * length))...};
    if (kernels_ != nullptr && L == 4) {
      fold_in_simd(first, length, total);
    } else {
      for (index_t i = first + 1; i < first + length; ++i)
        ((total[K] = combine(std::move(total[K]), T(value(i + K * length)))), ...);
    }
    for (index_t i = first + L * length; i < last; ++i)
      total[L - 1] = combine(std::move(total[L - 1]), T(value(i)));
    return total;
  }

  template <std::size_t L>
  void fold_in_simd(index_t first, index_t length, std::array<T, L>& total) const {
    if constexpr (may_have_kernels) kernels_->fold(value_.in + first, length, total.data());
  }

  template <int L>
  std::optional<prefixes<L>> prefixes_of(const T& before, const lanes<L>& totals) const {
    try {
      prefixes<L> known{totals, before};
      for (std::size_t k = 0; k < L; ++k) {
        T next = combine_(known.end, totals[k]);
        known.start[k] = std::exchange(known.end, std::move(next));
      }
      return known;
    } catch (...) {
      return {};
    }
  }

  T scan_plainly(T running, index_t first, index_t last) const {
    for (index_t i = first; i < last; ++i) step(combine_, value_, running, i, [&](const T& v) { sink_(i, v); });
    return running;
  }

  template <int L>
  void scan_lanes_of(lanes<L> running, index_t first, index_t last) {
    const index_t length = (last - first) / L;
    scan_lanes_to_sink(running, first, length);
    T& end = running[L - 1];
    for (index_t i = first + L * length; i < last; ++i)
      step(combine_, value_, end, i, [&](const T& v) { sink_(i, v); });
    if (last == count_) total_.emplace(std::move(end));
  }

  template <std::size_t L>
  void scan_lanes_to_sink(std::array<T, L>& running, index_t first, index_t length) const {
    if constexpr (may_have_kernels && L == 4) {
      if (kernels_ != nullptr)
        return (inclusive ? kernels_->inclusive : kernels_->exclusive)(
            value_.in + first, sink_.out + first, length, running.data(), sink_.around_cache != nullptr);
    }
    if constexpr (Sink::may_stream) {
      if (sink_.around_cache != nullptr) return scan_in_pieces(running, first, length);
    }
    const auto put = [first, length, sink = sink_](index_t k, index_t i, const T& v) {
      sink(first + k * length + i, v);
    };
    scan(running, first, length, 0, length, put, numbers<L>{});
  }

  // Pieces of a page and whole cache lines, gathered in the first-level cache.
  template <std::size_t L>
  void scan_in_pieces(std::array<T, L>& running, index_t first, index_t length) const {
    using Out = std::remove_pointer_t<decltype(sink_.out)>;
    constexpr index_t piece = Sink::piece;
    std::array<std::array<Out, piece + Sink::line>, L> gathered;
    index_t end = 0;
    for (index_t begin = 0; begin < length; begin = end) {
      end = std::min(length, begin == 0 ? piece + sink_.before_line(first) : begin + piece);
      const auto put = [begin, &gathered](index_t k, index_t i, const T& v) {
        gathered[static_cast<std::size_t>(k)][static_cast<std::size_t>(i - begin)] = static_cast<Out>(v);
      };
      scan(running, first, length, begin, end, put, numbers<L>{});
      for (std::size_t k = 0; k < L; ++k)
        sink_.write(first + static_cast<index_t>(k) * length + begin, gathered[k].data(), end - begin);
    }
    finish_copy_around_cache();
  }

  template <class Put, int... K>
  void scan(lanes<sizeof...(K)>& result, index_t first, index_t length, index_t begin, index_t end,
            const Put& put, std::integer_sequence<int, K...>) const {
    held<M> combine = combine_;
    held<Value> value = value_;
    lanes<sizeof...(K)> running = std::move(result);
    for (index_t i = begin; i < end; ++i)
      (step(combine, value, running[K], first + K * length + i, [&](const T& v) { put(K, i, v); }), ...);
    result = std::move(running);
  }

  template <class Put>
  static void step(const M& combine, const Value& value, T& running, index_t i, const Put& put) {
    if constexpr (inclusive) {
      running = combine(std::move(running), T(value(i)));
      put(std::as_const(running));
    } else {
      T next = combine(running, T(value(i)));
      put(std::as_const(running));
      running = std::move(next);
    }
  }

  const index_t count_;
  const index_t size_;
  const M& combine_;
  const Value& value_;
  const Sink sink_;
  const lane_kernels* const kernels_ = kernels_here();
  scan_chain<T> chain_;
  std::optional<T> total_;  // written by who scans the last block
};

/// Runs it; of an exclusive scan the first prefix has been handed over.
template <bool inclusive, class M, class Value, class Sink>
typename M::value_type run_scan(running_scan<inclusive, M, Value, Sink>& scan, index_t count,
                                const loop_options& options) {
  // Iterations have no block of their own: whoever is free takes the next one, so
  // that the one before it is always done or being worked on.
  const auto next = [&scan](index_t) { scan.next_block(); };
  const loop_result result =
      launch(scan.blocks(), each_index<index_t, decltype(next)>{next}, options, scan.block_size());
  scan.chain().rethrow_if_failed();
  if (!result.finished()) throw stopped(std::min(result.iterations * scan.block_size(), count));
  return scan.total();
}

template <class M, class Value, class Sink>
typename M::value_type inclusive_scan(index_t count, const M& combine, const Value& value, const Sink& sink,
                                      const loop_options& options) {
  if (count == 0) return combine.identity();
  running_scan<true, M, Value, Sink> scan(count, combine, value, sink);
  return run_scan(scan, count, options);
}

template <class M, class Value, class Sink>
typename M::value_type exclusive_scan(index_t count, typename M::value_type init, const M& combine,
                                      const Value& value, const Sink& sink, const loop_options& options) {
  if (count == 0) return init;
  running_scan<false, M, Value, Sink> scan(count, combine, value, sink);
  scan.chain().hand_over(0, std::move(init));
  return run_scan(scan, count, options);
}

}  // namespace polyloop::detail
