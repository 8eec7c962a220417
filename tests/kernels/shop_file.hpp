#pragma once

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

/// The transactions of a shop, if POLYLOOP_DATA has them.
namespace shop_data {

namespace fs = std::filesystem;

inline fs::path data_folder() {
  const char* const named = std::getenv("POLYLOOP_DATA");
  return named ? fs::path(named) : fs::path();
}

/// The shop's file, unpacked into a temporary one for as long as this lives.
class unpacked {
 public:
  explicit unpacked(const fs::path& packed)
      : file_(fs::temp_directory_path() /
              ("polyloop_shop_" + std::to_string(std::random_device{}()) + ".csv")) {
    const std::string command = "xz -dc '" + packed.string() + "' > '" + file_.string() + "'";
    done_ = std::system(command.c_str()) == 0;  // NOLINT(concurrency-mt-unsafe)
  }
  unpacked(const unpacked&) = delete;
  unpacked& operator=(const unpacked&) = delete;
  ~unpacked() {
    std::error_code ignored;
    fs::remove(file_, ignored);
  }
  bool done() const { return done_; }
  std::string file() const { return file_.string(); }

 private:
  fs::path file_;
  bool done_ = false;
};

}  // namespace shop_data
