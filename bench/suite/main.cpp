#include "polyloop/bench.hpp"

int main(int argc, char** argv) {
  return polyloop::bench::run_suite(argc, argv);
}
