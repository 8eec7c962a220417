#pragma once

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

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

/// The main() of a program: run(argc, argv) returns its status; what it throws is told on
/// stderr, under the program's name.
template <class Run>
int run_program(const char* name, int argc, char** argv, const Run& run) {
  try {
    return run(argc, argv);
  } catch (const std::exception& problem) {
    std::cerr << name << ": " << problem.what() << '\n';
    return wrong_use;
  }
}

}  // namespace polyloop::bench
