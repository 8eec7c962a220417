#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "key_hash.hpp"
#include "polyloop/huge_vector.hpp"
#include "row_blocks.hpp"

/// The hash table of keys.
namespace polyloop::aggregation {

/// Numbers different keys in the order of their first appearance: open addressing, linear probing, at most
/// half full; a small one at most a sixteenth, for a key that is not where its hash points to is a branch
/// that nobody can predict (measured: 100 keys, 7 ns a row instead of 4).
template <class Key>
class numbered_keys {
 public:
  explicit numbered_keys(std::size_t expected = 32)
      : slots_(std::bit_ceil(2 * std::max<std::size_t>(expected, 32)), slot{}) {}

  std::uint32_t number(const Key& key, std::uint64_t hash) {
    slot& found = slots_[place_of(key, hash)];
    if (found.number != none) return found.number;
    const auto added = static_cast<std::uint32_t>(keys_.size());
    found = {key, tag_of(hash), added};
    keys_.push_back(key);
    if (keys_.size() * (slots_.size() <= small ? 16 : 2) > slots_.size()) grow();
    return added;
  }
  /// The numbers of keys that have one; of the others `none`. False if there are such. hash_of(i): of
  /// keys[i].
  template <bool is_far, class Hash>
  bool find(const Key* keys, const Hash& hash_of, std::size_t n, std::uint32_t* numbers) const {
    std::uint32_t largest = 0;  // which none is
    for (std::size_t i = 0; i < n; ++i) {
      if constexpr (is_far) prefetch_slot(hash_of(std::min(i + 24, n - 1)));
      numbers[i] = slots_[place_of(keys[i], hash_of(i))].number;
      largest = std::max(largest, numbers[i]);
    }
    return largest != none;
  }
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  const std::vector<Key>& keys() const { return keys_; }
  /// Whether it is too large for the caches next to a core.
  bool is_far() const { return slots_.size() * sizeof(slot) > std::size_t{1} << 18; }
  /// Asks for the memory that number() will look at, some time before it does.
  void prefetch_slot(std::uint64_t hash) const { prefetch(&slots_[hash & mask_]); }

 private:
  static constexpr std::size_t small = 8192;                           // slots
  static constexpr bool is_short = sizeof(Key) <= sizeof(short_text);  // as quickly compared as their tags
  struct slot {
    Key key{};  // not only its number: that would be a second look into far memory
    std::uint32_t tag = 0;
    std::uint32_t number = none;
  };

  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

  /// The slot of a key, or the empty one that is its.
  std::size_t place_of(const Key& key, std::uint64_t hash) const {
    std::size_t at = hash & mask_;
    for (; slots_[at].number != none; at = (at + 1) & mask_)
      if ((is_short || slots_[at].tag == tag_of(hash)) && slots_[at].key == key) break;
    return at;
  }

  void grow() {
    huge_vector<slot> before(slots_.size() * 2, slot{});
    before.swap(slots_);
    mask_ = slots_.size() - 1;
    for (const slot& each : before)
      if (each.number != none) slots_[place_of(each.key, hash_of_key(each.key))] = each;
  }

  huge_vector<slot> slots_;
  std::size_t mask_ = slots_.size() - 1;  // which is a division
  std::vector<Key> keys_;
};

}  // namespace polyloop::aggregation
