#include "polyloop/chunk_queue.hpp"

#include <algorithm>

#include "hot_path.hpp"
#include "profile/stretch.hpp"

namespace polyloop {

namespace {

constexpr std::uint64_t most_positions = 0xffffffff;  // a position takes half a word

constexpr std::uint64_t pack(std::uint64_t low, std::uint64_t high) {
  return low | high << 32;
}
constexpr std::uint64_t low_of(std::uint64_t span) {
  return span & most_positions;
}
constexpr std::uint64_t high_of(std::uint64_t span) {
  return span >> 32;
}
constexpr std::uint64_t left_in(std::uint64_t span) {
  return low_of(span) < high_of(span) ? high_of(span) - low_of(span) : 0;
}

constexpr index_t divide_up(index_t a, index_t b) {
  return a / b + (a % b != 0);
}

// Few exchanges, and what is dear at the front of a share can still be shared.
constexpr std::uint64_t shrink = 8;

}  // namespace

chunk_queue::chunk_queue(const loop& work) : work_(work) {
  const index_t count = work.end - work.begin;
  const schedule::kind how = work.schedule.how();
  if (how == schedule::kind::dynamic || how == schedule::kind::guided) {
    next_.store(work.begin, std::memory_order_relaxed);
    return;
  }
  const auto workers = static_cast<std::size_t>(work.workers);
  if (workers > few_.size()) many_ = std::make_unique<share[]>(workers);
  shares_ = many_ != nullptr ? many_.get() : few_.data();
  if (how == schedule::kind::fixed)
    deal_blocks(count);
  else
    deal_ranges(count);
}

// Static: worker w owns the blocks w, w + workers, ...; a position is one of them.
void chunk_queue::deal_blocks(index_t count) noexcept {
  const index_t workers = work_.workers;
  const index_t grain = work_.schedule.grain();
  if (grain == 0) {
    blocks_ = std::min(workers, count);
  } else {
    const index_t coarsest = divide_up(count, static_cast<index_t>(most_positions));
    unit_ = std::max(grain, divide_up(coarsest, grain) * grain);
    blocks_ = divide_up(count, unit_);
  }
  for (index_t w = 0; w < workers; ++w) {
    const index_t own = blocks_ > w ? divide_up(blocks_ - w, workers) : 0;
    shares_[w].span.store(pack(0, static_cast<std::uint64_t>(own)), std::memory_order_relaxed);
  }
}

// Automatic: worker w owns a contiguous range; a position is `unit_` iterations.
void chunk_queue::deal_ranges(index_t count) noexcept {
  // Of cheap iterations a position is 64: chunks then begin where a vector loop
  // keeps its alignment, and those of two workers share no cache line.
  const index_t together = work_.schedule.grain() >= 8 * 64 ? 64 : 1;
  unit_ = divide_up(divide_up(count, static_cast<index_t>(most_positions)), together) * together;
  const index_t positions = divide_up(count, std::max<index_t>(unit_, 1));
  least_ = static_cast<std::uint64_t>(
      divide_up(std::max<index_t>(work_.schedule.grain(), 1), std::max<index_t>(unit_, 1)));
  const index_t workers = work_.workers;
  index_t low = 0;
  for (index_t w = 0; w < workers; ++w) {
    const index_t high = low + positions / workers + (w < positions % workers);
    shares_[w].span.store(pack(static_cast<std::uint64_t>(low), static_cast<std::uint64_t>(high)),
                          std::memory_order_relaxed);
    low = high;
  }
}

// Of a share with so much left: an eighth, but neither less than is worth
// handing out nor so much that less than that is left. A share of cheap
// iterations that is small as a whole is not cut: each cut would cost it 1 %.
std::uint64_t chunk_queue::portion(std::uint64_t left) const noexcept {
  const std::uint64_t wanted = std::max(least_, left / shrink);
  const bool small = least_ > 1 && left < 4 * least_;
  return small || left < wanted + least_ ? left : wanted;
}

POLYLOOP_HOT_PATH bool chunk_queue::take(int worker, index_t& first, index_t& last) noexcept {
  // By the counter, what comes behind begins above as well.
  if (shares_ == nullptr) return take_from_counter(first, last) && is_wanted(first);
  std::uint64_t position = 0;
  std::uint64_t positions = 0;
  int owner = worker;
  if (!take_own(worker, position, positions)) {
    if (!steal(worker, owner, position, positions)) return false;
    detail::next_chunk.stolen = true;
  }
  place(owner, position, positions, first, last);
  if (is_wanted(first)) [[likely]]
    return true;
  drop_unwanted(owner);
  return take(worker, first, last);
}

// Cuts a share off where its chunks begin above the last index that is wanted. Where somebody
// else takes from it at this moment, they will find the same.
void chunk_queue::drop_unwanted(int owner) noexcept {
  std::uint64_t span = shares_[owner].span.load(std::memory_order_relaxed);
  std::uint64_t wanted = low_of(span);
  std::uint64_t unwanted = std::max(wanted, high_of(span));
  while (wanted < unwanted) {
    const std::uint64_t middle = wanted + (unwanted - wanted) / 2;
    index_t first = 0;
    index_t last = 0;
    place(owner, middle, 1, first, last);
    if (is_wanted(first))
      wanted = middle + 1;
    else
      unwanted = middle;
  }
  shares_[owner].span.compare_exchange_strong(span, pack(low_of(span), unwanted), std::memory_order_relaxed);
}

bool chunk_queue::take_from_counter(index_t& first, index_t& last) noexcept {
  const index_t grain = std::max<index_t>(work_.schedule.grain(), 1);
  const bool shrinking = work_.schedule.how() == schedule::kind::guided;
  first = next_.load(std::memory_order_relaxed);
  while (first < work_.end) {
    const index_t left = work_.end - first;
    const index_t wanted = shrinking ? std::max(grain, left / (2 * work_.workers)) : grain;
    last = first + std::min(wanted, left);
    if (next_.compare_exchange_weak(first, last, std::memory_order_relaxed)) return true;
  }
  return false;
}

bool chunk_queue::take_own(int worker, std::uint64_t& position, std::uint64_t& positions) noexcept {
  if (!shares_[worker].begun.load(std::memory_order_relaxed))
    shares_[worker].begun.store(true, std::memory_order_relaxed);
  std::atomic<std::uint64_t>& own = shares_[worker].span;
  std::uint64_t span = own.load(std::memory_order_relaxed);
  while (left_in(span) > 0) {
    const bool whole_blocks = work_.schedule.how() == schedule::kind::fixed;
    positions = whole_blocks ? 1 : portion(left_in(span));
    position = low_of(span);
    if (own.compare_exchange_weak(span, pack(position + positions, high_of(span)), std::memory_order_relaxed))
      return true;
  }
  return false;
}

// The cheap last iterations of a worker that is at it are sooner done there
// than here, where its data would have to come over first.
bool chunk_queue::worth_stealing(const share& from, std::uint64_t left) const noexcept {
  const bool cheap = work_.schedule.how() == schedule::kind::automatic && work_.schedule.grain() > 0;
  return !cheap || left >= 2 * least_ || !from.begun.load(std::memory_order_relaxed);
}

bool chunk_queue::steal(int worker, int& owner, std::uint64_t& position, std::uint64_t& positions) noexcept {
  while (true) {
    std::uint64_t most = 0;
    std::uint64_t seen = 0;
    for (int w = 0; w < work_.workers; ++w) {
      const std::uint64_t span = shares_[w].span.load(std::memory_order_relaxed);
      if (left_in(span) <= most || !worth_stealing(shares_[w], left_in(span))) continue;
      most = left_in(span);
      seen = span;
      owner = w;
    }
    if (most == 0) return false;
    const bool whole_blocks = work_.schedule.how() == schedule::kind::fixed;
    const std::uint64_t loot = whole_blocks ? 1 : most / 2 < least_ ? most : most / 2;
    const std::uint64_t cut = high_of(seen) - loot;
    std::atomic<std::uint64_t>& victim = shares_[owner].span;
    if (!victim.compare_exchange_strong(seen, pack(low_of(seen), cut), std::memory_order_relaxed)) continue;
    position = cut;
    positions = loot;
    if (whole_blocks) return true;
    // What is stolen becomes the thief's own share, from which others can steal again.
    positions = portion(loot);
    shares_[worker].span.store(pack(cut + positions, cut + loot), std::memory_order_relaxed);
    owner = worker;
    return true;
  }
}

void chunk_queue::place(int owner, std::uint64_t position, std::uint64_t positions, index_t& first,
                        index_t& last) const noexcept {
  const index_t count = work_.end - work_.begin;
  const auto at = static_cast<index_t>(position);
  if (work_.schedule.how() == schedule::kind::automatic) {
    first = work_.begin + at * unit_;
    last = first + std::min(count - at * unit_, static_cast<index_t>(positions) * unit_);
    return;
  }
  const index_t block = owner + at * work_.workers;
  if (work_.schedule.grain() != 0) {
    first = work_.begin + block * unit_;
    last = first + std::min(count - block * unit_, unit_);
    return;
  }
  const index_t each = count / blocks_;
  const index_t longer = count % blocks_;
  first = work_.begin + block * each + std::min(block, longer);
  last = first + each + (block < longer);
}

}  // namespace polyloop
