#include "jthread_backend.hpp"
#include "kit.hpp"

std::vector<polyloop::backend*> contract::backends_under_test() {
  static jthread_backend mine;
  return {&mine};
}
