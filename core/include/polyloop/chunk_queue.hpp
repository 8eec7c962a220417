#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "polyloop/backend.hpp"

namespace polyloop {

/// Cuts a loop into chunks as its schedule says and hands them out: the part
/// that backends share whose runtime has no good scheduler of its own.
///
/// static and automatic schedules start from one contiguous share per worker,
/// so that consecutive loops over the same range find their data in the same
/// caches; a worker that is done takes from the others. Of an automatic loop it
/// takes half of what the fullest has left (lazy binary splitting, Tzannes et
/// al. 2010); of a static one the blocks whose owner did not come.
///
/// Thread-safe; lock-free. A chunk is handed out exactly once, or not at all if it begins above `last_wanted`.
class chunk_queue {
 public:
  /// The loop must outlive the queue.
  explicit chunk_queue(const loop& work);
  chunk_queue(const chunk_queue&) = delete;
  chunk_queue& operator=(const chunk_queue&) = delete;

  /// Where take() will look first for this worker: to be fetched ahead of time.
  const void* start_of(int worker) const noexcept {
    return shares_ == nullptr ? static_cast<const void*>(&next_) : shares_ + worker;
  }

  /// The next chunk [first, last) for this worker; false when there is none left.
  bool take(int worker, index_t& first, index_t& last) noexcept;

 private:
  // A worker's share: positions [low, high) packed into one word, so that its
  // owner takes from the front and others from the back by one exchange.
  struct alignas(64) share {
    std::atomic<std::uint64_t> span{0};
    std::atomic<bool> begun{false};  // its owner has come
  };

  void deal_blocks(index_t count) noexcept;
  void deal_ranges(index_t count) noexcept;
  std::uint64_t portion(std::uint64_t left) const noexcept;
  bool is_wanted(index_t first) const noexcept {
    return work_.last_wanted == nullptr || first <= work_.last_wanted->load(std::memory_order_relaxed);
  }
  void drop_unwanted(int owner) noexcept;
  bool take_from_counter(index_t& first, index_t& last) noexcept;
  bool take_own(int worker, std::uint64_t& position, std::uint64_t& positions) noexcept;
  bool worth_stealing(const share& from, std::uint64_t left) const noexcept;
  bool steal(int worker, int& owner, std::uint64_t& position, std::uint64_t& positions) noexcept;
  void place(int owner, std::uint64_t position, std::uint64_t positions, index_t& first,
             index_t& last) const noexcept;

  const loop& work_;
  index_t unit_ = 1;         // iterations per position
  std::uint64_t least_ = 1;  // positions that an automatic loop hands out at least
  index_t blocks_ = 0;       // static: number of blocks in all
  share* shares_ = nullptr;
  std::unique_ptr<share[]> many_;
  std::array<share, 4> few_;                  // spares most loops an allocation
  alignas(64) std::atomic<index_t> next_{0};  // dynamic, guided: first iteration not yet handed out
};

}  // namespace polyloop
