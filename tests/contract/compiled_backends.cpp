#include <cstdlib>

#include "kit.hpp"

/// The backends of this build, or the one that POLYLOOP_CONTRACT_BACKEND names.
std::vector<polyloop::backend*> contract::backends_under_test() {
  if (const char* only = std::getenv("POLYLOOP_CONTRACT_BACKEND")) return {&polyloop::find_backend(only)};
  const auto all = polyloop::compiled_backends();
  return {all.begin(), all.end()};
}
