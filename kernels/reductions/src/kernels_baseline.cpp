#include <utility>

#include "block_kernels.hpp"

namespace polyloop::reductions {

namespace baseline {
namespace {
constexpr std::size_t register_bytes = 16;
#include "lanes.inc"
}  // namespace
}  // namespace baseline

const kernel_set baseline_kernels = baseline::all;

}  // namespace polyloop::reductions
