#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <numeric>
#include <set>
#include <stdexcept>

#include "random_groups.hpp"

/// group_by beside the plainest way there is: a std::map of the rows of each key.
namespace groups {

using rows_of_key = std::map<std::vector<std::string>, std::vector<index_t>>;

/// A value as text: the same for the same values, NaNs and zeros.
inline std::string text_of(const typed_column& column, index_t row) {
  if (!column.valid(row)) return "missing";
  if (column.type() == value_type::string) return "text " + std::string(column.text(row));
  if (column.type() != value_type::float32 && column.type() != value_type::float64)
    return std::to_string(column.integer(row));
  const double value = column.real(row);
  if (value != value) return "nan";
  char text[40];
  std::snprintf(text, sizeof text, "%a", value == 0 ? 0.0 : value);
  return text;
}

[[noreturn]] inline void differ(const std::string& what, const std::string& ours, const std::string& theirs) {
  throw std::logic_error(what + ": " + ours + ", expected " + theirs);
}

inline void expect(const std::string& what, const std::string& ours, const std::string& theirs) {
  if (ours != theirs) differ(what, ours, theirs);
}

/// Equal but for rounding of so much.
inline void expect_near(const std::string& what, double ours, double theirs, double rounding) {
  if ((ours != ours && theirs != theirs) || ours == theirs || std::abs(ours - theirs) <= rounding) return;
  differ(what, std::to_string(ours), std::to_string(theirs));
}

/// The values of some rows, as far as they are there.
inline std::vector<double> reals_of(const typed_column& column, const std::vector<index_t>& rows) {
  std::vector<double> values;
  for (const index_t row : rows)
    if (column.valid(row))
      values.push_back(column.type() == value_type::float32 || column.type() == value_type::float64
                           ? column.real(row)
                           : static_cast<double>(column.integer(row)));
  return values;
}

inline bool any_nan(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [](double x) { return x != x; });
}

inline bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

inline double size_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0,
                         [](double sum, double x) { return sum + std::abs(x); });
}

/// The result of one group, beside its rows.
class group_check {
 public:
  group_check(const typed_table& from, const grouped_table& got, index_t group,
              const std::vector<index_t>& rows)
      : from_(from), got_(got), group_(group), rows_(rows) {}

  void all() const {
    expect("count", ours("count"), std::to_string(rows_.size()));
    for (const char* name : {"v", "w", "s"}) counts(name);
    integer_sum();
    real_sum();
    for (const char* name : {"v", "w", "s"}) ends(name);
    extremes("v");
    extremes("w");
    if (has("median(w)")) median();
    largest();
    deviation();
    custom();
  }

 private:
  std::string ours(const std::string& name) const { return text_of(got_[name], group_); }
  bool has(const std::string& name) const { return got_.columns().has(name); }
  static std::string of(const char* word, const std::string& name) {
    return std::string(word) + '(' + name + ')';
  }

  std::vector<index_t> there(const std::string& name) const {
    std::vector<index_t> rows;
    for (const index_t row : rows_)
      if (from_[name].valid(row)) rows.push_back(row);
    return rows;
  }

  void counts(const std::string& name) const {
    std::set<std::string> different;
    for (const index_t row : there(name)) different.insert(text_of(from_[name], row));
    expect("count", ours(of("count", name)), std::to_string(there(name).size()));
    expect("missing", ours(of("missing", name)), std::to_string(rows_.size() - there(name).size()));
    if (has(of("distinct", name)))
      expect("distinct", ours(of("distinct", name)), std::to_string(different.size()));
  }

  void integer_sum() const {
    if (from_["v"].type() == value_type::float32 || from_["v"].type() == value_type::float64) return;
    std::uint64_t sum = 0;
    for (const index_t row : there("v")) sum += static_cast<std::uint64_t>(from_["v"].integer(row));
    expect("sum", ours("sum(v)"), std::to_string(static_cast<std::int64_t>(sum)));
  }

  void real_sum() const {
    const std::vector<double> values = reals_of(from_["w"], rows_);
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    const double rounding = all_finite(values) ? 1e-12 * size_of(values) : 0;
    expect_near("sum", got_["sum(w)"].real(group_), sum, rounding);
    if (got_["mean(w)"].valid(group_) != !values.empty())
      differ("mean", ours("mean(w)"), std::to_string(values.size()));
    if (!values.empty())
      expect_near("mean", got_["mean(w)"].real(group_), sum / static_cast<double>(values.size()), rounding);
  }

  void ends(const std::string& name) const {
    const std::vector<index_t> rows = there(name);
    expect("first", ours(of("first", name)), rows.empty() ? "missing" : text_of(from_[name], rows.front()));
    expect("last", ours(of("last", name)), rows.empty() ? "missing" : text_of(from_[name], rows.back()));
  }

  void extremes(const std::string& name) const {
    std::vector<index_t> rows = there(name);
    const std::vector<double> values = reals_of(from_[name], rows_);
    if (rows.empty()) {
      expect("min", ours(of("min", name)), "missing");
      expect("max", ours(of("max", name)), "missing");
      return;
    }
    if (any_nan(values)) {
      expect("min", ours(of("min", name)), "nan");
      expect("max", ours(of("max", name)), "nan");
      return;
    }
    const bool real = from_[name].type() == value_type::float32 || from_[name].type() == value_type::float64;
    const auto less = [&](index_t a, index_t b) {
      return real ? from_[name].real(a) < from_[name].real(b)
                  : from_[name].integer(a) < from_[name].integer(b);
    };
    expect("min", ours(of("min", name)),
           text_of(from_[name], *std::min_element(rows.begin(), rows.end(), less)));
    expect("max", ours(of("max", name)),
           text_of(from_[name], *std::max_element(rows.begin(), rows.end(), less)));
  }

  void median() const {
    std::vector<double> values = reals_of(from_["w"], rows_);
    if (values.empty() || any_nan(values))
      return expect("median", ours("median(w)"), values.empty() ? "missing" : "nan");
    std::sort(values.begin(), values.end());
    const double at = 0.5 * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const double part = at - static_cast<double>(below);
    const double expected =
        part == 0 ? values[below] : values[below] + (values[below + 1] - values[below]) * part;
    expect_near("median", got_["median(w)"].real(group_), expected, 0);
  }

  void largest() const {
    std::vector<double> values = reals_of(from_["w"], rows_);
    std::sort(values.begin(), values.end(),
              [](double a, double b) { return b != b ? false : a != a || a > b; });
    for (std::size_t i = 0; i < 3; ++i) {
      const std::string name = std::string("largest(w)[").append(std::to_string(i + 1)).append("]");
      if (i >= values.size()) {
        expect("largest", ours(name), "missing");
        continue;
      }
      expect_near("largest", got_[name].real(group_), values[i], 0);
    }
  }

  void deviation() const {
    const std::vector<double> values = reals_of(from_["w"], rows_);
    if (values.size() < 2) return expect("variance", ours("variance(w)"), "missing");
    if (!all_finite(values)) return;
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double squares = 0;
    for (const double x : values) squares += (x - mean) * (x - mean);
    expect_near("variance", got_["variance(w)"].real(group_), squares / (n - 1),
                1e-9 * (1 + squares / (n - 1)));
  }

  void custom() const {
    std::size_t small = 0;
    for (const double x : reals_of(from_["w"], rows_)) small += x < 0 ? 1 : 0;
    expect("custom", ours("negative"),
           text_of(typed_column::of(std::vector<double>{static_cast<double>(small)}), 0));
  }

  const typed_table& from_;
  const grouped_table& got_;
  index_t group_;
  const std::vector<index_t>& rows_;
};

inline std::vector<aggregate> all_aggregates() {
  std::vector<aggregate> all{aggregate::count()};
  for (const char* name : {"v", "w", "s"})
    for (const aggregate& each :
         {aggregate::count(name), aggregate::count_missing(name), aggregate::count_distinct(name),
          aggregate::first(name), aggregate::last(name)})
      all.push_back(each);
  for (const char* name : {"v", "w"})
    for (const aggregate& each : {aggregate::sum(name), aggregate::min(name), aggregate::max(name)})
      all.push_back(each);
  all.push_back(aggregate::mean("w"));
  all.push_back(aggregate::median("w"));
  all.push_back(aggregate::largest("w", 3));
  all.push_back(aggregate::variance("w"));
  all.push_back(aggregate::custom(
      "negative", "w", 0, [](int& count, double x) { count += x < 0 ? 1 : 0; },
      [](int& count, int later) { count += later; }, [](int count) { return static_cast<double>(count); }));
  return all;
}

/// The same without what needs partitions, so that the other plans have their turn.
inline std::vector<aggregate> all_bounded(std::vector<aggregate> all) {
  std::erase_if(all, [](const aggregate& each) {
    return each.what() == aggregate::kind::quantile || each.what() == aggregate::kind::count_distinct;
  });
  return all;
}

inline rows_of_key naive_groups(const random_table& from, const std::vector<bool>& chosen) {
  rows_of_key groups;
  for (index_t row = 0; row < from.table.rows(); ++row) {
    if (!chosen[static_cast<std::size_t>(row)]) continue;
    std::vector<std::string> key;
    for (const std::string& name : from.keys) key.push_back(text_of(from.table[name], row));
    groups[key].push_back(row);
  }
  return groups;
}

/// Throws std::logic_error where `got` is not what the map has.
inline void check_groups(const random_table& from, const grouped_table& got, const rows_of_key& expected,
                         group_order order) {
  expect("groups", std::to_string(got.groups()), std::to_string(expected.size()));
  index_t before = -1;
  for (index_t g = 0; g < got.groups(); ++g) {
    std::vector<std::string> key;
    for (const std::string& name : from.keys) key.push_back(text_of(got[name], g));
    const auto found = expected.find(key);
    if (found == expected.end()) differ("a key", key.empty() ? "" : key.front(), "one that is there");
    if (order == group_order::first_appearance && found->second.front() <= before)
      differ("first row", std::to_string(found->second.front()), "more than " + std::to_string(before));
    before = found->second.front();
    group_check(from.table, got, g, found->second).all();
  }
}

/// The same bits, whatever they are.
inline void check_same(const grouped_table& a, const grouped_table& b) {
  expect("groups", std::to_string(a.groups()), std::to_string(b.groups()));
  for (const std::string& name : a.columns().names())
    for (index_t g = 0; g < a.groups(); ++g) expect(name, text_of(a[name], g), text_of(b[name], g));
}

}  // namespace groups
