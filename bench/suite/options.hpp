#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <regex>
#include <string>
#include <vector>

#include "polyloop/bench.hpp"
#include "suite/sweep.hpp"
#include "support/measure.hpp"

namespace polyloop::bench {

/// What the user asked for.
struct options {
  std::string sweep_text;
  std::string filter = ".";
  bool list = false;
  bool quick = false;
  bool no_roofline = false;

  int repetitions = 25;
  double sample_seconds = 1e-3;
  double budget_seconds = 0;  // 0: the default for quick or not

  std::string json;
  std::string report;
  std::string baseline;
  double threshold = 0.02;

  // Google Benchmark's, which are ours to keep.
  std::string format;  // of stdout; empty: the suite's own table
  std::string out;
  std::string out_format = "json";
  bool aggregates_only = false;
  bool display_aggregates_only = false;

  /// How long to measure each of so many kernels.
  plan plan_for(std::size_t kernels) const;
};

/// What a program adds to the suite: flags and kernels of its own.
struct extension {
  std::string description = "Measures kernels on every backend and holds them against the machine's limits.";
  std::string footer = {};
  std::function<void(CLI::App& app)> declare = [](CLI::App&) {};
  /// Called when the flags are known. Throws input_error.
  std::function<void(const options& how)> add_kernels = [](const options&) {};
  /// A loop that does next to nothing, with its twins; none: launches are not measured.
  std::function<kernel()> launch = {};
};

/// The program, with what the extension adds. Returns the exit status.
int run_suite(int argc, char** argv, const extension& more);

/// Hands flags on to Google Benchmark, which is to shuffle the repetitions of a
/// round unless they say otherwise. False where it does not know one, told on stderr.
bool initialize_google(const std::string& program, const std::vector<std::string>& flags);

/// Declares the flags of every program of the suite.
void declare(CLI::App& app, options& how);

/// Which names are wanted, as --benchmark_filter tells: a regular expression that
/// a part of the name matches, or none does behind a "-". Throws usage_error for
/// what is no regular expression.
class name_filter {
 public:
  explicit name_filter(const std::string& text);
  bool operator()(const std::string& name) const { return std::regex_search(name, pattern_) != negative_; }

 private:
  bool negative_;
  std::regex pattern_;
};

}  // namespace polyloop::bench
