#include "polyloop/aggregation/scratch_memory.hpp"

#include <iterator>
#include <map>
#include <mutex>
#include <unordered_map>

namespace polyloop::aggregation {

namespace detail {

namespace {
constexpr std::size_t least_bytes = std::size_t{1} << 14;  // smaller ones malloc keeps well enough
constexpr std::size_t pool_alignment = 64;
}  // namespace

/// Blocks that have been given back, by their size. Those that are less than a huge page are cut from slabs
/// of whole ones: small pages are slow to come by and, in virtual machines, slow to come back to.
class memory_pool {
 public:
  memory_pool() = default;
  memory_pool(const memory_pool&) = delete;
  memory_pool& operator=(const memory_pool&) = delete;
  ~memory_pool() { clear(); }

  void* take(std::size_t bytes) {
    const std::lock_guard hold(lock_);
    const auto found = idle_.lower_bound(bytes);
    if (found == idle_.end() || found->first > 2 * bytes) return made(bytes);
    void* const memory = found->second;
    sizes_.emplace(memory, found->first);
    if (is_piece(found->first)) ++slab_of(memory)->second.used;
    idle_.erase(found);
    return memory;
  }

  void give(void* memory) noexcept {
    const std::lock_guard hold(lock_);
    const auto found = sizes_.find(memory);
    const std::size_t bytes = found->second;
    sizes_.erase(found);
    if (is_piece(bytes)) {
      const auto slab = slab_of(memory);
      --slab->second.used;
      if (slab->second.cleared) return free_unused(slab);
    }
    idle_.emplace(bytes, memory);
  }

  std::size_t idle_bytes() noexcept {
    const std::lock_guard hold(lock_);
    std::size_t total = 0;
    for (const auto& [bytes, memory] : idle_) total += bytes;
    return total;
  }

  /// A slab of which a piece is in use goes when that is given back.
  void clear() noexcept {
    const std::lock_guard hold(lock_);
    for (const auto& [bytes, memory] : idle_)
      if (!is_piece(bytes)) polyloop::detail::free_pages(memory, bytes, pool_alignment);
    idle_.clear();
    left_ = 0;
    for (auto slab = slabs_.begin(); slab != slabs_.end();) {
      slab->second.cleared = true;
      free_unused(slab++);
    }
  }

 private:
  struct slab_state {
    std::size_t used = 0;  // pieces
    bool cleared = false;
  };
  using slab_map = std::map<char*, slab_state>;  // by their memory

  static std::size_t slab_bytes() { return 4 * huge_page_size(); }
  static bool is_piece(std::size_t bytes) { return bytes < huge_page_size(); }

  void* made(std::size_t bytes) {
    bytes = (bytes + pool_alignment - 1) / pool_alignment * pool_alignment;
    void* const memory =
        is_piece(bytes) ? piece(bytes) : polyloop::detail::allocate_pages(bytes, pool_alignment);
    sizes_.emplace(memory, bytes);
    return memory;
  }

  void* piece(std::size_t bytes) {
    if (left_ < bytes) {  // what is left of the slab before is not used any more
      last_ = static_cast<char*>(polyloop::detail::allocate_pages(slab_bytes(), pool_alignment));
      slabs_.emplace(last_, slab_state{});
      left_ = slab_bytes();
    }
    void* const memory = last_ + (slab_bytes() - left_);
    left_ -= bytes;
    ++slabs_[last_].used;
    return memory;
  }

  slab_map::iterator slab_of(void* memory) {
    return std::prev(slabs_.upper_bound(static_cast<char*>(memory)));
  }

  void free_unused(slab_map::iterator slab) noexcept {
    if (slab->second.used > 0) return;
    polyloop::detail::free_pages(slab->first, slab_bytes(), pool_alignment);
    slabs_.erase(slab);
  }

  std::mutex lock_;
  std::multimap<std::size_t, void*> idle_;
  std::unordered_map<void*, std::size_t> sizes_;  // of those that are in use
  slab_map slabs_;
  char* last_ = nullptr;  // slab, of which there is something left
  std::size_t left_ = 0;
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
