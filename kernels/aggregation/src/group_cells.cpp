#include <algorithm>
#include <atomic>

#include "column_loops.hpp"
#include "grouping.hpp"

namespace polyloop::aggregation {

namespace {

/// The first row of a cell.
struct row_and_cell {
  std::uint32_t row;
  std::uint32_t cell;
};

/// Blocks of rows, each with a cell for every key that there might be, and how the cells are copied.
struct cell_plan {
  row_blocks blocks;
  std::size_t cells;
  /// Few cells are kept several times, and rows take turns: a group that comes several times in a
  /// row would else wait for its own last sum (measured: 2 groups of doubles, 8 cycles a row instead of 2).
  std::size_t copies;  ///< 1 or 4
};

cell_plan plan_for(const grouping_job& job) {
  const auto cells = static_cast<std::size_t>(job.keys.cells());
  // The blocks' states together: about an eighth as many words as there are rows, if that leaves enough
  // blocks.
  const auto wanted = static_cast<std::uint64_t>(job.rows()) / (8 * cells * job.states.words());
  const auto most = static_cast<index_t>(std::bit_floor(std::clamp<std::uint64_t>(wanted, 8, 64)));
  const bool few = cells * job.states.words() <= 256 && !job.states.keeps_order();
  return {row_blocks::of(job.rows(), 8192, most), cells, few ? std::size_t{4} : std::size_t{1}};
}

constexpr std::size_t near_bytes = 512 * 1024;  // of states; second-level caches have this or twice as much

detail::scratch_vector<word> fill_block(const grouping_job& job, const cell_plan& plan, index_t block) {
  const column_loops& loops = best_column_loops();
  const std::size_t words = plan.cells * job.states.words();
  auto states = job.scratch<word>(words * plan.copies);
  job.states.start(states.data(), plan.cells * plan.copies);
  morsel_reader reader(job, false);
  std::array<std::uint32_t, morsel_rows> at;
  reader.current().at = at.data();
  reader.current().far = words * sizeof(word) > near_bytes;
  const index_t last = plan.blocks.last(block);
  for (index_t first = plan.blocks.first(block); first < last; first += morsel_rows) {
    const auto n = static_cast<std::size_t>(std::min<index_t>(morsel_rows, last - first));
    const morsel& rows = reader.read(first, n, job.states.words(), at.data());
    if (plan.copies > 1) loops.take_turns(static_cast<std::uint32_t>(words), rows.n, at.data());
    job.states.update(states.data(), rows);
  }
  for (std::size_t copy = 1; copy < plan.copies; ++copy)
    job.states.merge(states.data(), states.data() + copy * words, plan.cells);
  states.resize(words);
  return states;
}

/// For each cell the first block that has rows of it; the number of cells that are new in each block.
struct first_blocks {
  std::vector<std::uint8_t> of_cell;
  std::vector<std::atomic<std::size_t>> news;
};

constexpr std::uint8_t no_block = 255;
constexpr std::uint32_t no_cell = ~std::uint32_t{0};

first_blocks find_first_blocks(const grouping_job& job, const cell_plan& plan,
                               const std::vector<detail::scratch_vector<word>>& blocks) {
  first_blocks first{std::vector<std::uint8_t>(plan.cells, no_block),
                     std::vector<std::atomic<std::size_t>>(blocks.size())};
  const row_blocks parts = row_blocks::of(static_cast<index_t>(plan.cells), 4096, 64);
  const auto find = [&](index_t part) {
    std::vector<std::size_t> news(blocks.size());
    for (auto cell = static_cast<std::size_t>(parts.first(part));
         cell < static_cast<std::size_t>(parts.last(part)); ++cell)
      for (std::size_t b = 0; b < blocks.size(); ++b)
        if (blocks[b][cell * job.states.words()] != 0) {
          first.of_cell[cell] = static_cast<std::uint8_t>(b);
          ++news[b];
          break;
        }
    for (std::size_t b = 0; b < blocks.size(); ++b) first.news[b] += news[b];
  };
  check_finished(parallel_for(parts.count(), find, job.how.loops));
  return first;
}

/// Looks through the rows of a block until all cells that are new in it have been found; gives them, and the
/// first row of each, in their order. `found`: one for each cell, 0.
detail::scratch_vector<row_and_cell> find_first_rows(const grouping_job& job, const cell_plan& plan,
                                                     const first_blocks& first, index_t block,
                                                     std::uint8_t* found) {
  const std::size_t wanted = first.news[static_cast<std::size_t>(block)];
  auto news = job.scratch<row_and_cell>(wanted + 1);  // one more, which is written to in vain
  morsel_reader reader(job, false);
  std::array<std::uint32_t, morsel_rows> cells;
  std::size_t known = 0;
  std::uint32_t last = no_cell;
  // To the end, and not further, where a filter does not choose again what it chose before.
  const index_t end = plan.blocks.last(block);
  for (index_t from = plan.blocks.first(block); known < wanted && from < end; from += morsel_rows) {
    const auto n = static_cast<std::size_t>(std::min<index_t>(morsel_rows, end - from));
    const morsel& rows = reader.read_keys<std::uint32_t>(from, n, 1, cells.data());
    for (std::size_t i = 0; i < rows.n; ++i) {
      const std::uint32_t cell = cells[i];
      if (cell == last) continue;  // neighbours are often alike
      last = cell;
      if (first.of_cell[cell] != block) continue;
      news[known] = {rows.rows[i], cell};  // without a branch, which nobody could predict
      known += 1U - found[cell];
      found[cell] = 1;
    }
  }
  news.resize(known);
  return news;
}

/// The cells that have rows, and the first row of each, in the order of these.
void find_groups_of(const grouping_job& job, const cell_plan& plan,
                    const std::vector<detail::scratch_vector<word>>& blocks, found_groups& groups) {
  const first_blocks first = find_first_blocks(job, plan, blocks);
  std::vector<std::uint8_t> found(plan.cells);
  std::vector<detail::scratch_vector<row_and_cell>> news(blocks.size());
  check_finished(parallel_for(
      plan.blocks.count(),
      [&](index_t b) {
        news[static_cast<std::size_t>(b)] = find_first_rows(job, plan, first, b, found.data());
      },
      job.how.loops));
  for (const auto& of_block : news)
    for (const row_and_cell& each : of_block) {
      groups.first_row.push_back(each.row);
      groups.cell.push_back(each.cell);
    }
}

/// The blocks' states together: neighbours, level by level, as detail::combine_tree does. Cells in parallel.
void merge_blocks(const grouping_job& job, const cell_plan& plan,
                  std::vector<detail::scratch_vector<word>>& blocks) {
  const row_blocks cells = row_blocks::of(static_cast<index_t>(plan.cells), 256, 64);
  check_finished(parallel_for(
      cells.count(),
      [&](index_t part) {
        const auto first = static_cast<std::size_t>(cells.first(part));
        const auto n = static_cast<std::size_t>(cells.last(part)) - first;
        const std::size_t at = first * job.states.words();
        for (std::size_t step = 1; step < blocks.size(); step *= 2)
          for (std::size_t b = 0; b + step < blocks.size(); b += 2 * step)
            job.states.merge(blocks[b].data() + at, blocks[b + step].data() + at, n);
      },
      job.how.loops));
}

}  // namespace

std::vector<found_groups> group_in_cells(grouping_job& job) {
  const cell_plan plan = plan_for(job);
  job.plan = "arrays: " + std::to_string(plan.cells) + " cells for each of " +
             std::to_string(plan.blocks.count()) + " blocks of rows, merged in a tree";
  std::vector<detail::scratch_vector<word>> blocks(static_cast<std::size_t>(plan.blocks.count()));
  check_finished(parallel_for(
      plan.blocks.count(), [&](index_t b) { blocks[static_cast<std::size_t>(b)] = fill_block(job, plan, b); },
      job.how.loops));

  std::vector<found_groups> all;
  all.push_back({job.scratch<word>(), job.scratch<std::uint32_t>(), job.scratch<std::uint32_t>()});
  const std::span<const index_t> known = job.where ? std::span<const index_t>() : job.keys.first_rows();
  for (const index_t row : known) all.front().first_row.push_back(static_cast<std::uint32_t>(row));
  if (known.empty()) find_groups_of(job, plan, blocks, all.front());
  merge_blocks(job, plan, blocks);
  if (!blocks.empty()) all.front().states = std::move(blocks.front());
  return all;
}

}  // namespace polyloop::aggregation
