#include "polyloop/detail/site.hpp"

#include <algorithm>

#include "hot_path.hpp"

namespace polyloop::detail {

namespace {
constexpr double small_nanoseconds = 1300;    // below this a clock would be noticed
constexpr double alone_nanoseconds = 15'000;  // below this nobody is woken for a single loop
constexpr double sure_nanoseconds = 200;  // below this the clock's own time is a good part of what it shows
// What checks may cost: some 250 ns each, a percent of the loops between them.
constexpr double unchecked_nanoseconds = 25'000;
}  // namespace

POLYLOOP_HOT_PATH unsigned site::begin_look() noexcept {
  const unsigned unseen = check_after_ - until_check_;
  look_at_next();
  return unseen;
}

// Down at once, up by steps: a measurement is never too short, but an interrupt
// or a cold cache makes it too long. Two in a row that are much too long are
// believed: the loop has become another one.
double site::corrected(double believed, double seen) noexcept {
  if (believed == 0 || seen <= believed * 4) {
    if (suspected_.load(std::memory_order_relaxed) != 0) suspected_.store(0, std::memory_order_relaxed);
    return believed == 0 || seen < believed ? seen : (believed + seen) / 2;
  }
  const double before = suspected_.load(std::memory_order_relaxed);
  suspected_.store(static_cast<float>(seen), std::memory_order_relaxed);
  return std::max(std::min(before, seen), std::min((believed + seen) / 2, believed * 4));
}

POLYLOOP_HOT_PATH void site::learn(index_t count, double nanoseconds) noexcept {
  check_after_ =
      static_cast<unsigned>(std::clamp(unchecked_nanoseconds / std::max(nanoseconds, 1.0), 4.0, 1024.0));
  until_check_ = check_after_;
  const double seen = std::max(nanoseconds, 1.0) / static_cast<double>(count);
  const double believed = cost();
  if (nanoseconds < sure_nanoseconds && believed != 0 && seen > believed) return;
  const double next = corrected(believed, seen);
  const bool forgotten = alone_count_.load(std::memory_order_relaxed) == 0;
  if (next > believed * 0.9 && next < believed * 1.1 && !forgotten) return;  // keep the cache line shared
  cost_.store(static_cast<float>(next), std::memory_order_relaxed);
  small_count_.store(static_cast<index_t>(small_nanoseconds / next), std::memory_order_relaxed);
  alone_count_.store(static_cast<index_t>(alone_nanoseconds / next), std::memory_order_relaxed);
}

void site::shared(double times_least, bool lost) noexcept {
  const bool before = lost_.load(std::memory_order_relaxed);
  if (before != lost) lost_.store(lost, std::memory_order_relaxed);
  if (!lost || !before) return;
  constexpr double margin = 1.2;
  constexpr double most = 8;
  doubt_.store(static_cast<float>(std::min(margin * times_least, most)), std::memory_order_relaxed);
}

void site::doubted() noexcept {
  constexpr float fading = 0.99F;
  doubt_.store(std::max(1.0F, doubt() * fading), std::memory_order_relaxed);
}

void site::forget_that_small() noexcept {
  if (alone_count_.load(std::memory_order_relaxed) == 0) return;
  small_count_.store(0, std::memory_order_relaxed);
  alone_count_.store(0, std::memory_order_relaxed);
}

}  // namespace polyloop::detail
