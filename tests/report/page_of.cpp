/// polyloop-report-page RESULTS.json: the report on them, on stdout.

#include <exception>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "report/report.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    std::ifstream file(argv[1]);
    std::cout << polyloop::bench::report_page(nlohmann::json::parse(file));
    return std::cout.flush() ? 0 : 1;
  } catch (const std::exception& problem) {
    std::cerr << "polyloop-report-page: " << problem.what() << '\n';
    return 1;
  }
}
