#include "profile/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "polyloop/profile.hpp"

namespace polyloop::detail {

std::string fixed(double value, int digits) {
  std::array<char, 64> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, digits);
  return end.ec == std::errc() ? std::string(text.data(), end.ptr) : "?";
}

std::string in_words(std::chrono::nanoseconds time) {
  struct unit {
    double nanoseconds;
    const char* name;
  };
  constexpr std::array units = {unit{1e9, " s"}, unit{1e6, " ms"}, unit{1e3, " us"}};
  const auto value = static_cast<double>(time.count());
  for (const unit& each : units)
    if (value >= each.nanoseconds)
      return fixed(value / each.nanoseconds, value < 10 * each.nanoseconds ? 2 : 1) + each.name;
  return fixed(value, 0) + " ns";
}

namespace {

using columns = std::vector<std::string>;

std::string percent(double part) {
  return fixed(100 * part, 0) + " %";
}

std::string name_of(const profile::loop_summary& loop) {
  if (loop.label.empty()) return loop.site;
  return loop.site.empty() ? loop.label : loop.label + " (" + loop.site + ")";
}

std::chrono::nanoseconds mean(std::chrono::nanoseconds sum, std::uint64_t of) {
  return of > 0 ? sum / static_cast<std::int64_t>(of) : std::chrono::nanoseconds(0);
}

columns row_of(const profile::loop_summary& loop) {
  const std::uint64_t alone = loop.calls - loop.shared;
  return {in_words(loop.wall),
          std::to_string(loop.calls),
          percent(static_cast<double>(alone) / static_cast<double>(std::max<std::uint64_t>(loop.calls, 1))),
          std::to_string(loop.workers.size()),
          percent(loop.efficiency()),
          fixed(loop.imbalance(), 2),
          std::to_string(loop.chunks),
          loop.helped > 0 ? in_words(mean(loop.start_up, loop.helped)) : "-",
          loop.shared > 0 ? in_words(mean(loop.join, loop.shared)) : "-",
          name_of(loop)};
}

void widen(std::vector<std::size_t>& widths, const columns& row) {
  widths.resize(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
}

// Numbers to the right; the last column, which is the name, as it is.
std::string aligned(const columns& row, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i + 1 < row.size(); ++i)
    line += std::string(widths[i] - row[i].size(), ' ') + row[i] + "  ";
  return line + row.back() + '\n';
}

}  // namespace

}  // namespace polyloop::detail

std::string polyloop::profile::to_text(const table& from, std::size_t most_loops) {
  using namespace detail;
  const columns head = {"wall",      "calls",  "inline",   "workers", "efficiency",
                        "imbalance", "chunks", "start-up", "join",    "loop"};
  const std::size_t shown = std::min(most_loops, from.loops.size());
  std::vector<std::size_t> widths;
  widen(widths, head);
  for (std::size_t i = 0; i < shown; ++i) widen(widths, row_of(from.loops[i]));
  std::string text = aligned(head, widths);
  for (std::size_t i = 0; i < shown; ++i)
    text += aligned(row_of(from.loops[i]), widths) + "    " + from.loops[i].advice() + '\n';
  if (shown < from.loops.size()) text += "and " + std::to_string(from.loops.size() - shown) + " loops more\n";
  return text;
}
