#include "states.hpp"

#include <algorithm>
#include <cstring>

#include "state_loops.hpp"

namespace polyloop::aggregation {

using loops::rows_of;

void state_layout::start(word* states, std::size_t groups) const {
  if (groups == 0) return;
  if (std::all_of(start_.begin(), start_.end(), [](word w) { return w == 0; })) {
    std::memset(states, 0, groups * words_ * sizeof(word));
    return;
  }
  for (std::size_t g = 0; g < groups; ++g)
    std::memcpy(states + g * words_, start_.data(), words_ * sizeof(word));
}

namespace {

template <class T>
void update_part(word* states, const state_part& part, const rows_of<T>& in) {
  word* const base = states + part.at;
  switch (part.kind) {
    case state_kind::sum:
      return loops::sum(base, in);
    case state_kind::least:
      return loops::extreme<true>(base, in);
    case state_kind::most:
      return loops::extreme<false>(base, in);
    case state_kind::first:
      return loops::outermost<true>(base, in);
    case state_kind::last:
      return loops::outermost<false>(base, in);
    case state_kind::moments:
      return loops::moments(base, in);
    case state_kind::top:
      return part.largest ? loops::top<true>(base, in, part.words) : loops::top<false>(base, in, part.words);
    case state_kind::present:
      for (std::size_t i = 0; i < in.n; ++i) ++base[in.at[i]];
      return;
    case state_kind::custom: {
      if constexpr (std::is_same_v<T, double>) return part.of->custom()->add(base, in.at, in.n, in.values);
      std::array<double, morsel_rows> values;
      std::copy_n(in.values, in.n, values.begin());
      return part.of->custom()->add(base, in.at, in.n, values.data());
    }
    case state_kind::bits:
      if constexpr (std::integral<T>) loops::set_bits(base, in, part.least);
      return;
    case state_kind::co_moments:
    case state_kind::collected:
      return;
  }
}

/// The rows of a morsel where one or two inputs are there.
class chosen_rows {
 public:
  std::array<std::uint32_t, morsel_rows> at;
  std::array<std::uint32_t, morsel_rows> rows;
  std::array<word, morsel_rows> x;
  std::array<word, morsel_rows> y;
  std::size_t n = 0;

  /// Parts of the same inputs come one after the other: they are looked at once.
  void choose(const morsel& of, int x_in, int y_in, bool with_rows) {
    if (x_in == x_ && y_in == y_) return;
    x_ = x_in;
    y_ = y_in;
    find(of);
    gather(of.at, at.data());
    if (with_rows) gather(of.rows, rows.data());
    gather_words(of, x_in, x.data());
    if (y_in >= 0) gather_words(of, y_in, y.data());
  }

 private:
  static const std::uint8_t* valid(const morsel& of, int in) {
    return in < 0 ? nullptr : of.valid[static_cast<std::size_t>(in)];
  }

  void find(const morsel& of) {
    const std::uint8_t* first = valid(of, x_);
    const std::uint8_t* second = valid(of, y_);
    if (!first) std::swap(first, second);
    if (!second) second = first;
    n = 0;
    for (std::size_t i = 0; i < of.n; ++i) {
      from_[n] = static_cast<std::uint16_t>(i);
      n += first[i] & second[i];
    }
  }

  template <class T>
  void gather(const T* values, T* to) const {
    for (std::size_t i = 0; i < n; ++i) to[i] = values[from_[i]];
  }

  void gather_words(const morsel& of, int in, word* to) const {
    const auto* const values = static_cast<const char*>(of.values[static_cast<std::size_t>(in)]);
    for (std::size_t i = 0; i < n; ++i) std::memcpy(to + i, values + from_[i] * sizeof(word), sizeof(word));
  }

  int x_ = -2;
  int y_ = -2;
  std::array<std::uint16_t, morsel_rows> from_;
};

template <class Call>
void with_values(bool real, const void* values, const Call& call) {
  real ? call(static_cast<const double*>(values)) : call(static_cast<const std::int64_t*>(values));
}

}  // namespace

void state_layout::count_simply(word* states, const morsel& of) const {
  const auto simple_part = [this](std::size_t k) -> const state_part& { return parts_[simple_parts_[k]]; };
  const auto values_of = [&](std::size_t k, const auto& call) {
    const auto x = static_cast<std::size_t>(simple_part(k).x);
    if (simple_part(k).real) return call(static_cast<const double*>(of.values[x]));
    inputs_[x].narrow && !of.wide ? call(static_cast<const std::int32_t*>(of.values[x]))
                                  : call(static_cast<const std::int64_t*>(of.values[x]));
  };
  const auto step_of = [&](std::size_t k, const auto& call) {
    const state_part& part = simple_part(k);
    word* const base = states + part.at;
    values_of(k, [&]<class In>(const In* in) {
      if (part.kind == state_kind::sum) return call(loops::simple_step<loops::simple::sum, In>{base, in});
      if (part.kind == state_kind::least) return call(loops::simple_step<loops::simple::least, In>{base, in});
      call(loops::simple_step<loops::simple::most, In>{base, in});
    });
  };
  const auto sum_of = [&](std::size_t k, const auto& call) {
    values_of(k, [&]<class In>(const In* in) {
      call(loops::simple_step<loops::simple::sum, In>{states + simple_part(k).at, in});
    });
  };
  const auto sum_where_of = [&](std::size_t k, const auto& call) {
    const state_part& part = simple_part(k);
    values_of(k, [&]<class In>(const In* in) {
      call(loops::sum_where_step<In>{states + part.at, states + part.present_at, in,
                                     of.valid[static_cast<std::size_t>(part.x)]});
    });
  };
  const auto count = [&](const auto&... steps) { loops::count_rows(states, of, steps...); };
  const auto three = [&](const auto& step) {
    step(0, [&](const auto& a) {
      step(1, [&](const auto& b) { step(2, [&](const auto& c) { count(a, b, c); }); });
    });
  };
  const auto two = [&](const auto& step) {
    step(0, [&](const auto& a) { step(1, [&](const auto& b) { count(a, b); }); });
  };
  switch (simple_parts_.size()) {
    case 0:
      return count();
    case 1:
      return sums_where_ ? sum_where_of(0, count) : step_of(0, count);
    case 2:
      return sums_where_ ? two(sum_where_of) : two(step_of);
    default:
      return sums_where_ ? three(sum_where_of) : three(sum_of);
  }
}

bool state_layout::counts_for_next(std::size_t p) const {
  if (parts_[p].kind != state_kind::present || parts_[p].y >= 0 || p + 1 == parts_.size()) return false;
  const state_part& next = parts_[p + 1];
  return (next.kind == state_kind::sum || next.kind == state_kind::bits) && next.x == parts_[p].x;
}

bool state_layout::counts_with_bits() const {
  return simple_parts_.empty() && !parts_.empty() && counts_for_next(0) && parts_[1].kind == state_kind::bits;
}

void state_layout::count_and_add(word* states, std::size_t p, const morsel& of) const {
  const state_part& next = parts_[p];
  const auto x = static_cast<std::size_t>(next.x);
  word* const base = states + next.at;
  word* const numbers = states + next.present_at;
  word* const rows = p == 1 && counts_with_bits() ? states : nullptr;
  with_values(inputs_[x].real, of.values[x], [&]<class X>(const X* xs) {
    if (next.kind == state_kind::sum) {
      const loops::sum_where_step<X> step{base, numbers, xs, of.valid[x]};
      for (std::size_t i = 0; i < of.n; ++i) step(i, of.at[i]);
      return;
    }
    if constexpr (std::integral<X>) {
      const auto set =
          loops::has_long_runs(of.at, of.n) ? loops::set_bits_of_runs<X> : loops::set_bits_where<X>;
      set(base, {rows, numbers}, {of.n, of.at, xs, nullptr}, of.valid[x], next.least);
    }
  });
}

void state_layout::update(word* states, const morsel& of) const {
  if (!counts_with_bits()) count_simply(states, of);
  chosen_rows rows;
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    const state_part& part = parts_[p];
    if (part.words == 0 || part.with_rows || part.kind == state_kind::collected) continue;
    if (counts_for_next(p)) {
      count_and_add(states, ++p, of);
      continue;
    }
    const auto add = [&](std::size_t n, const std::uint32_t* at, const std::uint32_t* row_numbers,
                         const void* x, const void* y) {
      const bool real = part.x >= 0 && inputs_[static_cast<std::size_t>(part.x)].real;
      with_values(real, x, [&]<class X>(const X* xs) {
        const rows_of<X> in{n, at, xs, row_numbers};
        if (part.kind != state_kind::co_moments) return update_part(states, part, in);
        with_values(inputs_[static_cast<std::size_t>(part.y)].real, y,
                    [&](const auto* ys) { loops::co_moments(states + part.at, in, ys); });
      });
    };
    if (part.present_at == 0) {
      const auto values = [&](int in) { return in < 0 ? nullptr : of.values[static_cast<std::size_t>(in)]; };
      add(of.n, of.at, of.rows, values(part.x), values(part.y));
    } else {
      rows.choose(of, part.x, part.y, needs_rows_);
      add(rows.n, rows.at.data(), rows.rows.data(), rows.x.data(), rows.y.data());
    }
  }
}

void state_layout::move_rows(word* state, word by) const {
  for (const state_part& part : parts_) {
    if (part.kind == state_kind::first && state[part.at] != ~word{0}) state[part.at] += by;
    if (part.kind == state_kind::last && state[part.at] != 0) state[part.at] += by;
  }
}

namespace {

/// The states of one part of many groups, and later ones of the same groups.
struct part_states {
  word* states;
  const word* later;
  std::size_t groups;
  std::size_t words;
  std::size_t at;

  /// merge(into, later) for each group that has later rows.
  template <class Merge>
  void each(const Merge& merge) const {
    for (std::size_t w = 0; w < groups * words; w += words)
      if (later[w] != 0) merge(states + w + at, later + w + at);
  }
};

template <class T>
void merge_part(const part_states& of, const state_part& part) {
  switch (part.kind) {
    case state_kind::present:
      return of.each([](word* into, const word* later) { into[0] += later[0]; });
    case state_kind::sum:
      return of.each(
          [](word* into, const word* later) { into[0] = loops::plus(into[0], loops::get<T>(later[0])); });
    case state_kind::least:
      return of.each([](word* into, const word* later) {
        into[0] = loops::put(loops::better<true, T>(loops::get<T>(into[0]), loops::get<T>(later[0])));
      });
    case state_kind::most:
      return of.each([](word* into, const word* later) {
        into[0] = loops::put(loops::better<false, T>(loops::get<T>(into[0]), loops::get<T>(later[0])));
      });
    case state_kind::first:
      return of.each([](word* into, const word* later) {
        if (later[0] < into[0]) std::copy_n(later, 2, into);
      });
    case state_kind::last:
      return of.each([](word* into, const word* later) {
        if (later[0] > into[0]) std::copy_n(later, 2, into);
      });
    case state_kind::moments:
      return of.each(loops::merge_moments);
    case state_kind::co_moments:
      return of.each(loops::merge_co_moments);
    case state_kind::top:
      return of.each([n = part.words](word* into, const word* later) { loops::merge_top(into, later, n); });
    case state_kind::bits:
      return of.each([n = part.words](word* into, const word* later) {
        for (std::uint32_t i = 0; i < n; ++i) into[i] |= later[i];
      });
    case state_kind::custom:
      return of.each(part.of->custom()->merge);
    case state_kind::collected:
      return;
  }
}

}  // namespace

void state_layout::merge(word* states, const word* later, std::size_t groups) const {
  for (std::size_t g = 0; g < groups; ++g) states[g * words_] += later[g * words_];
  for (const state_part& part : parts_) {
    if (part.words == 0) continue;
    const part_states of{states, later, groups, words_, part.at};
    part.real ? merge_part<double>(of, part) : merge_part<std::int64_t>(of, part);
  }
}

}  // namespace polyloop::aggregation
