#include <polyloop/testing/shuffle_backend.hpp>

#include "kit.hpp"

/// The backends for tests keep the contract too.
std::vector<polyloop::backend*> contract::backends_under_test() {
  static polyloop::testing::shuffle_backend shuffled;
  static polyloop::testing::shuffle_backend two({.seed = 2, .interleave = true});
  return {&shuffled, &two};
}
