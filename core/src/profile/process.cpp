#include "profile/process.hpp"

#include <filesystem>
#include <system_error>

#ifndef _WIN32
#include <unistd.h>
#endif

namespace polyloop::detail {

int process_number() noexcept {
#ifndef _WIN32
  return static_cast<int>(getpid());
#else
  return 0;
#endif
}

bool is_main_thread() noexcept {
#ifdef __linux__
  return gettid() == getpid();
#else
  return false;
#endif
}

std::string process_name() {
  std::error_code unknown;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", unknown);
  return unknown ? "program" : program.filename().string();
}

}  // namespace polyloop::detail
