#include "group_order.hpp"

#include <algorithm>

#include "by_type.hpp"
#include "polyloop/parallel_sort.hpp"

namespace polyloop::aggregation {

namespace {

/// Few groups of many rows: they are sorted.
void sort_by_first_row(const grouping_job& job, const std::vector<found_groups>& parts,
                       ordered_groups& ordered) {
  struct group {
    std::uint32_t row;
    const word* state;
  };
  std::vector<group> groups;
  for (const found_groups& part : parts)
    for (std::size_t g = 0; g < part.first_row.size(); ++g)
      groups.push_back({part.first_row[g], part.state(g, job.states.words())});
  parallel_sort_by(
      groups, [](const group& each) { return each.row; }, std::less<>{}, job.how.loops);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    ordered.first_row[g] = groups[g].row;
    ordered.state[g] = groups[g].state;
  }
}

/// Groups of one block of rows: where they begin and end in each part.
struct block_groups {
  std::vector<std::size_t> begin;
  std::vector<std::size_t> end;
  std::size_t count = 0;

  block_groups(const std::vector<found_groups>& parts, index_t first, index_t last) {
    for (const found_groups& part : parts) {
      const auto at = [&part](index_t row) {
        return static_cast<std::size_t>(std::lower_bound(part.first_row.begin(), part.first_row.end(), row) -
                                        part.first_row.begin());
      };
      begin.push_back(at(first));
      end.push_back(at(last));
      count += end.back() - begin.back();
    }
  }
};

/// Many groups: each block of rows has a place for a group at every row, and keeps those that are taken.
void deal_to_first_rows(const grouping_job& job, const std::vector<found_groups>& parts,
                        ordered_groups& ordered) {
  const row_blocks blocks = row_blocks::of(job.rows(), 32768, 1 << 20);
  std::vector<block_groups> groups;
  std::vector<std::size_t> before{0};
  for (index_t b = 0; b < blocks.count(); ++b) {
    groups.emplace_back(parts, blocks.first(b), blocks.last(b));
    before.push_back(before.back() + groups.back().count);
  }
  check_finished(parallel_for(
      blocks.count(),
      [&](index_t b) {
        const auto block = static_cast<std::size_t>(b);
        std::vector<const word*> state_of_row(static_cast<std::size_t>(blocks.last(b) - blocks.first(b)));
        const auto first = static_cast<std::uint32_t>(blocks.first(b));
        for (std::size_t p = 0; p < parts.size(); ++p)
          for (std::size_t g = groups[block].begin[p]; g < groups[block].end[p]; ++g)
            state_of_row[parts[p].first_row[g] - first] = parts[p].state(g, job.states.words());
        std::size_t at = before[block];
        for (std::uint32_t row = 0; row < state_of_row.size(); ++row)
          if (state_of_row[row]) {
            ordered.first_row[at] = first + row;
            ordered.state[at++] = state_of_row[row];
          }
      },
      job.how.loops));
}

ordered_groups by_first_row(const grouping_job& job, const std::vector<found_groups>& parts) {
  std::size_t size = 0;
  for (const found_groups& part : parts) size += part.first_row.size();
  ordered_groups ordered{job.scratch<std::uint32_t>(size), job.scratch<const word*>(size)};
  if (parts.size() == 1)
    for (std::size_t g = 0; g < size; ++g) {
      ordered.first_row[g] = parts[0].first_row[g];
      ordered.state[g] = parts[0].state(g, job.states.words());
    }
  else if (size < static_cast<std::size_t>(job.rows()) / 64)
    sort_by_first_row(job, parts, ordered);
  else
    deal_to_first_rows(job, parts, ordered);
  return ordered;
}

/// -1, 0 or 1: two rows of a column, missing ones last.
int compare(const typed_column& column, index_t a, index_t b) {
  if (!column.valid(a) || !column.valid(b)) return (column.valid(a) ? 0 : 1) - (column.valid(b) ? 0 : 1);
  const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
  if (column.type() == value_type::string) return order(column.text(a), column.text(b));
  if (column.type() == value_type::boolean) return order(column.integer(a), column.integer(b));
  return by_type(column.stored_type(), [&]<class T>(T) {
    const T x = column.numbers<T>()[static_cast<std::size_t>(a)];
    const T y = column.numbers<T>()[static_cast<std::size_t>(b)];
    if constexpr (std::floating_point<T>)
      if (x != x || y != y) return (x != x ? 1 : 0) - (y != y ? 1 : 0);
    return order(x, y);
  });
}

void sort_by_keys(const grouping_job& job, ordered_groups& groups) {
  std::vector<const typed_column*> keys;
  for (const std::string& name : job.names) keys.push_back(&job.from[name]);
  struct group {
    std::uint32_t row;
    const word* state;
  };
  std::vector<group> all(groups.first_row.size());
  for (std::size_t g = 0; g < all.size(); ++g) all[g] = {groups.first_row[g], groups.state[g]};
  parallel_sort(all, [&keys](const group& a, const group& b) {
    for (const typed_column* key : keys)
      if (const int order = compare(*key, a.row, b.row); order != 0) return order < 0;
    return false;
  });
  for (std::size_t g = 0; g < all.size(); ++g) {
    groups.first_row[g] = all[g].row;
    groups.state[g] = all[g].state;
  }
}

}  // namespace

ordered_groups in_order(const grouping_job& job, const std::vector<found_groups>& parts) {
  ordered_groups groups = by_first_row(job, parts);
  if (job.how.order == group_order::sorted) sort_by_keys(job, groups);
  return groups;
}

}  // namespace polyloop::aggregation
