#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "support/measure.hpp"

namespace polyloop::bench {

/// How good a search has to be, and how much it may measure.
struct search_plan {
  /// What is within such a part of the best is as good as the best.
  double within = 0.05;
  /// No candidate is measured more often.
  int most_rounds = 16;
  /// So many of the first candidates stay to the end: those that stand for a
  /// kind of their own, and those that the best is to be held against.
  std::size_t kept = 0;
};

/// What a search has found.
struct finding {
  std::size_t best = 0;
  /// Probability that no candidate is faster by more than `within`.
  double confidence = 0;
  /// The samples of each candidate; those at the same place are of the same round.
  std::vector<samples> taken = {};
};

/// Finds the fastest of some candidates by measuring the good ones more often
/// than the bad: successive halving (K. Jamieson and A. Talwalkar,
/// "Non-stochastic best arm identification and hyperparameter optimization",
/// 2016). In a round each remaining candidate is measured once, in an order
/// drawn by lot. After 2, 4, 8, ... rounds the better half remains; those that are
/// clearly slower than the leader go at once, as in a race (O. Maron and A. Moore,
/// "Hoeffding races", 1994). The search ends, not before 8 rounds, when nothing
/// that remains can be faster than the leader by more than `within`.
///
/// measure(candidate) gives the seconds of one sample of candidate 0, 1, ...;
/// the same measurements give the same finding. Candidates are compared within
/// rounds, so what slows down a whole round misleads nobody. At most
/// 1 + log2(most_rounds) measurements for each candidate on average, beside those
/// of the kept ones. There is at least one candidate.
finding search(std::size_t candidates, const std::function<double(std::size_t candidate)>& measure,
               const search_plan& how = {});

}  // namespace polyloop::bench
