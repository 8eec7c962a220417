#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "polyloop/detail/sort_common.hpp"

namespace polyloop::detail {

/// Most buckets that elements are dealt to at once: with more of them, the caches and the TLB do
/// not follow the places that are written to in turn.
inline constexpr std::size_t most_buckets = 1024;

/// The counts of elements that belong into each bucket, for each block of a range; then the places
/// for them. Blocks are a rule of the length alone.
class dealer {
 public:
  dealer(std::size_t n, std::size_t buckets)
      : blocks_{n, std::max(std::size_t{1} << 13, n / 64)},
        buckets_(buckets),
        places_(blocks_.count() * buckets),
        begins_(buckets + 1, n) {}

  const sort_blocks& blocks() const { return blocks_; }
  /// The counts of a block, at first 0; after find_places() where its next elements go.
  std::size_t* of_block(std::size_t b) { return places_.data() + b * buckets_; }

  /// Bucket by bucket, and in each of them block by block: stable.
  void find_places() {
    std::size_t total = 0;
    for (std::size_t d = 0; d < buckets_; ++d) {
      begins_[d] = total;
      for (std::size_t at = d; at < places_.size(); at += buckets_) total += std::exchange(places_[at], total);
    }
  }

  std::size_t buckets() const { return buckets_; }
  std::size_t begin(std::size_t d) const { return begins_[d]; }
  std::size_t length(std::size_t d) const { return begins_[d + 1] - begins_[d]; }

 private:
  sort_blocks blocks_;
  std::size_t buckets_;
  std::vector<std::size_t> places_;
  std::vector<std::size_t> begins_;
};

/// Writes an element to the end of a bucket, and has the cache fetch the line after it, which is
/// written to soon. Measured on two Zen 5 cores, 1e7 pairs of a hundred keys: 42 .. 45 ms without, 33 ms with it.
/// Gathering one, two or four lines of a bucket and writing them around the cache took 44, 38 .. 40 and 35 .. 39 ms, and
/// with random keys more than writing plainly.
template <class T>
void put_ahead(T* to, const T& element) {
#if defined(__GNUC__)
  __builtin_prefetch(reinterpret_cast<const std::byte*>(to) + 64, 1);
#endif
  *to = element;
}

}  // namespace polyloop::detail
