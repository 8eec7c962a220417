#include <fmt/format.h>

#include "compare/cases.hpp"
#include "polyloop/reductions/reductions.hpp"
#include "support/checksum.hpp"

namespace polyloop::bench {

namespace {

using numbers = std::shared_ptr<const std::vector<double>>;
using result = std::vector<double>;  // an index is exact in a double

/// In [0, 1), no two parts alike.
numbers generated(index_t n, std::uint64_t seed) {
  std::vector<double> made(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < made.size(); ++i)
    made[i] = static_cast<double>(scrambled(seed + i) >> 11) * 0x1p-53;
  return std::make_shared<const std::vector<double>>(std::move(made));
}

kernel_case case_of(const std::string& kernel, const std::string& label, const std::function<result()>& ours,
                    const std::function<result(const raw_kernels&)>& raw, double tolerance) {
  const auto out = std::make_shared<result>();
  kernel_case made;
  made.kernel = kernel;
  made.input = label;
  made.ours = [=] { *out = ours(); };
  made.raw = [=](const raw_kernels& by_hand) { *out = raw(by_hand); };
  made.clear = [out] { out->clear(); };
  made.hash = [out] {
    checksum sum;
    sum.add(std::as_bytes(std::span(*out)));
    return sum.value();
  };
  made.values = [out] { return *out; };
  made.tolerance = tolerance;
  return made;
}

result flat(const reductions::extrema<double>& e) {
  return {e.minimum.value, static_cast<double>(e.minimum.index), e.maximum.value,
          static_cast<double>(e.maximum.index)};
}

result flat(const raw_extrema& e) {
  return {e.minimum, static_cast<double>(e.minimum_at), e.maximum, static_cast<double>(e.maximum_at)};
}

result flat(const reductions::moments_of& m) {
  return {m.mean(), m.variance()};
}

result flat(const raw_moments& m) {
  return {m.mean, m.variance};
}

}  // namespace

void add_number_cases(index_t n, std::vector<kernel_case>& all) {
  const numbers x = generated(n, 1);
  const numbers y = generated(n, std::uint64_t{1} << 40);
  const std::string label = fmt::format("generated, {} doubles", n);
  constexpr double of_a_mean = 1e-9;
  const double of_a_sum = of_a_mean * static_cast<double>(n);
  all.push_back(case_of(
      "sum", label, [x] { return result{reductions::sum(*x)}; },
      [x](const raw_kernels& raw) { return result{raw.sum(*x)}; }, of_a_sum));
  all.push_back(case_of(
      "dot", label, [x, y] { return result{reductions::dot(*x, *y)}; },
      [x, y](const raw_kernels& raw) { return result{raw.dot(*x, *y)}; }, of_a_sum));
  all.push_back(case_of(
      "min and max with index", label, [x] { return flat(reductions::minmax(*x)); },
      [x](const raw_kernels& raw) { return flat(raw.minmax(*x)); }, 0));
  all.push_back(case_of(
      "mean and variance", label, [x] { return flat(reductions::moments(*x)); },
      [x](const raw_kernels& raw) { return flat(raw.moments(*x)); }, of_a_mean));
}

}  // namespace polyloop::bench
