#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "polyloop/detail/background_workers.hpp"
#include "polyloop/detail/event_count.hpp"
#include "polyloop/loop_options.hpp"
#include "polyloop/stream_options.hpp"

namespace polyloop::detail {

/// Who keeps the items and results of an ordered window, in slots, and can do something with them.
struct result_keeper {
  std::function<bool(std::size_t slot)> pull;     ///< the source's next item; false: no more
  std::function<void(std::size_t slot)> compute;  ///< its result
  std::function<void(std::size_t slot)> drop;     ///< what is left of both
};

/// Results that workers in the background compute ahead, and whoever waits for them too; handed out in
/// order. A ring of slots: item i has slot i % window.
class ordered_window {
 public:
  /// `options` must outlive this.
  ordered_window(const stream_options& options, result_keeper keeper);
  ordered_window(const ordered_window&) = delete;
  ordered_window& operator=(const ordered_window&) = delete;
  ~ordered_window();

  /// The slot of the next result, which stays there until the next call; nothing at the end. Throws what
  /// its item threw; after that there is nothing more. For one thread at a time.
  std::optional<std::size_t> next();
  loop_result result() const;

 private:
  enum class state : unsigned char { in_work, ready, failed, left_out };
  enum class outlook : unsigned char { nothing, has_come, ended, claimed };
  struct slot {
    std::atomic<state> now{state::in_work};
    std::exception_ptr what;
  };

  std::size_t number_of(index_t item) const { return static_cast<std::size_t>(item) % slots_.size(); }
  slot& slot_of(index_t item) { return slots_[number_of(item)]; }

  void work();
  outlook look_for_work(index_t& item);
  outlook look_for_result(index_t& item);
  bool has_claimed(index_t& item);
  void bring(index_t item);
  bool pull(index_t item);
  void compute(index_t item);
  template <class Call>
  bool tried(index_t item, const Call& call) noexcept;
  void settle(index_t item, state how);
  bool await_result();
  std::size_t give();
  void take_back();

  const stream_options& options_;
  const result_keeper keeper_;
  std::vector<slot> slots_;
  std::unique_ptr<error_handler> errors_;

  mutable std::mutex lock_;  // the next ones
  index_t pulled_ = 0;
  index_t taken_back_ = 0;  // what is handed out, or to be so next
  bool pulling_ = false;
  bool over_ = false;  // the source is not asked any more
  bool stopped_ = false;

  // Of whoever takes the results.
  bool given_now_ = false;
  bool ended_ = false;
  index_t given_ = 0;

  event_count work_;     // something may be claimed, or all is over
  event_count results_;  // a result is there, or something may be claimed, or all is over
  std::optional<background_workers> workers_;
};

}  // namespace polyloop::detail
