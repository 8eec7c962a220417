#pragma once

#include <chrono>
#include <concepts>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include "polyloop/error.hpp"
#include "polyloop/function_ref.hpp"
#include "polyloop/loop_options.hpp"

namespace polyloop {

/// A team has more members than threads may run.
class team_too_large : public invalid_argument {
 public:
  team_too_large(int members, int most);
  /// The most members that it could have had.
  int most() const noexcept { return most_; }

 private:
  int most_;
};

/// A member was let go from a barrier or a broadcast that will not be complete: another member has thrown, or the
/// team was stopped. It is meant to leave the body; the caller of the team does not get it.
class team_broken : public error {
 public:
  team_broken();
};

/// What may be asked of a team; all of it optional.
struct team_options {
  /// Once a stop is requested, barriers and broadcasts let all members go.
  std::stop_token stop = {};
  /// The same, when this time has come.
  std::optional<std::chrono::steady_clock::time_point> deadline = {};
  /// Lets the team have more members than the budget: for members that wait rather than compute.
  bool oversubscribe = false;
};

namespace detail {
class team;
}

/// One of a team, within its body; not to be kept.
class team_member {
 public:
  int index() const noexcept { return index_; }  ///< 0 .. size() - 1; 0 runs on the calling thread
  int size() const noexcept { return size_; }

  /// Waits until all members have come here. A member that has returned from its body is not waited
  /// for. What each did before is visible to all behind it. Throws team_broken.
  void barrier() const;

  /// Returns the value of the member `root` to all: a barrier and a copy each. All members call it with the same root;
  /// what the others pass is dropped. Throws team_broken, invalid_argument for a root that
  /// is no member or has returned, and what the copy throws.
  template <std::copy_constructible T>
  T broadcast(T value, int root) const {
    std::shared_ptr<const void> mine;
    if (index_ == root) mine = std::make_shared<const T>(std::move(value));
    return *static_cast<const T*>(exchange(std::move(mine), root).get());
  }

 private:
  friend class detail::team;
  team_member(detail::team& of, int index, int size) noexcept : team_(of), index_(index), size_(size) {}
  std::shared_ptr<const void> exchange(std::shared_ptr<const void> mine, int root) const;

  detail::team& team_;
  int index_;
  int size_;
};

/// body(member) for `n` members that really run at the same time, each on a thread of its own, so that they may wait for
/// each other:
///
///     parallel_team(2, [&](const team_member& me) {
///       for (int step = 0; step < steps; ++step) {
///         advance(part(me.index()));
///         me.barrier();
///       }
///     });
///
/// Member 0 is the calling thread; the others have threads that are started for the team, on every backend: no
/// runtime promises to have as many free. Members count towards the process's budget, and the
/// loops and groups of a member get helpers of what is left of it.
///
/// - Throws team_too_large, before anything has run, for more members than the scope and the process
///   allow, or, in the body of a loop, a task or a team, than those leave: unless oversubscription was asked for by
///   the scope or the options. invalid_argument for n < 1. std::system_error where there are no threads.
/// - Where members throw, the others are let go from their barriers, and the caller gets the exception of the
///   lowest-index member of those that failed by themselves.
/// - The result counts the members that have returned from their bodies; it is `stopped` where a stop broke a
///   barrier.
/// - Cost: the start of a thread for each member but the first.
loop_result parallel_team(int n, function_ref<void(const team_member&)> body, const team_options& options = {});

}  // namespace polyloop
