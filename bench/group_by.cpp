/// polyloop-group-by: the db-benchmark's group-by task beside DuckDB, in turn; answers compared.

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "group_by/duckdb.hpp"
#include "group_by/made_table.hpp"
#include "group_by/questions.hpp"
#include "group_by/shop.hpp"
#include "polyloop/context.hpp"
#include "support/arguments.hpp"
#include "support/claim.hpp"
#include "support/report_file.hpp"

namespace polyloop::bench::group_by {

namespace {

using aggregation::typed_column;
using aggregation::typed_table;
using aggregation::value_type;

struct settings {
  table_shape shape;
  bool plain = false;
  std::string library;
  std::string shop;
  std::string json;
  std::string only;
  int threads = 2;
  int rounds = 5;
  bool check = false;
  bool explain = false;
};

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

/// Throws where the answers differ, and says at which row.
void compare(const question& asked, const typed_table& table, const std::string& sql, duckdb& peer) {
  const auto ours =
      aggregation::group_by(table, asked.keys, asked.aggregates, {.order = aggregation::group_order::sorted});
  std::string order;
  for (const std::string& key : asked.keys)
    order += (order.empty() ? " ORDER BY " : ", ") + key + " NULLS LAST";
  const auto theirs = peer.rows_of(sql + order);
  if (theirs.size() != static_cast<std::size_t>(ours.groups()))
    throw std::runtime_error(
        fmt::format("{}: {} groups, DuckDB has {}", asked.name, ours.groups(), theirs.size()));
  for (index_t row = 0; row < ours.groups(); ++row)
    for (std::size_t c = 0; c < ours.columns().names().size(); ++c) {
      const std::string mine = text_of(ours.columns()[ours.columns().names()[c]], row);
      const std::string& other = theirs[static_cast<std::size_t>(row)][c];
      if (!same(mine, other))
        throw std::runtime_error(fmt::format("{}, row {}, {}: {}, DuckDB has {}", asked.name, row,
                                             ours.columns().names()[c], mine, other));
    }
}

/// The same table with its strings as enums, as DuckDB's users have it who want it to be fast.
void code_strings(duckdb& peer) {
  for (const char* id : {"id1", "id2", "id3"})
    peer.run(fmt::format(
        "CREATE TYPE {0}_values AS ENUM (SELECT DISTINCT {0} FROM x WHERE {0} IS NOT NULL ORDER BY {0})",
        id));
  peer.run(
      "CREATE TABLE y AS SELECT id1::id1_values AS id1, id2::id2_values AS id2, id3::id3_values AS id3, id4, "
      "id5, id6, "
      "v1, v2, v3 FROM x");
}

class comparison {
 public:
  explicit comparison(const settings& how) : how_(how), table_(made_table(how.shape)) {
    if (how.library.empty()) return;
    peer_.emplace(how.library, how.threads);
    peer_->load("x", table_);
    if (how.shape.coded) code_strings(*peer_);
  }

  /// Seconds of DuckDB per second of ours: the quotient of the medians. Nothing without DuckDB.
  std::optional<double> measure(const question& asked) {
    const std::string sql = fmt::format(fmt::runtime(asked.sql), how_.shape.coded ? "y" : "x");
    if (peer_ && how_.check) compare(asked, table_, fmt::format(fmt::runtime(asked.sql), "x"), *peer_);
    const auto ours = [&] {
      groups_ = aggregation::group_by(table_, asked.keys, asked.aggregates, {.memory = &memory_}).groups();
    };
    std::vector<double> our_seconds;
    std::vector<double> their_seconds;
    for (int round = -1; round < how_.rounds; ++round) {  // the first is not counted
      const double mine = seconds_of(ours);
      const double other = peer_ ? seconds_of([&] { peer_->run(sql); }) : 0;
      if (round < 0) continue;
      our_seconds.push_back(mine);
      their_seconds.push_back(other);
    }
    const double mine = median_of(our_seconds);
    const double other = median_of(their_seconds);
    fmt::print("{:4} {:32} {:9} groups  {:8.4f} s", asked.name, asked.words, groups_, mine);
    if (peer_) fmt::print("  DuckDB {:8.4f} s  {:6.2f} times", other, other / mine);
    fmt::print("\n");
    if (how_.explain) fmt::print("{}", aggregation::group_by(table_, asked.keys, asked.aggregates).explain());
    std::fflush(stdout);
    if (!peer_) return std::nullopt;
    return other / mine;
  }

 private:
  const settings& how_;
  typed_table table_;
  std::optional<duckdb> peer_;
  aggregation::scratch_memory memory_;  // DuckDB keeps its own, too
  index_t groups_ = 0;
};

/// Throws where a cell differs; numbers as they are written with three decimals.
void compare_rows(const shop_question& asked, const typed_table& ours,
                  const std::vector<std::vector<std::string>>& theirs) {
  const auto decimals = [](const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    return text.empty() || *end != '\0' ? text : fmt::format("{:.3f}", value);
  };
  if (static_cast<std::size_t>(ours.rows()) != theirs.size())
    throw std::runtime_error(
        fmt::format("{}: {} rows, DuckDB has {}", asked.words, ours.rows(), theirs.size()));
  for (index_t row = 0; row < ours.rows(); ++row)
    for (std::size_t c = 0; c < ours.names().size(); ++c) {
      const std::string mine = text_of(ours[ours.names()[c]], row);
      const std::string& other = theirs[static_cast<std::size_t>(row)][c];
      if (mine != other && decimals(mine) != decimals(other))
        throw std::runtime_error(fmt::format("{}, row {}: {}, DuckDB has {}", asked.words, row, mine, other));
    }
}

/// The same question about the table with plain strings, whose values come as text.
std::string of_plain(std::string sql) {
  return sql.replace(sql.find("FROM shop"), 9, "FROM plain");
}

/// The shop's questions, in turn; its strings as enums there and in dictionaries here.
int run_shop(const settings& how) {
  const typed_table shop = read_shop(how.shop);
  duckdb peer(how.library, how.threads);
  peer.load("plain", shop);
  std::string columns;
  for (const std::string& name : shop.names()) {
    const bool text = shop[name].type() == value_type::string;
    if (text)
      peer.run(
          fmt::format("CREATE TYPE {0}_values AS ENUM (SELECT DISTINCT {0} FROM plain ORDER BY {0})", name));
    columns += (columns.empty() ? "" : ", ") + (text ? fmt::format("{0}::{0}_values AS {0}", name) : name);
  }
  peer.run("CREATE TABLE shop AS SELECT " + columns + " FROM plain");
  aggregation::scratch_memory memory;
  nlohmann::ordered_json report = nlohmann::ordered_json::array();
  bool all_hold = true;
  for (const shop_question& asked : shop_questions()) {
    compare_rows(asked, asked.ask(shop, memory), peer.rows_of(of_plain(asked.sql)));
    std::vector<double> ours;
    std::vector<double> theirs;
    for (int round = 0; round < 5 * how.rounds; ++round) {
      ours.push_back(seconds_of([&] { asked.ask(shop, memory); }));
      theirs.push_back(seconds_of([&] { peer.run(asked.sql); }));
    }
    const claim made{"the shop, " + asked.words + ": DuckDB's time", median_of(theirs) / median_of(ours), 5,
                     false, "of ours"};
    fmt::print("{:32} {:8.5f} s  DuckDB {:8.5f} s  {:6.2f} times\n", asked.words, median_of(ours),
               median_of(theirs), made.measured);
    report.push_back(json_row(made));
    all_hold = all_hold && made.holds();
  }
  report_file(how.json).write(report);
  return all_hold ? 0 : falls_short;
}

int run(const settings& how) {
  const scoped_context scope{.workers = how.threads};
  if (!how.shop.empty()) return run_shop(how);
  comparison beside(how);
  fmt::print("{}, {} threads\n", name_of(how.shape), how.threads);
  std::vector<claim> claims;
  double logarithms = 0;
  for (const question& asked : questions()) {
    if (!how.only.empty() && how.only != asked.name) continue;
    const std::optional<double> ratio = beside.measure(asked);
    if (!ratio) continue;
    logarithms += std::log(*ratio);
    claims.push_back(
        {fmt::format("{}, {}: DuckDB's time", asked.name, asked.words), *ratio, 1, false, "of ours"});
  }
  if (claims.empty()) return 0;
  claims.push_back({"geometric mean: DuckDB's time",
                    std::exp(logarithms / static_cast<double>(claims.size())), how.shape.coded ? 5.0 : 2.0,
                    false, "of ours"});
  fmt::print("geometric mean: {:.2f} times\n", claims.back().measured);
  nlohmann::ordered_json report = nlohmann::ordered_json::array();
  for (const claim& made : claims) report.push_back(json_row(made));
  report_file(how.json).write(report);
  return std::all_of(claims.begin(), claims.end(), [](const claim& made) { return made.holds(); })
             ? 0
             : falls_short;
}

int run_as_told(int argc, char** argv) {
  settings how;
  CLI::App app("Times the questions of the db-benchmark's group-by task, beside DuckDB in turn.");
  app.add_option("--rows", how.shape.rows, "Rows of the table")->capture_default_str();
  app.add_option("--keys", how.shape.keys, "K: values of id1, id2, id4 and id5")->capture_default_str();
  app.add_option("--missing", how.shape.missing, "Percent of the values that are missing")
      ->check(CLI::Range(0, 99));
  app.add_flag("--zipf", how.shape.zipf, "Keys of a Zipf distribution");
  app.add_flag("--plain", how.plain, "Strings as they are, not coded");
  app.add_option("--duckdb", how.library, "The path of libduckdb.so")->envname("POLYLOOP_DUCKDB");
  app.add_option("--shop", how.shop, "Instead, questions about the transactions of this CSV file");
  app.add_option("--threads", how.threads, "Threads of both")->capture_default_str();
  app.add_option("--rounds", how.rounds, "How often each is timed")->capture_default_str();
  app.add_option("--only", how.only, "Only this question, such as q5");
  app.add_option("--json", how.json, "Write the rows to this file as well");
  app.add_flag("--check", how.check, "Compare the answers, too");
  app.add_flag("--explain", how.explain, "Tell the plans");
  return parsed_and_run(app, argc, argv, [&how] {
    how.shape.coded = !how.plain;
    return run(how);
  });
}

}  // namespace

}  // namespace polyloop::bench::group_by

int main(int argc, char** argv) {
  return polyloop::bench::run_program("polyloop-group-by", argc, argv,
                                      polyloop::bench::group_by::run_as_told);
}
