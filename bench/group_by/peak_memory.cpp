#include "group_by/peak_memory.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>
#include <system_error>

namespace polyloop::bench::group_by {

namespace {

/// The highest so far becomes what it is now.
void forget_peak() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

double peak_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (double kibibytes = 0; word == "VmHWM:" && status >> kibibytes) return kibibytes * 1024;
  return 0;
}

/// The child's part: 0 where it fails.
double measured(const std::function<std::function<void()>()>& prepare) {
  try {
    const std::function<void()> run = prepare();
    forget_peak();
    run();
    return peak_bytes();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 0;
  }
}

}  // namespace

double peak_memory(const std::function<std::function<void()>()>& prepare) {
  std::array<int, 2> ends;
  if (pipe(ends.data()) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) {
    const double bytes = measured(prepare);
    _exit(write(ends[1], &bytes, sizeof bytes) == sizeof bytes ? 0 : 1);
  }
  double bytes = 0;
  const bool told = read(ends[0], &bytes, sizeof bytes) == sizeof bytes;
  for (const int end : ends) close(end);
  waitpid(child, nullptr, 0);
  return told ? bytes : 0;
}

}  // namespace polyloop::bench::group_by
