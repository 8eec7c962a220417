#include <fmt/format.h>

#include "kernels/project_kernels.hpp"
#include "kernels/twins.hpp"
#include "polyloop/reductions/reductions.hpp"

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

struct vectors {
  numbers x;
  numbers y;  // of the functions of two
};

/// A function of one or two vectors: ours, by hand, and what it does for an element.
struct reduction {
  std::string name;
  int inputs;
  double operations;
  result (*ours)(const vectors&, const loop_options&);
  result (*raw)(const vectors&, const raw_kernels&);
  double tolerance;
};

kernel kernel_of(const reduction& how, index_t n) {
  const vectors in = {generated(n, 1), how.inputs > 1 ? generated(n, std::uint64_t{1} << 40) : nullptr};
  const auto out = std::make_shared<result>();
  const auto elements = static_cast<double>(n);
  kernel made{.bytes = how.inputs * elements * sizeof(double),
              .operations = how.operations * elements,
              .input = fmt::format("generated, {} doubles", n)};
  made.run = [in, out, ours = how.ours](const loop_options& options) { *out = ours(in, options); };
  made.checksum = [out] { return checksum_of(*out); };
  made.clear = [out] { out->clear(); };
  made.values = [out] { return *out; };
  made.tolerance = how.tolerance;
  add_twins(made, [in, out, raw = how.raw](const raw_kernels& by_hand) { *out = raw(in, by_hand); });
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

std::vector<kernel_family> number_kernels(index_t n) {
  constexpr double of_a_mean = 1e-9;
  const double of_a_sum = of_a_mean * static_cast<double>(n);
  const std::vector<reduction> known = {
      {"sum", 1, 1,
       [](const vectors& in, const loop_options& how) { return result{reductions::sum(*in.x, how)}; },
       [](const vectors& in, const raw_kernels& raw) { return result{raw.sum(*in.x)}; }, of_a_sum},
      {"dot", 2, 2,
       [](const vectors& in, const loop_options& how) { return result{reductions::dot(*in.x, *in.y, how)}; },
       [](const vectors& in, const raw_kernels& raw) { return result{raw.dot(*in.x, *in.y)}; }, of_a_sum},
      {"minmax", 1, 2,
       [](const vectors& in, const loop_options& how) { return flat(reductions::minmax(*in.x, how)); },
       [](const vectors& in, const raw_kernels& raw) { return flat(raw.minmax(*in.x)); }, 0},
      {"moments", 1, 4,
       [](const vectors& in, const loop_options& how) { return flat(reductions::moments(*in.x, how)); },
       [](const vectors& in, const raw_kernels& raw) { return flat(raw.moments(*in.x)); }, of_a_mean}};
  std::vector<kernel_family> all;
  for (const reduction& each : known)
    all.push_back({each.name, {n}, [each](index_t size) { return kernel_of(each, size); }});
  return all;
}

}  // namespace polyloop::bench
