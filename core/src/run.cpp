#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <limits>
#include <memory>
#include <mutex>

#include "budget.hpp"
#include "hot_path.hpp"
#include "polyloop/context.hpp"
#include "polyloop/detail/first_failure.hpp"
#include "polyloop/detail/launch.hpp"
#include "profile/observation.hpp"
#include "progress_feed.hpp"
#include "resolve.hpp"
#include "stop_watch.hpp"
#include "time.hpp"
#include "tuned.hpp"

namespace polyloop::detail {

namespace {

// A loop has to run for so long before its iterations are taken to be like the rest.
constexpr double sure_nanoseconds = 500;
// The first stretch of a loop that is believed to be small: long enough that a
// look at the clock is nothing, short enough to correct a wrong belief.
constexpr double first_look_nanoseconds = 8000;
// No stretch is more than such a part of the loop: it may turn out dearer than
// those before it. Of a loop that is believed to take microseconds, in which
// looks at the clock would be noticed, half.
constexpr index_t least_strips = 8;
constexpr double short_nanoseconds = 10'000;
// The smallest chunk worth handing out. A hand-out costs some 20 ns, but a
// vector loop that begins anew some 200 ns.
constexpr double chunk_nanoseconds = 4000;
// Loops that ran unseen before this one and are taken to have been like it.
constexpr unsigned most_unseen = 16;
// Loops that the budget knows of, also where one thread runs them.
constexpr double noticed_nanoseconds = 5000;
// Loops that hold more gain by workers that are awake, whatever the machine is doing.
constexpr double sure_to_gain_nanoseconds = 30'000;
constexpr double lost_part = 1.05;
// The least that a worker is invited for.
constexpr double worker_nanoseconds = 1000;
// Time between two looks at the stop token, the deadline or the clock.
constexpr double strip_nanoseconds = 10000;

/// How long a caller took for its chunks of a loop. Not only for the first ones,
/// which may be cheap where the rest is dear; but the clock is only read after
/// the first, the second, the fourth ...
struct caller_sample {
  clock::time_point start = {};
  unsigned chunks = 0;
  index_t run = 0;
  index_t iterations = 0;  // of which so long is known:
  double nanoseconds = 0;

  void add(index_t more) {
    run += more;
    ++chunks;
    if ((chunks & (chunks - 1)) != 0) return;  // std::has_single_bit calls a function
    iterations = run;
    nanoseconds = nanoseconds_since(start);
  }
};

/// A loop between its launch and its end; the state that its chunks share.
class running_loop {
 public:
  /// The pointers may be null: nobody watches, there is no policy, no counter.
  running_loop(const loop_call& call, const loop_options& options, observation* seen, error_handler* errors,
               progress_feed* feed)
      : call_(call),
        seen_(seen),
        errors_(errors),
        watch_(options),
        plain_(!watch_.watching() && errors == nullptr && feed == nullptr),
        options_(options),
        feed_(feed) {}

  loop_result run();
  /// A chunk, on any worker.
  POLYLOOP_HOT_PATH void operator()(index_t first, index_t last, int worker);

 private:
  int workers() const;
  bool alone(int most) const { return most <= 1 || call_.count <= 1; }
  POLYLOOP_HOT_PATH void run_alone(index_t first);
  POLYLOOP_HOT_PATH index_t run_until_dear(int most);
  POLYLOOP_HOT_PATH void ran_alone(double nanoseconds, int times);
  POLYLOOP_HOT_PATH void run_together(index_t first, int most);
  POLYLOOP_HOT_PATH void run_on_backend(index_t first, int workers);
  POLYLOOP_HOT_PATH void run_iterations(index_t first, index_t last, index_t& reached);
  void run_with_policy(index_t first, index_t last, index_t& reached);
  void run_part(index_t first, index_t last, index_t& reached) {
    if (plain_) [[likely]]
      call_.chunk(call_.span, first, last, reached);
    else
      run_as_watched(first, last, reached);
  }
  void run_as_watched(index_t first, index_t last, index_t& reached);
  void run_in_strips(index_t first, index_t last, index_t& reached);
  void ran(index_t iterations) {
    if (watch_.watching()) iterations_.fetch_add(iterations, std::memory_order_relaxed);
    if (feed_ != nullptr) feed_->ran(iterations);
  }
  polyloop::schedule hinted_schedule() const;
  void measured_together(index_t iterations, double work);
  index_t longest_strip(double known) const;
  int worthwhile(index_t iterations, int most) const;
  void measured(index_t iterations, double nanoseconds) {
    call_.here.learn(iterations * call_.elements_per_iteration, nanoseconds);
  }
  double believed(index_t iterations) const {
    return static_cast<double>(call_.here.cost()) *
           static_cast<double>(iterations * call_.elements_per_iteration);
  }

  bool is_due() {
    if (!watch_.due()) return false;
    nothing_above(-1);
    return true;
  }
  void nothing_above(index_t index) {
    index_t now = last_wanted_.load(std::memory_order_relaxed);
    while (index < now && !last_wanted_.compare_exchange_weak(now, index, std::memory_order_relaxed)) {
    }
  }

  // What every chunk reads comes first, close together: a helper fetches it
  // from the caller's cache, and that is most of what a launch costs.
  alignas(64) const loop_call call_;
  observation* const seen_;
  error_handler* const errors_;
  const void* caller_ = &current_context;  // tells the calling thread: each has its own
  std::atomic<index_t> last_wanted_{std::numeric_limits<index_t>::max()};
  first_failure failure_;
  stop_watch watch_;
  const bool plain_;  // nothing is asked for while it runs
  context inside_;  // what the chunks run under
  const loop_options& options_;
  alignas(64) std::atomic<index_t> iterations_{0};
  const unsigned unseen_ = site::begin_look();
  caller_sample sample_;
  clock::time_point start_ = {};  // of an automatic loop
  double least_ = 0;              // work that is worth sharing, in nanoseconds
  bool awake_ = false;            // a helper, when it began; one that is woken says nothing of those
  bool shared_ = false;           // with other workers, if they come
  progress_feed* const feed_;
};

loop_result running_loop::run() {
  const int most = workers();
  if (alone(most)) {
    run_alone(0);
  } else if (options_.schedule.how() == schedule::kind::automatic) {
    start_ = clock::now();
    awake_ = helpers_present.load(std::memory_order_relaxed) > 0;
    least_ = static_cast<double>(this_context().engine->least_work(start_).count());
    const index_t done = run_until_dear(most);
    if (done < call_.count && !watch_.due()) run_together(done, worthwhile(call_.count - done, most));
  } else {
    run_together(0, most);
  }
  if (!watch_.watching()) return {loop_result::status::finished, shared_, call_.count};
  const index_t ran = iterations_.load(std::memory_order_relaxed);
  return {ran == call_.count ? loop_result::status::finished : loop_result::status::stopped, shared_, ran};
}

int running_loop::workers() const {
  if (options_.workers && *options_.workers < 1) throw_invalid("workers", *options_.workers, "at least 1");
  const int most = resolve_workers(this_context());
  return options_.workers ? std::min(most, *options_.workers) : most;
}

void running_loop::run_iterations(index_t first, index_t last, index_t& reached) {
  if (errors_ == nullptr) [[likely]]
    call_.chunk(call_.span, first, last, reached);
  else
    run_with_policy(first, last, reached);
}

// Goes on behind the iteration that failed, or with it once more.
void running_loop::run_with_policy(index_t first, index_t last, index_t& reached) {
  int attempt = 0;
  for (index_t failed = first - 1; first < last;) {
    reached = first;
    try {
      call_.chunk(call_.span, first, last, reached);
      return;
    } catch (...) {
      attempt = reached == failed ? attempt + 1 : 1;
      failed = reached;
      const bool again = errors_->judge(reached, attempt) == error_handler::verdict::again;
      first = again ? reached : reached + 1;
    }
  }
}

// On the calling thread, exceptions passing through as from the plain loop.
void running_loop::run_alone(index_t first) {
  const observed_start seen(seen_, first, call_.count);
  index_t reached = 0;
  const auto start = clock::now();
  run_part(first, call_.count, reached);
  if (!watch_.watching()) measured(call_.count - first, nanoseconds_since(start));
}

index_t running_loop::longest_strip(double known) const {
  const bool is_short = known > 0 && believed(call_.count) < short_nanoseconds;
  return std::max<index_t>(1, call_.count / (is_short ? 2 : least_strips));
}

// Begins on the calling thread while the loop is believed to be too small for
// a launch, or nothing is believed yet; returns how far it came when that
// turned out to be wrong.
index_t running_loop::run_until_dear(int most) {
  const index_t count = call_.count;
  const double enough = least_ * call_.here.doubt();
  if (believed(count) > enough) return 0;
  if (believed(count) > least_) call_.here.doubted();
  const bool unnoticed = believed(count) <= noticed_nanoseconds;
  const budget_share own(budget::of_process(), this_context().counted || unnoticed, false, 0);
  const int times = 1 + static_cast<int>(std::min(unseen_, most_unseen));
  const double known = believed(1);
  const index_t longest = longest_strip(known);
  const double wanted = known > 0 ? first_look_nanoseconds / known : 1;
  auto strip = static_cast<index_t>(std::clamp(wanted, 1.0, static_cast<double>(longest)));
  index_t done = 0;
  const observed_start seen(seen_, 0, done);
  while (done < count) {
    if (watch_.watching() && watch_.due()) return done;
    index_t reached = 0;
    const index_t last = done + std::min(strip, count - done);
    run_iterations(done, last, reached);
    ran(last - done);
    done = last;
    const double spent = nanoseconds_since(start_);
    if (done == count) {
      ran_alone(spent, times);
      break;
    }
    const double left = spent / static_cast<double>(done) * static_cast<double>(count - done);
    if (left > enough && (spent > sure_nanoseconds || left > 16 * enough * most)) {
      measured(done, spent);
      return done;
    }
    strip = std::min(2 * strip, longest);
  }
  return count;
}

void running_loop::ran_alone(double nanoseconds, int times) {
  measured(call_.count, nanoseconds);
  backend& engine = *this_context().engine;
  engine.worked_alone(rounded(nanoseconds), times);
  if (static_cast<double>(engine.least_work(start_).count()) < nanoseconds) site::look_at_next();
}

// The caller's chunks may have been the cheap ones; but all together took no
// less than the time that passed. `work`: what the loop was believed to hold.
void running_loop::measured_together(index_t iterations, double work) {
  const auto end = clock::now();
  const double of_caller = sample_.nanoseconds / static_cast<double>(sample_.iterations);
  measured(iterations,
           std::max(of_caller * static_cast<double>(iterations), nanoseconds(end - sample_.start)));
  const bool teaches = awake_ && sample_.run < iterations && iterations == call_.count;
  if (teaches && work > least_ && work < sure_to_gain_nanoseconds)
    call_.here.shared(work / least_, nanoseconds(end - start_) > lost_part * work);
}

polyloop::schedule running_loop::hinted_schedule() const {
  if (options_.schedule.how() != schedule::kind::automatic) return options_.schedule;
  const double each = believed(1);
  if (each <= 0 || each >= chunk_nanoseconds) return options_.schedule;
  return schedule::automatic_from(static_cast<index_t>(chunk_nanoseconds / each) + 1);
}

// As many workers as have something to do: each costs its invitation.
int running_loop::worthwhile(index_t iterations, int most) const {
  const double wanted = 1 + believed(iterations) / worker_nanoseconds;
  return wanted < most ? std::max(2, static_cast<int>(wanted)) : most;
}

void running_loop::run_together(index_t first, int most) {
  const context& outside = this_context();
  if (outside.running == outside.engine || outside.engine->keeps_budget()) {
    run_on_backend(first, most);  // a nested loop shares the helpers of the one around it
  } else {
    const budget_share share(budget::of_process(), outside.counted, outside.oversubscribe, most - 1);
    run_on_backend(first, 1 + share.helpers());
  }
  failure_.rethrow_if_any();
}

void running_loop::run_on_backend(index_t first, int workers) {
  inside_ = this_context();
  inside_.counted = true;
  if (workers == 1) {
    const context_switch now(inside_);
    run_alone(first);
    return;
  }
  shared_ = true;
  inside_.running = inside_.engine;
  const index_t iterations = call_.count - first;
  const double nanoseconds = believed(iterations);
  const loop work{first, call_.count, hinted_schedule(), workers, *this, rounded(nanoseconds), &last_wanted_};
  if (seen_ == nullptr) [[likely]]
    run_on(*inside_.engine, work);
  else
    seen_->run_on(*inside_.engine, work);
  if (sample_.iterations > 0) measured_together(iterations, nanoseconds);
}

void running_loop::operator()(index_t first, index_t last, int) {
  if (first > last_wanted_.load(std::memory_order_relaxed)) return;
  const context_switch now(inside_);
  const bool measure = caller_ == &current_context && !watch_.watching();
  if (measure && sample_.chunks == 0) sample_.start = clock::now();
  index_t reached = first;
  try {
    run_part(first, last, reached);
  } catch (...) {
    failure_.record(reached, std::current_exception());
    nothing_above(reached);
  }
  if (measure) sample_.add(last - first);
}

void running_loop::run_as_watched(index_t first, index_t last, index_t& reached) {
  if (watch_.watching() || (feed_ != nullptr && last - first > feed_->portion())) {
    run_in_strips(first, last, reached);
  } else {
    run_iterations(first, last, reached);
    if (feed_ != nullptr) feed_->ran(last - first);
  }
}

// With a look at the stop token and the deadline before each strip, and word of how far it came after it.
void running_loop::run_in_strips(index_t first, index_t last, index_t& reached) {
  const double wanted = watch_.watching() ? strip_nanoseconds : progress_feed::portion_nanoseconds;
  index_t strip = watch_.watching() ? 1 : feed_->portion();
  while (first < last && !is_due()) {
    const index_t end = first + std::min(strip, last - first);
    const auto start = clock::now();
    run_iterations(first, end, reached);
    ran(end - first);
    first = end;
    const double spent = nanoseconds_since(start);
    if (spent < wanted / 2)
      strip *= 2;
    else if (spent > wanted * 2)
      strip = std::max<index_t>(1, strip / 2);
  }
}

/// With a policy for errors, a counter to feed, or both.
loop_result run_in_company(const loop_call& call, const loop_options& options, observation* seen) {
  std::optional<progress_feed> feed;
  if (options.progress != nullptr)
    feed.emplace(*options.progress, call.elements_per_iteration, call.here.cost());
  progress_feed* const to = feed ? &*feed : nullptr;
  const auto run = [&](error_handler* errors, const loop_options& how) {
    const loop_result result = running_loop(call, how, seen, errors, to).run();
    if (feed) feed->flush();
    return result;
  };
  const error_policy* const policy = options.errors.get();
  if (policy == nullptr) return run(nullptr, options);
  return with_policy(*policy, options, call.count,
                     [&run](error_handler& errors, const loop_options& rest) { return run(&errors, rest); });
}

POLYLOOP_HOT_PATH loop_result run_as_asked(const loop_call& call, const loop_options& options) {
  const observed_loop seen = observe_if_watched(call, options);
  if (options.errors.get() == nullptr && options.progress == nullptr) [[likely]]
    return running_loop(call, options, seen.get(), nullptr, nullptr).run();
  return run_in_company(call, options, seen.get());
}

// Only a loop with a label can have been tuned.
loop_result run_labelled(const loop_call& call, const loop_options& options) {
  const loop_tuning* found = find_tuned(options.label);
  return found == nullptr ? run_as_asked(call, options) : run_as_asked(call, tuned_options(options, *found));
}

}  // namespace

POLYLOOP_HOT_PATH loop_result run(const loop_call& call, const loop_options& options) {
  if (call.count == 0) return {};
  return options.label.empty() ? run_as_asked(call, options) : run_labelled(call, options);
}

}  // namespace polyloop::detail
