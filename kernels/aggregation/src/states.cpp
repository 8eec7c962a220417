#include "states.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "by_type.hpp"
#include "column_loops.hpp"
#include "state_loops.hpp"

namespace polyloop::aggregation {

using loops::rows_of;

const void* resolved_input::load_ranks(index_t first, std::size_t n, std::int64_t* out) const {
  for (std::size_t i = 0; i < n; ++i) {
    const index_t row = first + static_cast<index_t>(i);
    std::size_t number = rank.size();
    if (numbers)
      number = numbers->of_row[static_cast<std::size_t>(row)];
    else if (column->valid(row))
      number = static_cast<std::size_t>(column->integer(row));
    out[i] = number < rank.size() ? rank[number] : 0;
  }
  return out;
}

const void* resolved_input::load_column(index_t first, std::size_t n, void* buffer, bool widen) const {
  if (by_rank) return load_ranks(first, n, static_cast<std::int64_t*>(buffer));
  if (column->stored_type() == value_type::boolean) {
    auto* const out = static_cast<std::int64_t*>(buffer);
    for (std::size_t i = 0; i < n; ++i) out[i] = column->integer(first + static_cast<index_t>(i));
    return buffer;
  }
  return by_type(column->stored_type(), [&]<class T>(T) -> const void* {
    using wide = std::conditional_t<std::floating_point<T>, double, std::int64_t>;
    const T* const from = column->numbers<T>().data() + first;
    if constexpr (sizeof(T) == sizeof(wide)) return from;
    if (narrow && !widen) return from;
    if constexpr (std::is_same_v<T, float>)
      best_column_loops().widen_float(from, n, buffer);
    else if constexpr (std::integral<T>)
      best_column_loops().of(column->stored_type()).widen(from, n, buffer);
    return buffer;
  });
}

const void* resolved_input::load(index_t first, std::size_t n, void* buffer, std::uint8_t* valid, bool widen) const {
  if (function) {
    (*function)(first, n, buffer, valid);
    return buffer;
  }
  if (optional)
    for (std::size_t i = 0; i < n; ++i) valid[i] = column->valid(first + static_cast<index_t>(i)) ? 1 : 0;
  return load_column(first, n, buffer, widen);
}

namespace {

using kind = aggregate::kind;

bool needs_numbers(kind what) {
  switch (what) {
    case kind::count:
    case kind::count_missing:
    case kind::count_distinct:
    case kind::min:
    case kind::max:
    case kind::first:
    case kind::last: return false;
    default: return true;
  }
}

/// Strings by their rank: the different ones are sorted.
void rank_strings(resolved_input& in, const loop_options& options) {
  in.by_rank = true;
  const typed_column* strings = in.column;
  if (in.column->dictionary()) {
    strings = in.column->dictionary().get();
    in.row_of_rank.resize(static_cast<std::size_t>(strings->rows()));
    std::iota(in.row_of_rank.begin(), in.row_of_rank.end(), index_t{0});
  } else {
    in.numbers = std::make_shared<const numbering>(number_strings(*in.column, options));
    in.row_of_rank = in.numbers->first_row;
  }
  std::vector<std::uint32_t> order(in.row_of_rank.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return strings->text(in.row_of_rank[a]) < strings->text(in.row_of_rank[b]);
  });
  in.rank.resize(order.size());
  std::vector<index_t> rows;
  for (std::uint32_t r = 0; r < order.size(); ++r) {
    // Strings that a dictionary has twice are of one rank.
    const bool again = r > 0 && strings->text(in.row_of_rank[order[r]]) == strings->text(rows.back());
    if (!again) rows.push_back(in.row_of_rank[order[r]]);
    in.rank[order[r]] = static_cast<std::uint32_t>(rows.size() - 1);
  }
  in.row_of_rank = std::move(rows);
}

}  // namespace

state_layout::state_layout(const typed_table& from, const std::vector<aggregate>& aggregates,
                           const loop_options& options, bool all_optional)
    : all_optional_(all_optional) {
  start_.push_back(0);
  for (const aggregate& each : aggregates) part_of_.push_back(part_for(from, each, options));
  find_simple_parts();
}

void state_layout::find_simple_parts() {
  const auto simple = [](const state_part& part) {
    return part.present_at == 0 &&
           (part.kind == state_kind::sum || part.kind == state_kind::least || part.kind == state_kind::most);
  };
  while (simple_parts_ < 3 && simple_parts_ < parts_.size() && simple(parts_[simple_parts_])) ++simple_parts_;
  // Three only of sums: each other combination would be a loop of its own.
  if (simple_parts_ == 3 && std::any_of(parts_.begin(), parts_.begin() + 3,
                                        [](const state_part& part) { return part.kind != state_kind::sum; }))
    simple_parts_ = 2;
  for (std::size_t in = 0; in < inputs_.size(); ++in) {
    const auto reads = [in](const state_part& part) { return part.x == static_cast<int>(in) || part.y == static_cast<int>(in); };
    inputs_[in].narrow = inputs_[in].column && !inputs_[in].by_rank &&
                         inputs_[in].column->stored_type() == value_type::int32 &&
                         std::none_of(parts_.begin() + static_cast<std::ptrdiff_t>(simple_parts_), parts_.end(), reads);
  }
}

int state_layout::resolve(const typed_table& from, const input& wanted, bool by_rank, const loop_options& options) {
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    if (wanted.is_function() ? inputs_[i].function == &wanted.function() : input_names_[i] == wanted.name())
      return static_cast<int>(i);
  resolved_input made;
  if (wanted.is_function()) {
    made.function = &wanted.function();
    made.real = wanted.real();
    made.optional = wanted.optional();
  } else {
    made.column = &from[wanted.name()];
    made.real = made.column->type() == value_type::float32 || made.column->type() == value_type::float64;
    made.optional = made.column->may_be_missing();
    if (made.column->type() == value_type::string) {
      if (!by_rank) throw invalid_argument("input " + wanted.name(), "string", "a column of numbers");
      rank_strings(made, options);
    }
  }
  if (all_optional_ && made.by_rank)
    throw invalid_argument("input " + wanted.name(), "string", "a column of numbers, where rows come in batches");
  made.optional = made.optional || (all_optional_ && made.column);
  inputs_.push_back(std::move(made));
  input_names_.push_back(wanted.is_function() ? std::string("\0", 1) : wanted.name());
  return static_cast<int>(inputs_.size() - 1);
}

std::uint32_t state_layout::present(int x, int y) {
  const auto optional = [this](int in) { return in >= 0 && inputs_[static_cast<std::size_t>(in)].optional; };
  if (!optional(x) && !optional(y)) return 0;
  for (const state_part& each : parts_)
    if (each.kind == state_kind::present && each.x == x && each.y == y) return each.at;
  parts_.push_back({.kind = state_kind::present, .x = x, .y = y, .at = words_, .present_at = words_});
  start_.push_back(0);
  return words_++;
}

std::size_t state_layout::part(state_kind kind, int x, int y, std::uint32_t words, const aggregate& of) {
  const bool largest = of.what() == kind::largest;
  const bool shared = kind != state_kind::custom && kind != state_kind::collected;
  for (std::size_t p = 0; shared && p < parts_.size(); ++p)
    if (parts_[p].kind == kind && parts_[p].x == x && parts_[p].y == y && parts_[p].words == words &&
        parts_[p].largest == largest)
      return p;
  const std::uint32_t present_at = present(x, y);
  const bool real = x >= 0 && inputs_[static_cast<std::size_t>(x)].real;
  parts_.push_back({kind, x, y, real, words_, words, present_at, largest, &of});
  std::vector<word> start(words, 0);
  if (kind == state_kind::least || kind == state_kind::most) {
    const bool least = kind == state_kind::least;
    start[0] = real ? loops::put(loops::worst<double>(least)) : loops::put(loops::worst<std::int64_t>(least));
  }
  if (kind == state_kind::first) start[0] = ~word{0};
  if (kind == state_kind::custom) start = of.custom()->start;
  start_.insert(start_.end(), start.begin(), start.end());
  words_ += words;
  needs_rows_ = needs_rows_ || kind == state_kind::first || kind == state_kind::last;
  collects_ = collects_ || kind == state_kind::collected;
  custom_ = custom_ || kind == state_kind::custom;
  return parts_.size() - 1;
}

std::size_t state_layout::part_for(const typed_table& from, const aggregate& of, const loop_options& options) {
  std::vector<int> in;
  for (const input& each : of.inputs()) in.push_back(resolve(from, each, !needs_numbers(of.what()), options));
  const int x = in.empty() ? -1 : in[0];
  if (x >= 0 && needs_numbers(of.what()))
    for (const int each : in)
      if (inputs_[static_cast<std::size_t>(each)].by_rank)
        throw invalid_argument("input " + of.inputs()[0].name(), "string", "a column of numbers");
  const auto k = static_cast<std::uint32_t>(of.parameter());
  switch (of.what()) {
    case kind::count_rows: return part(state_kind::present, -1, -1, 0, of);
    case kind::count:
    case kind::count_missing: return part(state_kind::present, x, -1, 0, of);
    case kind::sum:
    case kind::mean: return part(state_kind::sum, x, -1, 1, of);
    case kind::min: return part(state_kind::least, x, -1, 1, of);
    case kind::max: return part(state_kind::most, x, -1, 1, of);
    case kind::variance:
    case kind::standard_deviation: return part(state_kind::moments, x, -1, 4, of);
    case kind::first: return part(state_kind::first, x, -1, 2, of);
    case kind::last: return part(state_kind::last, x, -1, 2, of);
    case kind::largest:
    case kind::smallest: return part(state_kind::top, x, -1, k, of);
    case kind::correlation: return part(state_kind::co_moments, x, in[1], 8, of);
    case kind::count_distinct:
    case kind::quantile: return part(state_kind::collected, x, -1, 1, of);
    case kind::custom: return part(state_kind::custom, x, -1, static_cast<std::uint32_t>(of.custom()->words), of);
  }
  return 0;
}

void state_layout::start(word* states, std::size_t groups) const {
  if (std::all_of(start_.begin(), start_.end(), [](word w) { return w == 0; })) {
    std::memset(states, 0, groups * words_ * sizeof(word));
    return;
  }
  for (std::size_t g = 0; g < groups; ++g) std::memcpy(states + g * words_, start_.data(), words_ * sizeof(word));
}

namespace {

template <class T>
void update_part(word* states, const state_part& part, const rows_of<T>& in) {
  word* const base = states + part.at;
  switch (part.kind) {
    case state_kind::sum: return loops::sum(base, in);
    case state_kind::least: return loops::extreme<true>(base, in);
    case state_kind::most: return loops::extreme<false>(base, in);
    case state_kind::first: return loops::outermost<true>(base, in);
    case state_kind::last: return loops::outermost<false>(base, in);
    case state_kind::moments: return loops::moments(base, in);
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
    case state_kind::co_moments:
    case state_kind::collected: return;
  }
}

/// The rows of a morsel where one or two inputs are there.
struct chosen_rows {
  std::array<std::uint32_t, morsel_rows> at;
  std::array<std::uint32_t, morsel_rows> rows;
  std::array<word, morsel_rows> x;
  std::array<word, morsel_rows> y;
  std::size_t n = 0;

  chosen_rows(const morsel& of, int x_in, int y_in) {
    const auto values = [&](int in) { return in < 0 ? nullptr : static_cast<const char*>(of.values[static_cast<std::size_t>(in)]); };
    const auto valid = [&](int in) { return in < 0 ? nullptr : of.valid[static_cast<std::size_t>(in)]; };
    const std::uint8_t* const x_valid = valid(x_in);
    const std::uint8_t* const y_valid = valid(y_in);
    const char* const xs = values(x_in);
    const char* const ys = values(y_in);
    for (std::size_t i = 0; i < of.n; ++i) {
      at[n] = of.at[i];
      if (of.rows) rows[n] = of.rows[i];
      std::memcpy(&x[n], xs + i * sizeof(word), sizeof(word));
      if (ys) std::memcpy(&y[n], ys + i * sizeof(word), sizeof(word));
      n += (!x_valid || x_valid[i] != 0) && (!y_valid || y_valid[i] != 0) ? 1 : 0;
    }
  }
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
  narrow ? of_type(static_cast<const std::int32_t*>(values)) : of_type(static_cast<const std::int64_t*>(values));
}

}  // namespace

void state_layout::count_simply(word* states, const morsel& of) const {
  const auto step_of = [&](std::size_t p, const auto& call) {
    const auto x = static_cast<std::size_t>(parts_[p].x);
    with_step(states, parts_[p], of.values[x], inputs_[x].narrow && !of.wide, call);
  };
  const auto sum_of = [&](std::size_t p, const auto& call) {
    const auto x = static_cast<std::size_t>(parts_[p].x);
    const auto typed = [&]<class In>(const In* in) {
      call(loops::simple_step<loops::simple::sum, In>{states + parts_[p].at, in});
    };
    if (parts_[p].real) return typed(static_cast<const double*>(of.values[x]));
    inputs_[x].narrow && !of.wide ? typed(static_cast<const std::int32_t*>(of.values[x]))
                                  : typed(static_cast<const std::int64_t*>(of.values[x]));
  };
  const auto count = [&](const auto&... steps) { loops::count_rows(states, of.at, of.n, steps...); };
  switch (simple_parts_) {
    case 0: return count();
    case 1: return step_of(0, count);
    case 2: return step_of(0, [&](const auto& a) { step_of(1, [&](const auto& b) { count(a, b); }); });
    default:
      sum_of(0, [&](const auto& a) { sum_of(1, [&](const auto& b) { sum_of(2, [&](const auto& c) { count(a, b, c); }); }); });
  }
}

void state_layout::update(word* states, const morsel& of) const {
  count_simply(states, of);
  for (std::size_t p = simple_parts_; p < parts_.size(); ++p) {
    const state_part& part = parts_[p];
    if (part.words == 0 || part.kind == state_kind::collected) continue;
    const auto add = [&](std::size_t n, const std::uint32_t* at, const std::uint32_t* rows, const void* x, const void* y) {
      const bool real = part.x >= 0 && inputs_[static_cast<std::size_t>(part.x)].real;
      with_values(real, x, [&]<class X>(const X* xs) {
        const rows_of<X> in{n, at, xs, rows};
        if (part.kind != state_kind::co_moments) return update_part(states, part, in);
        with_values(inputs_[static_cast<std::size_t>(part.y)].real, y,
                    [&](const auto* ys) { loops::co_moments(states + part.at, in, ys); });
      });
    };
    if (part.present_at == 0) {
      const auto values = [&](int in) { return in < 0 ? nullptr : of.values[static_cast<std::size_t>(in)]; };
      add(of.n, of.at, of.rows, values(part.x), values(part.y));
    } else {
      const chosen_rows rows(of, part.x, part.y);
      add(rows.n, rows.at.data(), rows.rows.data(), rows.x.data(), rows.y.data());
    }
  }
}

void state_layout::move_rows(word* state, word by) const {
  for (const state_part& part : parts_) {
    word& row = state[part.at];
    if (part.kind == state_kind::first && row != ~word{0}) row += by;
    if (part.kind == state_kind::last && row != 0) row += by;
  }
}

namespace {

template <class T>
void merge_part(word* into, const word* later, const state_part& part) {
  switch (part.kind) {
    case state_kind::present: into[0] += later[0]; return;
    case state_kind::sum: into[0] = loops::plus(into[0], loops::get<T>(later[0])); return;
    case state_kind::least:
      into[0] = loops::put(loops::better<true, T>(loops::get<T>(into[0]), loops::get<T>(later[0])));
      return;
    case state_kind::most:
      into[0] = loops::put(loops::better<false, T>(loops::get<T>(into[0]), loops::get<T>(later[0])));
      return;
    case state_kind::first:
      if (later[0] < into[0]) std::copy_n(later, 2, into);
      return;
    case state_kind::last:
      if (later[0] > into[0]) std::copy_n(later, 2, into);
      return;
    case state_kind::moments: return loops::merge_moments(into, later);
    case state_kind::co_moments: return loops::merge_co_moments(into, later);
    case state_kind::top:
      for (std::uint32_t i = 0; i < part.words; ++i) loops::insert_top(into, part.words, later[i]);
      return;
    case state_kind::custom: return part.of->custom()->merge(into, later);
    case state_kind::collected: return;
  }
}

}  // namespace

void state_layout::merge(word* states, const word* later, std::size_t groups) const {
  for (std::size_t g = 0; g < groups; ++g) states[g * words_] += later[g * words_];
  for (const state_part& part : parts_) {
    if (part.words == 0) continue;
    for (std::size_t g = 0; g < groups; ++g) {
      if (later[g * words_] == 0) continue;
      word* const into = states + g * words_ + part.at;
      const word* const from = later + g * words_ + part.at;
      part.real ? merge_part<double>(into, from, part) : merge_part<std::int64_t>(into, from, part);
    }
  }
}

namespace {

double quantile_of(double* values, std::size_t n, double q) {
  for (std::size_t i = 0; i < n; ++i)
    if (values[i] != values[i]) return values[i];
  const double at = q * static_cast<double>(n - 1);
  const auto below = static_cast<std::size_t>(at);
  const double low = loops::select(values, n, below);
  const double part = at - static_cast<double>(below);
  if (part == 0) return low;
  // Those after `below` may still be on the left of it only if they are equal.
  const double high = loops::select(values, n, below + 1);
  return low + (high - low) * part;
}

std::uint64_t distinct_of(word* values, std::size_t n, bool real) {
  for (std::size_t i = 0; real && i < n; ++i) {
    const double value = loops::get<double>(values[i]);
    values[i] = loops::put(value != value ? std::numeric_limits<double>::quiet_NaN() : value == 0 ? 0.0 : value);
  }
  if (n > 64) {
    numbered_keys<std::uint64_t> table(32);
    for (std::size_t i = 0; i < n; ++i) table.number(values[i], hash_of_key(values[i]));
    return table.keys().size();
  }
  std::sort(values, values + n);
  return static_cast<std::uint64_t>(std::unique(values, values + n) - values);
}

}  // namespace

void state_layout::collect(word* states, std::size_t groups, const std::uint32_t* group_of, std::size_t n,
                           const std::vector<const word*>& values, const std::vector<const std::uint8_t*>& valid) const {
  huge_vector<word> dealt(n);
  std::vector<double> reals;
  std::vector<std::uint32_t> end(groups + 1);
  for (const state_part& part : parts_) {
    if (part.kind != state_kind::collected) continue;
    const auto x = static_cast<std::size_t>(part.x);
    end[0] = 0;
    for (std::size_t g = 0; g < groups; ++g)
      end[g + 1] = end[g] + static_cast<std::uint32_t>(states[g * words_ + part.present_at]);
    std::vector<std::uint32_t> next(end.begin(), end.end() - 1);
    for (std::size_t i = 0; i < n; ++i)
      if (!valid[x] || valid[x][i] != 0) dealt[next[group_of[i]]++] = values[x][i];
    for (std::size_t g = 0; g < groups; ++g) {
      const std::size_t count = end[g + 1] - end[g];
      word* const of_group = dealt.data() + end[g];
      word& result = states[g * words_ + part.at];
      if (part.of->what() == aggregate::kind::count_distinct) {
        result = distinct_of(of_group, count, part.real);
        continue;
      }
      if (count == 0) continue;
      reals.resize(count);
      for (std::size_t i = 0; i < count; ++i)
        reals[i] = part.real ? loops::get<double>(of_group[i])
                             : static_cast<double>(loops::get<std::int64_t>(of_group[i]));
      result = loops::put(quantile_of(reals.data(), count, part.of->parameter()));
    }
  }
}

}  // namespace polyloop::aggregation
