#include "crew.hpp"

#include <algorithm>
#include <thread>

#include "budget.hpp"
#include "lonely_work.hpp"
#include "polyloop/detail/site.hpp"
#include "resolve.hpp"
#include "scoped.hpp"
#include "time.hpp"

#ifndef _WIN32
#include <pthread.h>
#endif

namespace polyloop::detail {

namespace {

constexpr int looks_between_clocks = 16;
// More time than this between two looks at the clock another process had: it is
// not spinning, and does not count as such.
constexpr std::chrono::microseconds longest_look{20};
constexpr std::chrono::microseconds others_turn{1'000};
constexpr std::chrono::nanoseconds spin_on_busy_machine = std::chrono::milliseconds(2);
constexpr int looks_before_taking_back = 8;
constexpr int looks_before_yield = 200;
constexpr int looks_before_sleep = 500;
constexpr int least_capacity = 255;  // seats; more where there are more CPUs

// A child of fork() has none of its parent's threads, and its copies of seats
// and locks may be in any state: there every loop is its caller's alone.
std::atomic<bool> forked{false};

void watch_for_fork() {
#ifndef _WIN32
  static const int registered =
      pthread_atfork(nullptr, nullptr, [] { forked.store(true, std::memory_order_relaxed); });
  (void)registered;
#endif
}

// The loop whose chunks this thread runs or waits for.
thread_local constinit shared_loop* current_loop = nullptr;

}  // namespace

crew::crew(crew_backend& lender)
    : lender_(lender),
      capacity_(std::clamp(static_cast<int>(std::thread::hardware_concurrency()), least_capacity,
                           crew_backend::most_seats)),
      seats_(std::make_unique<seat[]>(static_cast<std::size_t>(capacity_))) {
  watch_for_fork();
}

void crew::run(const loop& work) {
  if (forked.load(std::memory_order_relaxed)) return work.chunk(work.begin, work.end, 0);
  shared_loop* const around = loop_around();
  if (around == nullptr) return run_outermost(work);
  shared_loop inner(work, *around);
  share_out(inner, work.workers - 1);
}

void crew::run_outermost(const loop& work) {
  const context& here = this_context();
  stay_awake_as_under(here);
  budget& all = budget::of_process();
  {
    const budget_share share(all, here.counted, here.oversubscribe, work.workers - 1);
    const added beyond(beyond_budget_, here.oversubscribe ? share.helpers() : 0);
    shared_loop outermost(*this, work, share.helpers());
    share_out(outermost, work.workers - 1);
    if (outermost.was_woken() && work.work.count() > 0)
      costs_.woke(clock::now() - outermost.woken_at() < work.work);
    if (outermost.granted > 0) all.give(outermost.granted);
  }
  invite_to_open();
}

void crew::stay_awake_as_under(const context& here) {
  const std::chrono::nanoseconds spin = resolve_spin(here);
  if (spin_.load(std::memory_order_relaxed) != spin) spin_.store(spin, std::memory_order_relaxed);
}

bool crew::is_forked_child() noexcept {
  return forked.load(std::memory_order_relaxed);
}

shared_loop* crew::current() noexcept {
  return current_loop;
}

// The loop of this crew that what this thread starts now is inside of, if any.
shared_loop* crew::loop_around() const noexcept {
  shared_loop* around = current_loop;
  const home* opened = first_home;
  while (opened != nullptr && (opened->helpers == nullptr || opened->around != around)) opened = opened->next;
  if (opened != nullptr) around = opened->helpers;
  return around != nullptr && &around->of() == this ? around : nullptr;
}

// What the calling thread does for a loop: invites, works, waits.
void crew::share_out(shared_loop& work, int wanted) {
  const replaced mine(current_loop, &work);
  wanted = static_cast<int>(std::min<index_t>(wanted, work.work().end - work.work().begin));
  wanted -= invite(work, wanted);
  const bool wants_more = wanted > 0;
  if (wants_more) {
    open_.post(work);
    events_.announce();
    invite(work, wanted);  // those who sat down meanwhile
  }
  work.run_chunks(0);
  if (wants_more) open_.withdraw(work);
  see_off(work);
  if (work.was_woken()) lender_done();
}

void crew::lender_done() noexcept {
  const int used = used_.load(std::memory_order_relaxed);
  for (int i = 0; i < used; ++i) at(i).lender_done();
}

// Until nobody else is in the loop, or invited to it.
void crew::see_off(shared_loop& work) {
  for (int look = 0; look < looks_before_taking_back; ++look) {
    if (work.alone()) return;
    relax();
  }
  take_back_invitations(work);
  wait_for(work);
}

int crew::invite(shared_loop& work, int wanted) {
  int invited = 0;
  while (invited < wanted && work.tokens().take()) {
    work.expect();
    if (!invite_awake(work) && !invite_absent(work)) {
      work.dismiss();
      break;
    }
    ++invited;
  }
  return invited;
}

bool crew::invite_awake(shared_loop& work) {
  const int used = used_.load(std::memory_order_relaxed);
  for (int i = 0; i < used; ++i) {
    // Of the first, which most loops want, the word is not even looked at before:
    // that would fetch its line once more.
    if (i > 0 && !at(i).is_watched()) continue;
    const bool numbered = work.numbers().take_exactly(i + 1);
    if (at(i).invite_awake(work, numbered)) return true;
    if (numbered) work.numbers().give_back(i + 1);
  }
  return false;
}

// No more seats than helpers can be wanted at a time: a helper that is about to
// watch its seat again looks at the open loops first.
int crew::wanted_seats() const noexcept {
  const int wanted =
      std::max(budget::of_process().limit() - 1, beyond_budget_.load(std::memory_order_relaxed));
  return std::min(wanted, capacity_);
}

bool crew::invite_absent(shared_loop& work) {
  const int seats = wanted_seats();
  for (int i = 0; i < seats; ++i) {
    bool must_lend = false;
    if (!at(i).invite_absent(work, must_lend)) continue;
    if (must_lend && !lend(i, work)) return false;
    lonely_work::of_this_thread().forget();
    return true;
  }
  return false;
}

// Has a thread come to the seat, where it finds the invitation.
bool crew::lend(int number, shared_loop& work) {
  for (int used = used_.load(std::memory_order_relaxed);
       used <= number && !used_.compare_exchange_weak(used, number + 1, std::memory_order_relaxed);) {
  }
  const auto start = clock::now();
  at(number).lender_begins(start);
  work.wakes_at(start);
  const std::lock_guard one_at_a_time(lend_lock_);
  tsan::release(&lender_);
  try {
    lender_.lend(number);
  } catch (...) {  // no thread is to be had: the loop goes on without
    return !at(number).give_up(work);
  }
  costs_.saw_call(nanoseconds_since(start));
  return true;
}

void crew::take_back_invitations(shared_loop& work) noexcept {
  const int used = used_.load(std::memory_order_relaxed);
  for (int i = 0; i < used && !work.alone(); ++i) {
    if (at(i).is_invited() && at(i).revoke(work)) work.dismiss();
  }
}

// Whether one more helper may come to a loop: one that the loops around it have
// left over, or that the budget has to spare by now.
bool crew::admit(shared_loop& work) {
  if (work.tokens().take()) return true;
  shared_loop& root = work.root();
  if (!root.may_grow() || budget::of_process().take(0, 1) == 0) return false;
  ++root.granted;
  return true;
}

// The oldest open loop that may be helped, if there is one.
template <class May>
shared_loop* crew::join_open(const May& may) {
  return open_.find([&](shared_loop& each) {
    if (!may(each)) return false;
    each.expect();
    return true;
  });
}

// For a caller that waits for something and so needs no leave: one inside of that.
template <class Around>
bool crew::help_inside(const Around& around) {
  shared_loop* const inner = join_open([&](const shared_loop& each) { return each.is_inside(around); });
  if (inner == nullptr) return false;
  help(*inner, inner->numbers().take(0));
  inner->leave();
  events_.announce();
  return true;
}

bool crew::help_inside_group(const task_scope& group) {
  return help_inside(group);
}

// The budget has something to spare again: for loops that began without.
void crew::invite_to_open() {
  open_.find([this](shared_loop& each) {
    if (!admit(each)) return false;
    each.expect();
    if (invite_awake(each) || invite_absent(each)) return false;
    each.dismiss();
    return true;  // nobody is left to be invited
  });
}

// Works as the worker of that number; not at all where it is -1, all being given.
void crew::help(shared_loop& work, int worker) noexcept {
  const replaced mine(current_loop, &work);
  if (worker >= 0) work.run_chunks(worker);
}

void crew::help_and_leave(shared_loop& work, int worker) noexcept {
  help(work, worker);
  work.dismiss();
  events_.announce();
}

void crew::serve(int number) noexcept {
  seat& mine = at(number);
  costs_.saw_arrival(nanoseconds_since(mine.lent_since()));
  const added here(present_, 1);
  const added anywhere(helpers_present, 1);
  step_aside(mine);
  unsigned seen = 0;
  do {
    seen = open_.posts();
    prefetch(mine.address(), 2);
    const seat::invitation to = mine.accept();
    if (to.work != nullptr) {
      prefetch(mine.hint(), 3);
      prefetch(to.work->start_of(number + 1), 1);
      help_and_leave(*to.work, to.numbered ? number + 1 : to.work->numbers().take(number + 1));
    }
    while (shared_loop* open = join_open([this](shared_loop& each) { return admit(each); })) help_and_leave(*open, open->numbers().take(number + 1));
  } while (wait_for_invitation(mine, seen));
}

// A helper that is woken on its inviter's processor, while another is idle, may
// be left there for tens of milliseconds by the system (Linux in virtual
// machines, where an idle processor looks like a busy one): the two would take turns.
void crew::step_aside(const seat& mine) noexcept {
  if (mine.is_in_the_way()) leave_processor(this_processor());
}

// The host of a virtual machine is apt to wake a processor on the very core of
// the one that asked for it, and leaves the two there for milliseconds (2 to 20
// were seen): the caller stands still while its helper spins. Who naps gives
// the core back, and wakes up on another.
void crew::let_lender_go_on(const seat& mine) noexcept {
  if (!mine.lender_is_done()) std::this_thread::sleep_for(std::chrono::microseconds(1));
}

// Watches the seat for a while; false when it has been given up.
bool crew::wait_for_invitation(seat& mine, unsigned seen) const noexcept {
  mine.watch();
  if (open_.posts() != seen) return true;
  auto left = spin_.load(std::memory_order_relaxed);
  for (auto before = clock::now(); left.count() > 0;) {
    for (int look = 0; look < looks_between_clocks; ++look) {
      if (mine.is_invited()) return true;
      relax();
    }
    const auto now = clock::now();
    if (budget::of_process().is_full_of_callers()) break;  // the CPU is theirs
    step_aside(mine);
    let_lender_go_on(mine);
    left -= std::min<std::chrono::nanoseconds>(now - before, longest_look);
    if (now - before > others_turn) left = std::min(left, spin_on_busy_machine);
    before = now;
  }
  return !mine.go_away();
}

void crew::wait_for(shared_loop& work) {
  for (int looks = 0; !work.alone();) {
    if (help_inside(&work)) {
      looks = 0;
    } else if (++looks < looks_before_yield) {
      relax();
    } else if (looks < looks_before_sleep) {
      std::this_thread::yield();  // the others may need this CPU for their last chunks
    } else {
      events_.sleep_unless([&work] { return work.alone(); });
    }
  }
}

}  // namespace polyloop::detail

namespace polyloop {

crew_backend::crew_backend() : crew_(std::make_unique<detail::crew>(*this)) {}
crew_backend::~crew_backend() = default;

void crew_backend::run(const loop& work) {
  crew_->run(work);
}
std::chrono::nanoseconds crew_backend::least_work(std::chrono::steady_clock::time_point now) noexcept {
  return crew_->least_work(now);
}
void crew_backend::worked_alone(std::chrono::nanoseconds work, int times) noexcept {
  crew_->worked_alone(work, times);
}
int crew_backend::most_workers() const noexcept {
  return crew_->most_helpers() + 1;
}
// The thread may be one that the runtime had before it knew of this object.
POLYLOOP_BEFORE_EDGE void crew_backend::serve(int seat) noexcept {
  detail::tsan::acquire(this);
  crew_->serve(seat);
}
bool crew_backend::is_forked_child() noexcept {
  return detail::crew::is_forked_child();
}

}  // namespace polyloop
