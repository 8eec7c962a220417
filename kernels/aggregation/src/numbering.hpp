#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "csv_layout.hpp"
#include "polyloop/huge_vector.hpp"
#include "polyloop/index.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::aggregation {

constexpr index_t morsel_rows = 1024;  // a morsel's numbers stay in the first-level cache

/// Blocks of rows, cut by a rule of their number alone.
struct row_blocks {
  index_t rows = 0;
  index_t size = 1;

  static row_blocks of(index_t rows, index_t least_size, index_t most_blocks) {
    return {rows, std::max<index_t>(least_size, (rows + most_blocks - 1) / most_blocks)};
  }
  index_t count() const { return (rows + size - 1) / size; }
  index_t first(index_t block) const { return block * size; }
  index_t last(index_t block) const { return std::min(rows, first(block) + size); }
};

/// Asks for memory that will be read some time later.
inline void prefetch(const void* at) {
#if defined(__GNUC__)
  __builtin_prefetch(at);
#else
  static_cast<void>(at);
#endif
}

/// Memory that rows lie in, one after the other.
struct row_stream {
  const char* at = nullptr;
  std::size_t bytes = 0;  ///< of a row
};

inline std::uint64_t mixed(std::uint64_t key) {
  key = (key ^ (key >> 32)) * 0x9e3779b97f4a7c15U;
  return key ^ (key >> 29);
}

inline std::uint64_t word_at(const char* at, std::size_t n) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, n);
  return word;
}

/// Folds a product of 128 bits, as wyhash does (Wang Yi).
inline std::uint64_t folded(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t low = (a & 0xffffffffU) * (b & 0xffffffffU);
  const std::uint64_t high = (a >> 32) * (b >> 32);
  const std::uint64_t cross = (a >> 32) * (b & 0xffffffffU) + (a & 0xffffffffU) * (b >> 32);
  return low ^ high ^ std::rotl(cross, 32);
}

inline std::uint64_t hash_of_key(std::uint64_t key) {
  return mixed(key);
}

inline std::uint64_t hash_of_key(std::string_view key) {
  const char* at = key.data();
  std::size_t n = key.size();
  std::uint64_t hash = n * 0xa0761d6478bd642fU;
  for (; n > 16; at += 16, n -= 16)
    hash = folded(word_at(at, 8) ^ 0xe7037ed1a0b428dbU, word_at(at + 8, 8) ^ hash ^ 0x8ebc6af09c88c6e3U);
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (n >= 8) {
    low = word_at(at, 8);
    high = word_at(at + n - 8, 8);
  } else if (n >= 4) {
    low = word_at(at, 4);
    high = word_at(at + n - 4, 4);
  } else if (n > 0) {
    low = static_cast<unsigned char>(at[0]);
    high = static_cast<std::uint64_t>(static_cast<unsigned char>(at[n / 2])) << 8 |
           static_cast<unsigned char>(at[n - 1]);
  }
  return mixed(folded(low ^ 0xe7037ed1a0b428dbU, high ^ hash ^ 0x589965cc75374cc3U));
}

/// A string of which up to 16 characters need not be looked up where they lie.
struct text_key {
  const char* data = nullptr;
  std::size_t size = 0;
  std::uint64_t head = 0;  ///< up to 16 characters, or the last 16
  std::uint64_t tail = 0;

  text_key() = default;
  text_key(const char* from, std::size_t n) : data(from), size(n) {
    if (n >= 8) {
      head = word_at(n > 16 ? from + n - 16 : from, 8);
      tail = word_at(from + n - 8, 8);
    } else if (n >= 4) {
      head = word_at(from, 4) | word_at(from + n - 4, 4) << 32;
    } else if (n > 0) {
      head = static_cast<unsigned char>(from[0]) |
             static_cast<std::uint64_t>(static_cast<unsigned char>(from[n / 2])) << 8 |
             static_cast<std::uint64_t>(static_cast<unsigned char>(from[n - 1])) << 16;
    }
  }
  friend bool operator==(const text_key& a, const text_key& b) {
    return a.size == b.size && a.head == b.head && a.tail == b.tail &&
           (a.size <= 16 || std::memcmp(a.data, b.data, a.size - 16) == 0);
  }
};

inline std::uint64_t hash_of_key(const text_key& key) {
  std::uint64_t hash = key.size * 0xa0761d6478bd642fU;
  if (key.size > 16) hash ^= hash_of_key(std::string_view(key.data, key.size - 16));
  return mixed(folded(key.head ^ 0xe7037ed1a0b428dbU, key.tail ^ hash ^ 0x589965cc75374cc3U));
}

/// Numbers different keys in the order of their first appearance: open addressing, linear probing, at most
/// half full.
template <class Key>
class numbered_keys {
 public:
  explicit numbered_keys(std::size_t expected = 32)
      : slots_(std::bit_ceil(2 * std::max<std::size_t>(expected, 32)), slot{0, none}) {}

  std::uint32_t number(const Key& key, std::uint64_t hash) {
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    std::size_t at = hash & (slots_.size() - 1);
    for (; slots_[at].number != none; at = (at + 1) & (slots_.size() - 1))
      if (slots_[at].tag == tag && keys_[slots_[at].number] == key) return slots_[at].number;
    const auto added = static_cast<std::uint32_t>(keys_.size());
    slots_[at] = {tag, added};
    keys_.push_back(key);
    if (keys_.size() * 2 > slots_.size()) grow();
    return added;
  }

  const std::vector<Key>& keys() const { return keys_; }

  /// Asks for the memory that number() will look at, some time before it does: first the slot, then the key
  /// that is there.
  void prefetch_slot(std::uint64_t hash) const { prefetch(&slots_[hash & (slots_.size() - 1)]); }
  void prefetch_key(std::uint64_t hash) const {
    const std::uint32_t number = slots_[hash & (slots_.size() - 1)].number;
    if (number != none) prefetch(keys_.data() + number);
  }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  struct slot {
    std::uint32_t tag;
    std::uint32_t number;
  };

  void grow() {
    huge_vector<slot> next(slots_.size() * 2, slot{0, none});
    slots_.swap(next);
    for (std::uint32_t n = 0; n < keys_.size(); ++n) {
      const std::uint64_t hash = hash_of_key(keys_[n]);
      std::size_t at = hash & (slots_.size() - 1);
      while (slots_[at].number != none) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = {static_cast<std::uint32_t>(hash >> 32), n};
    }
  }

  huge_vector<slot> slots_;
  std::vector<Key> keys_;
};

/// A number for each row, the same for the same keys.
struct numbering {
  huge_vector<std::uint32_t> of_row;  ///< those of missing keys: as many as there are different ones
  std::vector<index_t> first_row;     ///< of each number
};

namespace detail {

/// The different keys of one block, in the order of their first appearance.
template <class Key>
struct block_keys {
  std::vector<Key> keys;
  std::vector<std::uint64_t> hashes;
  std::vector<index_t> first_row;
  std::vector<std::uint32_t> number;  // the one for all blocks
};

constexpr std::uint32_t missing_number = ~std::uint32_t{0};

template <class Key, class Load, class Valid>
block_keys<Key> number_block(index_t first, index_t last, const Load& load, const Valid& valid,
                             std::uint32_t* of_row) {
  numbered_keys<Key> table(1024);
  block_keys<Key> found;
  std::array<Key, morsel_rows> keys;
  std::array<std::uint64_t, morsel_rows> hashes;
  for (index_t from = first; from < last; from += morsel_rows) {
    const auto n = static_cast<std::size_t>(std::min<index_t>(morsel_rows, last - from));
    load(from, n, keys.data());
    for (std::size_t i = 0; i < n; ++i) hashes[i] = hash_of_key(keys[i]);
    for (std::size_t i = 0; i < n; ++i) {
      table.prefetch_slot(hashes[std::min(i + 24, n - 1)]);
      table.prefetch_key(hashes[std::min(i + 12, n - 1)]);
      const index_t row = from + static_cast<index_t>(i);
      if (!valid(row)) {
        of_row[row] = missing_number;
        continue;
      }
      const std::uint32_t number = table.number(keys[i], hashes[i]);
      if (number == found.first_row.size()) {
        found.first_row.push_back(row);
        found.hashes.push_back(hashes[i]);
      }
      of_row[row] = number;
    }
  }
  found.keys = table.keys();
  return found;
}

/// The keys of all blocks whose hashes fall to one partition: numbered there, in the order of the blocks.
template <class Key>
std::vector<index_t> number_partition(std::vector<block_keys<Key>>& blocks, unsigned partition,
                                      unsigned partitions) {
  numbered_keys<Key> table(256);
  std::vector<index_t> first_row;
  for (block_keys<Key>& block : blocks)
    for (std::size_t k = 0; k < block.keys.size(); ++k) {
      const std::uint64_t hash = block.hashes[k];
      if ((hash >> 20 & (partitions - 1)) != partition) continue;
      block.number[k] = table.number(block.keys[k], hash);
      if (block.number[k] == first_row.size()) first_row.push_back(block.first_row[k]);
    }
  return first_row;
}

}  // namespace detail

/// Numbers the keys of rows 0 .. rows - 1, where valid(row): load(first, n, keys) writes n of them. The
/// blocks' tables are merged in partitions of the hash, each in the order of the blocks. O(rows) work, and
/// for each partition a look at the blocks' keys.
template <class Key, class Load, class Valid>
numbering number_rows(index_t rows, const Load& load, const Valid& valid, const loop_options& options) {
  const row_blocks blocks = row_blocks::of(rows, 16384, 16);
  numbering all;
  all.of_row.resize(static_cast<std::size_t>(rows));
  std::vector<detail::block_keys<Key>> found(static_cast<std::size_t>(blocks.count()));
  check_finished(parallel_for(
      blocks.count(),
      [&](index_t b) {
        auto& block = found[static_cast<std::size_t>(b)];
        block = detail::number_block<Key>(blocks.first(b), blocks.last(b), load, valid, all.of_row.data());
        block.number.resize(block.keys.size());
      },
      options));

  std::size_t total = 0;
  for (const auto& block : found) total += block.keys.size();
  const unsigned partitions = total < 16384 ? 1 : 8;
  std::vector<std::vector<index_t>> first_rows(partitions);
  check_finished(parallel_for(
      partitions, [&](unsigned p) { first_rows[p] = detail::number_partition(found, p, partitions); },
      options));
  std::vector<std::uint32_t> before(partitions);
  for (unsigned p = 0; p < partitions; ++p) {
    before[p] = static_cast<std::uint32_t>(all.first_row.size());
    all.first_row.insert(all.first_row.end(), first_rows[p].begin(), first_rows[p].end());
  }

  const auto missing = static_cast<std::uint32_t>(all.first_row.size());
  check_finished(parallel_for(
      blocks.count(),
      [&](index_t b) {
        auto& block = found[static_cast<std::size_t>(b)];
        for (std::size_t k = 0; k < block.keys.size(); ++k)
          block.number[k] += before[block.hashes[k] >> 20 & (partitions - 1)];
        for (index_t row = blocks.first(b); row < blocks.last(b); ++row) {
          std::uint32_t& number = all.of_row[static_cast<std::size_t>(row)];
          number = number == detail::missing_number ? missing : block.number[number];
        }
      },
      options));
  return all;
}

}  // namespace polyloop::aggregation
