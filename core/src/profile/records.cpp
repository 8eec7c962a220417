#include "profile/records.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace polyloop::detail {

bool record_list::grow(std::atomic<std::int64_t>& room) {
  constexpr auto wanted = static_cast<std::int64_t>(block_records);
  if (room.load(std::memory_order_relaxed) < wanted) return false;  // keep the line shared once it is used up
  if (room.fetch_sub(wanted, std::memory_order_relaxed) < wanted) return false;
  block* const fresh = new (std::nothrow) block;
  if (fresh == nullptr) return false;
  (last_ == nullptr ? first_ : last_->next).store(fresh, std::memory_order_release);
  last_ = fresh;
  return true;
}

void record_list::clear() noexcept {
  block* each = first_.exchange(nullptr, std::memory_order_relaxed);
  while (each != nullptr) delete std::exchange(each, each->next.load(std::memory_order_relaxed));
  last_ = nullptr;
  dropped_.store(0, std::memory_order_relaxed);
}

}  // namespace polyloop::detail
