#pragma once

#include <string>

namespace polyloop::detail {

/// The system's number of this process; 0 where there is none.
int process_number() noexcept;

/// Whether the calling thread is the one that main() runs on, as far as the system tells.
bool is_main_thread() noexcept;

/// The file name of the running program, as far as the system tells.
std::string process_name();

}  // namespace polyloop::detail
