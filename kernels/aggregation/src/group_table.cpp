#include "polyloop/aggregation/group_table.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "grouping.hpp"
#include "polyloop/parallel_sort.hpp"

namespace polyloop::aggregation {

namespace {

constexpr index_t sample_rows = 16384;

/// Different keys in a sample: runs of rows, evenly spread.
std::size_t different_in_sample(const grouping_job& job) {
  constexpr index_t run = 8;  // neighbours are often alike
  const index_t runs = std::min(job.rows(), sample_rows) / run;
  numbered_keys<std::uint64_t> seen(sample_rows);
  std::array<std::uint64_t, run> keys;
  for (index_t r = 0; r < runs; ++r) {
    job.keys.pack<std::uint64_t>((job.rows() - run) / runs * r, run, 1, keys.data());
    for (const std::uint64_t key : keys) seen.number(key, hash_of_key(key));
  }
  return seen.keys().size();
}

/// Whether the rows are many beside the cells, and the states of a block beside them few.
bool few_cells(const grouping_job& job) {
  const std::uint64_t cells = job.keys.cells();
  const auto rows = static_cast<std::uint64_t>(job.rows());
  const std::uint64_t words = cells * job.states.words();
  if (words <= 1 << 16 && cells <= rows / 16) return true;  // in the second-level cache
  if (cells > std::max<std::uint64_t>(4096, rows / 64)) return false;
  return words <= std::max<std::uint64_t>(1 << 18, rows / 4);
}

}  // namespace

std::vector<found_groups> find_groups(grouping_job& job) {
  if (job.states.needs_partitions()) return group_in_partitions(job);
  if (few_cells(job)) return group_in_cells(job);
  if (too_wide_for_arrays(job) && job.rows() >= sample_rows && different_in_sample(job) < sample_rows / 4) {
    job.keys.number_all(job.rows(), job.how);
    if (few_cells(job)) return group_in_cells(job);
  }
  return group_in_partitions(job);
}

grouped_table group_by(const typed_table& from, const std::vector<std::string>& keys,
                       const std::vector<aggregate>& aggregates, const grouping& how) {
  if (from.rows() >= std::numeric_limits<std::uint32_t>::max())
    throw invalid_argument("rows", std::to_string(from.rows()), "fewer than 2^32 - 1");
  group_keys digits(from, keys, how);
  // Sets are kept as bits if those of all cells together are not more than a word for eight rows.
  const std::uint64_t affordable =
      std::max<std::uint64_t>(static_cast<std::uint64_t>(from.rows()) / 8, 4096) / digits.cells();
  grouping_job job{
      from, keys, aggregates, how, std::move(digits), state_layout(from, aggregates, how.loops, affordable)};
  const std::vector<found_groups> groups = find_groups(job);
  typed_table columns = finished(job, groups);
  return {std::move(columns), job.plan + '\n' + job.keys.text()};
}

namespace {

/// Numbered in the order of their first appearance.
void put_in_order(numbering& numbers, const loop_options& options) {
  std::vector<index_t>& first_row = numbers.first_row;
  if (std::is_sorted(first_row.begin(), first_row.end())) return;
  std::vector<std::uint32_t> order(first_row.size());
  std::iota(order.begin(), order.end(), 0U);
  parallel_sort_by(
      order, [&first_row](std::uint32_t n) { return first_row[n]; }, std::less<>{}, options);
  std::vector<std::uint32_t> to(order.size());
  std::vector<index_t> sorted(order.size());
  for (std::uint32_t n = 0; n < order.size(); ++n) {
    to[order[n]] = n;
    sorted[n] = first_row[order[n]];
  }
  first_row = std::move(sorted);
  numbers.of_row.renumber(to, options);
}

}  // namespace

typed_column dictionary_coded(const typed_column& strings, const loop_options& options) {
  if (strings.type() != value_type::string || strings.dictionary()) return strings;
  auto numbers = std::make_shared<numbering>(number_strings(strings, {.loops = options}));
  put_in_order(*numbers, options);
  std::vector<std::string_view> different;
  for (const index_t row : numbers->first_row) different.push_back(strings.text(row));
  const column_layout layout{
      .type = value_type::string, .rows = strings.rows(), .values = numbers->of_row.from(0)};
  std::vector<std::uint8_t> valid;
  for (index_t row = 0; strings.may_be_missing() && row < strings.rows(); ++row)
    valid.push_back(strings.valid(row) ? 1 : 0);
  typed_column coded(layout, numbers->of_row.type(),
                     std::make_shared<const typed_column>(typed_column::strings(different)), numbers);
  coded.first_rows_ = {numbers, &numbers->first_row};
  return coded.with_validity(valid);
}

}  // namespace polyloop::aggregation
