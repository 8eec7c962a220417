#include "states.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

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

/// call(step) with the step of a part over the values of a morsel.
template <class Call>
void with_step(word* states, const state_part& part, const void* values, bool narrow, const Call& call) {
  const auto of_type = [&]<class In>(const In* in) {
    word* const base = states + part.at;
    if (part.kind == state_kind::sum) return call(loops::simple_step<loops::simple::sum, In>{base, in});
    if (part.kind == state_kind::least) return call(loops::simple_step<loops::simple::least, In>{base, in});
    call(loops::simple_step<loops::simple::most, In>{base, in});
  };
  if (part.real) return of_type(static_cast<const double*>(values));
  narrow ? of_type(static_cast<const std::int32_t*>(values))
         : of_type(static_cast<const std::int64_t*>(values));
}

}  // namespace

void state_layout::count_simply(word* states, const morsel& of) const {
  const auto simple_part = [this](std::size_t k) -> const state_part& { return parts_[simple_parts_[k]]; };
  const auto step_of = [&](std::size_t k, const auto& call) {
    const auto x = static_cast<std::size_t>(simple_part(k).x);
    with_step(states, simple_part(k), of.values[x], inputs_[x].narrow && !of.wide, call);
  };
  const auto values_of = [&](std::size_t k, const auto& call) {
    const auto x = static_cast<std::size_t>(simple_part(k).x);
    if (simple_part(k).real) return call(static_cast<const double*>(of.values[x]));
    inputs_[x].narrow && !of.wide ? call(static_cast<const std::int32_t*>(of.values[x]))
                                  : call(static_cast<const std::int64_t*>(of.values[x]));
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

void state_layout::count_and_add(word* states, const state_part& next, const morsel& of) const {
  const auto x = static_cast<std::size_t>(next.x);
  word* const base = states + next.at;
  word* const numbers = states + next.present_at;
  with_values(inputs_[x].real, of.values[x], [&]<class X>(const X* xs) {
    const rows_of<X> in{of.n, of.at, xs, nullptr};
    if (next.kind == state_kind::sum) return loops::sum_where(base, numbers, in, of.valid[x]);
    if constexpr (std::integral<X>) loops::set_bits_where(base, numbers, in, of.valid[x], next.least);
  });
}

void state_layout::update(word* states, const morsel& of) const {
  count_simply(states, of);
  chosen_rows rows;
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    const state_part& part = parts_[p];
    if (part.words == 0 || part.with_rows || part.kind == state_kind::collected) continue;
    if (counts_for_next(p)) {
      count_and_add(states, parts_[++p], of);
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
      return of.each([n = part.words](word* into, const word* later) {
        for (std::uint32_t i = 0; i < n; ++i) loops::insert_top(into, n, later[i]);
      });
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

namespace {

/// A place between two of the values of a group in their order.
struct quantile_place {
  std::size_t below;
  double part;  ///< of the way to the next

  quantile_place(std::size_t n, double q)
      : below(static_cast<std::size_t>(q * static_cast<double>(n - 1))),
        part(q * static_cast<double>(n - 1) - static_cast<double>(below)) {}
  std::size_t last() const { return part == 0 ? below : below + 1; }
};

/// The quantile whose `place` is counted among n values, none of which is a NaN; puts them in another order.
double quantile_at(double* values, std::size_t n, const quantile_place& place) {
  const double low = loops::select(values, n, place.below);
  if (place.part == 0) return low;
  const double high = *std::min_element(values + place.below + 1, values + n);
  return low + (high - low) * place.part;
}

double quantile_of(double* values, std::size_t n, double q) {
  for (std::size_t i = 0; i < n; ++i)
    if (values[i] != values[i]) return values[i];
  return quantile_at(values, n, quantile_place(n, q));
}

/// The quantile of many values, of which most are only compared with two that a sample says it is between
/// (R. W. Floyd, R. L. Rivest, "Expected time bounds for selection", 1975). Nothing if it is not, or there is
/// a NaN. kept: room for n.
template <class Value>
std::optional<double> quantile_by_sample(const Value& value, std::size_t n, double q, double* kept) {
  constexpr std::size_t most_sampled = 4096, margin = 200;  // six standard deviations
  const std::size_t sampled = std::min(most_sampled, n / 64);
  std::vector<double> sample(sampled);
  for (std::size_t i = 0; i < sampled; ++i) sample[i] = value(i * (n / sampled));
  if (std::any_of(sample.begin(), sample.end(), [](double each) { return each != each; })) return {};
  std::sort(sample.begin(), sample.end());
  const std::size_t middle = quantile_place(sampled, q).below;
  const double low = middle < margin ? loops::worst<double>(false) : sample[middle - margin];
  const double high = middle + margin >= sampled ? loops::worst<double>(true) : sample[middle + margin];
  std::size_t below = 0;
  std::size_t between = 0;
  std::size_t above = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double each = value(i);
    kept[between] = each;
    below += each < low ? 1U : 0U;
    above += each > high ? 1U : 0U;
    between += static_cast<std::size_t>(each >= low) & static_cast<std::size_t>(each <= high);
  }
  quantile_place place(n, q);
  const bool has_nan = below + between + above != n;
  if (has_nan || place.below < below || place.last() >= below + between) return {};
  place.below -= below;
  return quantile_at(kept, between, place);
}

std::uint64_t distinct_of(word* values, std::size_t n, bool real) {
  for (std::size_t i = 0; real && i < n; ++i) {
    const double value = loops::get<double>(values[i]);
    values[i] = loops::put(value != value ? std::numeric_limits<double>::quiet_NaN()
                           : value == 0   ? 0.0
                                          : value);
  }
  if (n > 64) {
    numbered_keys<std::uint64_t> table(32);
    for (std::size_t i = 0; i < n; ++i) table.number(values[i], hash_of_key(values[i]));
    return table.keys().size();
  }
  std::sort(values, values + n);
  return static_cast<std::uint64_t>(std::unique(values, values + n) - values);
}

double quantile_of_words(const word* words, std::size_t n, const state_part& part,
                         huge_vector<double>& room) {
  constexpr std::size_t many = 32768;
  const double q = part.of->parameter();
  if (room.size() < n) room.resize(n);
  const auto of_type = [&]<class T>(T) {
    const auto value = [words](std::size_t i) { return static_cast<double>(loops::get<T>(words[i])); };
    if (n >= many)
      if (const auto found = quantile_by_sample(value, n, q, room.data())) return *found;
    for (std::size_t i = 0; i < n; ++i) room[i] = value(i);
    return quantile_of(room.data(), n, q);
  };
  return part.real ? of_type(double{}) : of_type(std::int64_t{});
}

}  // namespace

void state_layout::collect(word* states, std::size_t groups, const std::uint32_t* group_of, std::size_t n,
                           const std::vector<const word*>& values,
                           const std::vector<const std::uint8_t*>& valid) const {
  huge_vector<word> dealt(n);
  huge_vector<double> reals;
  std::vector<std::uint32_t> end(groups + 1);
  for (const state_part& part : parts_) {
    if (part.kind != state_kind::collected) continue;
    const auto x = static_cast<std::size_t>(part.x);
    end[0] = 0;
    for (std::size_t g = 0; g < groups; ++g)
      end[g + 1] = end[g] + static_cast<std::uint32_t>(states[g * words_ + part.present_at]);
    const bool distinct = part.of->what() == aggregate::kind::count_distinct;
    const bool together = groups == 1 && !valid[x] && !distinct;
    std::vector<std::uint32_t> next(end.begin(), end.end() - 1);
    for (std::size_t i = 0; !together && i < n; ++i)
      if (!valid[x] || valid[x][i] != 0) dealt[next[group_of[i]]++] = values[x][i];
    for (std::size_t g = 0; g < groups; ++g) {
      const std::size_t count = end[g + 1] - end[g];
      word* const of_group = dealt.data() + end[g];
      word& result = states[g * words_ + part.at];
      if (distinct)
        result = distinct_of(of_group, count, part.real);
      else if (count > 0)
        result = loops::put(quantile_of_words(together ? values[x] : of_group, count, part, reals));
    }
  }
}

}  // namespace polyloop::aggregation
