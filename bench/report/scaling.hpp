#pragma once

#include <optional>
#include <span>
#include <vector>

/// What a loop would gain from more workers than this machine has, by the laws
/// of Amdahl (1967) and Gunther (Universal Scalability Law: "A Simple Capacity
/// Model of Massively Parallel Transaction Systems", 1993).
namespace polyloop::bench {

/// A value and the interval that it lies in with some confidence.
struct estimate {
  double middle = 0;
  double low = 0;
  double high = 0;
};

/// The speed-up that was measured with a number of workers.
struct observation {
  int workers = 1;
  estimate speed_up;
};

/// speed_up(p) = start * p / (1 + contention (p - 1) + coherency p (p - 1)).
/// Without coherency this is Amdahl's law, and contention is the serial fraction.
struct scaling_law {
  double start = 1;       ///< with one worker
  double contention = 0;  ///< share of the work that waits its turn, 0..1
  double coherency = 0;   ///< cost of each pair of workers, as a share of the work

  double speed_up(double workers) const;
};

enum class law_kind { amdahl, universal };

/// The law that fits best: least squares of the relative differences, which for
/// both laws is linear in the parameters; none of them becomes negative.
scaling_law fit(std::span<const observation> seen, law_kind kind);

struct extrapolation {
  struct point {
    int workers = 1;
    estimate speed_up;
  };
  estimate contention;
  estimate coherency;
  std::vector<point> curve;  ///< from 1 to 64 workers
};

/// The fit with what the intervals of the measurements leave open, whose
/// confidence is given: a parametric bootstrap, which fits again to 1000 draws
/// (log-normal, independent, of a fixed seed) and takes the 2.5 and 97.5 %
/// quantiles. It knows nothing of what the law leaves out. Nothing where the law
/// has more parameters than there are numbers of workers above one: one for
/// Amdahl's, two for the universal one.
std::optional<extrapolation> extrapolate(std::span<const observation> seen, law_kind kind,
                                         double confidence = 0.95);

}  // namespace polyloop::bench
