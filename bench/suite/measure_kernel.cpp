#include "suite/measure_kernel.hpp"

#include "polyloop/context.hpp"
#include "support/quiet.hpp"

namespace polyloop::bench {

namespace {

subject raw_subject(const instance& which, const variant& how) {
  const raw_twin& twin = which.code.raw.at(how.backend);
  const auto run = [&twin, workers = how.workers](std::int64_t repeats) {
    const auto calls = [&twin, repeats] {
      for (std::int64_t i = 0; i < repeats; ++i) twin.run();
    };
    twin.with_workers ? twin.with_workers(workers, calls) : calls();
  };
  return {run, how.workers};
}

}  // namespace

instance prepared(const kernel_family& family, index_t size) {
  return {family.name, size, family.setup(size)};
}

subject subject_of(const instance& which, const variant& how) {
  if (how.raw) return raw_subject(which, how);
  const auto run = [&which, how](std::int64_t repeats) {
    const scoped_context scope{.backend = how.backend, .workers = how.workers};
    const loop_options options{.label = which.name, .schedule = how.schedule};
    for (std::int64_t i = 0; i < repeats; ++i) which.code.run(options);
  };
  return {run, how.workers};
}

double measure_kernel(const instance& which, const variant& how, double sample_seconds) {
  const subject timed = subject_of(which, how);
  wait_until_quiet();
  const double once = warm_up(timed);
  return seconds_of(timed, repeats_that_last(timed, once, sample_seconds));
}

}  // namespace polyloop::bench
