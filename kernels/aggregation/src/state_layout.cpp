#include <algorithm>
#include <cstring>
#include <numeric>

#include "by_type.hpp"
#include "column_loops.hpp"
#include "state_loops.hpp"
#include "states.hpp"

namespace polyloop::aggregation {

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

const void* resolved_input::load(index_t first, std::size_t n, void* buffer, std::uint8_t* valid,
                                 bool widen) const {
  if (function) {
    (*function)(first, n, buffer, valid);
    return buffer;
  }
  if (optional && column->may_be_missing())
    load_validity(*column, first, n, valid);
  else if (optional)
    std::memset(valid, 1, n);
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
    case kind::last:
      return false;
    default:
      return true;
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
    in.numbers = std::make_shared<const numbering>(number_strings(*in.column, {.loops = options}));
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
                           const loop_options& options, std::uint64_t affordable_words, bool all_optional)
    : affordable_words_(affordable_words), all_optional_(all_optional) {
  start_.push_back(0);
  for (const aggregate& each : aggregates) part_of_.push_back(part_for(from, each, options));
  find_simple_parts();
}

void state_layout::find_simple_parts() {
  const auto simple = [](const state_part& part) {
    return part.present_at == 0 &&
           (part.kind == state_kind::sum || part.kind == state_kind::least || part.kind == state_kind::most);
  };
  for (std::size_t p = 0; p < parts_.size() && simple_parts_.size() < 3; ++p)
    if (simple(parts_[p])) simple_parts_.push_back(p);
  // Three only of sums: each other combination would be a loop of its own.
  if (simple_parts_.size() == 3 &&
      std::any_of(simple_parts_.begin(), simple_parts_.end(),
                  [this](std::size_t p) { return parts_[p].kind != state_kind::sum; }))
    simple_parts_.pop_back();
  sums_where_ = simple_parts_.empty();
  for (std::size_t p = 0; sums_where_ && p < parts_.size() && simple_parts_.size() < 3; ++p) {
    if (!counts_for_next(p) || parts_[p + 1].kind != state_kind::sum) continue;
    simple_parts_.push_back(p + 1);
    parts_[p].with_rows = true;
  }
  for (const std::size_t p : simple_parts_) parts_[p].with_rows = true;
  find_narrow_inputs();
}

void state_layout::find_narrow_inputs() {
  for (std::size_t in = 0; in < inputs_.size(); ++in) {
    const auto reads_later = [in](const state_part& part) {
      return !part.with_rows && (part.x == static_cast<int>(in) || part.y == static_cast<int>(in));
    };
    inputs_[in].narrow = inputs_[in].column && !inputs_[in].by_rank &&
                         inputs_[in].column->stored_type() == value_type::int32 &&
                         std::none_of(parts_.begin(), parts_.end(), reads_later);
  }
}

int state_layout::resolve(const typed_table& from, const input& wanted, bool by_rank,
                          const loop_options& options) {
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    if (wanted.is_function() ? inputs_[i].function == &wanted.function() : input_names_[i] == wanted.name())
      return static_cast<int>(i);
  resolved_input made;
  if (wanted.is_function()) {
    made.function = &wanted.function();
    made.real = wanted.real();
    made.optional = wanted.optional();
    made.streams = wanted.streams();
  } else {
    made.column = &from[wanted.name()];
    made.real = made.column->type() == value_type::float32 || made.column->type() == value_type::float64;
    made.optional = made.column->may_be_missing();
    if (made.column->type() == value_type::string) {
      if (!by_rank) throw invalid_argument("input " + wanted.name(), "string", "a column of numbers");
      rank_strings(made, options);
    } else {
      made.streams.push_back(stream_of(*made.column));
    }
  }
  if (all_optional_ && made.by_rank)
    throw invalid_argument("input " + wanted.name(), "string",
                           "a column of numbers, where rows come in batches");
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

std::size_t state_layout::distinct_part(int x, const aggregate& of, const loop_options& options) {
  const resolved_input& in = inputs_[static_cast<std::size_t>(x)];
  integer_span span{0, ~std::uint64_t{0}};
  if (in.by_rank)
    span.size = in.row_of_rank.size();
  else if (affordable_words_ > 0 && in.column && !in.real && in.column->stored_type() != value_type::boolean)
    span = span_of(*in.column, options);
  if (span.size / 64 >= affordable_words_) return part(state_kind::collected, x, -1, 1, of);
  const std::size_t made = part(state_kind::bits, x, -1, static_cast<std::uint32_t>(span.size / 64 + 1), of);
  parts_[made].least = span.least;
  return made;
}

std::size_t state_layout::part_for(const typed_table& from, const aggregate& of,
                                   const loop_options& options) {
  std::vector<int> in;
  for (const input& each : of.inputs()) in.push_back(resolve(from, each, !needs_numbers(of.what()), options));
  const int x = in.empty() ? -1 : in[0];
  if (x >= 0 && needs_numbers(of.what()))
    for (const int each : in)
      if (inputs_[static_cast<std::size_t>(each)].by_rank)
        throw invalid_argument("input " + of.inputs()[0].name(), "string", "a column of numbers");
  const auto k = static_cast<std::uint32_t>(of.parameter());
  switch (of.what()) {
    case kind::count_rows:
      return part(state_kind::present, -1, -1, 0, of);
    case kind::count:
    case kind::count_missing:
      return part(state_kind::present, x, -1, 0, of);
    case kind::sum:
    case kind::mean:
      return part(state_kind::sum, x, -1, 1, of);
    case kind::min:
      return part(state_kind::least, x, -1, 1, of);
    case kind::max:
      return part(state_kind::most, x, -1, 1, of);
    case kind::variance:
    case kind::standard_deviation:
      return part(state_kind::moments, x, -1, 4, of);
    case kind::first:
      return part(state_kind::first, x, -1, 2, of);
    case kind::last:
      return part(state_kind::last, x, -1, 2, of);
    case kind::largest:
    case kind::smallest:
      return part(state_kind::top, x, -1, k, of);
    case kind::correlation:
      return part(state_kind::co_moments, x, in[1], 8, of);
    case kind::count_distinct:
      return distinct_part(x, of, options);
    case kind::quantile:
      return part(state_kind::collected, x, -1, 1, of);
    case kind::custom:
      return part(state_kind::custom, x, -1, static_cast<std::uint32_t>(of.custom()->words), of);
  }
  return 0;
}

}  // namespace polyloop::aggregation
