#pragma once

#include <sys/types.h>

namespace polyloop::bench::tables {

/// Another process that computes without a pause for as long as this object
/// lives. A process and not a thread: the threads and the CPU time of this one
/// are measured. Made by fork: to be begun before any other thread.
class busy_process {
 public:
  busy_process();
  busy_process(const busy_process&) = delete;
  busy_process& operator=(const busy_process&) = delete;
  ~busy_process();

 private:
  pid_t child_;
};

}  // namespace polyloop::bench::tables
