#include "frames/measured.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "support/table.hpp"

namespace polyloop::bench {

namespace {

using nlohmann::json;

json to_json(const measured_row& row) {
  return {row.name,       row.height, row.threads, row.ours,     row.theirs,          row.ratio,
          row.difference, row.rate,   row.of_copy, row.speed_up, row.bound_by_memory, row.bar};
}

measured_row from_json(const json& row) {
  return {row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9], row[10], row[11]};
}

/// The child's part: writes its rows and ends, without the destructors of a program that is not its own.
[[noreturn]] void answer(int to, const std::function<std::vector<measured_row>()>& call) {
  int status = 1;
  try {
    json rows = json::array();
    for (const measured_row& row : call()) rows.push_back(to_json(row));
    const std::string text = rows.dump();
    status = write(to, text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1;
  } catch (const std::exception& problem) {
    std::cerr << problem.what() << '\n';
  }
  std::fflush(stdout);
  _exit(status);
}

std::string read_all(int from) {
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(from, buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(got));
  return text;
}

double geometric_mean(const std::vector<double>& values) {
  double logarithms = 0;
  for (const double value : values) logarithms += std::log(value);
  return std::exp(logarithms / static_cast<double>(values.size()));
}

// What the noise of this machine takes away from a row bound by memory.
constexpr double memory_bar = 0.95;

constexpr double least_scaled_seconds = 0.2e-3;
constexpr double scaling_bar = 1.85;
// From so much of a copy's rate with two workers on, a filter is at the limit of the memory.
constexpr double limit_of_memory = 0.8;

std::string title(const measured_row& row) {
  return fmt::format("{}, {} rows, {} threads", row.name, row.height, row.threads);
}

/// Not slower than OpenCV.
claim speed_claim(const measured_row& row) {
  return {title(row) + ": OpenCV's time over ours", row.ratio, row.bound_by_memory ? memory_bar : row.bar,
          false, ""};
}

/// Claims on what the second worker brings.
std::vector<claim> scaling_claims(const std::vector<measured_row>& rows) {
  std::vector<claim> claims;
  for (const measured_row& row : rows) {
    if (row.threads != 2 || row.ours * row.speed_up < least_scaled_seconds) continue;
    if (row.of_copy >= limit_of_memory) continue;
    claims.push_back({fmt::format("{}, {} rows: time of 1 worker over that of 2; {:.2f} of a copy's rate",
                                  row.name, row.height, row.of_copy),
                      row.speed_up, scaling_bar, false, ""});
  }
  return claims;
}

}  // namespace

void print(const measured_row& row) {
  fmt::print("{:36} {:>5} rows {} threads: {:>9} theirs {:>9} ratio {:6.2f}, apart {:g}", row.name,
             row.height, row.threads, duration_text(row.ours), duration_text(row.theirs), row.ratio,
             row.difference);
  fmt::print(", {:.1f} GB/s, {:.2f} of a copy's", row.rate * 1e-9, row.of_copy);
  if (row.threads > 1) fmt::print(", {:.2f} x of 1 worker's speed", row.speed_up);
  fmt::print("\n");
  std::fflush(stdout);
}

std::vector<measured_row> in_a_child(const std::function<std::vector<measured_row>()>& call) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe to a child process");
  std::fflush(stdout);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no child process");
  if (child == 0) answer(ends[1], call);
  close(ends[1]);
  const std::string text = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) throw std::runtime_error("the measurement ended early");
  std::vector<measured_row> rows;
  for (const json& row : json::parse(text)) rows.push_back(from_json(row));
  return rows;
}

std::vector<claim> claims_of(const std::vector<measured_row>& rows) {
  std::vector<claim> claims;
  for (const int threads : {1, 2}) {
    std::vector<double> all;
    for (const measured_row& row : rows) {
      if (row.threads != threads) continue;
      all.push_back(row.ratio);
      claims.push_back(speed_claim(row));
    }
    if (!all.empty())
      claims.push_back(
          {fmt::format("all filters, {} threads: geometric mean of OpenCV's time over ours", threads),
           geometric_mean(all), threads == 1 ? 2.5 : 4.0, false, ""});
  }
  const std::vector<claim> scaling = scaling_claims(rows);
  claims.insert(claims.end(), scaling.begin(), scaling.end());
  return claims;
}

}  // namespace polyloop::bench
