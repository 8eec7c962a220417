#pragma once

#include <cstddef>
#include <span>
#include <type_traits>

#include "polyloop/detail/elements.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop {

/// Writes the value to every element, each from the worker that a loop with
/// schedule::static_() over the same range and with as many workers gives it to.
///
/// The system provides a page when it is first written, on the NUMA node of the
/// thread that writes (unless told otherwise). Of memory that nobody has written
/// yet (a huge_vector<double> x(n), say) each page so comes to lie near the
/// worker that will use it; and the workers share the work of the page faults,
/// which gains on one node too. Memory that was written before is just written
/// again, where it is. That a worker runs on the same node in the next loop is
/// likely, not certain: it takes threads that are bound (OMP_PROC_BIND).
///
/// Takes anything contiguous: `first_touch(x)`, `first_touch(std::span(p, n), 1.0)`.
/// O(n) work; thread-safety as for parallel_for.
template <detail::writable Data>
void first_touch(Data&& data, const std::type_identity_t<detail::element_of<Data>>& value = {}) {
  const std::span elements(data);
  parallel_for(elements.size(), [to = elements.data(), value](std::size_t i) { to[i] = value; },
               {.label = "first touch", .schedule = schedule::static_()});
}

}  // namespace polyloop
