#include <cstring>

#include "column_loops.hpp"
#include "grouping.hpp"

namespace polyloop::aggregation {

morsel_reader::morsel_reader(const grouping_job& job, bool wide)
    : job_(job),
      with_rows_(wide || job.states.needs_rows()),
      values_(job.states.inputs().size()),
      valid_(job.states.inputs().size()) {
  morsel_.values.resize(values_.size());
  morsel_.valid.resize(values_.size());
  morsel_.wide = wide || static_cast<bool>(job.where);  // what is chosen is moved in words
  job.keys.add_streams(streams_);
  const auto add = [this](const std::vector<row_stream>& more) {
    streams_.insert(streams_.end(), more.begin(), more.end());
  };
  add(job.where.streams());
  for (const resolved_input& in : job.states.inputs()) add(in.streams);
}

template <class T>
void morsel_reader::keep_chosen(T* values) const {
  for (std::size_t i = 0; i < morsel_.n; ++i) values[i] = values[chosen_[i]];
}

void morsel_reader::load(std::size_t in, index_t first, std::size_t n) {
  const resolved_input& from = job_.states.inputs()[in];
  word* const buffer = values_[in].data();
  std::uint8_t* const valid = valid_[in].data();
  const void* const loaded = from.load(first, n, buffer, valid, morsel_.wide);
  morsel_.values[in] = loaded;
  morsel_.valid[in] = from.optional ? valid : nullptr;
  if (morsel_.n == n) return;
  if (loaded != buffer) std::memcpy(buffer, loaded, n * sizeof(word));
  morsel_.values[in] = buffer;
  keep_chosen(buffer);
  if (from.optional) keep_chosen(valid);
}

template <class Number>
const morsel& morsel_reader::read_keys(index_t first, std::size_t n, Number scale, Number* keys) {
  best_column_loops().count_up(static_cast<std::uint32_t>(first), n, rows_.data());
  morsel_.rows = rows_.data();
  choose(first, n, scale, keys);
  return morsel_;
}

template <class Number>
void morsel_reader::choose(index_t first, std::size_t n, Number scale, Number* keys) {
  job_.keys.pack<Number>(first, n, scale, keys);
  morsel_.n = n;
  if (!job_.where) return;
  job_.where(first, n, keep_.data());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < n; ++i) {
    chosen_[kept] = static_cast<std::uint16_t>(i);
    kept += keep_[i];
  }
  morsel_.n = kept;
  keep_chosen(keys);
  if (morsel_.rows) keep_chosen(rows_.data());
}

void morsel_reader::look_ahead(index_t first, std::size_t n) {
  constexpr index_t distance = 2 * morsel_rows;
  morsel_.ahead.clear();
  if (first + distance + static_cast<index_t>(n) > job_.rows()) return;
  for (const row_stream& from : streams_)
    morsel_.ahead.push_back({from.at + static_cast<std::size_t>(first + distance) * from.bytes, from.bytes});
}

template <class Number>
const morsel& morsel_reader::read(index_t first, std::size_t n, Number scale, Number* keys) {
  if (with_rows_)
    read_keys(first, n, scale, keys);
  else
    choose(first, n, scale, keys);
  for (std::size_t in = 0; in < values_.size(); ++in) load(in, first, n);
  look_ahead(first, n);
  return morsel_;
}

template const morsel& morsel_reader::read_keys(index_t, std::size_t, std::uint32_t, std::uint32_t*);
template const morsel& morsel_reader::read_keys(index_t, std::size_t, std::uint64_t, std::uint64_t*);
template const morsel& morsel_reader::read(index_t, std::size_t, std::uint32_t, std::uint32_t*);
template const morsel& morsel_reader::read(index_t, std::size_t, std::uint64_t, std::uint64_t*);

}  // namespace polyloop::aggregation
