#pragma once

#include <span>
#include <vector>

#include "support/claim.hpp"

namespace polyloop::bench {

/// A thing, and what is claimed of it.
struct claim_entry {
  const char* name;
  std::vector<claim> (*claims)();
};

/// A program that measures claims, prints them and writes them where --json says.
struct claim_program {
  const char* name;
  const char* description;
  std::span<const claim_entry> entries;
};

/// Its main(): returns the status.
int run_claim_program(const claim_program& what, int argc, char** argv);

}  // namespace polyloop::bench
