#include <algorithm>
#include <cstdint>
#include <fstream>
#include <limits>

#include "polyloop/context.hpp"
#include "polyloop/huge_vector.hpp"
#include "polyloop/parallel_for.hpp"
#include "suite/caches.hpp"
#include "suite/roofline.hpp"
#include "suite/roofline_loops.hpp"
#include "support/keep.hpp"
#include "support/measure.hpp"

namespace polyloop::bench {

namespace {

constexpr int samples_each = 5;
constexpr double sample_seconds = 2e-3;
constexpr std::size_t least_bytes = std::size_t{1} << 14;
constexpr std::size_t most_bytes = std::size_t{1} << 29;
constexpr int times_last_cache =
    6;  // so little of the data is left from the pass before that it does not count

/// work(worker, passes) on each of the workers at once. Each makes several passes
/// over its own part: starting the loop is no part of the roof.
template <class Work>
double shortest_seconds(int workers, const Work& work) {
  const auto run = [workers, &work](std::int64_t passes) {
    const scoped_context scope{.workers = workers};
    const auto each = [&work, passes](int worker) { work(worker, passes); };
    parallel_for(workers, each, {.schedule = schedule::static_()});
  };
  const subject timed{run, workers};
  const std::int64_t passes = repeats_that_last(timed, warm_up(timed), sample_seconds);
  double shortest = std::numeric_limits<double>::infinity();
  for (int taken = 0; taken < samples_each; ++taken) shortest = std::min(shortest, seconds_of(timed, passes));
  return shortest;
}

/// Three arrays, of which each worker has a part that it touched first.
class arrays {
 public:
  explicit arrays(int workers, std::size_t bytes) : workers_(workers) {
    for (huge_vector<double>& each : data_) each.resize(bytes / sizeof(double));
    const scoped_context scope{.workers = workers};
    parallel_for(workers, [this](int worker) { touch(worker); }, {.schedule = schedule::static_()});
  }

  /// GB/s of call(n, x, y, z), which uses so many of the arrays and moves as many
  /// words for an element, on parts of them that hold `bytes` together.
  template <class Call>
  double rate(std::size_t bytes, int used, int words, const Call& call) {
    const std::size_t part = bytes / static_cast<std::size_t>(used * workers_) / sizeof(double);
    const double seconds = shortest_seconds(workers_, [&](int worker, std::int64_t passes) {
      for (std::int64_t pass = 0; pass < passes; ++pass) {
        call(part, at(0, worker), at(1, worker), at(2, worker));
        keep(*this);
      }
    });
    return static_cast<double>(part * sizeof(double)) * words * workers_ / seconds / 1e9;
  }

 private:
  std::size_t share() const { return data_[0].size() / static_cast<std::size_t>(workers_); }
  double* at(std::size_t which, int worker) {
    return data_[which].data() + static_cast<std::size_t>(worker) * share();
  }
  void touch(int worker) {
    for (std::size_t which = 0; which < 3; ++which) std::fill_n(at(which, worker), share(), 1.0);
  }

  int workers_;
  huge_vector<double> data_[3];
};

bandwidth bandwidth_at(arrays& of, std::size_t bytes) {
  using in = const double*;
  bandwidth made{.bytes = static_cast<double>(bytes)};
  made.read = of.rate(bytes, 1, 1, [](std::size_t n, in x, double*, double*) { keep(roof::read(n, x)); });
  made.copy = of.rate(bytes, 2, 2, [](std::size_t n, in x, double* y, double*) { roof::copy(n, x, y); });
  made.triad =
      of.rate(bytes, 3, 3, [](std::size_t n, in x, in y, double* z) { roof::triad(n, 0.5, x, y, z); });
  made.update =
      of.rate(bytes, 2, 3, [](std::size_t n, in x, double* y, double*) { roof::update(n, 1e-9, x, y); });
  return made;
}

/// From what every first cache holds to what no cache does.
std::vector<std::size_t> amounts(int workers) {
  const std::size_t last = std::clamp(times_last_cache * last_cache_bytes(), least_bytes, most_bytes);
  std::vector<std::size_t> all;
  for (std::size_t bytes = least_bytes * static_cast<std::size_t>(workers); bytes < last; bytes *= 4)
    all.push_back(bytes);
  all.push_back(last);
  return all;
}

std::vector<bandwidth> bandwidths(int workers) {
  const std::vector<std::size_t> sizes = amounts(workers);
  arrays memory(workers, sizes.back());
  std::vector<bandwidth> all;
  for (const std::size_t bytes : sizes) all.push_back(bandwidth_at(memory, bytes));
  return all;
}

double gflop_per_second(int workers, double (*multiply_add)(std::size_t)) {
  constexpr std::size_t times = 1000;
  const double operations = multiply_add(times) * workers;
  const double seconds = shortest_seconds(workers, [multiply_add](int, std::int64_t passes) {
    multiply_add(times * static_cast<std::size_t>(passes));
  });
  return operations / seconds / 1e9;
}

}  // namespace

roofline measure_roofline(const std::vector<int>& workers) {
  roofline made;
  for (const int each : workers) {
    made.add(each, bandwidths(each));
    made.add(each,
             std::max(gflop_per_second(each, roof::multiply_add_doubles),
                      gflop_per_second(each, roof::multiply_add_many_doubles)),
             std::max(gflop_per_second(each, roof::multiply_add_floats),
                      gflop_per_second(each, roof::multiply_add_many_floats)));
  }
  return made;
}

}  // namespace polyloop::bench
