#include "polyloop/detail/ordered_window.hpp"

#include <algorithm>
#include <utility>

#include "polyloop/detail/asked_to_stop.hpp"
#include "stream_limits.hpp"

namespace polyloop::detail {

ordered_window::ordered_window(const stream_options& options, result_keeper keeper)
    : options_(options),
      keeper_(std::move(keeper)),
      slots_(window_of(options)),
      errors_(handler_of(options)) {
  const auto helpers = std::min(static_cast<std::size_t>(workers_of(options) - 1), slots_.size());
  workers_.emplace(static_cast<int>(helpers), [this] { work(); });
}

ordered_window::~ordered_window() {
  {
    const std::lock_guard hold(lock_);
    over_ = true;
  }
  work_.notify_all();
}

loop_result ordered_window::result() const {
  const std::lock_guard hold(lock_);
  return {stopped_ ? loop_result::status::stopped : loop_result::status::finished, workers_->count() > 0,
          given_};
}

// In the background, until all is over.
void ordered_window::work() {
  for (;;) {
    outlook now = outlook::nothing;
    index_t item = 0;
    work_.wait([&] { return (now = look_for_work(item)) != outlook::nothing; }, {}, std::nullopt);
    if (now == outlook::ended) return;
    bring(item);
  }
}

ordered_window::outlook ordered_window::look_for_work(index_t& item) {
  const std::lock_guard hold(lock_);
  if (has_claimed(item)) return outlook::claimed;
  return over_ ? outlook::ended : outlook::nothing;
}

ordered_window::outlook ordered_window::look_for_result(index_t& item) {
  const std::lock_guard hold(lock_);
  if (taken_back_ < pulled_ && slot_of(taken_back_).now.load() != state::in_work) return outlook::has_come;
  if (has_claimed(item)) return outlook::claimed;
  return over_ && !pulling_ && taken_back_ == pulled_ ? outlook::ended : outlook::nothing;
}

// Under the lock. Whether the calling thread is to pull and compute an item.
bool ordered_window::has_claimed(index_t& item) {
  if (over_ || pulling_ || pulled_ - taken_back_ == static_cast<index_t>(slots_.size())) return false;
  if (asked_to_stop(options_.stop, options_.deadline)) {
    over_ = stopped_ = true;
    return false;
  }
  item = pulled_;
  return pulling_ = true;
}

void ordered_window::bring(index_t item) {
  if (pull(item)) compute(item);
}

// A source that fails has come to its end, with the item that it did not give.
bool ordered_window::pull(index_t item) {
  bool one = false;
  slot_of(item).now.store(state::in_work);
  const bool good = tried(item, [&] { one = keeper_.pull(number_of(item)); });
  {
    const std::lock_guard hold(lock_);
    pulling_ = false;
    pulled_ += one || !good ? 1 : 0;
    over_ = over_ || !one;
  }
  work_.notify_all();
  results_.notify_all();
  return one && good;
}

void ordered_window::compute(index_t item) {
  if (tried(item, [&] { keeper_.compute(number_of(item)); })) settle(item, state::ready);
}

// False if it has failed for good.
template <class Call>
bool ordered_window::tried(index_t item, const Call& call) noexcept {
  try {
    if (!errors_) {
      call();
      return true;
    }
    if (errors_->attempt(item, call)) return true;
    settle(item, state::left_out);
  } catch (...) {
    slot_of(item).what = std::current_exception();
    settle(item, state::failed);
  }
  return false;
}

void ordered_window::settle(index_t item, state how) {
  if (how == state::failed) {
    const std::lock_guard hold(lock_);
    over_ = true;
  }
  slot_of(item).now.store(how);
  results_.notify_all();
}

std::optional<std::size_t> ordered_window::next() {
  if (std::exchange(given_now_, false)) take_back();
  while (!ended_ && await_result()) {
    slot& first = slot_of(taken_back_);
    if (first.now == state::ready) return give();
    if (first.now == state::failed) {
      ended_ = true;
      std::rethrow_exception(first.what);
    }
    take_back();
  }
  if (!std::exchange(ended_, true) && errors_) errors_->finish(pulled_);
  return std::nullopt;
}

std::size_t ordered_window::give() {
  given_now_ = true;
  ++given_;
  if (options_.progress != nullptr) options_.progress->add(1);
  return number_of(taken_back_);
}

// Brings items itself as long as the one that it waits for is not there.
bool ordered_window::await_result() {
  for (;;) {
    outlook now = outlook::nothing;
    index_t item = 0;
    results_.wait([&] { return (now = look_for_result(item)) != outlook::nothing; }, {}, std::nullopt);
    if (now != outlook::claimed) return now == outlook::has_come;
    bring(item);
  }
}

// Workers that sleep, as the window was full, are woken when half of it is empty: not for each item.
void ordered_window::take_back() {
  keeper_.drop(number_of(taken_back_));
  bool much_room = false;
  {
    const std::lock_guard hold(lock_);
    ++taken_back_;
    much_room = pulled_ - taken_back_ <= static_cast<index_t>(slots_.size() / 2);
  }
  if (much_room) work_.notify_all();
}

}  // namespace polyloop::detail
