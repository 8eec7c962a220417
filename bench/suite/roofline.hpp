#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace polyloop::bench {

/// What moving data costs at some number of workers and bytes in use.
struct bandwidth {
  double bytes = 0;  // of all arrays together
  double read = 0;   // GB/s
  double copy = 0;
  double triad = 0;
  double update = 0;  // of one array in place: no line is read only to be overwritten

  double best() const;
};

/// What limits a kernel (S. Williams et al., "Roofline", 2009): the rate of
/// arithmetic, and the rate at which its operands arrive. The latter depends on
/// which of the caches holds them, so it is measured for amounts of data from
/// what the first cache holds to a multiple of the last one.
class roofline {
 public:
  /// A kernel's place below the roof.
  struct place {
    double fraction = 0;  // of what the roof allows; 0 where nothing is declared
    std::string bound;    // "memory", "compute", or empty
  };

  /// The bandwidths at a number of workers, the least bytes first.
  void add(int workers, std::vector<bandwidth> levels) { levels_[workers] = std::move(levels); }
  /// GFLOP/s at a number of workers, for numbers of eight and of four bytes.
  void add(int workers, double peak_double, double peak_float) {
    peaks_[workers] = {peak_double, peak_float};
  }

  /// Where a kernel stands that moves `bytes` and computes `operations` on numbers
  /// of that size in so many seconds. The roof is that of the largest number of
  /// workers measured that is not above its own.
  place of(double bytes, double operations, std::size_t number_bytes, int workers, double seconds) const;

  nlohmann::ordered_json as_json() const;

 private:
  struct peak_rates {
    double of_doubles = 0;
    double of_floats = 0;
  };
  double gb_per_second(int workers, double bytes) const;
  double gflop_per_second(int workers, std::size_t number_bytes) const;

  std::map<int, std::vector<bandwidth>> levels_;
  std::map<int, peak_rates> peaks_;
};

/// Measures it on the backend of the scope around, at these numbers of workers.
/// Takes about a second for each. The fastest of several samples counts: a roof
/// is what the machine can do.
roofline measure_roofline(const std::vector<int>& workers);

}  // namespace polyloop::bench
