#include "polyloop/detail/asked_to_stop.hpp"
#include "polyloop/detail/sort_common.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::detail {

sort_loops::sort_loops(const loop_options& options)
    : options_(options),
      inner_(one_at_a_time(
          {.label = options.label, .schedule = options.schedule, .workers = options.workers})) {}

bool sort_loops::should_stop() const {
  return asked_to_stop(options_.stop, options_.deadline);
}

void sort_loops::each(std::size_t n, function_ref<void(std::size_t)> body) const {
  if (n == 1)
    body(std::size_t{0});
  else
    parallel_for(n, [&body](std::size_t b) { body(b); }, inner_);
}

}  // namespace polyloop::detail
