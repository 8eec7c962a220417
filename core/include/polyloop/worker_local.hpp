#pragma once

#include <array>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "polyloop/padded.hpp"

namespace polyloop {

/// A promise of the caller: neither the order nor the grouping of the values changes the result. True of
/// integers added up, of sets united; not of floating-point numbers added up, nor of lists joined.
struct commutative_t {
  explicit commutative_t() = default;
};
inline constexpr commutative_t commutative{};

namespace detail {

/// A small number of this thread, not that of another one unless there are very many.
inline std::size_t number_of_thread() noexcept {
  static std::atomic<std::size_t> next{0};
  thread_local const std::size_t mine = next.fetch_add(1, std::memory_order_relaxed);
  return mine;
}

}  // namespace detail

/// Values of which each thread borrows one while it works, such as scratch memory or a partial count:
///
///     worker_local<std::vector<double>> scratch([n] { return std::vector<double>(n); });
///     parallel_for(rows, [&](index_t row) {
///       auto buffer = scratch.borrow();  // nobody else's until the end of the block
///       solve(row, *buffer);
///     });
///
/// A value is made when somebody borrows and none is free: as many as were ever borrowed at the same time.
/// Whoever borrows a second time, as in a loop within the body that runs on the same thread, gets another one,
/// so nesting is safe. A thread gets the value that it had last, unless somebody else has it.
///
/// Which iterations used which value depends on the run. What is independent of that is made by
/// combine(), if the operation is commutative; by ordered_log, for lists; by parallel_reduce, for all else.
///
/// borrow() is thread-safe, some 20 ns; the others are for when nobody has one.
template <class T>
class worker_local {
  struct node {
    T value;
  };

 public:
  /// A value that is borrowed, until the end of this. Not to be handed to another thread.
  class [[nodiscard]] loan {
   public:
    loan(loan&& other) noexcept : from_(other.from_), node_(std::exchange(other.node_, nullptr)) {}
    loan& operator=(loan&&) = delete;
    ~loan() {
      if (node_ != nullptr) from_->take_back(node_);
    }
    T& operator*() const noexcept { return node_->value; }
    T* operator->() const noexcept { return &node_->value; }

   private:
    friend class worker_local;
    loan(worker_local& from, node* one) noexcept : from_(&from), node_(one) {}
    worker_local* from_;
    node* node_;
  };

  worker_local() requires std::default_initializable<T> : make_([] { return T(); }) {}
  /// `make` may be called by several threads, one at a time; what it throws reaches who borrows.
  explicit worker_local(std::function<T()> make) : make_(std::move(make)) {}
  worker_local(const worker_local&) = delete;
  worker_local& operator=(const worker_local&) = delete;

  loan borrow() {
    node* const last = last_of_thread().exchange(nullptr, std::memory_order_acquire);
    return {*this, last != nullptr ? last : other()};
  }

  /// visit(value) for every value, in no particular order.
  template <std::invocable<T&> Visit>
  void for_each(const Visit& visit) {
    for (const auto& each : all_) visit(each->value);
  }

  /// op(op(first, second), third) ...: all values together; where none was borrowed, a new one. Does not
  /// change them.
  template <class Op>
  requires std::copy_constructible<T> && std::is_invocable_r_v<T, const Op&, T, const T&> T
  combine(commutative_t /*promise*/, const Op& op) const {
    if (all_.empty()) return make_();
    T total = all_.front()->value;
    for (std::size_t i = 1; i < all_.size(); ++i) total = op(std::move(total), std::as_const(all_[i]->value));
    return total;
  }

  /// How many there are.
  std::size_t size() const noexcept { return all_.size(); }
  /// Forgets all of them.
  void clear() noexcept {
    for (auto& each : last_) each->store(nullptr, std::memory_order_relaxed);
    idle_.clear();
    all_.clear();
  }

 private:
  static constexpr std::size_t places = 16;

  std::atomic<node*>& last_of_thread() noexcept { return *last_[detail::number_of_thread() % places]; }

  node* other() {
    const std::lock_guard hold(lock_);
    if (idle_.empty()) {
      idle_.reserve(all_.size() + 1);  // room for each: to take one back cannot fail
      all_.push_back(std::unique_ptr<node>(new node{make_()}));
      return all_.back().get();
    }
    node* const one = idle_.back();
    idle_.pop_back();
    return one;
  }

  void take_back(node* one) noexcept {
    node* expected = nullptr;
    if (last_of_thread().compare_exchange_strong(expected, one, std::memory_order_release, std::memory_order_relaxed))
      return;
    const std::lock_guard hold(lock_);
    idle_.push_back(one);
  }

  const std::function<T()> make_;
  std::array<padded<std::atomic<node*>>, places> last_{};
  std::mutex lock_;  // the next two
  std::vector<std::unique_ptr<node>> all_;
  std::vector<node*> idle_;
};

}  // namespace polyloop
