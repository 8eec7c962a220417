#include "group_by/comparison.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "support/quiet.hpp"

namespace polyloop::bench::group_by {

using aggregation::typed_column;
using aggregation::typed_table;
using aggregation::value_type;

double median_of(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

double seconds_of(const std::function<void()>& call) {
  const auto begin = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::string text_of(const typed_column& column, index_t row) {
  if (!column.valid(row)) return "";
  switch (column.type()) {
    case value_type::string:
      return std::string(column.text(row));
    case value_type::float32:
    case value_type::float64:
      return fmt::format("{:.17g}", column.real(row));
    default:
      return std::to_string(column.integer(row));
  }
}

namespace {

/// Equal, or numbers whose difference is rounding in another order. A correlation of one row is missing here,
/// and NaN there; a sum of nothing is 0 here, and missing there.
bool same(const std::string& ours, const std::string& theirs) {
  if (ours == theirs || (ours.empty() && theirs == "nan") || (ours == "0" && theirs.empty())) return true;
  char* end = nullptr;
  const double a = std::strtod(ours.c_str(), &end);
  if (ours.empty() || theirs.empty() || *end != '\0') return false;
  const double b = std::strtod(theirs.c_str(), &end);
  return *end == '\0' &&
         (std::abs(a - b) <= 1e-9 * std::max({1.0, std::abs(a), std::abs(b)}) || (a != a && b != b));
}

[[noreturn]] void differ(const std::string& where, const std::string& mine, const std::string& other) {
  throw std::runtime_error(fmt::format("{}: {} here, {} there", where, mine, other));
}

/// Throws where the answers differ, and says at which row.
void compare(const question& asked, const typed_table& table, const std::string& sql, duckdb& peer) {
  const auto ours =
      aggregation::group_by(table, asked.keys, asked.aggregates, {.order = aggregation::group_order::sorted});
  std::string order;
  for (const std::string& key : asked.keys)
    order += (order.empty() ? " ORDER BY " : ", ") + key + " NULLS LAST";
  const auto theirs = peer.rows_of(sql + order);
  if (theirs.size() != static_cast<std::size_t>(ours.groups()))
    differ(asked.name + ", groups", std::to_string(ours.groups()), std::to_string(theirs.size()));
  for (index_t row = 0; row < ours.groups(); ++row)
    for (std::size_t c = 0; c < ours.columns().names().size(); ++c) {
      const std::string mine = text_of(ours.columns()[ours.columns().names()[c]], row);
      const std::string& other = theirs[static_cast<std::size_t>(row)][c];
      if (!same(mine, other))
        differ(fmt::format("{}, row {}, {}", asked.name, row, ours.columns().names()[c]), mine, other);
    }
}

/// Our number of groups and sum of all that was aggregated.
peer_answer summary_of(const question& asked, const typed_table& table) {
  const auto ours = aggregation::group_by(table, asked.keys, asked.aggregates);
  peer_answer answer{0, ours.groups(), 0};
  for (std::size_t c = asked.keys.size(); c < ours.columns().names().size(); ++c) {
    const typed_column& of = ours.columns()[ours.columns().names()[c]];
    for (index_t row = 0; row < of.rows(); ++row) {
      if (!of.valid(row)) continue;
      const double value =
          of.type() == value_type::float64 ? of.real(row) : static_cast<double>(of.integer(row));
      if (std::isfinite(value)) answer.total += value;
    }
  }
  return answer;
}

void compare(const std::string& where, const peer_answer& ours, const peer_answer& theirs) {
  if (ours.groups != theirs.groups)
    differ(where + ", groups", std::to_string(ours.groups), std::to_string(theirs.groups));
  if (!(std::abs(ours.total - theirs.total) <= 1e-9 * std::max(1.0, std::abs(ours.total))))
    differ(where + ", sum of all", fmt::format("{:.17g}", ours.total), fmt::format("{:.17g}", theirs.total));
}

/// y with strings for its enums, whose values do not come as text.
std::string as_strings(const typed_table& table) {
  std::string changed;
  for (const std::string& name : table.names())
    if (table[name].type() == value_type::string)
      changed += fmt::format("{}{}::VARCHAR AS {}", changed.empty() ? "" : ", ", name, name);
  return "(SELECT * REPLACE (" + changed + ") FROM y)";
}

/// Removes a file in the end.
class temporary_file {
 public:
  temporary_file()
      : path_(std::filesystem::temp_directory_path() / fmt::format("polyloop-group-by-{}.csv", getpid())) {}
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace

void load_in_parts(duckdb& peer, const table_shape& shape) {
  constexpr index_t part_rows = 1'000'000;
  std::string columns;
  std::string definition;
  table_shape part = shape;
  part.coded = true;
  part.all_rows = shape.rows;
  for (part.first = 0; part.first < shape.rows; part.first += part_rows) {
    part.rows = std::min(part_rows, shape.rows - part.first);
    const typed_table made = made_table(part);
    peer.load("part", made);
    if (part.first == 0) {
      for (const std::string& name : made.names()) {
        const bool coded = shape.coded && made[name].dictionary();
        if (coded) {
          typed_table values;
          values.add("value", *made[name].dictionary());
          peer.load(name + "_list", values);
          peer.run(fmt::format("CREATE TYPE {0}_values AS ENUM (SELECT value FROM {0}_list)", name));
          peer.run(fmt::format("DROP TABLE {}_list", name));
        }
        columns += fmt::format("{}{}{}", columns.empty() ? "" : ", ", name,
                               coded ? fmt::format("::{0}_values AS {0}", name) : "");
      }
      peer.run("CREATE TABLE y AS SELECT " + columns + " FROM part");
    } else {
      peer.run("INSERT INTO y SELECT " + columns + " FROM part");
    }
    peer.run("DROP TABLE part");
  }
}

comparison::comparison(const table_shape& shape, const participants& peers)
    : shape_(shape), table_(made_table(shape)) {
  if (!peers.others.empty()) start_others(peers);
  if (peers.duckdb.empty()) return;
  duckdb_.emplace(peers.duckdb, peers.threads);
  load_in_parts(*duckdb_, shape);
}

comparison::~comparison() = default;

void comparison::start_others(const participants& peers) {
  const temporary_file csv;
  write_csv(table_, csv.path());
  for (const std::string& name : peers.others)
    others_[name] = std::make_unique<peer_process>(std::vector<std::string>{
        "env", "NODE_PATH=" + peers.modules, "node", POLYLOOP_GROUP_BY_PEERS "/peer.js", name, csv.path(),
        std::to_string(peers.threads), shape_.coded ? "coded" : "plain",
        shape_.missing > 0 ? "missing" : "whole"});
}

void comparison::compare_all(const question& asked) {
  if (duckdb_) compare(asked, table_, fmt::format(fmt::runtime(asked.sql), as_strings(table_)), *duckdb_);
  const peer_answer ours = summary_of(asked, table_);
  for (const auto& [name, peer] : others_) compare(asked.name + ", " + name, ours, peer->ask(asked.name));
}

void comparison::wait_for_others() const {
  wait_until_quiet([this] {
    double sum = 0;
    for (const auto& [name, peer] : others_) sum += peer->cpu_seconds();
    return sum;
  });
}

outcome comparison::measure(const question& asked, int rounds, bool check) {
  if (check) compare_all(asked);
  const std::string sql = fmt::format(fmt::runtime(asked.sql), "y");
  index_t groups = 0;
  std::map<std::string, std::vector<double>> seconds;
  for (int round = -1; round < rounds; ++round) {  // the first is not counted
    std::map<std::string, double> one;
    wait_for_others();
    one[""] = seconds_of([&] {
      groups = aggregation::group_by(table_, asked.keys, asked.aggregates, {.memory = &memory_}).groups();
    });
    if (duckdb_) {
      wait_for_others();
      one["DuckDB"] = seconds_of([&] { duckdb_->run(sql); });
    }
    for (const auto& [name, peer] : others_) {
      wait_for_others();
      one[name] = peer->ask(asked.name).seconds;
    }
    if (round >= 0)
      for (const auto& [name, took] : one) seconds[name].push_back(took);
  }
  outcome result{median_of(seconds[""])};
  fmt::print("{:4} {:32} {:9} groups  {:8.4f} s", asked.name, asked.words, groups, result.ours);
  for (const auto& [name, each] : seconds) {
    if (name.empty()) continue;
    const double median = median_of(each);
    fmt::print("  {} {:8.4f} s", name, median);
    if (result.best_name.empty() || median < result.best) result = {result.ours, median, name};
  }
  if (!result.best_name.empty()) fmt::print("  {:6.2f} times", result.best / result.ours);
  fmt::print("\n");
  std::fflush(stdout);
  return result;
}

}  // namespace polyloop::bench::group_by
