#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>
#include <vector>

#include "polyloop/index.hpp"

namespace polyloop::bench::group_by {

/// What a peer says of its answer.
struct peer_answer {
  double seconds = 0;
  index_t groups = 0;
  double total = 0;  ///< of all values of all aggregates
};

/// A peer in a process of its own, which is asked line by line (see peers/peer.js). Ends with this.
class peer_process {
 public:
  /// Starts `command`, and waits until the peer has its table. Throws std::runtime_error if it has not.
  explicit peer_process(const std::vector<std::string>& command);
  peer_process(const peer_process&) = delete;
  peer_process& operator=(const peer_process&) = delete;
  ~peer_process();

  /// Throws std::runtime_error if there is no answer.
  peer_answer ask(const std::string& question);
  /// CPU time that it has had.
  double cpu_seconds() const;

 private:
  std::string line();

  pid_t child_ = -1;
  std::FILE* to_ = nullptr;
  std::FILE* from_ = nullptr;
};

}  // namespace polyloop::bench::group_by
