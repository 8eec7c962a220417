#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace polyloop::bench {

/// Status of a program one of whose claims does not hold.
inline constexpr int falls_short = 1;

/// A figure that was measured, and the bar that it has to reach.
struct claim {
  std::string text;
  double measured = 0;
  double bar = 0;
  bool at_most = true;  // or at least
  std::string unit = {};

  bool holds() const { return at_most ? measured <= bar : measured >= bar; }
  const char* direction() const { return at_most ? "at most" : "at least"; }
  const char* verdict() const { return holds() ? "holds" : "falls short"; }
};

/// The row of a claim in the files that scripts/claims reads.
nlohmann::ordered_json json_row(const claim& made);

}  // namespace polyloop::bench
