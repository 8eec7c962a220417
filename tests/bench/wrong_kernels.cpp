// A suite whose kernels are right but for one element in 1e7.

#include <algorithm>
#include <memory>
#include <polyloop/bench.hpp>
#include <polyloop/context.hpp>
#include <polyloop/parallel_for.hpp>
#include <vector>

namespace {

using polyloop::index_t;
using namespace polyloop::bench;

constexpr index_t elements = 10'000'000;
constexpr std::size_t spoilt = 7'654'321;
using numbers = std::shared_ptr<std::vector<double>>;

kernel squares(const numbers& out, const std::function<void(std::vector<double>&)>& spoil) {
  kernel made{.bytes = 8.0 * elements, .operations = 1.0 * elements};
  made.run = [=](const polyloop::loop_options& how) {
    const auto square = [at = out->data()](index_t i) {
      at[i] = static_cast<double>(i) * static_cast<double>(i);
    };
    polyloop::parallel_for(static_cast<index_t>(out->size()), square, how);
    spoil(*out);
  };
  made.checksum = [out] { return checksum_of(*out); };
  made.clear = [out] { std::ranges::fill(*out, -1.0); };
  return made;
}

numbers room(index_t n) {
  return std::make_shared<std::vector<double>>(static_cast<std::size_t>(n));
}

const registered_kernel right("right", {elements}, [](index_t n) { return squares(room(n), [](auto&) {}); });

const registered_kernel wrong_backend("wrong-backend", {elements}, [](index_t n) {
  return squares(room(n), [](std::vector<double>& out) {
    if (polyloop::explain().backend != "serial") out[spoilt] += 1;
  });
});

const registered_kernel wrong_everywhere("wrong-everywhere", {elements}, [](index_t n) {
  const numbers out = room(n);
  kernel reference = squares(out, [](auto&) {});
  reference.run({});
  kernel made = squares(out, [](std::vector<double>& all) { all[spoilt] += 1; });
  made.expected = reference.checksum();
  return made;
});

const registered_kernel wrong_beside_twin("wrong-beside-twin", {elements}, [](index_t n) {
  const numbers out = room(n);
  kernel made = squares(out, [](std::vector<double>& all) { all[spoilt] += 1; });
  made.raw["serial"].run = [out] {
    for (std::size_t i = 0; i < out->size(); ++i) (*out)[i] = static_cast<double>(i) * static_cast<double>(i);
  };
  made.values = [out] { return *out; };
  return made;
});

}  // namespace
