/// polyloop-frames: frame filters beside OpenCV's.

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <opencv2/core/utility.hpp>
#include <vector>

#include "frames/measured.hpp"
#include "frames/pictures.hpp"
#include "polyloop/context.hpp"
#include "support/arguments.hpp"
#include "support/input.hpp"
#include "support/measure.hpp"
#include "support/report_file.hpp"
#include "support/statistics.hpp"

namespace polyloop::bench {

namespace {

struct settings {
  std::string video;
  std::string json;
  std::string only;
  int threads = 0;
  int rounds = 15;
  index_t height = 0;
};

constexpr const char* footer =
    "examples:\n"
    "  polyloop-frames\n"
    "  polyloop-frames --only Gaussian --threads 2 --height 2160\n"
    "status: 0 all claims hold; 1 one falls short; 2 wrong use, or something cannot be read or written";

row_list rows_of(const pictures& of) {
  row_list rows;
  add_adaptive_rows(of, rows);
  add_blur_rows(of, rows);
  add_chain_rows(of, rows);
  add_edge_rows(of, rows);
  add_point_rows(of, rows);
  add_size_rows(of, rows);
  return rows;
}

double checked_difference(const filter_row& row) {
  row.ours();
  row.theirs();
  const double apart = row.difference();
  if (!(apart <= row.tolerance))
    throw std::runtime_error(
        fmt::format("{}: {} from OpenCV's result, at most {} expected", row.name, apart, row.tolerance));
  return apart;
}

measured_row measure(const filter_row& row, int threads, index_t height, int rounds) {
  const double apart = checked_difference(row);
  const auto alone = [&row] {
    const scoped_context one{.workers = 1};
    row.ours();
  };
  std::vector<subject> subjects{
      {repeated(row.ours), threads}, {repeated(row.theirs), threads}, {repeated(row.copy), threads}};
  if (threads > 1) subjects.push_back({repeated(alone), 1});
  const auto taken =
      measure_in_turn(subjects, {.most_rounds = rounds, .least_rounds = rounds, .sample_seconds = 5e-3});
  return {row.name,
          height,
          threads,
          median(taken[0]),
          median(taken[1]),
          median(ratios(taken[1], taken[0])),
          apart,
          row.bytes / median(taken[0]),
          median(ratios(taken[2], taken[0])) * row.bytes / row.copied_bytes,
          threads > 1 ? median(ratios(taken[3], taken[0])) : 1,
          row.bound_by_memory,
          row.bars[threads - 1]};
}

/// In a process of its own: OpenCV's number of threads is not changed afterwards.
std::vector<measured_row> measure_all(const settings& how, int threads, index_t height) {
  cv::setNumThreads(threads);
  const scoped_context scope{.workers = threads};
  const pictures frames = load_pictures(how.video, height * 16 / 9, height);
  std::vector<measured_row> all;
  for (const filter_row& row : rows_of(frames)) {
    if (row.name.find(how.only) == std::string::npos) continue;
    all.push_back(measure(row, threads, height, how.rounds));
    print(all.back());
  }
  return all;
}

int run(const settings& how) {
  report_file file(how.json);
  std::vector<measured_row> all;
  for (const index_t height : {index_t{1080}, index_t{2160}})
    for (const int threads : {1, 2}) {
      if ((how.height != 0 && how.height != height) || (how.threads != 0 && how.threads != threads)) continue;
      const auto rows = in_a_child([&] { return measure_all(how, threads, height); });
      all.insert(all.end(), rows.begin(), rows.end());
    }
  const std::vector<claim> claims = claims_of(all);
  nlohmann::ordered_json report = nlohmann::ordered_json::array();
  for (const claim& made : claims) report.push_back(json_row(made));
  file.write(report);
  return std::all_of(claims.begin(), claims.end(), [](const claim& made) { return made.holds(); })
             ? 0
             : falls_short;
}

/// The video of the data folder; none where it is not there.
std::string default_video() {
  const char* const folder = std::getenv("POLYLOOP_DATA");
  const std::filesystem::path video =
      std::filesystem::path(folder != nullptr ? folder : POLYLOOP_DATA) / "big-buck-bunny-1080p-5s.mp4";
  return std::filesystem::exists(video) ? video.string() : std::string();
}

int run_as_told(int argc, char** argv) {
  settings how;
  how.video = default_video();
  CLI::App app("Times frame filters beside OpenCV's, in turn, on the frames of a video.");
  app.add_option("--video", how.video,
                 "A video that OpenCV reads, of at least 65 frames; without one the frames are generated")
      ->capture_default_str();
  app.add_option("--only", how.only, "Only the filters whose name has these words");
  app.add_option("--threads", how.threads, "Only with so many threads")->check(CLI::IsMember({1, 2}));
  app.add_option("--height", how.height, "Only frames of so many rows")->check(CLI::IsMember({1080, 2160}));
  app.add_option("--rounds", how.rounds, "Pairs of measurements for each row")->capture_default_str();
  app.add_option("--json", how.json, "Write the rows to this file as well");
  app.footer(footer);
  return parsed_and_run(app, argc, argv, [&how] { return run(how); });
}

}  // namespace

}  // namespace polyloop::bench

int main(int argc, char** argv) {
  return polyloop::bench::run_program("polyloop-frames", argc, argv, polyloop::bench::run_as_told);
}
