#pragma once

#include <string>
#include <vector>

namespace polyloop::bench {

/// What registered_kernel objects could not add, in words: they are made before
/// anybody could catch an exception.
const std::vector<std::string>& refused_kernels();

}  // namespace polyloop::bench
