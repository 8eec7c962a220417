#include <cstdlib>

#include "compare_groups.hpp"

/// Random tables are grouped as a std::map groups them: all aggregates, a filter, both orders, and without
/// what needs partitions.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  groups::bytes input(data, size);
  const unsigned how = input.next();
  const groups::random_table from = groups::table_of(input, (how & 1) != 0 ? 3000 : 60);
  const unsigned modulus = how / 8 % 4 + 1;
  std::vector<bool> chosen;
  for (polyloop::index_t row = 0; row < from.table.rows(); ++row) chosen.push_back(row % modulus == 0);
  const auto order = (how & 2) != 0 ? groups::group_order::sorted : groups::group_order::first_appearance;
  groups::grouping options{.order = order};
  if (modulus > 1)
    options.where = [&chosen](polyloop::index_t row) { return chosen[static_cast<std::size_t>(row)]; };
  const auto expected = groups::naive_groups(from, chosen);
  const std::vector<groups::aggregate> all = groups::all_aggregates();
  const auto whole = group_by(from.table, from.keys, all, options);
  groups::check_groups(from, whole, expected, order);
  groups::check_groups(from, group_by(from.table, from.keys, groups::all_bounded(all), options), expected,
                       order);
  return 0;
}
