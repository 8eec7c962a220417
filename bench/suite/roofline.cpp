#include "suite/roofline.hpp"

#include <algorithm>
#include <limits>

namespace polyloop::bench {

namespace {

using json = nlohmann::ordered_json;

/// What was measured at the largest number of workers that is not above; the least one failing that.
template <class T>
const T* at_workers(const std::map<int, T>& measured, int workers) {
  if (measured.empty()) return nullptr;
  const auto above = measured.upper_bound(workers);
  return above == measured.begin() ? &above->second : &std::prev(above)->second;
}

json bandwidth_json(int workers, const bandwidth& from) {
  return {{"workers", workers},     {"bytes", from.bytes},      {"read_gb_s", from.read},
          {"copy_gb_s", from.copy}, {"triad_gb_s", from.triad}, {"update_gb_s", from.update}};
}

}  // namespace

double bandwidth::best() const {
  return std::max({read, copy, triad, update});
}

double roofline::gb_per_second(int workers, double bytes) const {
  const auto* const levels = at_workers(levels_, workers);
  if (levels == nullptr || levels->empty()) return 0;
  const auto above = std::ranges::upper_bound(*levels, bytes, {}, &bandwidth::bytes);
  return above == levels->begin() ? above->best() : std::prev(above)->best();
}

double roofline::gflop_per_second(int workers, std::size_t number_bytes) const {
  const auto* const found = at_workers(peaks_, workers);
  if (found == nullptr) return 0;
  return number_bytes <= sizeof(float) ? found->of_floats : found->of_doubles;
}

roofline::place roofline::of(double bytes, double operations, std::size_t number_bytes, int workers,
                             double seconds) const {
  constexpr double giga = 1e9;
  const double memory_rate = gb_per_second(workers, bytes);
  const double compute_rate = gflop_per_second(workers, number_bytes);
  const double moving = memory_rate > 0 ? bytes / giga / memory_rate : 0;
  const double computing = compute_rate > 0 ? operations / giga / compute_rate : 0;
  const double least = std::max(moving, computing);
  if (!(least > 0) || !(seconds > 0)) return {};
  return {least / seconds, moving >= computing ? "memory" : "compute"};
}

json roofline::as_json() const {
  json made = {{"read_gb_s", json::object()},          {"copy_gb_s", json::object()},
               {"triad_gb_s", json::object()},         {"peak_gflop_s", json::object()},
               {"peak_float_gflop_s", json::object()}, {"levels", json::array()}};
  for (const auto& [workers, levels] : levels_) {
    const std::string key = std::to_string(workers);
    made["read_gb_s"][key] = levels.back().read;
    made["copy_gb_s"][key] = levels.back().copy;
    made["triad_gb_s"][key] = levels.back().triad;
    for (const bandwidth& each : levels) made["levels"].push_back(bandwidth_json(workers, each));
  }
  for (const auto& [workers, peak] : peaks_) {
    made["peak_gflop_s"][std::to_string(workers)] = peak.of_doubles;
    made["peak_float_gflop_s"][std::to_string(workers)] = peak.of_floats;
  }
  return made;
}

}  // namespace polyloop::bench
