#pragma once

#include <chrono>
#include <functional>
#include <thread>

#include "polyloop/index.hpp"

/// The counted loops, written once and made for each way to run a loop. Each
/// way is compiled in a file of its own with the same flags (-O3, for no
/// particular CPU), so that no compiler sees a loop and its count at once.
namespace polyloop::bench::instructions {

/// What the loops work on. Read from memory, so that no loop is made for one length.
struct arguments {
  index_t n;
  double a;
  const double* x;
  double* y;
};

/// Runs a loop; tells whether other workers were invited to it.
using loop_function = bool (*)(const arguments& on);

struct loop_set {
  const char* name;
  /// y = a x + y by a loop that the way shares or not, as it likes.
  loop_function saxpy;
  /// The same, counted by an int.
  loop_function int_saxpy;
  /// The same, always shared where the way can be told so.
  loop_function always_shared;
  /// A loop whose iterations take long and few instructions.
  loop_function dear;
  /// call() where the loops of the calling thread may have so many workers. The
  /// raw ones have one: how many instructions several take is left to chance.
  void (*enter)(int workers, const std::function<void()>& call);
};

extern const loop_set plain_loops;
extern const loop_set our_loops;
extern const loop_set tbb_loops;
extern const loop_set openmp_loops;

/// Way::loop(n, body) calls body(i) for i = 0 .. n - 1 of the type of n, and so does
/// Way::shared_loop; both return whether other workers were invited.
template <class Way>
struct made_by {
  static bool saxpy(const arguments& on) {
    return Way::loop(on.n, [a = on.a, x = on.x, y = on.y](index_t i) { y[i] = a * x[i] + y[i]; });
  }
  static bool int_saxpy(const arguments& on) {
    return Way::loop(static_cast<int>(on.n),
                     [a = on.a, x = on.x, y = on.y](int i) { y[i] = a * x[i] + y[i]; });
  }
  static bool always_shared(const arguments& on) {
    return Way::shared_loop(on.n, [a = on.a, x = on.x, y = on.y](index_t i) { y[i] = a * x[i] + y[i]; });
  }
  // Several times what the start of a worker is believed to cost.
  static bool dear(const arguments& on) {
    return Way::loop(on.n, [](index_t) { std::this_thread::sleep_for(std::chrono::microseconds(200)); });
  }
};

template <class Way>
constexpr loop_set loops_by(const char* name, void (*enter)(int, const std::function<void()>&)) {
  using made = made_by<Way>;
  return {name, made::saxpy, made::int_saxpy, made::always_shared, made::dear, enter};
}

}  // namespace polyloop::bench::instructions
