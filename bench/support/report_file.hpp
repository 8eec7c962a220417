#pragma once

#include <fstream>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace polyloop::bench {

/// A report that is written under another name first and renamed when it is
/// whole: whoever looks finds the old one or the new one. Opened before the
/// measuring begins, so that a wrong path is told at once.
class report_file {
 public:
  /// No file for an empty path. Throws std::system_error, whose text names the file.
  explicit report_file(std::string path);
  report_file(const report_file&) = delete;
  report_file& operator=(const report_file&) = delete;
  /// Leaves nothing behind if there was no write.
  ~report_file();

  void write(const nlohmann::ordered_json& report);
  void write(const std::string& text);

 private:
  std::string path_;
  std::string unfinished_;
  std::ofstream file_;
};

}  // namespace polyloop::bench
