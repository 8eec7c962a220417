#pragma once

#include <string>
#include <vector>

namespace polyloop::bench {

/// Something that disturbs the run, and what it does to the results.
struct warning {
  std::string what;
  std::string effect;
};

/// How the CPU time of the whole machine was spent so far, in clock ticks.
struct cpu_times {
  double busy = 0;  // by anybody, what was stolen not counted
  double idle = 0;
  double stolen = 0;  // by the hypervisor
};

/// Reads the first line of /proc/stat; all 0 for what is no such line.
cpu_times parse_cpu_times(const std::string& line);

/// The observations of a run.
struct noise {
  double stolen = 0;              // part of the CPU time that somebody else's machine got
  double others = 0;              // part of the CPU time that other processes used
  std::vector<double> same_work;  // seconds for the same work at several times, at equal conditions the same
};

/// In words; empty where nothing disturbs noticeably.
std::vector<warning> warnings_of(const noise& seen);

/// Looks at the machine from its making on.
class noise_watch {
 public:
  noise_watch();
  /// Times the same work once more. About 20 ms.
  void look();
  noise seen() const;

 private:
  cpu_times begin_;
  double own_begin_ = 0;
  std::vector<double> same_work_;
};

}  // namespace polyloop::bench
