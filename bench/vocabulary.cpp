/// polyloop-vocabulary: scans, searches and the like beside the best that others have.

#include "support/claim_program.hpp"
#include "vocabulary/table.hpp"

int main(int argc, char** argv) {
  return polyloop::bench::run_claim_program(
      {"polyloop-vocabulary",
       "Times the vocabulary of parallel loops beside the best of other libraries, in turn.",
       polyloop::bench::vocabulary::entries},
      argc, argv);
}
