#include <algorithm>
#include <bit>
#include <memory>

#include "grouping.hpp"

namespace polyloop::aggregation {

namespace {

/// Which keys go to which partition.
struct partition_rule {
  unsigned count = 1;  ///< of partitions; a power of two where keys are hashed
  unsigned shift = 0;  ///< by ranges of 2^shift keys
  bool hashed = false;

  unsigned operator()(std::uint64_t key) const {
    return static_cast<unsigned>(hashed ? mixed(key) >> 40 & (count - 1) : key >> shift);
  }
};

partition_rule rule_for(const grouping_job& job) {
  const std::uint64_t cells = job.keys.cells();
  const auto rows = static_cast<std::uint64_t>(job.rows());
  const auto wanted = static_cast<unsigned>(std::bit_ceil(std::clamp<std::uint64_t>(rows / 49152, 1, 1024)));
  if (too_wide_for_arrays(job)) return {wanted, 0, true};
  const auto shift = static_cast<unsigned>(std::bit_width((cells - 1) / wanted));
  return {static_cast<unsigned>((cells - 1) >> shift) + 1, shift, false};
}

/// The rows of all partitions, one after the other; in each, in the order of the rows.
template <class Number>
struct dealt_rows {
  detail::scratch_vector<Number> keys;
  detail::scratch_vector<std::uint32_t> rows;
  std::vector<detail::scratch_vector<word>> values;
  std::vector<detail::scratch_vector<std::uint8_t>> valid;  // empty: none is missing
  std::vector<std::size_t> begin;                           // of each partition, and the end
};

row_blocks blocks_of(const grouping_job& job) {
  return row_blocks::of(job.rows(), 65536, 64);
}

template <class Number, class Each>
void for_morsels(const row_blocks& blocks, index_t block, const Each& each) {
  for (index_t first = blocks.first(block); first < blocks.last(block); first += morsel_rows)
    each(first, static_cast<std::size_t>(std::min<index_t>(morsel_rows, blocks.last(block) - first)));
}

template <class Number>
std::vector<std::uint32_t> count_block(const grouping_job& job, const partition_rule& rule,
                                       const row_blocks& blocks, index_t block) {
  std::vector<std::uint32_t> counts(rule.count);
  morsel_reader reader(job, true);
  std::array<Number, morsel_rows> keys;
  for_morsels<Number>(blocks, block, [&](index_t first, std::size_t n) {
    const morsel& rows = reader.read_keys<Number>(first, n, 1, keys.data());
    for (std::size_t i = 0; i < rows.n; ++i) ++counts[rule(keys[i])];
  });
  return counts;
}

/// Deals the rows of a block; `next` is where each partition's next row goes.
template <class Number>
void deal_block(const grouping_job& job, const partition_rule& rule, const row_blocks& blocks, index_t block,
                std::vector<std::size_t> next, dealt_rows<Number>& dealt) {
  morsel_reader reader(job, true);
  std::array<Number, morsel_rows> keys;
  std::array<std::size_t, morsel_rows> to;
  for_morsels<Number>(blocks, block, [&](index_t first, std::size_t n) {
    const morsel& rows = reader.read<Number>(first, n, 1, keys.data());
    for (std::size_t i = 0; i < rows.n; ++i) {
      to[i] = next[rule(keys[i])]++;
      dealt.keys[to[i]] = keys[i];
      dealt.rows[to[i]] = rows.rows[i];
    }
    for (std::size_t in = 0; in < rows.values.size(); ++in) {
      const auto* const values = static_cast<const char*>(rows.values[in]);
      word* const out = dealt.values[in].data();
      for (std::size_t i = 0; i < rows.n; ++i)
        std::memcpy(out + to[i], values + i * sizeof(word), sizeof(word));
      if (rows.valid[in])
        for (std::size_t i = 0; i < rows.n; ++i) dealt.valid[in][to[i]] = rows.valid[in][i];
    }
  });
}

/// Where the rows of each block and partition go.
std::vector<std::vector<std::size_t>> places(const std::vector<std::vector<std::uint32_t>>& counts,
                                             unsigned partitions, std::vector<std::size_t>& begin) {
  std::vector<std::vector<std::size_t>> next(counts.size(), std::vector<std::size_t>(partitions));
  std::size_t at = 0;
  for (unsigned p = 0; p < partitions; ++p) {
    begin.push_back(at);
    for (std::size_t b = 0; b < counts.size(); ++b) {
      next[b][p] = at;
      at += counts[b][p];
    }
  }
  begin.push_back(at);
  return next;
}

template <class Number>
dealt_rows<Number> deal(const grouping_job& job, const partition_rule& rule) {
  const row_blocks blocks = blocks_of(job);
  std::vector<std::vector<std::uint32_t>> counts(static_cast<std::size_t>(blocks.count()));
  check_finished(parallel_for(
      blocks.count(),
      [&](index_t b) { counts[static_cast<std::size_t>(b)] = count_block<Number>(job, rule, blocks, b); },
      job.how.loops));
  dealt_rows<Number> dealt;
  const auto next = places(counts, rule.count, dealt.begin);
  dealt.keys = job.scratch<Number>(dealt.begin.back());
  dealt.rows = job.scratch<std::uint32_t>(dealt.begin.back());
  for (const resolved_input& in : job.states.inputs()) {
    dealt.values.push_back(job.scratch<word>(dealt.begin.back()));
    dealt.valid.push_back(job.scratch<std::uint8_t>(in.optional ? dealt.begin.back() : 0));
  }
  check_finished(parallel_for(
      blocks.count(),
      [&](index_t b) { deal_block(job, rule, blocks, b, next[static_cast<std::size_t>(b)], dealt); },
      job.how.loops));
  return dealt;
}

/// Has the filter choose once: rows are counted before they are dealt, and have to be the same both times.
void choose_once(grouping_job& job) {
  if (!job.where) return;
  auto chosen = std::make_shared<detail::scratch_vector<std::uint8_t>>(
      job.scratch<std::uint8_t>(static_cast<std::size_t>(job.rows())));
  const row_blocks blocks = blocks_of(job);
  const auto choose = [&](index_t b) {
    const index_t first = blocks.first(b);
    const auto n = static_cast<std::size_t>(blocks.last(b) - first);
    job.where(first, n, chosen->data() + first);
  };
  check_finished(parallel_for(blocks.count(), choose, job.how.loops));
  job.where = [chosen](index_t row) { return (*chosen)[static_cast<std::size_t>(row)] != 0; };
}

constexpr std::uint32_t no_group = ~std::uint32_t{0};

/// The groups of a partition's rows, numbered as they come: by a table of the range of keys ...
template <class Number>
void number_by_range(const Number* keys, std::size_t n, unsigned shift, std::uint32_t* group_of,
                     const std::uint32_t* rows, detail::scratch_vector<std::uint32_t>& first_row) {
  const Number mask = static_cast<Number>((Number{1} << shift) - 1);
  huge_vector<std::uint32_t> groups(std::size_t{1} << shift, no_group);
  for (std::size_t i = 0; i < n; ++i) {
    std::uint32_t& group = groups[keys[i] & mask];
    if (group == no_group) {
      group = static_cast<std::uint32_t>(first_row.size());
      first_row.push_back(rows[i]);
    }
    group_of[i] = group;
  }
}

/// ... or by a hash table, at most half full.
template <class Number>
void number_by_hash(const grouping_job& job, const Number* keys, std::size_t n, std::uint32_t* group_of,
                    const std::uint32_t* rows, detail::scratch_vector<std::uint32_t>& first_row) {
  auto slots = job.scratch<std::uint32_t>(std::bit_ceil(2 * n + 1));
  std::fill(slots.begin(), slots.end(), no_group);
  auto known = job.scratch<Number>(n);
  first_row.reserve(n);
  const std::size_t mask = slots.size() - 1;
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t at = mixed(keys[i]) & mask;
    while (slots[at] != no_group && known[slots[at]] != keys[i]) at = (at + 1) & mask;
    if (slots[at] == no_group) {
      slots[at] = static_cast<std::uint32_t>(first_row.size());
      known[slots[at]] = keys[i];
      first_row.push_back(rows[i]);
    }
    group_of[i] = slots[at];
  }
}

template <class Number>
found_groups group_partition(const grouping_job& job, const partition_rule& rule,
                             const dealt_rows<Number>& dealt, unsigned partition) {
  const std::size_t begin = dealt.begin[partition];
  const std::size_t n = dealt.begin[partition + 1] - begin;
  found_groups found{job.scratch<word>(), job.scratch<std::uint32_t>(), {}};
  auto group_of = job.scratch<std::uint32_t>(n);
  const Number* const keys = dealt.keys.data() + begin;
  const std::uint32_t* const rows = dealt.rows.data() + begin;
  if (rule.hashed)
    number_by_hash(job, keys, n, group_of.data(), rows, found.first_row);
  else
    number_by_range(keys, n, rule.shift, group_of.data(), rows, found.first_row);
  const std::size_t groups = found.first_row.size();
  found.states.resize(groups * job.states.words());
  job.states.start(found.states.data(), groups);

  std::array<std::uint32_t, morsel_rows> at;
  morsel part;
  std::vector<const word*> values;
  std::vector<const std::uint8_t*> valid;
  for (std::size_t in = 0; in < dealt.values.size(); ++in) {
    values.push_back(dealt.values[in].data() + begin);
    valid.push_back(dealt.valid[in].empty() ? nullptr : dealt.valid[in].data() + begin);
  }
  part.at = at.data();
  part.values.resize(values.size());
  part.valid.resize(values.size());
  for (std::size_t first = 0; first < n; first += morsel_rows) {
    part.n = std::min<std::size_t>(morsel_rows, n - first);
    part.rows = rows + first;
    for (std::size_t in = 0; in < values.size(); ++in) {
      part.values[in] = values[in] + first;
      part.valid[in] = valid[in] ? valid[in] + first : nullptr;
    }
    for (std::size_t i = 0; i < part.n; ++i) at[i] = group_of[first + i] * job.states.words();
    job.states.update(found.states.data(), part);
  }
  if (job.states.needs_partitions())
    job.states.collect(found.states.data(), groups, group_of.data(), n, values, valid);
  return found;
}

template <class Number>
std::vector<found_groups> group_by_partition(grouping_job& job) {
  const partition_rule rule = rule_for(job);
  job.plan = "partitions: rows dealt to " + std::to_string(rule.count) +
             (rule.hashed ? " by a hash of their keys, then a hash table for each"
                          : " by ranges of their keys, then an array for each");
  const dealt_rows<Number> dealt = deal<Number>(job, rule);
  std::vector<found_groups> found(rule.count);
  check_finished(parallel_for(
      rule.count, [&](unsigned p) { found[p] = group_partition(job, rule, dealt, p); }, job.how.loops));
  return found;
}

}  // namespace

std::vector<found_groups> group_in_partitions(grouping_job& job) {
  choose_once(job);
  if (too_wide_for_arrays(job)) job.keys.round_up();
  if (job.keys.cells() < (std::uint64_t{1} << 32)) return group_by_partition<std::uint32_t>(job);
  return group_by_partition<std::uint64_t>(job);
}

}  // namespace polyloop::aggregation
