#include "support/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace polyloop::bench {

namespace {
constexpr const char* clear_line = "\r\033[K";
}

progress::progress(int steps) : terminal_(isatty(STDERR_FILENO) == 1), steps_(steps) {}

progress::~progress() {
  if (terminal_) std::fputs(clear_line, stderr);
}

void progress::begin(const std::string& step) {
  ++begun_;
  if (!terminal_) return;
  fmt::print(stderr, "{}[{}/{}] {}", clear_line, begun_, steps_, step);
  std::fflush(stderr);
}

}  // namespace polyloop::bench
