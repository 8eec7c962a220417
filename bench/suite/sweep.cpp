#include "suite/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "polyloop/context.hpp"
#include "polyloop/error.hpp"
#include "suite/result.hpp"

namespace polyloop::bench {

namespace {

constexpr const char* serial = "serial";

/// Reads a sweep from left to right and knows where it is.
class sweep_reader {
 public:
  explicit sweep_reader(std::string_view text) : text_(text) {}

  sweep read() {
    while (at_ <= text_.size()) {
      const std::string_view word = next_word();
      const std::size_t equals = word.find('=');
      if (equals != std::string_view::npos) begin_axis(word.substr(0, equals));
      take_value(equals == std::string_view::npos ? word : word.substr(equals + 1));
      at_ += word.size() + 1;
    }
    return made_;
  }

 private:
  std::string_view next_word() const {
    return text_.substr(at_, std::min(text_.find(',', at_), text_.size()) - at_);
  }

  [[noreturn]] void refuse(std::string_view found, std::string_view expected) const {
    throw usage_error(
        fmt::format("--sweep: character {}: \"{}\": expected {}", at_ + offset_ + 1, found, expected));
  }

  void begin_axis(std::string_view key) {
    offset_ = 0;
    if (std::ranges::find(seen_, key) != seen_.end()) refuse(key, "each key once");
    seen_.emplace_back(key);
    if (key == "workers")
      made_.workers.clear();
    else if (key == "schedule")
      made_.schedules.clear();
    else if (key == "grain")
      made_.grains.clear();
    else if (key != "backend")
      refuse(key, "workers, schedule, grain or backend");
    offset_ = key.size() + 1;
  }

  void take_value(std::string_view value) {
    if (seen_.empty()) refuse(value, "key=value");
    const std::string& key = seen_.back();
    if (key == "workers") made_.workers.push_back(worker_range(value));
    if (key == "schedule") made_.schedules.push_back(schedule_value(value));
    if (key == "grain") made_.grains.push_back(number<index_t>(value, 0, "a number of iterations"));
    if (key == "backend") made_.backends.push_back(backend_value(value));
    offset_ = 0;
  }

  template <class T>
  T number(std::string_view value, T least, const char* expected) const {
    T read = 0;
    const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), read);
    if (problem != std::errc() || end != value.data() + value.size() || read < least) refuse(value, expected);
    return read;
  }

  int workers(std::string_view value) const {
    return value == "N" ? sweep::all_workers : number(value, 1, "a number of workers, N, or a range 1..N");
  }

  sweep::worker_range worker_range(std::string_view value) const {
    const std::size_t dots = value.find("..");
    if (dots == std::string_view::npos) return {workers(value), workers(value)};
    const sweep::worker_range read = {workers(value.substr(0, dots)), workers(value.substr(dots + 2))};
    if (read.last != sweep::all_workers && (read.first == sweep::all_workers || read.first > read.last))
      refuse(value, "a range that begins below its end");
    return read;
  }

  std::string schedule_value(std::string_view value) const {
    try {
      return schedule_name(schedule_named(std::string(value), 0));
    } catch (const invalid_argument&) {
      refuse(value, "automatic, static, dynamic or guided");
    }
  }

  std::string backend_value(std::string_view value) const {
    try {
      return std::string(find_backend(value).name());
    } catch (const unknown_backend& problem) {
      refuse(value, problem.what());
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t offset_ = 0;  // of the value in its word
  std::vector<std::string> seen_;
  sweep made_;
};

std::vector<std::string> backends_of(const sweep& asked) {
  std::vector<std::string> names = asked.backends;
  if (names.empty())
    for (const backend* each : compiled_backends()) names.emplace_back(each->name());
  const auto place = std::ranges::find(names, serial);
  if (place != names.end()) std::rotate(names.begin(), place, place + 1);
  return names;
}

std::vector<int> worker_counts(const sweep& asked, const std::string& backend) {
  const scoped_context scope{.backend = backend};
  const int most = explain().workers;
  const auto resolved = [most](int count) {
    return count == sweep::all_workers ? most : std::min(count, most);
  };
  std::vector<int> counts;
  for (const auto& [first, last] : asked.workers)
    for (int count = resolved(first); count <= resolved(last); ++count) counts.push_back(count);
  std::ranges::sort(counts);
  const auto repeated = std::ranges::unique(counts);
  counts.erase(repeated.begin(), repeated.end());
  return counts;
}

void add_once(std::vector<variant>& all, const variant& one) {
  if (std::ranges::find(all, one) == all.end()) all.push_back(one);
}

}  // namespace

sweep parse_sweep(std::string_view text) {
  return sweep_reader(text).read();
}

std::vector<variant> our_variants(const sweep& asked) {
  std::vector<variant> all;
  for (const std::string& backend : backends_of(asked)) {
    if (backend == serial) {
      add_once(all, {.backend = backend});
      continue;
    }
    for (const int workers : worker_counts(asked, backend))
      for (const std::string& name : asked.schedules)
        for (const index_t grain : asked.grains)
          add_once(all, {backend, workers, schedule_named(name, grain)});
  }
  return all;
}

std::vector<variant> raw_variants(const std::vector<variant>& ours) {
  std::vector<variant> all;
  for (const variant& each : ours)
    add_once(all, {.backend = each.backend, .workers = each.workers, .raw = true});
  return all;
}

}  // namespace polyloop::bench
