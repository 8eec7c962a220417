#include "suite/registry.hpp"

#include <algorithm>

#include "polyloop/bench.hpp"
#include "polyloop/error.hpp"
#include "support/checksum.hpp"

namespace polyloop::bench {

namespace {

// Functions, not objects: other files add kernels before this one's objects exist.
std::vector<kernel_family>& families() {
  static std::vector<kernel_family> all;
  return all;
}

std::vector<std::string>& refusals() {
  static std::vector<std::string> all;
  return all;
}

bool is_there(const std::string& name) {
  return std::ranges::find(families(), name, &kernel_family::name) != families().end();
}

}  // namespace

void add_kernel(kernel_family family) {
  if (family.name.empty() || family.name.find('/') != std::string::npos)
    throw invalid_argument("name", '"' + family.name + '"', "a name without a slash");
  if (is_there(family.name))
    throw invalid_argument("name", '"' + family.name + '"', "one that no other kernel has");
  if (family.sizes.empty()) throw invalid_argument("sizes", "{} for " + family.name, "one size at least");
  families().push_back(std::move(family));
}

const std::vector<kernel_family>& all_kernels() {
  return families();
}

const std::vector<std::string>& refused_kernels() {
  return refusals();
}

registered_kernel::registered_kernel(std::string name, std::vector<index_t> sizes, kernel_setup setup) {
  try {
    add_kernel({std::move(name), std::move(sizes), std::move(setup)});
  } catch (const error& problem) {
    refusals().emplace_back(problem.what());
  }
}

std::uint64_t checksum_of(std::span<const std::byte> bytes) {
  checksum sum;
  sum.add(bytes);
  return sum.value();
}

}  // namespace polyloop::bench
