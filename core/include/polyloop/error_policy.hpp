#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "polyloop/error.hpp"
#include "polyloop/index.hpp"

namespace polyloop {

/// An iteration that threw.
struct loop_failure {
  index_t index = 0;        ///< of the iteration, counted from the begin of the loop; of a grid, in its serial order
  int attempt = 1;          ///< the first, the second ... time that it was run
  std::exception_ptr what;  ///< never null
};

/// The exception's words: what() of a std::exception, and of those nested in it.
std::string in_words(const std::exception_ptr& what);

/// Iterations of a loop failed, and the others have all run. what() reads
/// "3 of 1000 iterations failed: 4: no such file; 17: no such file; 801: disk full";
/// of many failures it has the first ones.
class loop_errors : public error {
 public:
  /// `failures`: at least one, in the order of their indices.
  loop_errors(std::vector<loop_failure> failures, index_t iterations);
  /// In the order of their indices; of an iteration that was retried, the last attempt.
  const std::vector<loop_failure>& failures() const noexcept { return failures_; }

 private:
  std::vector<loop_failure> failures_;
};

/// An iteration that throws is run again.
struct retry_policy {
  /// How often, after the first attempt. At least 0.
  int times = 0;
  /// How long its worker waits before the second attempt; twice as long before
  /// each further one. A stop of the loop, or its deadline, ends the wait
  /// and the retries.
  std::chrono::nanoseconds backoff{0};
  /// Whether this exception is worth another attempt; without it, each is.
  std::function<bool(const std::exception_ptr&)> only_if = {};
};

/// What happens where iterations throw:
///
///     parallel_for(n, body, {.errors = error_policy{.collect = true, .retry = {.times = 2}, .on_failure = log}});
///
/// Without a policy, and with one that says nothing, the caller gets the exception
/// that the plain loop would have thrown.
/// Loops, reductions, scans, searches and streams follow it by element or item, groups of tasks by
/// task. A sort is one iteration, number 0: it is tried again as a whole.
struct error_policy {
  /// The other iterations all run; then the loop throws loop_errors, which has every failure.
  bool collect = false;
  retry_policy retry = {};
  /// Told of every attempt that fails, on the worker that ran it, one at a time.
  /// What it throws counts as thrown by the iteration, which then is not run again.
  std::function<void(const loop_failure&)> on_failure = {};
};

/// Names a policy that outlives the loop. One that is written into the call does.
class error_policy_ref {
 public:
  constexpr error_policy_ref() = default;
  constexpr error_policy_ref(const error_policy& policy)  // NOLINT(google-explicit-constructor)
      : policy_(&policy) {}
  constexpr const error_policy* get() const noexcept { return policy_; }

 private:
  const error_policy* policy_ = nullptr;
};

namespace detail {

/// A policy at work for one loop. Thread-safe.
class error_handler {
 public:
  /// Throws invalid_argument for negative times or waits.
  error_handler(const error_policy& policy, std::stop_token stop,
                std::optional<std::chrono::steady_clock::time_point> deadline);
  error_handler(const error_handler&) = delete;
  error_handler& operator=(const error_handler&) = delete;

  enum class verdict { again, skip };
  /// Inside a handler of the exception that this attempt at an iteration threw:
  /// returns what is to be done now, after the wait before another attempt.
  /// Rethrows what the loop has to end with.
  verdict judge(index_t index, int attempt);

  /// Calls it, again and again if the policy says so; false if it has failed, and the loop goes on.
  template <class Call>
  bool attempt(index_t index, const Call& call) {
    for (int attempt = 1;; ++attempt) {
      try {
        call();
        return true;
      } catch (...) {
        if (judge(index, attempt) == verdict::skip) return false;
      }
    }
  }

  /// What failed behind this index did not happen.
  void forget_behind(index_t index);
  /// Throws loop_errors if failures were collected.
  void finish(index_t iterations);

 private:
  bool wants_another(const loop_failure& seen) const;
  bool waited_before(int attempt) const;
  void tell(const loop_failure& seen);

  const error_policy& policy_;
  std::stop_token stop_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  std::mutex lock_;
  std::vector<loop_failure> failures_;
};

}  // namespace detail

}  // namespace polyloop
