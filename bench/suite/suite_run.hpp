#pragma once

#include <string>
#include <vector>

#include "suite/options.hpp"
#include "suite/results.hpp"

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

 private:
  /// A kernel at a size.
  struct task {
    const kernel_family* family;
    index_t size;
  };

  std::vector<variant> wanted_ways(const std::string& kernel, index_t size) const;
  std::vector<int> roofline_workers() const;
  void measure(const task& each, results& all) const;

  const options& how_;
  const extension& more_;
  name_filter wanted_;
  std::vector<variant> ours_;
  std::vector<variant> ways_;  // ours and by hand
  std::vector<task> tasks_;
};

}  // namespace polyloop::bench
