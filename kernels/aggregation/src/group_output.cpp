#include <algorithm>
#include <bit>
#include <cmath>

#include "by_type.hpp"
#include "group_order.hpp"
#include "state_loops.hpp"

namespace polyloop::aggregation {

namespace {

using kind = aggregate::kind;

/// A column in the making: a value for each group, or none.
template <class T>
struct made_column {
  std::shared_ptr<detail::scratch_vector<T>> values;
  std::shared_ptr<std::vector<std::uint8_t>> bits;

  made_column(const grouping_job& job, index_t rows, bool optional)
      : values(std::make_shared<detail::scratch_vector<T>>(job.scratch<T>(static_cast<std::size_t>(rows)))),
        bits(optional ? std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(rows + 7) / 8)
                      : nullptr) {}

  column_layout layout(value_type type) const {
    return {.type = type,
            .rows = static_cast<index_t>(values->size()),
            .values = values->data(),
            .validity = bits ? bits->data() : nullptr};
  }
  auto owner() const { return std::make_shared<std::pair<decltype(values), decltype(bits)>>(values, bits); }
};

/// value(g, valid) for every group; in parallel, whole bytes of the validity to each.
template <class T, class Value>
made_column<T> made(const grouping_job& job, index_t groups, bool optional, const Value& value) {
  made_column<T> column(job, groups, optional);
  const row_blocks blocks = row_blocks::of((groups + 7) / 8, 512, 1024);
  check_finished(parallel_for(
      blocks.count(),
      [&](index_t b) {
        const index_t last = std::min(groups, blocks.last(b) * 8);
        for (index_t g = blocks.first(b) * 8; g < last; ++g) {
          bool valid = true;
          (*column.values)[static_cast<std::size_t>(g)] = value(g, valid);
          if (optional && valid) {
            std::uint8_t& byte = (*column.bits)[static_cast<std::size_t>(g / 8)];
            byte = static_cast<std::uint8_t>(byte | 1U << (g & 7));
          }
        }
      },
      job.how.loops));
  return column;
}

template <class T, class Value>
typed_column made_numbers(const grouping_job& job, index_t groups, bool optional, const Value& value,
                          const typed_column* like = nullptr) {
  const made_column<T> column = made<T>(job, groups, optional, value);
  column_layout layout = column.layout(like ? like->stored_type() : detail::value_type_of<T>());
  if (like) {
    layout.unit = like->layout().unit;
    layout.time_zone = like->layout().time_zone;
  }
  if (!like || !like->dictionary()) return typed_column(layout, column.owner());
  layout.type = value_type::string;
  return typed_column(layout, like->stored_type(), like->dictionary(), column.owner());
}

template <class Value>
typed_column made_booleans(const grouping_job& job, index_t groups, bool optional, const Value& value) {
  const made_column<std::uint8_t> bytes = made<std::uint8_t>(job, groups, optional, value);
  std::vector<bool> values(bytes.values->begin(), bytes.values->end());
  std::vector<std::uint8_t> valid;
  for (index_t g = 0; optional && g < groups; ++g)
    valid.push_back(detail::bit_at(bytes.bits->data(), g) ? 1 : 0);
  return typed_column::booleans(values, valid);
}

/// The strings of some rows, as codes for them.
template <class Value>
typed_column made_strings(const grouping_job& job, index_t groups, bool optional, const typed_column& from,
                          const std::vector<index_t>& rows, const Value& value) {
  std::vector<std::string_view> strings;
  for (const index_t row : rows) strings.push_back(from.text(row));
  const made_column<std::uint32_t> column = made<std::uint32_t>(job, groups, optional, value);
  return typed_column(column.layout(value_type::string), value_type::uint32,
                      std::make_shared<const typed_column>(typed_column::strings(strings)), column.owner());
}

typed_column key_column(const grouping_job& job, const typed_column& from, const ordered_groups& groups) {
  const bool optional = from.may_be_missing();
  const auto row_of = [&](index_t g) {
    return static_cast<index_t>(groups.first_row[static_cast<std::size_t>(g)]);
  };
  if (const numbering* numbers = job.keys.numbers_of(from); numbers && from.type() == value_type::string)
    return made_strings(job, groups.size(), optional, from, numbers->first_row, [&](index_t g, bool& valid) {
      valid = from.valid(row_of(g));
      return valid ? numbers->of_row[groups.first_row[static_cast<std::size_t>(g)]] : 0;
    });
  if (from.stored_type() == value_type::boolean)
    return made_booleans(job, groups.size(), optional, [&](index_t g, bool& valid) {
      valid = from.valid(row_of(g));
      return static_cast<std::uint8_t>(from.integer(row_of(g)));
    });
  return by_type(from.stored_type(), [&]<class T>(T) {
    const T* const values = from.numbers<T>().data();
    return made_numbers<T>(
        job, groups.size(), optional,
        [&](index_t g, bool& valid) {
          valid = from.valid(row_of(g));
          return values[row_of(g)];
        },
        &from);
  });
}

/// Finishes one aggregate.
class finisher {
 public:
  finisher(const grouping_job& job, const ordered_groups& groups, std::size_t which)
      : job_(job), groups_(groups), of_(job.aggregates[which]), part_(job.states.part_of(which)) {}

  void add_to(typed_table& result) const {
    if (of_.what() != kind::largest && of_.what() != kind::smallest) {
      result.add(of_.name(), column());
      return;
    }
    for (std::uint32_t i = 0; i < part_.words; ++i)
      result.add(of_.name() + '[' + std::to_string(i + 1) + ']', top(i));
  }

 private:
  const word* state(index_t g) const { return groups_.state[static_cast<std::size_t>(g)]; }
  const word* part(index_t g) const { return state(g) + part_.at; }
  word count(index_t g) const { return state(g)[part_.present_at]; }
  bool optional() const { return part_.present_at != 0; }

  typed_column column() const {
    switch (of_.what()) {
      case kind::count_rows:
      case kind::count:
        return integers([this](index_t g, bool&) { return static_cast<std::int64_t>(count(g)); });
      case kind::count_missing:
        return integers(
            [this](index_t g, bool&) { return static_cast<std::int64_t>(state(g)[0] - count(g)); });
      case kind::count_distinct:
        return integers([this](index_t g, bool&) { return distinct(part(g)); });
      case kind::sum:
        if (part_.real)
          return reals(false, [this](index_t g, bool&) { return loops::get<double>(part(g)[0]); });
        return integers([this](index_t g, bool&) { return static_cast<std::int64_t>(part(g)[0]); });
      case kind::mean:
        return reals(optional(), [this](index_t g, bool& valid) { return mean(g, valid); });
      case kind::min:
      case kind::max:
        return values(0, optional(), [this](index_t g) { return count(g) > 0; });
      case kind::first:
      case kind::last:
        return values(1, optional(), [this](index_t g) { return count(g) > 0; });
      case kind::variance:
      case kind::standard_deviation:
        return reals(true, [this](index_t g, bool& valid) { return deviation(part(g), valid); });
      case kind::correlation:
        return reals(true, [this](index_t g, bool& valid) { return correlation(part(g), valid); });
      case kind::quantile:
        return reals(optional(), [this](index_t g, bool& valid) {
          valid = count(g) > 0;
          return loops::get<double>(part(g)[0]);
        });
      case kind::custom:
        return reals(false, [this](index_t g, bool&) { return of_.custom()->finish(part(g)); });
      case kind::largest:
      case kind::smallest:
        break;
    }
    return {};
  }

  std::int64_t distinct(const word* set) const {
    if (part_.kind == state_kind::collected) return static_cast<std::int64_t>(set[0]);
    std::int64_t count = 0;
    for (std::uint32_t i = 0; i < part_.words; ++i) count += std::popcount(set[i]);
    return count;
  }
  double mean(index_t g, bool& valid) const {
    valid = count(g) > 0;
    const word sum = part(g)[0];
    const double total =
        part_.real ? loops::get<double>(sum) : static_cast<double>(static_cast<std::int64_t>(sum));
    return valid ? total / static_cast<double>(count(g)) : 0;
  }
  double deviation(const word* moments, bool& valid) const {
    valid = moments[0] >= 2;
    if (!valid) return 0;
    const auto n = static_cast<double>(moments[0]);
    const double variance =
        loops::squares(n, loops::get<double>(moments[2]), loops::get<double>(moments[3])) / (n - 1);
    return of_.what() == kind::variance ? variance : std::sqrt(variance);
  }
  static double correlation(const word* s, bool& valid) {
    valid = s[0] >= 2;
    if (!valid) return 0;
    const auto n = static_cast<double>(s[0]);
    const double x = loops::get<double>(s[3]);
    const double y = loops::get<double>(s[4]);
    const double together = loops::get<double>(s[7]) - x * y / n;
    return together / std::sqrt(loops::squares(n, x, loops::get<double>(s[5])) *
                                loops::squares(n, y, loops::get<double>(s[6])));
  }

  typed_column top(std::uint32_t i) const {
    const auto there = [this, i](index_t g) { return count(g) > i; };
    const auto ranked = [&]<class T>(T) {
      return made_numbers<T>(job_, groups_.size(), true, [&](index_t g, bool& valid) {
        valid = there(g);
        return valid ? loops::from_rank<T>(part(g)[i], part_.largest) : T{};
      });
    };
    return part_.real ? ranked(double{}) : ranked(std::int64_t{});
  }

  /// A word of the state as a value of the input's type.
  template <class There>
  typed_column values(std::uint32_t at, bool optional, const There& there) const {
    const resolved_input& in = job_.states.inputs()[static_cast<std::size_t>(part_.x)];
    const auto as = [&]<class T>(const typed_column* like) {
      return made_numbers<T>(
          job_, groups_.size(), optional,
          [&](index_t g, bool& valid) {
            valid = there(g);
            if (!valid) return T{};
            return part_.real ? static_cast<T>(loops::get<double>(part(g)[at]))
                              : static_cast<T>(static_cast<std::int64_t>(part(g)[at]));
          },
          like);
    };
    if (!in.column)
      return part_.real ? as.template operator()<double>(nullptr)
                        : as.template operator()<std::int64_t>(nullptr);
    if (in.by_rank) {
      const typed_column& strings = in.column->dictionary() ? *in.column->dictionary() : *in.column;
      return made_strings(job_, groups_.size(), optional, strings, in.row_of_rank,
                          [&](index_t g, bool& valid) {
                            valid = there(g);
                            return valid ? static_cast<std::uint32_t>(part(g)[at]) : 0;
                          });
    }
    if (in.column->stored_type() == value_type::boolean)
      return made_booleans(job_, groups_.size(), optional, [&](index_t g, bool& valid) {
        valid = there(g);
        return static_cast<std::uint8_t>(valid ? part(g)[at] : 0);
      });
    return by_type(in.column->stored_type(),
                   [&]<class T>(T) { return as.template operator()<T>(in.column); });
  }

  template <class Value>
  typed_column integers(const Value& value) const {
    return made_numbers<std::int64_t>(job_, groups_.size(), false, value);
  }
  template <class Value>
  typed_column reals(bool optional, const Value& value) const {
    return made_numbers<double>(job_, groups_.size(), optional, value);
  }

  const grouping_job& job_;
  const ordered_groups& groups_;
  const aggregate& of_;
  const state_part& part_;
};

}  // namespace

typed_table finished(const grouping_job& job, const std::vector<found_groups>& parts) {
  const ordered_groups groups = in_order(job, parts);
  typed_table result;
  for (const std::string& name : job.names) result.add(name, key_column(job, job.from[name], groups));
  for (std::size_t a = 0; a < job.aggregates.size(); ++a) finisher(job, groups, a).add_to(result);
  return result;
}

}  // namespace polyloop::aggregation
