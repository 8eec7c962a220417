#include "polyloop/error_policy.hpp"

#include <algorithm>
#include <condition_variable>
#include <utility>

#include "polyloop/detail/asked_to_stop.hpp"

namespace polyloop {

namespace {

constexpr std::size_t most_told = 10;

void append_nested(std::string& text, const std::exception& outer) {
  try {
    std::rethrow_if_nested(outer);
  } catch (...) {
    text += ": " + in_words(std::current_exception());
  }
}

std::string sentence(const std::vector<loop_failure>& failures, index_t iterations) {
  std::string text =
      std::to_string(failures.size()) + " of " + std::to_string(iterations) + " iterations failed";
  const std::size_t told = std::min(failures.size(), most_told);
  for (std::size_t i = 0; i < told; ++i)
    text += (i == 0 ? ": " : "; ") + std::to_string(failures[i].index) + ": " + in_words(failures[i].what);
  if (told < failures.size()) text += "; and " + std::to_string(failures.size() - told) + " more";
  return text;
}

}  // namespace

std::string in_words(const std::exception_ptr& what) {
  try {
    std::rethrow_exception(what);
  } catch (const std::exception& problem) {
    std::string text = problem.what();
    append_nested(text, problem);
    return text;
  } catch (...) {
    return "an exception of another type than std::exception";
  }
}

loop_errors::loop_errors(std::vector<loop_failure> failures, index_t iterations)
    : error(sentence(failures, iterations)), failures_(std::move(failures)) {}

namespace detail {

error_handler::error_handler(const error_policy& policy, std::stop_token stop,
                             std::optional<std::chrono::steady_clock::time_point> deadline)
    : policy_(policy), stop_(std::move(stop)), deadline_(deadline) {
  if (policy.retry.times < 0) throw_invalid("retry times", policy.retry.times, "0 or more");
  if (policy.retry.backoff.count() < 0)
    throw_invalid("retry backoff in ns", static_cast<index_t>(policy.retry.backoff.count()), "0 or more");
}

error_handler::verdict error_handler::judge(index_t index, int attempt) {
  const loop_failure seen{index, attempt, std::current_exception()};
  tell(seen);
  if (wants_another(seen) && waited_before(attempt + 1)) return verdict::again;
  if (!policy_.collect) throw;
  const std::lock_guard hold(lock_);
  failures_.push_back(seen);
  return verdict::skip;
}

bool error_handler::wants_another(const loop_failure& seen) const {
  const retry_policy& retry = policy_.retry;
  return seen.attempt <= retry.times && (!retry.only_if || retry.only_if(seen.what));
}

// False if the loop is to stop.
bool error_handler::waited_before(int attempt) const {
  constexpr int most_doublings = 10;
  constexpr std::chrono::nanoseconds longest = std::chrono::hours(24);  // no sum below overflows
  const auto wait = std::min(policy_.retry.backoff, longest) * (1 << std::min(attempt - 2, most_doublings));
  if (wait.count() > 0 && !asked_to_stop(stop_, deadline_)) {
    auto until = std::chrono::steady_clock::now() + wait;
    if (deadline_) until = std::min(until, *deadline_);
    std::mutex nobody_else;
    std::unique_lock hold(nobody_else);
    std::condition_variable_any().wait_until(hold, stop_, until, [] { return false; });
  }
  return !asked_to_stop(stop_, deadline_);
}

void error_handler::tell(const loop_failure& seen) {
  if (!policy_.on_failure) return;
  const std::lock_guard hold(lock_);
  policy_.on_failure(seen);
}

void error_handler::forget_behind(index_t index) {
  std::erase_if(failures_, [index](const loop_failure& each) { return each.index > index; });
}

void error_handler::finish(index_t iterations) {
  if (failures_.empty()) return;
  std::ranges::stable_sort(failures_, {}, &loop_failure::index);
  // A scan may come to an element twice.
  const auto again = std::ranges::unique(failures_, {}, &loop_failure::index);
  failures_.erase(again.begin(), again.end());
  throw loop_errors(std::move(failures_), iterations);
}

}  // namespace detail

}  // namespace polyloop
