#include "polyloop/aggregation/scratch_memory.hpp"

#include <map>
#include <mutex>
#include <unordered_map>

namespace polyloop::aggregation {

namespace detail {

namespace {
constexpr std::size_t least_bytes = std::size_t{1} << 14;  // smaller ones malloc keeps well enough
constexpr std::size_t pool_alignment = 64;
}  // namespace

/// Blocks that have been given back, by their size.
class memory_pool {
 public:
  memory_pool() = default;
  memory_pool(const memory_pool&) = delete;
  memory_pool& operator=(const memory_pool&) = delete;
  ~memory_pool() { clear(); }

  void* take(std::size_t bytes) {
    {
      const std::lock_guard hold(lock_);
      const auto found = idle_.lower_bound(bytes);
      if (found != idle_.end() && found->first <= 2 * bytes) {
        void* const memory = found->second;
        sizes_.emplace(memory, found->first);
        idle_.erase(found);
        return memory;
      }
    }
    void* const memory = polyloop::detail::allocate_pages(bytes, pool_alignment);
    const std::lock_guard hold(lock_);
    sizes_.emplace(memory, bytes);
    return memory;
  }

  void give(void* memory) noexcept {
    const std::lock_guard hold(lock_);
    const auto found = sizes_.find(memory);
    idle_.emplace(found->second, memory);
    sizes_.erase(found);
  }

  std::size_t idle_bytes() noexcept {
    const std::lock_guard hold(lock_);
    std::size_t total = 0;
    for (const auto& [bytes, memory] : idle_) total += bytes;
    return total;
  }

  void clear() noexcept {
    const std::lock_guard hold(lock_);
    for (const auto& [bytes, memory] : idle_) polyloop::detail::free_pages(memory, bytes, pool_alignment);
    idle_.clear();
  }

 private:
  std::mutex lock_;
  std::multimap<std::size_t, void*> idle_;
  std::unordered_map<void*, std::size_t> sizes_;  // of those that are in use
};

void* take_memory(memory_pool* pool, std::size_t bytes, std::size_t alignment) {
  if (pool == nullptr || bytes < least_bytes) return polyloop::detail::allocate_pages(bytes, alignment);
  return pool->take(bytes);
}

void give_memory(memory_pool* pool, void* memory, std::size_t bytes, std::size_t alignment) noexcept {
  if (pool == nullptr || bytes < least_bytes) return polyloop::detail::free_pages(memory, bytes, alignment);
  pool->give(memory);
}

}  // namespace detail

scratch_memory::scratch_memory() : pool_(std::make_shared<detail::memory_pool>()) {}
scratch_memory::~scratch_memory() = default;
std::size_t scratch_memory::idle_bytes() const noexcept {
  return pool_->idle_bytes();
}
void scratch_memory::clear() noexcept {
  pool_->clear();
}

}  // namespace polyloop::aggregation
