#include "polyloop/aggregation/aggregate.hpp"

#include <string>

namespace polyloop::aggregation {

namespace {

void check_number_of_values(int k) {
  if (k < 1 || k > 1024) throw invalid_argument("k", std::to_string(k), "a number from 1 to 1024");
}

}  // namespace

aggregate aggregate::quantile(input of, double q) {
  if (!(q >= 0 && q <= 1)) throw invalid_argument("q", std::to_string(q), "a number from 0 to 1");
  aggregate made = named(kind::quantile, "quantile", std::move(of));
  made.parameter_ = q;
  return made;
}

aggregate aggregate::largest(input of, int k) {
  check_number_of_values(k);
  aggregate made = named(kind::largest, "largest", std::move(of));
  made.parameter_ = k;
  return made;
}

aggregate aggregate::smallest(input of, int k) {
  check_number_of_values(k);
  aggregate made = named(kind::smallest, "smallest", std::move(of));
  made.parameter_ = k;
  return made;
}

aggregate aggregate::correlation(input x, input y) {
  std::string name = "correlation(" + x.name() + ", " + y.name() + ')';
  return {kind::correlation, {std::move(x), std::move(y)}, std::move(name)};
}

}  // namespace polyloop::aggregation
