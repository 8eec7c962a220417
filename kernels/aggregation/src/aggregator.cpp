#include "polyloop/aggregation/aggregator.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <deque>
#include <limits>
#include <optional>
#include <utility>

#include "by_type.hpp"
#include "grouping.hpp"

namespace polyloop::aggregation {

namespace {

/// A key as bytes: of each column whether it is there, and its value; of a string its length before it.
void add_key(std::string& key, const typed_column& from, index_t row) {
  const bool valid = from.valid(row);
  key += valid ? '\1' : '\0';
  if (!valid) return;
  const auto add = [&key](const auto& value) {
    key.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  if (from.type() == value_type::string) {
    const std::string_view text = from.text(row);
    add(static_cast<std::uint64_t>(text.size()));
    key += text;
  } else if (from.type() == value_type::float32 || from.type() == value_type::float64) {
    const double value = from.real(row);
    add(value != value ? std::numeric_limits<double>::quiet_NaN() : value == 0 ? 0.0 : value);
  } else {
    add(from.integer(row));
  }
}

/// Reads what was written into bytes; throws where they end too early.
class byte_reader {
 public:
  explicit byte_reader(std::string_view bytes) : left_(bytes) {}

  std::string_view take(std::size_t n) {
    if (n > left_.size()) throw invalid_argument("saved bytes", "cut off", "what save() returned");
    const std::string_view taken = left_.substr(0, n);
    left_.remove_prefix(n);
    return taken;
  }
  template <class T>
  T number() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string_view text() { return take(number<std::uint64_t>()); }
  bool at_end() const { return left_.empty(); }

 private:
  std::string_view left_;
};

template <class T>
void write_number(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void write_text(std::string& out, std::string_view text) {
  write_number(out, static_cast<std::uint64_t>(text.size()));
  out += text;
}

/// A column of a type, with no rows.
typed_column empty_like(const typed_column& column) {
  column_layout layout{.type = column.type()};
  layout.unit = column.layout().unit;
  layout.time_zone = column.layout().time_zone;
  layout.wide_offsets = true;
  return typed_column(layout);
}

/// The values of keys that add_key() wrote, one after the other, as a column of `type`.
class key_reader {
 public:
  explicit key_reader(const std::vector<std::string_view>& keys) {
    for (const std::string_view key : keys) left_.emplace_back(key);
  }

  typed_column next(const typed_column& like) {
    valid_.assign(left_.size(), 0);
    if (like.type() == value_type::string) return strings();
    if (like.type() == value_type::boolean) {
      const std::vector<std::int64_t> values = numbers<std::int64_t, std::int64_t>();
      std::vector<bool> bits;
      for (const std::int64_t value : values) bits.push_back(value != 0);
      return typed_column::booleans(bits, valid_);
    }
    if (like.type() == value_type::timestamp)
      return typed_column::timestamps(numbers<std::int64_t, std::int64_t>(), like.layout().unit, valid_);
    return by_type(like.type(), [this]<class T>(T) {
      using stored = std::conditional_t<std::floating_point<T>, double, std::int64_t>;
      return typed_column::of(numbers<T, stored>(), valid_);
    });
  }

 private:
  bool read_valid(std::size_t g) {
    valid_[g] = static_cast<std::uint8_t>(left_[g].number<char>());
    return valid_[g] != 0;
  }
  template <class T, class Stored>
  std::vector<T> numbers() {
    std::vector<T> values(left_.size());
    for (std::size_t g = 0; g < values.size(); ++g)
      if (read_valid(g)) values[g] = static_cast<T>(left_[g].template number<Stored>());
    return values;
  }
  typed_column strings() {
    std::vector<std::string_view> values(left_.size());
    for (std::size_t g = 0; g < values.size(); ++g)
      if (read_valid(g)) values[g] = left_[g].text();
    return typed_column::strings(values, valid_);
  }

  std::vector<byte_reader> left_;
  std::vector<std::uint8_t> valid_;
};

void check_bounded(const aggregate& of) {
  if (of.what() == aggregate::kind::quantile || of.what() == aggregate::kind::count_distinct)
    throw invalid_argument("aggregate", of.name(), "one whose state does not grow with the rows");
}

}  // namespace

struct aggregator::state {
  std::vector<std::string> names;
  std::vector<aggregate> aggregates;
  typed_table shape;                   // a column without rows for each key and input
  std::optional<state_layout> layout;  // once there was a batch
  std::deque<std::string> keys;        // of each group; their places never change
  numbered_keys<std::string_view> numbers;
  std::vector<word> states;
  index_t rows = 0;

  void take_shape(const typed_table& batch);
  void check_shape(const typed_table& batch) const;
  std::uint32_t group_of(std::string_view key);
  void merge_group(std::string_view key, word* later);
};

void aggregator::state::take_shape(const typed_table& batch) {
  std::vector<std::string> wanted = names;
  for (const aggregate& each : aggregates)
    for (const input& in : each.inputs())
      if (!in.is_function()) wanted.push_back(in.name());
  typed_table made;
  for (const std::string& name : wanted)
    if (!made.has(name)) made.add(name, empty_like(batch[name]));
  layout.emplace(made, aggregates, loop_options{}, 0, true);
  shape = std::move(made);
}

void aggregator::state::check_shape(const typed_table& batch) const {
  for (const std::string& name : shape.names())
    if (batch[name].type() != shape[name].type())
      throw invalid_argument("type of column " + name, name_of(batch[name].type()),
                             std::string(name_of(shape[name].type())) + ", as in the first batch");
}

std::uint32_t aggregator::state::group_of(std::string_view key) {
  const std::uint64_t hash = hash_of_key(key);
  keys.emplace_back(key);
  const std::uint32_t group = numbers.number(keys.back(), hash);
  if (group + 1 < keys.size()) {
    keys.pop_back();  // it is there already
    return group;
  }
  states.resize(states.size() + layout->words());
  layout->start(states.data() + std::size_t{group} * layout->words(), 1);
  return group;
}

void aggregator::state::merge_group(std::string_view key, word* later) {
  layout->move_rows(later, static_cast<word>(rows));
  const std::size_t group = group_of(key);  // which may move the states
  layout->merge(states.data() + group * layout->words(), later, 1);
}

aggregator::aggregator(std::vector<std::string> keys, std::vector<aggregate> aggregates)
    : state_(std::make_unique<state>()) {
  for (const aggregate& each : aggregates) check_bounded(each);
  state_->names = std::move(keys);
  state_->aggregates = std::move(aggregates);
}

aggregator::aggregator(aggregator&&) noexcept = default;
aggregator& aggregator::operator=(aggregator&&) noexcept = default;
aggregator::~aggregator() = default;

void aggregator::add(const typed_table& batch, const grouping& how) {
  if (!state_->layout) state_->take_shape(batch);
  state_->check_shape(batch);
  grouping_job job{batch,
                   state_->names,
                   state_->aggregates,
                   how,
                   group_keys(batch, state_->names, how),
                   state_layout(batch, state_->aggregates, how.loops, 0, true)};
  std::vector<found_groups> parts = find_groups(job);
  std::vector<std::pair<std::uint32_t, word*>> groups;
  for (found_groups& part : parts)
    for (std::size_t g = 0; g < part.first_row.size(); ++g)
      groups.emplace_back(part.first_row[g],
                          part.states.data() + (part.cell.empty() ? g : part.cell[g]) * job.states.words());
  std::sort(groups.begin(), groups.end());
  std::string key;
  for (const auto& [row, words] : groups) {
    key.clear();
    for (const std::string& name : state_->names) add_key(key, batch[name], row);
    state_->merge_group(key, words);
  }
  state_->rows += batch.rows();
}

void aggregator::merge(const aggregator& other) {
  merge_saved(other.save());
}

std::string aggregator::save() const {
  std::string out;
  write_number(out, static_cast<std::uint64_t>(state_->names.size()));
  for (const std::string& name : state_->names) write_text(out, name);
  write_number(out, static_cast<std::uint64_t>(state_->aggregates.size()));
  for (const aggregate& each : state_->aggregates) write_text(out, each.name());
  write_number(out, static_cast<std::uint64_t>(state_->shape.names().size()));
  for (const std::string& name : state_->shape.names()) {
    const typed_column& like = state_->shape[name];
    write_text(out, name);
    write_number(out, static_cast<unsigned char>(like.type()));
    write_number(out, static_cast<unsigned char>(like.layout().unit));
  }
  write_number(out, state_->rows);
  write_number(out, static_cast<std::uint64_t>(state_->keys.size()));
  const std::size_t words = state_->layout ? state_->layout->words() : 0;
  for (std::size_t g = 0; g < state_->keys.size(); ++g) {
    write_text(out, state_->keys[g]);
    out.append(reinterpret_cast<const char*>(state_->states.data() + g * words), words * sizeof(word));
  }
  return out;
}

namespace {

void expect_names(byte_reader& in, const std::vector<std::string>& names, const char* what) {
  bool same = in.number<std::uint64_t>() == names.size();
  for (std::size_t i = 0; same && i < names.size(); ++i) same = in.text() == names[i];
  if (!same) throw invalid_argument(what, "others", "those of this aggregator");
}

typed_table read_shape(byte_reader& in) {
  typed_table shape;
  for (auto left = in.number<std::uint64_t>(); left > 0; --left) {
    std::string name(in.text());
    const auto type = in.number<unsigned char>();
    const auto unit = in.number<unsigned char>();
    if (type > static_cast<unsigned char>(value_type::string) ||
        unit > static_cast<unsigned char>(time_unit::nanosecond))
      throw invalid_argument("saved bytes", "a type that there is not", "what save() returned");
    shape.add(std::move(name), typed_column({.type = static_cast<value_type>(type),
                                             .wide_offsets = true,
                                             .unit = static_cast<time_unit>(unit)}));
  }
  return shape;
}

}  // namespace

void aggregator::merge_saved(std::string_view bytes) {
  byte_reader in(bytes);
  std::vector<std::string> aggregate_names;
  for (const aggregate& each : state_->aggregates) aggregate_names.push_back(each.name());
  expect_names(in, state_->names, "keys");
  expect_names(in, aggregate_names, "aggregates");
  const typed_table shape = read_shape(in);
  const auto rows = in.number<index_t>();
  const auto groups = in.number<std::uint64_t>();
  if (rows == 0 || groups == 0) return;
  if (!state_->layout) state_->take_shape(shape);
  state_->check_shape(shape);
  std::vector<std::pair<std::string_view, std::string_view>>
      all;  // read as a whole before anything is changed
  for (std::uint64_t g = 0; g < groups; ++g) {
    const std::string_view key = in.text();
    all.emplace_back(key, in.take(state_->layout->words() * sizeof(word)));
  }
  if (!in.at_end())
    throw invalid_argument("saved bytes", "more than there should be", "what save() returned");
  std::vector<word> later(state_->layout->words());
  for (const auto& [key, words] : all) {
    std::memcpy(later.data(), words.data(), words.size());
    state_->merge_group(key, later.data());
  }
  state_->rows += rows;
}

index_t aggregator::rows() const noexcept {
  return state_->rows;
}
index_t aggregator::groups() const noexcept {
  return static_cast<index_t>(state_->keys.size());
}

grouped_table aggregator::snapshot(group_order order) const {
  const std::vector<std::string_view> keys(state_->keys.begin(), state_->keys.end());
  key_reader reader(keys);
  typed_table from;
  for (const std::string& name : state_->names)
    from.add(name, reader.next(state_->layout ? state_->shape[name] : typed_column()));
  const grouping how{.order = order};
  const state_layout none(typed_table(), {}, {}, 0, true);
  grouping_job job{from,
                   state_->names,
                   state_->aggregates,
                   how,
                   group_keys(from, state_->names, how),
                   state_->layout ? *state_->layout : none};
  std::vector<found_groups> parts(1);
  for (std::uint32_t g = 0; g < keys.size(); ++g) parts[0].first_row.push_back(g);
  parts[0].states.assign(state_->states.begin(), state_->states.end());
  const std::string text =
      std::to_string(state_->rows) + " rows in batches, " + std::to_string(keys.size()) + " groups";
  if (!state_->layout) return {std::move(from), text};
  return {finished(job, parts), text};
}

grouped_table aggregator::finish(group_order order) {
  grouped_table result = snapshot(order);
  aggregator empty(std::move(state_->names), std::move(state_->aggregates));
  state_ = std::move(empty.state_);
  return result;
}

}  // namespace polyloop::aggregation
