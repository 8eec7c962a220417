#include "compare/run_case.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "polyloop/context.hpp"
#include "support/checksum.hpp"
#include "support/statistics.hpp"

namespace polyloop::bench {

namespace {

constexpr const char* serial = "serial";

/// A backend at a number of workers, and what was measured on it.
struct variant {
  std::string backend;
  int workers;
  std::size_t ours = 0;  // positions among the subjects
  std::size_t raw = 0;
  std::uint64_t hash = 0;

  std::string name() const {
    return fmt::format("{} with {} {}", backend, workers, workers == 1 ? "worker" : "workers");
  }
};

std::set<int> worker_counts(const std::string& backend) {
  const scoped_context scope{.backend = backend};
  return {1, explain().workers};
}

/// Serial first: it is what the others are held against.
std::vector<variant> all_variants() {
  std::vector<std::string> names;
  for (const backend* each : compiled_backends())
    names.insert(each->name() == serial ? names.begin() : names.end(), std::string(each->name()));
  std::vector<variant> all;
  for (const std::string& name : names)
    for (const int workers : worker_counts(name)) all.push_back({name, workers});
  return all;
}

std::uint64_t hash_on(const kernel_case& each, const variant& where) {
  each.clear();
  const scoped_context scope{.backend = where.backend, .workers = where.workers};
  each.ours();
  return each.hash();
}

void check_raw(const kernel_case& each, const variant& where, const std::vector<double>& expected) {
  const raw_kernels* const raw = raw_for(where.backend);
  if (raw == nullptr) return;
  each.clear();
  raw->with_workers(where.workers, [&] { each.raw(*raw); });
  const std::vector<double> seen = each.values();
  bool right = seen.size() == expected.size();
  for (std::size_t i = 0; right && i < seen.size(); ++i)
    right = std::isnan(expected[i]) || std::abs(seen[i] - expected[i]) <= each.tolerance;
  if (!right)
    throw std::logic_error(fmt::format("{}: the baseline written by hand for {} has another result than ours",
                                       each.kernel, where.name()));
}

void check_results(const kernel_case& each, std::vector<variant>& variants) {
  for (variant& where : variants) {
    where.hash = hash_on(each, where);
    if (where.hash != variants.front().hash)
      throw different_results(fmt::format("{}: the results of {} ({}) and of {} ({}) differ", each.kernel,
                                          variants.front().name(), hexadecimal(variants.front().hash),
                                          where.name(), hexadecimal(where.hash)));
  }
  const std::vector<double> expected = each.values();
  for (const variant& where : variants) check_raw(each, where, expected);
}

subject ours_on(const kernel_case& each, const variant& where) {
  const auto run = [&each, backend = where.backend, workers = where.workers](std::int64_t repeats) {
    const scoped_context scope{.backend = backend, .workers = workers};
    for (std::int64_t i = 0; i < repeats; ++i) each.ours();
  };
  return {run, where.workers};
}

subject raw_on(const kernel_case& each, const variant& where, const raw_kernels& raw) {
  const auto run = [&each, &raw, workers = where.workers](std::int64_t repeats) {
    raw.with_workers(workers, [&] {
      for (std::int64_t i = 0; i < repeats; ++i) each.raw(raw);
    });
  };
  return {run, where.workers};
}

std::vector<subject> subjects_of(const kernel_case& each, std::vector<variant>& variants) {
  std::vector<subject> all;
  for (variant& where : variants) {
    where.ours = all.size();
    all.push_back(ours_on(each, where));
    where.raw = all.size();
    const raw_kernels* const raw = raw_for(where.backend);
    if (raw != nullptr) all.push_back(raw_on(each, where, *raw));
  }
  return all;
}

comparison compared(const kernel_case& each, const variant& where, const samples& reference,
                    const std::vector<samples>& seconds) {
  const samples& ours = seconds[where.ours];
  comparison line{each.kernel, each.input, where.backend, where.workers};
  line.seconds = median(ours);
  line.spread = relative_spread(ours);
  line.speed_up = median(ratios(reference, ours));
  line.hash = where.hash;
  line.rounds = static_cast<int>(ours.size());
  if (raw_for(where.backend) == nullptr) return line;
  line.raw_seconds = median(seconds[where.raw]);
  line.ratio = median(ratios(ours, seconds[where.raw]));
  return line;
}

}  // namespace

std::vector<comparison> run_case(const kernel_case& each, const plan& how) {
  std::vector<variant> variants = all_variants();
  check_results(each, variants);
  const std::vector<subject> subjects = subjects_of(each, variants);
  const std::vector<samples> seconds = measure_in_turn(subjects, how);
  std::vector<comparison> lines;
  for (const variant& where : variants)
    lines.push_back(compared(each, where, seconds[variants.front().ours], seconds));
  return lines;
}

}  // namespace polyloop::bench
