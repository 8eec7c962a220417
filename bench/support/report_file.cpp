#include "support/report_file.hpp"

#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

namespace polyloop::bench {

namespace {
[[noreturn]] void refuse(const std::string& path) {
  throw std::system_error(errno, std::generic_category(), path + ": cannot be written");
}
}  // namespace

report_file::report_file(std::string path) : path_(std::move(path)), unfinished_(path_ + ".part") {
  if (path_.empty()) return;
  file_.open(unfinished_, std::ios::binary | std::ios::trunc);
  if (!file_) refuse(path_);
}

report_file::~report_file() {
  if (!file_.is_open()) return;
  file_.close();
  std::error_code ignored;
  std::filesystem::remove(unfinished_, ignored);
}

void report_file::write(const nlohmann::ordered_json& report) {
  write(report.dump(2) + '\n');
}

void report_file::write(const std::string& text) {
  if (path_.empty()) return;
  file_ << text;
  file_.close();
  if (!file_) refuse(path_);
  std::filesystem::rename(unfinished_, path_);
}

}  // namespace polyloop::bench
