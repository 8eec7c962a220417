#include "suite/search.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <numeric>
#include <random>

#include "suite/interval.hpp"
#include "support/statistics.hpp"

namespace polyloop::bench {

namespace {

// Of fewer than six samples the interval of a median with 95 % confidence is not
// known: in more than 5 of 100 cases all of them lie on the same side of the true one.
constexpr int least_rounds = 8;
constexpr int resamples = 1000;
constexpr std::uint64_t seed = 20160502;

/// The median, of an even number the lower one: what disturbs a sample prolongs
/// it, and of two it may well have disturbed one.
double low_median(samples values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

class race {
 public:
  race(std::size_t candidates, const std::function<double(std::size_t)>& measure, const search_plan& how)
      : measure_(measure), how_(how), remaining_(candidates), taken_(candidates) {
    std::iota(remaining_.begin(), remaining_.end(), std::size_t{0});
  }

  finding run() {
    for (int rounds = 1; rounds <= how_.most_rounds; ++rounds) {
      take_round();
      if (rounds < 2 || !std::has_single_bit(static_cast<unsigned>(rounds))) continue;
      rank();
      drop_slower();
      if (rounds >= least_rounds && decided()) break;
      drop_worse_half();
    }
    rank();
    return {remaining_.front(), confidence(), std::move(taken_)};
  }

 private:
  void take_round() {
    std::vector<std::size_t> order = remaining_;
    std::shuffle(order.begin(), order.end(), random_);
    for (const std::size_t each : order) taken_[each].push_back(measure_(each));
  }

  /// The fastest first. All that remain were measured in the same rounds.
  void rank() {
    std::ranges::stable_sort(remaining_, {}, [this](std::size_t each) { return low_median(taken_[each]); });
  }

  const samples& leader() const { return taken_[remaining_.front()]; }
  bool stays(std::size_t candidate) const { return candidate < how_.kept || candidate == remaining_.front(); }

  void drop_slower() {
    std::erase_if(remaining_, [this](std::size_t each) {
      return !stays(each) && paired_ratio(taken_[each], leader()).low > 1 + how_.within;
    });
  }

  void drop_worse_half() {
    std::size_t place = 0;
    const std::size_t half = (remaining_.size() + 1) / 2;
    std::erase_if(remaining_, [&](std::size_t each) { return ++place > half && !stays(each); });
  }

  bool decided() const {
    return std::all_of(remaining_.begin() + 1, remaining_.end(), [this](std::size_t each) {
      return paired_ratio(taken_[each], leader()).low >= 1 / (1 + how_.within);
    });
  }

  /// The part of resampled measurements (rounds are drawn, with all that was
  /// measured in them) in which nobody is faster than the leader by more than `within`.
  double confidence() {
    int holds = 0;
    for (int i = 0; i < resamples; ++i) holds += leader_holds(drawn_rounds());
    return static_cast<double>(holds) / resamples;
  }

  using rounds_by_count = std::map<std::size_t, std::vector<std::size_t>>;

  /// As many rounds as there are samples, drawn of them; for each number of samples.
  rounds_by_count drawn_rounds() {
    rounds_by_count drawn;
    for (const samples& each : taken_) {
      std::vector<std::size_t>& rounds = drawn[each.size()];
      std::uniform_int_distribution<std::size_t> any(0, each.size() - 1);
      while (rounds.size() < each.size()) rounds.push_back(any(random_));
    }
    return drawn;
  }

  bool leader_holds(const rounds_by_count& drawn) const {
    return std::ranges::all_of(taken_, [&](const samples& each) {
      std::vector<double> ratio;
      for (const std::size_t round : drawn.at(each.size())) ratio.push_back(each[round] / leader()[round]);
      return median(ratio) >= 1 / (1 + how_.within);
    });
  }

  const std::function<double(std::size_t)>& measure_;
  const search_plan how_;
  std::vector<std::size_t> remaining_;
  std::vector<samples> taken_;
  std::mt19937_64 random_{seed};
};

}  // namespace

finding search(std::size_t candidates, const std::function<double(std::size_t)>& measure,
               const search_plan& how) {
  return race(candidates, measure, how).run();
}

}  // namespace polyloop::bench
