#pragma once

#include <CLI/CLI.hpp>

namespace polyloop::bench {

inline constexpr int wrong_use = 2;

/// Parses the arguments, then calls run(), which returns the exit status; not
/// where --help or the like was all that was asked for, or the arguments are wrong.
template <class Run>
int parsed_and_run(CLI::App& app, int argc, char** argv, const Run& run) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : wrong_use;
  }
  return run();
}

}  // namespace polyloop::bench
