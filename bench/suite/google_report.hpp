#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "suite/rounds.hpp"

namespace polyloop::bench {

/// Which of Google Benchmark's own forms.
enum class google_form { json, csv, console };

/// Writes the repetitions, each with mean, median, standard deviation and
/// coefficient of variation behind them, in one of Google Benchmark's forms, as
/// its own reporters do; without the single ones if `aggregates_only`.
void write_google_report(std::ostream& out, google_form form, const std::vector<repetitions>& all,
                         bool aggregates_only = false);

/// Its JSON form: an object with "context" and "benchmarks".
nlohmann::ordered_json google_json(const std::vector<repetitions>& all, bool aggregates_only = false);

}  // namespace polyloop::bench
