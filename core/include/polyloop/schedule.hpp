#pragma once

#include "polyloop/error.hpp"
#include "polyloop/index.hpp"

namespace polyloop {

/// How the iterations of a loop are cut into chunks and handed to workers.
/// It never changes a result, only the time.
///
/// | schedule            | chunks                                                              |
/// | ------------------- | ------------------------------------------------------------------- |
/// | automatic           | the library's choice; small loops run on the calling thread alone    |
/// | static_()           | one block per worker                                                 |
/// | static_(grain)      | blocks of `grain`, dealt round the workers                           |
/// | dynamic(grain)      | blocks of `grain`, taken by whoever is free                          |
/// | guided(grain)       | blocks that shrink with what is left, never below `grain`            |
class schedule {
 public:
  enum class kind : unsigned char { automatic, fixed, dynamic, guided };

  static const schedule automatic;
  static constexpr schedule static_() { return {kind::fixed, 0}; }
  static constexpr schedule static_(index_t grain) { return {kind::fixed, checked(grain)}; }
  static constexpr schedule dynamic(index_t grain = 1) { return {kind::dynamic, checked(grain)}; }
  static constexpr schedule guided(index_t grain = 1) { return {kind::guided, checked(grain)}; }

  /// automatic, with a smallest chunk that is worth handing out (as core tells backends).
  static constexpr schedule automatic_from(index_t grain) { return {kind::automatic, checked(grain)}; }

  constexpr schedule() = default;
  constexpr kind how() const { return kind_; }
  /// Iterations per block; 0 where the schedule does not fix it.
  constexpr index_t grain() const { return grain_; }
  friend constexpr bool operator==(const schedule&, const schedule&) = default;

 private:
  constexpr schedule(kind how, index_t grain) : kind_(how), grain_(grain) {}

  static constexpr index_t checked(index_t grain) {
    if (grain <= 0) detail::throw_invalid("grain", grain, "a positive number of iterations");
    return grain;
  }

  kind kind_ = kind::automatic;
  index_t grain_ = 0;
};

inline constexpr schedule schedule::automatic{};

}  // namespace polyloop
