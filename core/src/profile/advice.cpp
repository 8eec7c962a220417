#include <algorithm>
#include <string>

#include "polyloop/profile.hpp"
#include "profile/words.hpp"

namespace polyloop::profile {

namespace {

using std::chrono::nanoseconds;

constexpr std::chrono::microseconds little_work{20};
constexpr std::chrono::microseconds much_work{200};
constexpr double uneven = 1.25;
// Two threads of one core slow each other down by less than that.
constexpr double slowed_down = 1.6;
constexpr double delayed = 0.25;  // of the time of all calls
// Half of the cycles wait where so many of a thousand instructions miss the caches.
constexpr double many_misses = 10;

double ratio(double a, double b) {
  return b > 0 ? a / b : 0;
}
double ratio(nanoseconds a, nanoseconds b) {
  return ratio(static_cast<double>(a.count()), static_cast<double>(b.count()));
}
double each_takes(const work_sample& of) {
  return ratio(static_cast<double>(of.time.count()), static_cast<double>(of.iterations));
}

bool misses_caches(const hardware_counts& of) {
  const auto instructions = static_cast<double>(of.instructions);
  return ratio(1000.0 * static_cast<double>(of.cache_misses), instructions) > many_misses &&
         instructions < static_cast<double>(of.cycles);
}

nanoseconds mean_wall(const loop_summary& of) {
  return of.wall / static_cast<std::int64_t>(std::max<std::uint64_t>(of.calls, 1));
}

std::string advice_when_alone(const loop_summary& of) {
  if (mean_wall(of) < little_work)
    return "too little work per launch (" + detail::in_words(mean_wall(of)) +
           "), so it runs inline: give a call more iterations, or run several calls in one loop";
  if (mean_wall(of) > much_work)
    return "one worker ran it: the backend or a limit allows no more, or an outer loop has the others";
  return "fine: too short to be worth waking workers";
}

std::string advice_on_imbalance(const loop_summary& of) {
  const std::string how_much = "imbalance " + detail::fixed(of.imbalance(), 2) + ": ";
  const auto how = of.schedule.how();
  if (how == schedule::kind::dynamic || how == schedule::kind::guided)
    return how_much + "try a smaller grain, or begin with the iterations that take longest";
  return how_much + "try schedule::dynamic";
}

std::string advice_on_memory(const loop_summary& of) {
  const std::string seen =
      of.slow_down() > slowed_down
          ? "an iteration takes " + detail::fixed(of.slow_down(), 1) + " times as long beside other workers"
          : "the caches miss often";
  return "memory-bound (" + seen + "): more workers will not help, less data per iteration will";
}

std::string advice_when_shared(const loop_summary& of) {
  if (of.helped * 2 < of.shared && mean_wall(of) < much_work)
    return "too little work per launch (" + detail::in_words(mean_wall(of)) +
           "): over before a worker that slept has come";
  if (of.helped * 2 < of.shared)
    return "helpers came to only " + std::to_string(of.helped) + " of " + std::to_string(of.shared) +
           " shared calls: the CPUs are busy with something else";
  if (mean_wall(of) < much_work && ratio(of.start_up + of.join, of.wall) > delayed)
    return "too little work per launch (" + detail::in_words(mean_wall(of)) +
           "): starting and joining workers takes a good part of it";
  if (of.imbalance() > uneven) return advice_on_imbalance(of);
  if (of.slow_down() > slowed_down || misses_caches(of.counts)) return advice_on_memory(of);
  return "fine";
}

}  // namespace

double loop_summary::slow_down() const noexcept {
  // Where whole calls ran alone they count, if they were about as long as the others.
  const double mean_alone = ratio(static_cast<double>(alone.iterations), static_cast<double>(calls - shared));
  const double mean_shared = ratio(static_cast<double>(together.iterations), static_cast<double>(shared));
  if (shared > 0 && mean_alone > mean_shared / 2) return ratio(each_takes(together), each_takes(alone));
  return ratio(each_takes(front_together), each_takes(front_alone));
}

std::string loop_summary::advice() const {
  return shared * 2 < calls ? advice_when_alone(*this) : advice_when_shared(*this);
}

}  // namespace polyloop::profile
