#include "kit.hpp"

namespace contract {

std::vector<polyloop::schedule> all_schedules() {
  using polyloop::schedule;
  return {schedule::automatic,        schedule::static_(), schedule::static_(1),
          schedule::static_(7),       schedule::dynamic(), schedule::dynamic(64),
          schedule::dynamic(1 << 30), schedule::guided(),  schedule::guided(1000)};
}

void burn(int rounds) {
  volatile double value = 1;
  for (int i = 0; i < rounds; ++i) value = value * 1.0000001 + 1e-9;
}

}  // namespace contract
