/// polyloop-group-by: the db-benchmark's group-by task beside DuckDB and others, in turn; answers compared.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "group_by/comparison.hpp"
#include "group_by/peak_memory.hpp"
#include "group_by/shop.hpp"
#include "polyloop/context.hpp"
#include "support/arguments.hpp"
#include "support/claim.hpp"
#include "support/report_file.hpp"

namespace polyloop::bench::group_by {

namespace {

using aggregation::typed_table;
using aggregation::value_type;

struct settings {
  table_shape shape;
  participants peers;
  bool plain = false;
  std::string shop;
  std::string json;
  std::string csv;
  std::string only;
  int rounds = 5;
  bool check = false;
  bool explain = false;
  bool memory = false;
};

int report(const settings& how, const std::vector<claim>& claims) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const claim& made : claims) rows.push_back(json_row(made));
  report_file(how.json).write(rows);
  return std::all_of(claims.begin(), claims.end(), [](const claim& made) { return made.holds(); })
             ? 0
             : falls_short;
}

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
  const scoped_context scope{.workers = how.peers.threads};
  const typed_table shop = read_shop(how.shop);
  duckdb peer(how.peers.duckdb, how.peers.threads);
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
  std::vector<claim> claims;
  for (const shop_question& asked : shop_questions()) {
    compare_rows(asked, asked.ask(shop, memory), peer.rows_of(of_plain(asked.sql)));
    std::vector<double> ours;
    std::vector<double> theirs;
    for (int round = 0; round < 5 * how.rounds; ++round) {
      ours.push_back(seconds_of([&] { asked.ask(shop, memory); }));
      theirs.push_back(seconds_of([&] { peer.run(asked.sql); }));
    }
    claims.push_back({"the shop, " + asked.words + ": DuckDB's time", median_of(theirs) / median_of(ours), 5,
                      false, "of ours"});
    fmt::print("{:32} {:8.5f} s  DuckDB {:8.5f} s  {:6.2f} times\n", asked.words, median_of(ours),
               median_of(theirs), claims.back().measured);
  }
  return report(how, claims);
}

/// Peak memory of all questions, in a process for each of us.
int run_memory(const settings& how) {
  const auto ask_us = [&how]() -> std::function<void()> {
    return [&how, table = made_table(how.shape)] {
      const scoped_context scope{.workers = how.peers.threads};
      for (const question& asked : questions(how.shape.narrow))
        aggregation::group_by(table, asked.keys, asked.aggregates);
    };
  };
  const auto ask_duckdb = [&how]() -> std::function<void()> {
    const auto peer = std::make_shared<duckdb>(how.peers.duckdb, how.peers.threads);
    load_in_parts(*peer, how.shape);
    return [&how, peer] {
      for (const question& asked : questions(how.shape.narrow))
        peer->run(fmt::format(fmt::runtime(asked.sql), "y"));
    };
  };
  const double ours = peak_memory(ask_us);
  const double theirs = peak_memory(ask_duckdb);
  if (ours <= 0 || theirs <= 0) throw std::runtime_error("the peak memory is not known");
  fmt::print("{}: peak memory of all questions {:.2f} GiB, DuckDB {:.2f} GiB\n", name_of(how.shape),
             ours / 0x1p30, theirs / 0x1p30);
  return report(how,
                {{name_of(how.shape) + ": peak memory, ours over DuckDB's", ours / theirs, 1, true, "x"}});
}

/// The geometric mean that the task asks for: it is about the plain table that its users have, about the one
/// that is coded, and about awkward ones.
double bar_of(const table_shape& shape) {
  const bool usual = shape.missing == 0 && !shape.zipf && shape.keys == 100 && !shape.narrow;
  return !shape.coded ? 2 : usual ? 5 : 3;
}

int run(const settings& how) {
  if (how.memory) return run_memory(how);
  comparison beside(how.shape, how.peers);  // which starts processes, before there are threads
  const scoped_context scope{.workers = how.peers.threads};
  if (!how.csv.empty()) write_csv(beside.table(), how.csv);
  const std::string name = name_of(how.shape);
  fmt::print("{}, {} threads\n", name, how.peers.threads);
  std::vector<claim> claims;
  double logarithms = 0;
  for (const question& asked : questions(how.shape.narrow)) {
    if (!how.only.empty() && how.only != asked.name) continue;
    const outcome result = beside.measure(asked, how.rounds, how.check);
    if (how.explain)
      fmt::print("{}", aggregation::group_by(beside.table(), asked.keys, asked.aggregates).explain());
    if (result.best_name.empty()) continue;
    const double ratio = result.best / result.ours;
    logarithms += std::log(ratio);
    claims.push_back({fmt::format("{}, {} threads: {}, {}: time of the fastest peer", name, how.peers.threads,
                                  asked.name, asked.words),
                      ratio, 1, false, "of ours"});
  }
  if (claims.empty()) return 0;
  const double mean = std::exp(logarithms / static_cast<double>(claims.size()));
  fmt::print("geometric mean: {:.2f} times\n", mean);
  claims.push_back(
      {fmt::format("{}, {} threads: geometric mean: time of the fastest peer", name, how.peers.threads), mean,
       bar_of(how.shape), false, "of ours"});
  return report(how, claims);
}

int run_as_told(int argc, char** argv) {
  settings how;
  CLI::App app("Times the questions of the db-benchmark's group-by task, beside DuckDB and others in turn.");
  app.add_option("--rows", how.shape.rows, "Rows of the table")->capture_default_str();
  app.add_option("--keys", how.shape.keys, "K: values of id1, id2, id4 and id5")->capture_default_str();
  app.add_option("--missing", how.shape.missing, "Percent of the values that are missing")
      ->check(CLI::Range(0, 99));
  app.add_flag("--zipf", how.shape.zipf, "Keys of a Zipf distribution");
  app.add_flag("--plain", how.plain, "Strings as they are, not coded");
  app.add_flag("--narrow", how.shape.narrow, "Three columns, and questions about them; of DuckDB only");
  app.add_option("--duckdb", how.peers.duckdb, "The path of libduckdb.so")->envname("POLYLOOP_DUCKDB");
  app.add_option("--peers", how.peers.others, "Other peers, in Node.js: polars, chdb")
      ->envname("POLYLOOP_PEERS")
      ->delimiter(',');
  app.add_option("--modules", how.peers.modules, "The folder node_modules that has them")
      ->envname("POLYLOOP_PEER_MODULES");
  app.add_option("--shop", how.shop, "Instead, questions about the transactions of this CSV file");
  app.add_flag("--memory", how.memory, "Instead, the peak memory of all questions, beside DuckDB's");
  app.add_option("--threads", how.peers.threads, "Threads of all")->capture_default_str();
  app.add_option("--rounds", how.rounds, "How often each is timed")->capture_default_str();
  app.add_option("--only", how.only, "Only this question, such as q5");
  app.add_option("--json", how.json, "Write the rows to this file as well");
  app.add_option("--csv", how.csv, "Write the table to this file as well");
  app.add_flag("--check", how.check, "Compare the answers, too");
  app.add_flag("--explain", how.explain, "Tell the plans");
  return parsed_and_run(app, argc, argv, [&how] {
    how.shape.coded = !how.plain;
    if (how.shape.narrow) how.peers.others.clear();
    return how.shop.empty() ? run(how) : run_shop(how);
  });
}

}  // namespace

}  // namespace polyloop::bench::group_by

int main(int argc, char** argv) {
  return polyloop::bench::run_program("polyloop-group-by", argc, argv,
                                      polyloop::bench::group_by::run_as_told);
}
