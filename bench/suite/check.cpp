#include "suite/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "suite/result.hpp"
#include "suite/sweep.hpp"
#include "support/checksum.hpp"

namespace polyloop::bench {

namespace {

/// How two numbers are told apart: NaN stands for what a twin need not know.
bool agrees(double expected, double found, double tolerance) {
  return std::isnan(expected) || std::abs(found - expected) <= tolerance;
}

class checker {
 public:
  explicit checker(const instance& which) : which_(which), code_(which.code) {
    run({.backend = our_variants({}).front().backend});
    expected_ = code_.expected.value_or(code_.checksum());
    if (code_.values && !code_.raw.empty()) values_ = code_.values();
  }

  verdict judge(const variant& how) const {
    run(how);
    if (how.raw && code_.values) {  // a twin's result may be of another form than ours
      const std::vector<double> found = code_.values();
      return {hexadecimal(checksum_of(found)), about(how, difference(found))};
    }
    const std::uint64_t found = code_.checksum();
    return {hexadecimal(found), about(how, hash_difference(found))};
  }

 private:
  void run(const variant& how) const {
    code_.clear();
    seconds_of(subject_of(which_, how), 1);
  }

  std::string about(const variant& how, const std::string& difference) const {
    return difference.empty() ? "" : row_name(which_.name, which_.size, how) + ": " + difference;
  }

  std::string hash_difference(std::uint64_t seen) const {
    if (seen == expected_) return {};
    return fmt::format("wrong result: expected the checksum {}{}, found {}", hexadecimal(expected_),
                       code_.expected ? "" : " of one worker", hexadecimal(seen));
  }

  std::string difference(const std::vector<double>& found) const {
    if (found.size() != values_.size())
      return fmt::format("wrong result: expected {} numbers as ours has, found {}", values_.size(),
                         found.size());
    for (std::size_t i = 0; i < found.size(); ++i)
      if (!agrees(values_[i], found[i], code_.tolerance))
        return fmt::format("wrong result: number {}: expected {} as ours has, found {}", i, values_[i],
                           found[i]);
    return {};
  }

  const instance& which_;
  const kernel& code_;
  std::uint64_t expected_ = 0;
  std::vector<double> values_;
};

}  // namespace

std::vector<verdict> check_results(const instance& which, const std::vector<variant>& ways) {
  const checker against(which);
  std::vector<verdict> all;
  for (const variant& each : ways) all.push_back(against.judge(each));
  return all;
}

}  // namespace polyloop::bench
