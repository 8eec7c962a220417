#pragma once

#include <string>

namespace polyloop::bench {

/// A line on stderr that tells how far a run has come, if stderr is a
/// terminal; gone when the run is over.
class progress {
 public:
  explicit progress(int steps);
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;
  ~progress();

  /// The next step begins.
  void begin(const std::string& step);

 private:
  bool terminal_;
  int steps_;
  int begun_ = 0;
};

}  // namespace polyloop::bench
