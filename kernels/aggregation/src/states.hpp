#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "group_keys.hpp"
#include "polyloop/aggregation/aggregate.hpp"
#include "polyloop/huge_vector.hpp"

namespace polyloop::aggregation {

using word = std::uint64_t;

/// An input, looked up in a table.
struct resolved_input {
  const typed_column* column = nullptr;  ///< null: a function
  const input::many_rows* function = nullptr;
  bool real = false;                         ///< doubles, else int64
  bool optional = false;                     ///< some may be missing
  bool narrow = false;                       ///< int32 that need not be widened: only read by simple steps
  std::shared_ptr<const numbering> numbers;  ///< of strings: int64 by rank
  std::vector<std::uint32_t> rank;           ///< of each number, or of each code of the dictionary
  std::vector<index_t> row_of_rank;          ///< of the column, or of the dictionary
  bool by_rank = false;
  std::vector<row_stream> streams;  ///< what it is read from

  /// Rows first .. first + n - 1 as int64 or double: in `buffer` (of n words), or where they are. Of optional
  /// ones, `valid` gets a 0 where one is missing. Narrow ones are left as they are unless `widen`.
  const void* load(index_t first, std::size_t n, void* buffer, std::uint8_t* valid, bool widen) const;

 private:
  const void* load_column(index_t first, std::size_t n, void* buffer, bool widen) const;
  const void* load_ranks(index_t first, std::size_t n, std::int64_t* out) const;
};

enum class state_kind : unsigned char {
  present,
  sum,
  least,
  most,
  first,
  last,
  moments,
  co_moments,
  top,
  custom,
  bits,
  collected
};

/// A part of a group's state: words at .. at + words - 1.
struct state_part {
  state_kind kind = state_kind::present;
  int x = -1;  ///< its inputs
  int y = -1;
  bool real = false;
  std::uint32_t at = 0;
  std::uint32_t words = 1;
  std::uint32_t present_at = 0;  ///< where its number of values is
  bool largest = false;
  const aggregate* of = nullptr;
  std::uint64_t least = 0;  ///< of bits: the value of the first
  bool with_rows = false;   ///< done in the pass that counts the rows
};

/// The rows of a morsel that are chosen, and their inputs.
struct morsel {
  std::size_t n = 0;
  const std::uint32_t* at = nullptr;       ///< the word of each row's group
  const std::uint32_t* rows = nullptr;     ///< only if the layout needs them
  std::vector<const void*> values;         ///< of each input
  std::vector<const std::uint8_t*> valid;  ///< null: none is missing
  bool wide = true;                        ///< narrow inputs have been widened
  bool far = false;               ///< states do not fit into a core's caches: they are asked for ahead
  std::vector<row_stream> ahead;  ///< what rows some morsels later are read from; none near the end

  /// CPUs look ahead in each column by themselves, but only to the end of its page, which is about a morsel.
  void fetch_ahead(std::size_t row) const {
    for (const row_stream& each : ahead)
      for (std::size_t b = 0; b < fetched_rows * each.bytes; b += 64)
        prefetch(each.at + row * each.bytes + b);
  }
  /// The states of as many rows as are fetched at once, some rows later.
  void fetch_states(const word* base, std::size_t row) const {
    if (!far || row + 2 * fetched_rows > n) return;
    for (std::size_t i = row + fetched_rows; i < row + 2 * fetched_rows; ++i) prefetch(base + at[i]);
  }
  static constexpr std::size_t fetched_rows = 16;
};

/// Words of every group's state: word 0 is the number of its rows.
class state_layout {
 public:
  /// `affordable_words`: a set of integers may be kept as bits, if they are not more words. `all_optional`:
  /// as if values of every input might be missing, so that the layout depends on the types alone.
  state_layout(const typed_table& from, const std::vector<aggregate>& aggregates, const loop_options& options,
               std::uint64_t affordable_words, bool all_optional = false);

  std::uint32_t words() const noexcept { return words_; }
  const std::vector<resolved_input>& inputs() const noexcept { return inputs_; }
  const std::vector<state_part>& parts() const noexcept { return parts_; }
  /// The part that an aggregate is finished from; of counts the number of values.
  const state_part& part_of(std::size_t aggregate) const { return parts_[part_of_[aggregate]]; }
  bool needs_rows() const noexcept { return needs_rows_; }
  bool needs_partitions() const noexcept { return collects_; }
  /// Whether states may be kept in several copies that take turns, row by row.
  bool keeps_order() const noexcept { return custom_; }

  void start(word* states, std::size_t groups) const;
  void update(word* states, const morsel& of) const;
  /// Adds to the row numbers that one group's state has.
  void move_rows(word* state, word by) const;
  /// For each group: states[g] and later[g] together.
  void merge(word* states, const word* later, std::size_t groups) const;
  /// Fills in what needs all values of a group at once. group_of: of each row of the partition.
  void collect(word* states, std::size_t groups, const std::uint32_t* group_of, std::size_t n,
               const std::vector<const word*>& values, const std::vector<const std::uint8_t*>& valid) const;

 private:
  int resolve(const typed_table& from, const input& wanted, bool by_rank, const loop_options& options);
  std::uint32_t present(int x, int y);
  std::size_t part(state_kind kind, int x, int y, std::uint32_t words, const aggregate& of);
  void find_simple_parts();
  void find_narrow_inputs();
  /// Whether part p counts an input's values, and the next one sums them or keeps them as bits: both in one
  /// pass, which leaves out none of the rows.
  bool counts_for_next(std::size_t p) const;
  /// Whether the rows are counted in the pass that the first part, a set of bits, is done in.
  bool counts_with_bits() const;
  void count_and_add(word* states, std::size_t p, const morsel& of) const;
  void count_simply(word* states, const morsel& of) const;
  std::size_t distinct_part(int x, const aggregate& of, const loop_options& options);
  std::size_t part_for(const typed_table& from, const aggregate& of, const loop_options& options);

  std::vector<resolved_input> inputs_;
  std::vector<std::string> input_names_;
  std::vector<state_part> parts_;
  std::vector<std::size_t> part_of_;
  std::vector<word> start_;
  std::uint32_t words_ = 1;
  std::vector<std::size_t> simple_parts_;  // those that are done in one pass with the rows: of inputs that
  bool sums_where_ = false;                // are never missing, or only sums of such as may be
  bool needs_rows_ = false;
  bool collects_ = false;
  bool custom_ = false;
  std::uint64_t affordable_words_ = 0;
  bool all_optional_ = false;
};

}  // namespace polyloop::aggregation
