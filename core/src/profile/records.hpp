#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <variant>

#include "polyloop/index.hpp"
#include "polyloop/profile.hpp"
#include "polyloop/schedule.hpp"

namespace polyloop::detail {

/// Number of a name in the profiler's name_table.
using name_id = std::uint32_t;

struct loop_record {
  profile::time_point begin;
  profile::time_point end;
  std::uint64_t loop;
  index_t count;
  index_t grain;
  name_id name;
  int workers;
  schedule::kind how;
  bool shared;
  bool failed;
};

struct chunk_record {
  profile::time_point begin;
  profile::time_point end;
  std::uint64_t loop;
  index_t first;
  index_t last;
  name_id name;
  int worker;
  std::uint32_t chunks;  // that were handed out one after the other
  bool stolen;
};

struct span_record {
  profile::time_point begin;
  profile::time_point end;
  name_id name;
  name_id category;
};

struct counter_record {
  profile::time_point begin;
  double value;
  name_id name;
};

using record = std::variant<counter_record, span_record, chunk_record, loop_record>;

/// Records of one thread, which alone may add; others may read meanwhile. The
/// room is taken in blocks from what all threads have together.
class record_list {
 public:
  record_list() = default;
  record_list(const record_list&) = delete;
  record_list& operator=(const record_list&) = delete;
  ~record_list() { clear(); }

  /// Drops the record where there is no more room.
  template <class Record>
  void add(const Record& what, std::atomic<std::int64_t>& room) {
    if (!has_place() && !grow(room)) {
      dropped_.store(dropped() + 1, std::memory_order_relaxed);
      return;
    }
    const std::size_t at = last_->used.load(std::memory_order_relaxed);
    last_->records[at] = what;
    last_->used.store(at + 1, std::memory_order_release);
  }
  std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

  template <class See>
  void for_each(const See& see) const {
    for (const block* each = first_.load(std::memory_order_acquire); each != nullptr;
         each = each->next.load(std::memory_order_acquire)) {
      const std::size_t used = each->used.load(std::memory_order_acquire);
      for (std::size_t i = 0; i < used; ++i) see(each->records[i]);
    }
  }

  /// By the owner, while nobody reads.
  void clear() noexcept;

 private:
  // Small: who needs one stands still for its page faults.
  static constexpr std::size_t block_records = 256;
  struct block {
    std::atomic<std::size_t> used{0};
    std::atomic<block*> next{nullptr};
    std::array<record, block_records> records;
  };

  bool has_place() const noexcept {
    return last_ != nullptr && last_->used.load(std::memory_order_relaxed) < block_records;
  }
  bool grow(std::atomic<std::int64_t>& room);

  std::atomic<block*> first_{nullptr};
  block* last_ = nullptr;
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace polyloop::detail
