#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "states.hpp"

/// The loops over the rows of a morsel, one for each kind of state.
namespace polyloop::aggregation::loops {

/// Words hold int64 or doubles; each is only ever used as one of them.
template <class T>
T get(word bits) {
  return std::bit_cast<T>(bits);
}
template <class T>
word put(T value) {
  return std::bit_cast<word>(value);
}

template <class T>
word plus(word sum, T value) {
  if constexpr (std::is_same_v<T, double>)
    return put(get<double>(sum) + value);
  else
    return sum + static_cast<word>(value);
}

/// Values of one input, where they are there.
template <class T>
struct rows_of {
  std::size_t n;
  const std::uint32_t* at;
  const T* values;
  const std::uint32_t* rows;
};

template <class T>
void sum(word* base, const rows_of<T>& in) {
  for (std::size_t i = 0; i < in.n; ++i) base[in.at[i]] = plus(base[in.at[i]], in.values[i]);
}

/// Of a and b, the one that a minimum (or maximum) has to be: a NaN, if there is one.
template <bool least, class T>
T better(T a, T b) {
  if constexpr (std::is_same_v<T, double>)
    if (b != b) return b;
  return (least ? b < a : a < b) ? b : a;
}

template <bool least, class T>
void extreme(word* base, const rows_of<T>& in) {
  for (std::size_t i = 0; i < in.n; ++i) {
    word& state = base[in.at[i]];
    state = put(better<least, T>(get<T>(state), in.values[i]));
  }
}

template <class T>
T worst(bool least) {
  using limits = std::numeric_limits<T>;
  if constexpr (limits::has_infinity) return least ? limits::infinity() : -limits::infinity();
  return least ? limits::max() : limits::lowest();
}

/// Words: the row (of the first: none is 2^64 - 1; of the last: one more, none is 0), the value.
template <bool first, class T>
void outermost(word* base, const rows_of<T>& in) {
  for (std::size_t i = 0; i < in.n; ++i) {
    word* const state = base + in.at[i];
    const word row = word{in.rows[i]} + (first ? 0 : 1);
    if (first ? row < state[0] : row > state[0]) {
      state[0] = row;
      state[1] = put(in.values[i]);
    }
  }
}

/// Whether rows of the same group follow each other in runs that are worth being looked for, by the first
/// rows.
inline bool has_long_runs(const std::uint32_t* at, std::size_t rows) {
  constexpr std::size_t looked_at = 128, most_changes = 10;
  const std::size_t n = std::min(rows, looked_at);
  std::size_t changes = 0;
  for (std::size_t i = 1; i < n; ++i) changes += at[i] != at[i - 1] ? 1 : 0;
  return n == looked_at && changes <= most_changes;
}

/// Words: the number of values, the first of them, and the sums of the others' distances from it and of their
/// squares.
inline void add_moment(word* state, double value) {
  if (state[0]++ == 0) state[1] = put(value);
  const double distance = value - get<double>(state[1]);
  state[2] = plus(state[2], distance);
  state[3] = plus(state[3], distance * distance);
}

/// The same run by run, the state of a group in registers; see count_runs.
template <class T>
void moments_of_runs(word* base, const rows_of<T>& in) {
  for (std::size_t i = 0; i < in.n;) {
    const std::uint32_t group = in.at[i];
    std::array<word, 4> state;
    std::copy_n(base + group, 4, state.begin());
    for (; i < in.n && in.at[i] == group; ++i) add_moment(state.data(), static_cast<double>(in.values[i]));
    std::copy_n(state.begin(), 4, base + group);
  }
}

template <class T>
void moments(word* base, const rows_of<T>& in) {
  if (has_long_runs(in.at, in.n)) return moments_of_runs(base, in);
  for (std::size_t i = 0; i < in.n; ++i) add_moment(base + in.at[i], static_cast<double>(in.values[i]));
}

inline void merge_moments(word* into, const word* later) {
  if (later[0] == 0) return;
  if (into[0] == 0) {
    std::copy_n(later, 4, into);
    return;
  }
  const auto n = static_cast<double>(later[0]);
  const double shift = get<double>(later[1]) - get<double>(into[1]);
  const double sum = get<double>(later[2]);
  into[0] += later[0];
  into[2] = plus(into[2], sum + n * shift);
  into[3] = plus(into[3], get<double>(later[3]) + 2 * shift * sum + n * shift * shift);
}

/// The sum of the squared distances from the mean.
inline double squares(double n, double sum, double sum_of_squares) {
  const double left = sum_of_squares - sum * sum / n;
  return left < 0 ? 0 : left;
}

/// Words: number, first x, first y, sums of dx, dy, dx dx, dy dy, dx dy.
template <class X, class Y>
void co_moments(word* base, const rows_of<X>& in, const Y* ys) {
  for (std::size_t i = 0; i < in.n; ++i) {
    word* const state = base + in.at[i];
    const auto x = static_cast<double>(in.values[i]);
    const auto y = static_cast<double>(ys[i]);
    if (state[0]++ == 0) {
      state[1] = put(x);
      state[2] = put(y);
    }
    const double dx = x - get<double>(state[1]);
    const double dy = y - get<double>(state[2]);
    state[3] = plus(state[3], dx);
    state[4] = plus(state[4], dy);
    state[5] = plus(state[5], dx * dx);
    state[6] = plus(state[6], dy * dy);
    state[7] = plus(state[7], dx * dy);
  }
}

inline void merge_co_moments(word* into, const word* later) {
  if (later[0] == 0) return;
  if (into[0] == 0) {
    std::copy_n(later, 8, into);
    return;
  }
  const auto n = static_cast<double>(later[0]);
  const double x = get<double>(later[1]) - get<double>(into[1]);
  const double y = get<double>(later[2]) - get<double>(into[2]);
  const double sum_x = get<double>(later[3]);
  const double sum_y = get<double>(later[4]);
  into[0] += later[0];
  into[3] = plus(into[3], sum_x + n * x);
  into[4] = plus(into[4], sum_y + n * y);
  into[5] = plus(into[5], get<double>(later[5]) + 2 * x * sum_x + n * x * x);
  into[6] = plus(into[6], get<double>(later[6]) + 2 * y * sum_y + n * y * y);
  into[7] = plus(into[7], get<double>(later[7]) + x * sum_y + y * sum_x + n * x * y);
}

constexpr word sign_bit = word{1} << 63;

/// Words in the order of the values; a NaN is above all others, both ways.
inline word rank_of(std::int64_t value, bool largest) {
  const word rank = static_cast<word>(value) ^ sign_bit;
  return largest ? rank : ~rank;
}
inline word rank_of(double value, bool largest) {
  if (value != value) return ~word{0};
  const word bits = put(value);
  const word rank = (bits & sign_bit) != 0 ? ~bits : bits | sign_bit;
  return largest ? rank : ~rank;
}
template <class T>
T from_rank(word rank, bool largest) {
  if (std::is_same_v<T, double> && rank == ~word{0})
    return static_cast<T>(std::numeric_limits<double>::quiet_NaN());
  if (!largest) rank = ~rank;
  if constexpr (std::is_same_v<T, double>)
    return get<double>((rank & sign_bit) != 0 ? rank ^ sign_bit : ~rank);
  else
    return static_cast<T>(rank ^ sign_bit);
}

inline void insert_top(word* top, std::uint32_t k, word rank) {
  if (rank <= top[k - 1]) return;
  std::uint32_t at = k - 1;
  for (; at > 0 && top[at - 1] < rank; --at) top[at] = top[at - 1];
  top[at] = rank;
}

/// The best of two lists of the best.
inline void merge_top(word* into, const word* later, std::uint32_t k) {
  if (k == 2) {  // without a branch, as below
    const word less = std::min(into[0], later[0]);
    into[0] = std::max(into[0], later[0]);
    into[1] = std::max(less, std::max(into[1], later[1]));
    return;
  }
  for (std::uint32_t i = 0; i < k && later[i] > into[k - 1]; ++i) insert_top(into, k, later[i]);
}

/// Words: the ranks of the best so far, the best first; 0 where there are fewer.
template <bool largest, class T>
void top(word* base, const rows_of<T>& in, std::uint32_t k) {
  if (k == 2) {  // without a branch: which values are among the best of a small group nobody can predict
    for (std::size_t i = 0; i < in.n; ++i) {
      word* const best = base + in.at[i];
      const word rank = rank_of(in.values[i], largest);
      const word less = rank < best[0] ? rank : best[0];
      best[0] = rank < best[0] ? best[0] : rank;
      best[1] = less < best[1] ? best[1] : less;
    }
    return;
  }
  for (std::size_t i = 0; i < in.n; ++i) insert_top(base + in.at[i], k, rank_of(in.values[i], largest));
}

/// A bit for each value that there is, from `least` on.
template <class T>
void set_bits(word* base, const rows_of<T>& in, std::uint64_t least) {
  for (std::size_t i = 0; i < in.n; ++i) {
    const word bit = static_cast<word>(in.values[i]) - least;
    base[in.at[i] + (bit >> 6)] |= word{1} << (bit & 63);
  }
}

/// Where the numbers of a group's rows and values are; no rows: they are counted elsewhere.
struct numbers_at {
  word* rows;
  word* values;
};

/// As set_bits, and counts the rows and the values, of which some are missing.
template <class T>
void set_bits_where(word* base, const numbers_at& numbers, const rows_of<T>& in, const std::uint8_t* valid,
                    std::uint64_t least) {
  for (std::size_t i = 0; i < in.n; ++i) {
    const word there = valid[i];
    const word bit = (static_cast<word>(in.values[i]) - least) & (word{0} - there);
    if (numbers.rows) ++numbers.rows[in.at[i]];
    numbers.values[in.at[i]] += there;
    base[in.at[i] + (bit >> 6)] |= there << (bit & 63);
  }
}

/// Does what set_bits_where does where rows of a group, and mostly of a value, follow each other; see
/// count_runs.
template <class T>
void set_bits_of_runs(word* base, const numbers_at& numbers, const rows_of<T>& in, const std::uint8_t* valid,
                      std::uint64_t least) {
  for (std::size_t i = 0; i < in.n;) {
    const std::uint32_t group = in.at[i];
    const std::size_t first = i;
    word there = 0;
    word bits = 0;
    word last = 0;  // of the group's words, the one that the bits are of
    for (; i < in.n && in.at[i] == group; ++i) {
      const word bit = (static_cast<word>(in.values[i]) - least) & (word{0} - valid[i]);
      if (bit >> 6 != last) {
        base[group + last] |= bits;
        last = bit >> 6;
        bits = 0;
      }
      bits |= word{valid[i]} << (bit & 63);
      there += valid[i];
    }
    base[group + last] |= bits;
    if (numbers.rows) numbers.rows[group] += i - first;
    numbers.values[group] += there;
  }
}

/// What one pass over the rows can do besides counting them: an operation on inputs of which none is missing.
enum class simple : unsigned char { sum, least, most };

/// An operation on values of type In, as they lie in memory.
template <simple operation, class In>
struct simple_step {
  using state_type = std::conditional_t<std::is_same_v<In, double>, double, std::int64_t>;
  word* base;
  const In* values;

  void operator()(std::size_t i, std::uint32_t group) const { base[group] = next(base[group], i); }
  /// The same of rows [from, to), which are all of this group.
  void operator()(std::size_t from, std::size_t to, std::uint32_t group) const {
    word state = base[group];
    for (std::size_t i = from; i < to; ++i) state = next(state, i);
    base[group] = state;
  }

 private:
  word next(word state, std::size_t i) const {
    const auto value = static_cast<state_type>(values[i]);
    if constexpr (operation == simple::sum)
      return plus(state, value);
    else
      return put(better<operation == simple::least, state_type>(get<state_type>(state), value));
  }
};

/// Does what count_rows does run by run, the states of a group in registers: in memory each row would wait
/// for what the row before has stored (8 cycles). Columns that are sorted by the keys, or have one frequent
/// key.
template <class... Steps>
void count_runs(word* base, const morsel& of, const Steps&... steps) {
  std::size_t fetched = 0;
  for (std::size_t from = 0; from < of.n;) {
    const std::uint32_t group = of.at[from];
    std::size_t to = from + 1;
    while (to < of.n && of.at[to] == group) ++to;
    for (; fetched + morsel::fetched_rows <= to; fetched += morsel::fetched_rows) of.fetch_ahead(fetched);
    base[group] += to - from;
    (steps(from, to, group), ...);
    from = to;
  }
}

/// A sum of values of type In and their number, where those that are missing count as 0: cheaper than to
/// leave them out. A sum begins as 0, so a further 0 changes no bit of it.
template <class In>
struct sum_where_step {
  using state_type = typename simple_step<simple::sum, In>::state_type;
  word* base;
  word* numbers;
  const In* values;
  const std::uint8_t* valid;

  void operator()(std::size_t i, std::uint32_t group) const {
    numbers[group] += valid[i];
    base[group] = next(base[group], i);
  }
  void operator()(std::size_t from, std::size_t to, std::uint32_t group) const {
    word state = base[group];
    word there = numbers[group];
    for (std::size_t i = from; i < to; ++i) {
      there += valid[i];
      state = next(state, i);
    }
    base[group] = state;
    numbers[group] = there;
  }

 private:
  word next(word state, std::size_t i) const {
    const word value = put(static_cast<state_type>(values[i]));
    return plus(state, get<state_type>(value & (word{0} - valid[i])));
  }
};

/// Counts the rows and does the steps in one pass: the index of a row's group is read once.
template <class... Steps>
void count_rows(word* base, const morsel& of, const Steps&... steps) {
  if (has_long_runs(of.at, of.n)) return count_runs(base, of, steps...);
  const std::uint32_t* const at = of.at;
  const auto count = [&](std::size_t i) {
    const std::uint32_t group = at[i];
    ++base[group];
    (steps(i, group), ...);
  };
  std::size_t i = 0;
  for (; i + morsel::fetched_rows <= of.n; i += morsel::fetched_rows) {
    of.fetch_ahead(i);
    of.fetch_states(base, i);
    for (std::size_t k = 0; k < morsel::fetched_rows; ++k) count(i + k);
  }
  for (; i < of.n; ++i) count(i);
}

}  // namespace polyloop::aggregation::loops
