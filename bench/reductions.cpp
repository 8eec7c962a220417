/// polyloop-reductions: reductions beside the limit of reading memory, and beside Eigen.

#include "reductions/table.hpp"
#include "support/claim_program.hpp"

int main(int argc, char** argv) {
  return polyloop::bench::run_claim_program(
      {"polyloop-reductions",
       "Times reductions beside reading their input, and those of lines beside Eigen, in turn.",
       polyloop::bench::reductions_bench::entries},
      argc, argv);
}
