#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace polyloop::aggregation {

inline std::size_t hash_of(std::string_view key) {
  return std::hash<std::string_view>{}(key);
}

/// The finaliser of MurmurHash3 (A. Appleby): every bit of the key reaches the low ones.
inline std::size_t hash_of(std::int64_t key) {
  auto h = static_cast<std::uint64_t>(key);
  h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdULL;
  h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return static_cast<std::size_t>(h ^ (h >> 33));
}

/// Numbers keys in the order of their first appearance: a hash table with open
/// addressing and linear probing, at most half full. Strings are referred to, not copied.
template <class Key>
class key_index {
 public:
  std::int32_t number(const Key& key) {
    const std::size_t hash = hash_of(key);
    std::size_t at = hash & mask();
    for (; slots_[at].number >= 0; at = (at + 1) & mask())
      if (slots_[at].hash == hash && keys_[static_cast<std::size_t>(slots_[at].number)] == key)
        return slots_[at].number;
    const auto added = static_cast<std::int32_t>(keys_.size());
    slots_[at] = {hash, added};
    keys_.push_back(key);
    if (keys_.size() * 2 > slots_.size()) grow();
    return added;
  }

  const std::vector<Key>& keys() const { return keys_; }

 private:
  struct slot {
    std::size_t hash = 0;
    std::int32_t number = -1;
  };

  std::size_t mask() const { return slots_.size() - 1; }

  void grow() {
    std::vector<slot> before(slots_.size() * 2);
    before.swap(slots_);
    for (const slot& each : before) {
      if (each.number < 0) continue;
      std::size_t at = each.hash & mask();
      while (slots_[at].number >= 0) at = (at + 1) & mask();
      slots_[at] = each;
    }
  }

  std::vector<slot> slots_ = std::vector<slot>(64);
  std::vector<Key> keys_;
};

}  // namespace polyloop::aggregation
