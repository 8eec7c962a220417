#include "task_pool.hpp"

#include <thread>
#include <utility>

#include "processor.hpp"
#include "resolve.hpp"
#include "scoped.hpp"

namespace polyloop::detail {

namespace {

constexpr int looks_before_yield = 200;
constexpr int looks_before_end = 500;
constexpr int looks_between_loops = 16;
// Thieves who may take only certain tasks hold the lock while they look for one.
constexpr std::int64_t usual_depth = 32;

}  // namespace

/// A member that looks for tasks of a group, and of those inside it; of any where it is null.
struct task_pool::search {
  task_member& self;
  const task_scope* group;
  bool searched_own = false;  // and found no more of the wanted ones among the others

  bool operator()(const task& each) const noexcept {
    return group == nullptr || each.scope == group || each.scope->is_inside(group);
  }
};

task_pool::task_pool(const context& under)
    : inside_(under),
      counted_(under.counted),
      nested_(under.running == under.engine),
      workers_(resolve_workers(under)),
      crew_(under.engine->helpers()),
      home_{.pool = this, .around = crew::current()},
      deques_(std::make_unique<task_deque[]>(static_cast<std::size_t>(workers_))),
      places_(workers_),
      events_(crew_ != nullptr ? crew_->events_ : own_events_) {
  inside_.running = inside_.engine;
  inside_.counted = true;
  home_.next = std::exchange(first_home, &home_);
}

task_pool::~task_pool() {
  home** place = &first_home;
  while (*place != &home_) place = &(*place)->next;
  *place = home_.next;
}

// Other than in what only tasks have.
bool task_pool::suits(const context& now) const noexcept {
  return now.engine == inside_.engine && now.workers == inside_.workers && now.tuned == inside_.tuned &&
         now.oversubscribe == inside_.oversubscribe && now.spin == inside_.spin;
}

task_member* task_pool::member_here() noexcept {
  task_member* const member = current_member;
  if (member == nullptr) return nullptr;
  const context* const now = current_context;
  return now == &member->pool->inside_ || member->pool->suits(this_context()) ? member : nullptr;
}

task_pool& task_pool::here(const task_member* member) {
  if (member != nullptr) return *member->pool;
  const context& now = this_context();
  home* opened = first_home;
  while (opened != nullptr && (opened->around != crew::current() || !opened->pool->suits(now))) opened = opened->next;
  task_pool& chosen = opened != nullptr ? *opened->pool : *new task_pool(now);
  ++chosen.users_;
  return chosen;
}

void task_pool::leave() noexcept {
  if (--users_ == 0) delete this;
}

void task_pool::begin_group() noexcept {
  const std::lock_guard hold(groups_lock_);
  if (groups_++ == 0 && crew_ != nullptr && workers_ > 1 && !crew::is_forked_child()) open_for_helpers();
  if (helpers_ && owner_ == this_thread_mark()) home_.helpers = &helpers_->loop();
}

void task_pool::open_for_helpers() noexcept {
  shared_loop* const around = home_.around != nullptr && &home_.around->of() == crew_ ? home_.around : nullptr;
  try {
    helpers_.emplace(*crew_, around, inside_, counted_, workers_, within_, entrance_);
    idle_.store(true, std::memory_order_seq_cst);
  } catch (...) {  // no memory for helpers: the owner runs the tasks
  }
}

void task_pool::end_group() noexcept {
  const std::lock_guard hold(groups_lock_);
  if (--groups_ > 0 || !helpers_) return;
  home_.helpers = nullptr;
  idle_.store(false, std::memory_order_relaxed);
  closing_.store(true, std::memory_order_relaxed);
  helpers_.reset();
  closing_.store(false, std::memory_order_relaxed);
}

std::int64_t task_pool::push(task& each) {
  const task_member* const member = current_member;
  std::int64_t place = 0;
  if (member != nullptr && member->pool == this) [[likely]]
    place = at(member->place).push(each);
  else if (owner_ == this_thread_mark())
    place = at(0).push(each);
  else
    place = push_from_outside(each);
  if (idle_.load(std::memory_order_seq_cst)) [[unlikely]]
    call_somebody();
  return place;
}

std::int64_t task_pool::push_from_outside(task& each) {
  const std::lock_guard one_at_a_time(outsiders_);
  return from_outside_.push(each);
}

void task_pool::call_somebody() noexcept {
  idle_.store(false, std::memory_order_seq_cst);
  calls_.fetch_add(1, std::memory_order_seq_cst);
  events_.announce();
  if (helpers_ && helpers_->call()) idle_.store(true, std::memory_order_seq_cst);
}

void task_pool::entrance::operator()(index_t, index_t, int place) const noexcept {
  pool.serve(place);
}

// A helper of the crew, as long as there is something to do.
void task_pool::serve(int place) noexcept {
  task_member self{this, place, nullptr};
  const replaced member(current_member, &self);
  const context_switch now(inside_);
  search any{self, nullptr};
  for (int looks = 0; !closing_.load(std::memory_order_relaxed);) {
    if (run_one(any, usual_depth))
      looks = 0;
    else if (++looks < looks_before_yield)
      relax();
    else if (looks < looks_before_end)
      std::this_thread::yield();
    else if (may_leave())
      return;
  }
}

bool task_pool::may_leave() noexcept {
  helpers_->nothing_left();
  idle_.store(true, std::memory_order_seq_cst);
  return !has_tasks();
}

bool task_pool::has_tasks() const noexcept {
  for (int place = 0; place < workers_; ++place)
    if (!at(place).looks_empty()) return true;
  return !from_outside_.looks_empty();
}

task* task_pool::find_own(search& by) noexcept {
  task_deque& own = at(by.self.place);
  bool other = false;
  task* found = own.pop(by, other);
  if (found != nullptr || !other || by.searched_own) return found;
  found = own.pop_from(by.group->lowest_place(), by);
  by.searched_own = found == nullptr;
  return found;
}

task* task_pool::find(search& by, std::int64_t depth) noexcept {
  task* found = find_own(by);
  for (int next = 1; found == nullptr && next <= workers_; ++next)
    found = at((by.self.place + next) % workers_).steal(by, depth);
  return found != nullptr ? found : from_outside_.steal(by, depth);
}

bool task_pool::run_one(search& by, std::int64_t depth) noexcept {
  task* const found = find(by, depth);
  if (found == nullptr) return false;
  const replaced<const task_scope*> inside(by.self.inside, found->scope);
  found->scope->run(*found);
  by.searched_own = false;
  return true;
}

void task_pool::work_until_done(task_member& self, task_scope& group) noexcept {
  const replaced member(current_member, &self);
  const bool owner = group.is_owner();
  search by{self, &group};
  for (int looks = 0; owner ? !group.done() : !group.known_to_be_done();) {
    if (run_one(by, usual_depth))
      looks = 0;
    else if (crew_ != nullptr && looks % looks_between_loops == 1 && crew_->help_inside_group(group))
      looks = 0;
    else if (++looks < looks_before_yield)
      relax();
    else if (looks < looks_before_end)
      std::this_thread::yield();
    else
      sleep(by, group);
  }
}

// Until the group is done, or somebody is called to a new task. Who spawns looks at idle_ after it has put the
// task into a deque, and we the other way round: one of the two sees what the other has done.
void task_pool::sleep(search& by, task_scope& group) noexcept {
  if (group.is_owner()) group.let_know();
  const unsigned seen = calls_.load(std::memory_order_seq_cst);
  idle_.store(true, std::memory_order_seq_cst);
  if (run_one(by, task_deque::all_of_them)) return;
  events_.sleep_unless([&] { return group.known_to_be_done() || calls_.load(std::memory_order_seq_cst) != seen; });
}

void task_pool::wait_at_home(task_scope& group) noexcept {
  task_member self{this, 0, within_};
  if (helpers_) home_.helpers = &helpers_->loop();  // which another thread may have opened it for
  if (workers_ > 1) {
    try {
      wait_in_loop(self, group);
    } catch (...) {  // no thread is to be had: the owner goes on without
    }
  }
  const context_switch now(inside_);
  work_until_done(self, group);
}

// In a loop of the backend, so that it knows that this thread runs bodies. A crew has been asked for its helpers
// before; others come as the loop's workers.
void task_pool::wait_in_loop(task_member& self, task_scope& group) {
  const bool shares_helpers = crew_ != nullptr || nested_ || inside_.engine->keeps_budget();
  const budget_share share(budget::of_process(), counted_ || crew_ != nullptr, inside_.oversubscribe,
                           shares_helpers ? 0 : workers_ - 1);
  const int workers = crew_ != nullptr ? 1 : shares_helpers ? workers_ : 1 + share.helpers();
  group.let_know();
  const auto chunk = [this, &self, &group](index_t, index_t, int) {
    const context_switch now(inside_);
    if (owner_ != this_thread_mark()) return take_part(group);
    work_until_done(self, group);
    group.let_know();
    announce();
  };
  run_on(*inside_.engine, {0, workers, schedule::dynamic(), workers, chunk});
}

void task_pool::take_part(task_scope& group) noexcept {
  const int place = places_.take(1);
  if (place < 0) return;
  task_member self{this, place, within_};
  work_until_done(self, group);
  places_.give_back(place);
}

}  // namespace polyloop::detail
