#pragma once

#include <string>
#include <vector>

#include "suite/options.hpp"
#include "suite/results.hpp"
#include "suite/tune.hpp"

namespace polyloop::bench {

/// What is measured in one run of the program: the registered kernels in the
/// ways that the options ask for. The options and the extension are to outlive it.
class suite_run {
 public:
  /// Throws usage_error for options that cannot be used.
  suite_run(const options& how, const extension& more);

  /// Whether nothing is left of the kernels by the filter.
  bool empty() const { return tasks_.empty(); }

  /// The names of the rows; without those of twins, which only a kernel that is set up knows.
  std::vector<std::string> names() const;

  /// Measures all of it: the machine's limits, the kernels one after the other,
  /// launches, and meanwhile what disturbs.
  results measured() const;

  /// Tunes each kernel at the largest of its sizes that are wanted: a tuning is by
  /// label, for all sizes. Adds what is wrong with the results of the best ways.
  std::vector<tuned_kernel> tuned(std::vector<std::string>& wrong_results) const;

 private:
  /// A kernel at a size.
  struct task {
    const kernel_family* family;
    index_t size;
  };

  std::vector<variant> wanted_ways(const std::string& kernel, index_t size) const;
  std::vector<int> roofline_workers() const;
  std::vector<task> largest_tasks() const;
  void measure(const task& each, results& all) const;

  const options& how_;
  const extension& more_;
  name_filter wanted_;
  std::vector<variant> ours_;
  std::vector<variant> ways_;  // ours and by hand
  std::vector<task> tasks_;
};

}  // namespace polyloop::bench
