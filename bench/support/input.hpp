#pragma once

#include <stdexcept>
#include <string>

namespace polyloop::bench {

/// An input that cannot be used; the text names the file and the place in it.
class input_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The whole file. Throws input_error.
std::string read_file(const std::string& path);

}  // namespace polyloop::bench
