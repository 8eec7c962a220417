#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>
#include <variant>
#include <vector>

#include "column_loops.hpp"
#include "csv_layout.hpp"
#include "numbered_keys.hpp"
#include "polyloop/aggregation/group_table.hpp"
#include "polyloop/aggregation/scratch_memory.hpp"
#include "polyloop/huge_vector.hpp"
#include "polyloop/index.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::aggregation {

/// Numbers of rows, in as few bytes as they need.
class row_numbers {
 public:
  row_numbers() = default;
  template <class Code>
  explicit row_numbers(detail::scratch_vector<Code> numbers) : numbers_(std::move(numbers)) {}

  std::uint32_t operator[](std::size_t row) const {
    return std::visit([row](const auto& numbers) { return std::uint32_t{numbers[row]}; }, numbers_);
  }
  value_type type() const {
    return std::visit(
        []<class Code>(const detail::scratch_vector<Code>&) { return detail::value_type_of<Code>(); },
        numbers_);
  }
  /// Where those of a row and of all after it lie.
  const void* from(index_t row) const {
    return std::visit([row](const auto& numbers) { return static_cast<const void*>(numbers.data() + row); },
                      numbers_);
  }
  /// Number n becomes to[n].
  void renumber(const std::vector<std::uint32_t>& to, const loop_options& options) {
    std::visit(
        [&]<class Code>(detail::scratch_vector<Code>& numbers) {
          check_finished(parallel_for(
              numbers.size(), [&](std::size_t row) { numbers[row] = static_cast<Code>(to[numbers[row]]); },
              options));
        },
        numbers_);
  }
  row_stream stream() const {
    return std::visit(
        []<class Code>(const detail::scratch_vector<Code>& numbers) {
          return row_stream{reinterpret_cast<const char*>(numbers.data()), sizeof(Code)};
        },
        numbers_);
  }

 private:
  std::variant<detail::scratch_vector<std::uint8_t>, detail::scratch_vector<std::uint16_t>,
               detail::scratch_vector<std::uint32_t>>
      numbers_;
};

/// A number for each row, the same for the same keys.
struct numbering {
  row_numbers of_row;              ///< 0 where the key is missing
  std::vector<index_t> first_row;  ///< of each number
};

namespace detail {

/// The keys that only one block of rows is known to have, in the order of their first appearance.
template <class Key>
struct new_keys {
  std::vector<Key> keys;
  std::vector<std::uint64_t> hashes;
  std::vector<index_t> first_row;
  std::vector<std::uint32_t> number;  // the one for all blocks
  bool key_too_long = false;          // for a Key: nothing else counts
  bool too_many = false;              // for their numbers
};

/// Numbers the keys of rows, in three steps: a first part of the rows, which is small, tells the keys that
/// most rows have. Then blocks of the other rows look their keys up, and number by themselves what is not
/// known. At last these are numbered together, in partitions of their hashes, each in the order of the
/// blocks. So few rows are looked at twice if there are few keys, and no key by one worker alone if there are
/// many.
template <class Key, class Load>
class row_numbering {
 public:
  /// load(first, n, keys): the keys of n rows, or false if one does not fit into a Key. Where `optional` has
  /// no value there is no key; null: all have one.
  row_numbering(index_t rows, const Load& load, const typed_column* optional, const grouping& how)
      : rows_(rows), load_(load), optional_(optional), how_(how) {}

  /// Nothing if a key does not fit into a Key.
  std::optional<numbering> run() {
    auto learnt = memory_for<std::uint32_t>(std::min(rows_, most_learnt));
    learn(learnt);
    if (too_long_) return std::nullopt;
    if (known_.keys().size() <= most<std::uint8_t> / 2 && number_rest<std::uint8_t>(learnt)) return made();
    if (!too_long_ && known_.keys().size() <= most<std::uint16_t> / 2 && number_rest<std::uint16_t>(learnt))
      return made();
    if (!too_long_) number_rest<std::uint32_t>(learnt);
    return too_long_ ? std::nullopt : std::optional(made());
  }

 private:
  static constexpr index_t first_wave = 16384;
  static constexpr index_t last_wave = first_wave * 64;
  static constexpr index_t most_learnt = first_wave * (1 + 4 + 16 + 64);
  template <class Code>
  static constexpr std::size_t most = std::numeric_limits<Code>::max();

  template <class Code>
  scratch_vector<Code> memory_for(index_t rows) const {
    const pool_allocator<Code> memory(how_.memory ? how_.memory->pool() : nullptr);
    return scratch_vector<Code>(static_cast<std::size_t>(rows), memory);
  }

  numbering made() { return {std::move(numbers_), std::move(first_row_)}; }

  /// Numbers rows from the first on, until few of them have keys that are not known, or nearly all have.
  void learn(scratch_vector<std::uint32_t>& numbers) {
    for (index_t wave = first_wave; wave <= last_wave && learnt_ < rows_; wave *= 4) {
      const std::size_t before = known_.keys().size();
      const index_t last = std::min(rows_, learnt_ + wave);
      std::vector<new_keys<Key>> found = number_blocks(learnt_, last, numbers.data());
      if (too_long_) return;
      for (new_keys<Key>& block : found)
        for (std::size_t k = 0; k < block.keys.size(); ++k) {
          block.number[k] = known_.number(block.keys[k], block.hashes[k]);
          if (block.number[k] == first_row_.size()) first_row_.push_back(block.first_row[k]);
        }
      renumber(found, learnt_, last, before, numbers.data());
      learnt_ = last;
      const auto different = static_cast<index_t>(known_.keys().size());
      if (different - static_cast<index_t>(before) <= wave / 1024) return;
      if (wave > first_wave && different > learnt_ - learnt_ / 8) return;
    }
  }

  /// The other rows, in numbers of type Code. False: there are too many keys, or one is too long.
  template <class Code>
  bool number_rest(const scratch_vector<std::uint32_t>& learnt) {
    auto numbers = memory_for<Code>(rows_);
    for (std::size_t row = 0; row < static_cast<std::size_t>(learnt_); ++row)
      numbers[row] = static_cast<Code>(learnt[row]);
    std::vector<new_keys<Key>> found = number_blocks(learnt_, rows_, numbers.data());
    for (const new_keys<Key>& block : found)
      if (block.key_too_long || block.too_many) return false;
    if (!number_together(found, most<Code>)) return false;
    renumber(found, learnt_, rows_, known_.keys().size(), numbers.data());
    numbers_ = row_numbers(std::move(numbers));
    return true;
  }

  static row_blocks blocks_between(index_t first, index_t last) {
    return row_blocks::of(last - first, 16384, 16);
  }

  template <class Code>
  std::vector<new_keys<Key>> number_blocks(index_t first, index_t last, Code* numbers) {
    const row_blocks blocks = blocks_between(first, last);
    std::vector<new_keys<Key>> found(static_cast<std::size_t>(blocks.count()));
    check_finished(parallel_for(
        blocks.count(),
        [&](index_t b) {
          auto& block = found[static_cast<std::size_t>(b)];
          number_block(first + blocks.first(b), first + blocks.last(b), numbers, block);
          block.number.resize(block.keys.size());
        },
        how_.loops));
    for (const new_keys<Key>& block : found) too_long_ = too_long_ || block.key_too_long;
    return found;
  }

  template <class Code>
  void number_block(index_t first, index_t last, Code* numbers, new_keys<Key>& found) const {
    numbered_keys<Key> fresh(64);
    std::array<Key, morsel_rows> keys;
    for (index_t from = first; from < last; from += morsel_rows) {
      const auto n = static_cast<std::size_t>(std::min<index_t>(morsel_rows, last - from));
      found.key_too_long = !load_(from, n, keys.data());
      if (found.key_too_long) return;
      if (known_.is_far() || fresh.is_far())
        number_morsel<true>(from, n, keys.data(), numbers + from, fresh, found);
      else
        number_morsel<false>(from, n, keys.data(), numbers + from, fresh, found);
      found.too_many = known_.keys().size() + fresh.keys().size() > most<Code>;
      if (found.too_many) return;
    }
    found.keys = fresh.keys();
  }

  template <bool is_far, class Code>
  void number_morsel(index_t first, std::size_t n, const Key* keys, Code* numbers, numbered_keys<Key>& fresh,
                     new_keys<Key>& found) const {
    std::array<std::uint64_t, morsel_rows> hashes;
    const auto write_hashes = [&] {
      for (std::size_t i = 0; i < n; ++i) hashes[i] = hash_of_key(keys[i]);
    };
    std::array<std::uint32_t, morsel_rows> known;  // before the codes: bytes might be anything in memory
    bool all_known = false;
    if constexpr (is_far) {
      write_hashes();
      all_known = known_.template find<true>(
          keys, [&hashes](std::size_t i) { return hashes[i]; }, n, known.data());
    } else {
      const auto hash_of = [=](std::size_t i) { return hash_of_key(keys[i]); };
      all_known = known_.template find<false>(keys, hash_of, n, known.data());
      if (!all_known || optional_) write_hashes();
    }
    if (all_known && !optional_) {
      for (std::size_t i = 0; i < n; ++i) numbers[i] = static_cast<Code>(known[i]);
      return;
    }
    std::array<std::uint8_t, morsel_rows> valid;
    if (optional_) load_validity(*optional_, first, n, valid.data());
    const auto before = static_cast<std::uint32_t>(known_.keys().size());
    for (std::size_t i = 0; i < n; ++i) {
      if (is_far && !all_known) fresh.prefetch_slot(hashes[std::min(i + 24, n - 1)]);
      std::uint32_t number = optional_ && valid[i] == 0 ? 0 : known[i];
      if (number == known_.none) {
        number = fresh.number(keys[i], hashes[i]);
        if (number == found.first_row.size()) {
          found.first_row.push_back(first + static_cast<index_t>(i));
          found.hashes.push_back(hashes[i]);
        }
        number += before;
      }
      numbers[i] = static_cast<Code>(number);
    }
  }

  static unsigned partition_of(std::uint64_t hash, unsigned partitions) {
    return static_cast<unsigned>(hash >> 20) & (partitions - 1);
  }

  /// Gives the blocks' new keys their numbers; false if they would be above `largest`.
  bool number_together(std::vector<new_keys<Key>>& found, std::size_t largest) {
    std::size_t total = 0;
    for (const auto& block : found) total += block.keys.size();
    const unsigned partitions = total < 16384 ? 1 : 8;
    std::vector<std::vector<index_t>> first_rows(partitions);
    check_finished(parallel_for(
        partitions, [&](unsigned p) { first_rows[p] = number_partition(found, p, partitions); }, how_.loops));
    std::vector<std::size_t> before{first_row_.size()};
    for (const auto& rows : first_rows) before.push_back(before.back() + rows.size());
    if (before.back() > largest) return false;
    for (const auto& rows : first_rows) first_row_.insert(first_row_.end(), rows.begin(), rows.end());
    for (new_keys<Key>& block : found)
      for (std::size_t k = 0; k < block.keys.size(); ++k)
        block.number[k] += static_cast<std::uint32_t>(before[partition_of(block.hashes[k], partitions)]);
    return true;
  }

  /// The new keys of all blocks whose hashes fall to one partition: numbered there, in the order of the
  /// blocks.
  static std::vector<index_t> number_partition(std::vector<new_keys<Key>>& blocks, unsigned partition,
                                               unsigned partitions) {
    numbered_keys<Key> table(256);
    std::vector<index_t> first_row;
    for (new_keys<Key>& block : blocks)
      for (std::size_t k = 0; k < block.keys.size(); ++k) {
        const std::uint64_t hash = block.hashes[k];
        if (partition_of(hash, partitions) != partition) continue;
        block.number[k] = table.number(block.keys[k], hash);
        if (block.number[k] == first_row.size()) first_row.push_back(block.first_row[k]);
      }
    return first_row;
  }

  /// The rows whose keys their block has numbered by itself, from `before` on.
  template <class Code>
  void renumber(const std::vector<new_keys<Key>>& found, index_t first, index_t last, std::size_t before,
                Code* numbers) const {
    const row_blocks blocks = blocks_between(first, last);
    check_finished(parallel_for(
        blocks.count(),
        [&](index_t b) {
          const auto& block = found[static_cast<std::size_t>(b)];
          if (block.keys.empty()) return;
          for (index_t row = first + blocks.first(b); row < first + blocks.last(b); ++row)
            if (numbers[row] >= before) numbers[row] = static_cast<Code>(block.number[numbers[row] - before]);
        },
        how_.loops));
  }

  const index_t rows_;
  const Load& load_;
  const typed_column* const optional_;
  const grouping& how_;
  numbered_keys<Key> known_;  // of the rows before learnt_
  index_t learnt_ = 0;
  std::vector<index_t> first_row_;
  row_numbers numbers_;
  bool too_long_ = false;
};

}  // namespace detail

/// Numbers the keys of rows 0 .. rows - 1; see row_numbering. O(rows) work, and for each partition a look at
/// the keys that are new in the blocks.
template <class Key, class Load>
std::optional<numbering> number_rows(index_t rows, const Load& load, const typed_column* optional,
                                     const grouping& how) {
  return detail::row_numbering<Key, Load>(rows, load, optional, how).run();
}

}  // namespace polyloop::aggregation
