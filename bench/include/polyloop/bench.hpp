#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "polyloop/index.hpp"
#include "polyloop/loop_options.hpp"

/// Kernels for the bench suite. A source file of a benchmark defines them at
/// namespace scope; polyloop_add_benchmark() of the CMake package makes the
/// program, which runs each on every backend and says how fast it is, and how
/// far from the machine's limits:
///
///     const registered_kernel halve("halve", {1'000, 1'000'000}, [](index_t n) {
///       const auto x = std::make_shared<std::vector<double>>(n, 2.0);
///       const auto y = std::make_shared<std::vector<double>>(n);
///       kernel made{.bytes = 16.0 * n, .operations = 1.0 * n};
///       made.run = [=](const loop_options& how) {
///         parallel_for(n, [in = x->data(), out = y->data()](index_t i) { out[i] = 0.5 * in[i]; }, how);
///       };
///       made.checksum = [=] { return checksum_of(*y); };
///       return made;
///     });
namespace polyloop::bench {

/// A kernel written by hand on a runtime, to be held against.
struct raw_twin {
  /// One run, with the result in the same place as that of the kernel.
  std::function<void()> run;
  /// Makes a call during which run() takes so many threads. Without one, run()
  /// is timed at one worker alone.
  std::function<void(int workers, const std::function<void()>& call)> with_workers = {};
};

/// A kernel on data of one size, ready to run. The functions share the data and
/// keep them alive. The suite calls them from one thread.
struct kernel {
  /// Bytes that one run has to move from and to memory, each counted once.
  double bytes = 0;
  /// Arithmetic operations of one run: a multiplication and an addition are two.
  double operations = 0;
  /// Size of the numbers that the operations are on, in bytes: of those of four
  /// bytes or fewer a CPU computes twice as many at a time as of doubles.
  std::size_t number_bytes = sizeof(double);
  /// What the data are, in words; for the table.
  std::string input = {};

  /// One run. Hands schedule, workers and label of the options to its loops; the
  /// backend is that of the scope around.
  std::function<void(const loop_options& how)> run = {};

  /// A hash of the whole result (checksum_of): the same on every backend, with
  /// any schedule and number of workers, or the suite fails.
  std::function<std::uint64_t()> checksum = {};
  /// Overwrites the result, so that the next one cannot be an old one; restores
  /// what a run has consumed.
  std::function<void()> clear = [] {};
  /// What the checksum has to be, where the result is known from elsewhere.
  std::optional<std::uint64_t> expected = {};

  /// Twins by the name of the backend whose runtime they use; "serial" for the plain loop.
  std::map<std::string, raw_twin, std::less<>> raw = {};
  /// The result as numbers, for comparing it with those of the twins, which round
  /// elsewhere. Without it, twins must have the kernel's checksum.
  std::function<std::vector<double>()> values = {};
  /// By how much a number of a twin may differ.
  double tolerance = 0;
};

/// Makes the kernel for data of a size. Called once for each size, and not
/// before it is going to run; what it holds is released before the next one.
using kernel_setup = std::function<kernel(index_t size)>;

/// A kernel of the suite. The name is part of the names of the results
/// (name/size/backend:tbb/...), so it has no slash.
struct kernel_family {
  std::string name;
  std::vector<index_t> sizes;
  kernel_setup setup;
};

/// Adds a kernel to the suite. Throws polyloop::invalid_argument for a name
/// that is empty, has a slash, or is there already, and where there is no size.
/// Not thread-safe.
void add_kernel(kernel_family family);

/// The kernels of this program in the order in which they were added.
const std::vector<kernel_family>& all_kernels();

/// Adds a kernel when the program starts: for objects at namespace scope. A
/// kernel that add_kernel() refuses is reported when the program runs.
class registered_kernel {
 public:
  registered_kernel(std::string name, std::vector<index_t> sizes, kernel_setup setup);
};

/// A 64-bit hash of bytes: a result changed by one bit has another one.
std::uint64_t checksum_of(std::span<const std::byte> bytes);

/// The hash of the elements of a range that lies contiguously in memory. The
/// elements are compared by their bits, so they are to have no padding.
template <std::ranges::contiguous_range Range>
requires std::ranges::sized_range<Range> && std::is_arithmetic_v<std::ranges::range_value_t<Range>>
    std::uint64_t checksum_of(const Range& values) {
  return checksum_of(std::as_bytes(std::span(std::ranges::data(values), std::ranges::size(values))));
}

/// The program: what polyloop_add_benchmark() puts behind main(). Measures the
/// kernels as the flags say, prints the table, and returns the exit status.
int run_suite(int argc, char** argv);

}  // namespace polyloop::bench
