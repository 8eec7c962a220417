#include "kernels/twins.hpp"

#include <string>

#include "polyloop/backend.hpp"

namespace polyloop::bench {

void add_twins(kernel& made, const std::function<void(const raw_kernels&)>& run) {
  for (const backend* each : compiled_backends()) {
    const raw_kernels* const by_hand = raw_for(each->name());
    if (by_hand == nullptr) continue;
    const raw_twin twin{[run, by_hand] { run(*by_hand); }, by_hand->with_workers};
    made.raw.emplace(std::string(each->name()), twin);
  }
}

}  // namespace polyloop::bench
