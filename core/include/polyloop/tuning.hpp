#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "polyloop/error.hpp"
#include "polyloop/index.hpp"
#include "polyloop/schedule.hpp"

/// How loops are to run that do not say so themselves, by their labels: what
/// `polyloop-bench --tune` finds best on a machine, and programs load.
///
///     polyloop::load_tuning("tuned.txt");
///     polyloop::parallel_for(n, body, {.label = "rows"});  // as the file says of "rows"
///
/// It never changes a result, only the time. Of several tunings that name a
/// label, the innermost scope's counts (`scoped_context{.tuning = &mine}`), then
/// the one that load_tuning() loaded last, then that of the environment variable
/// POLYLOOP_TUNING, which names a file.
///
/// The text has a line for each loop: its label, then what is settled about it.
///
///     # measured on the machine in the hall
///     "rows"     workers=4 schedule=dynamic grain=64 backend="tbb"
///     "columns"  workers=2
///
/// `schedule` is automatic, static, dynamic or guided; `grain` says how many
/// iterations and stands beside a schedule. A quote within a label is written
/// twice. From # on, a line is for the reader.
namespace polyloop {

/// How one loop is to run. What is left out is decided as without a tuning.
struct loop_tuning {
  /// At most so many workers, within the limits of the process and its scopes.
  std::optional<int> workers = {};
  polyloop::schedule schedule = polyloop::schedule::automatic;
  /// The backend that it was found best on; may be empty. Loops do not look at
  /// it: who chooses backends may (`scoped_context{.backend = how.backend}`).
  std::string backend = {};

  friend bool operator==(const loop_tuning&, const loop_tuning&) = default;
};

/// A table of loops by their labels. Thread-safe as a std::map is.
class tuning {
 public:
  using table = std::map<std::string, loop_tuning, std::less<>>;

  /// Settles how the loops of this label run. Throws invalid_argument for a
  /// label that is empty or has a line break, and for workers < 1. O(log loops).
  void set(std::string label, loop_tuning how);
  /// Takes in all of `later`; where both have a label, it counts.
  void add(const tuning& later);

  /// What is settled for this label; null if nothing is. O(log loops).
  const loop_tuning* find(std::string_view label) const noexcept;
  std::size_t size() const noexcept { return loops_.size(); }
  table::const_iterator begin() const noexcept { return loops_.begin(); }
  table::const_iterator end() const noexcept { return loops_.end(); }

  friend bool operator==(const tuning&, const tuning&) = default;

 private:
  table loops_;
};

/// Where a tuning's text is wrong, and how.
struct tuning_problem {
  std::string file;      ///< the file's name; empty if the text is from elsewhere
  index_t line = 0;      ///< from 1; 0 where the file could not be read at all
  index_t column = 0;    ///< of the first byte that is wrong, from 1
  std::string found;     ///< what is there
  std::string expected;  ///< what should be
};

/// A tuning's text is malformed, or its file cannot be read. what() reads
/// `tuned.txt: line 3, column 18: found "fast", expected automatic, static, dynamic or guided`.
class tuning_error : public error {
 public:
  explicit tuning_error(tuning_problem problem);
  const tuning_problem& problem() const noexcept { return problem_; }

 private:
  tuning_problem problem_;
};

/// The tuning that a text states; `file` is its name in errors. Throws
/// tuning_error for all that is not as described above: unknown settings, values
/// out of range, labels and settings that come twice. O(text * log loops).
tuning parse_tuning(std::string_view text, std::string_view file = {});

/// The text of a tuning, which parse_tuning() reads back as the same one.
std::string format_tuning(const tuning& loops);

/// The tuning in a file. Throws tuning_error, which names file, line and column.
tuning read_tuning(const std::string& file);

/// Reads a file and has all loops of the program follow it from now on, beside
/// what was loaded before. It is for programs, not for libraries: these use a scope. May be
/// called at any time from any thread; loops that have begun go on as they
/// began. Keeps its table until the program ends. Throws tuning_error as
/// read_tuning() does, and then changes nothing.
void load_tuning(const std::string& file);

}  // namespace polyloop
