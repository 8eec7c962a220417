#include "tables/busy_process.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "tables/work.hpp"

namespace polyloop::bench::tables {

namespace {
constexpr index_t units_between_looks = 10'000'000;
}

busy_process::busy_process() {
  const pid_t parent = getpid();
  child_ = fork();
  if (child_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child_ > 0) return;
  // Also ends when the parent was killed.
  while (getppid() == parent) work(units_between_looks);
  _exit(0);
}

busy_process::~busy_process() {
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
}

}  // namespace polyloop::bench::tables
