#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <limits>
#include <system_error>
#include <utility>

#include "polyloop/tuning.hpp"

namespace polyloop {

namespace {

constexpr std::string_view blanks = " \t\r";
constexpr int most_workers = 1'000'000;

struct named_kind {
  std::string_view name;
  schedule::kind how;
};
constexpr std::array<named_kind, 4> kinds{{{"automatic", schedule::kind::automatic},
                                           {"static", schedule::kind::fixed},
                                           {"dynamic", schedule::kind::dynamic},
                                           {"guided", schedule::kind::guided}}};

std::string_view name_of(schedule::kind how) {
  return std::find_if(kinds.begin(), kinds.end(), [how](const named_kind& each) { return each.how == how; })
      ->name;
}

schedule schedule_of(schedule::kind how, std::optional<index_t> grain) {
  if (how == schedule::kind::dynamic) return schedule::dynamic(grain.value_or(1));
  if (how == schedule::kind::guided) return schedule::guided(grain.value_or(1));
  if (how == schedule::kind::fixed) return grain ? schedule::static_(*grain) : schedule::static_();
  return grain ? schedule::automatic_from(*grain) : schedule::automatic;
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char each : text) result.append(each == '"' ? 2 : 1, each);
  return result + '"';
}

/// A line of the text, and how far it has been read. What is not there makes
/// it throw tuning_error.
class line_reader {
 public:
  line_reader(std::string_view file, index_t number, std::string_view line)
      : file_(file), number_(number), line_(line) {}

  /// Whether there is nothing more for us; else the next word begins here.
  bool at_end() {
    at_ = std::min(line_.find_first_not_of(blanks, at_), line_.size());
    return at_ == line_.size() || line_[at_] == '#';
  }
  std::size_t position() const { return at_; }

  /// Text in quotes, which is not empty.
  std::string text(std::string_view expected);
  /// The letters before a '=', which is read as well.
  std::string_view name();
  schedule::kind kind();
  template <class Integer>
  Integer positive(Integer most, std::string_view expected);

  [[noreturn]] void refuse(std::size_t at, std::string_view found, std::string_view expected) const {
    throw tuning_error({std::string(file_), number_, static_cast<index_t>(at) + 1, std::string(found),
                        std::string(expected)});
  }

 private:
  [[noreturn]] void refuse_word(std::size_t at, std::string_view expected) const {
    const std::string_view found = word_at(at);
    refuse(at, found.empty() ? "nothing" : quoted(found), expected);
  }
  std::string_view word_at(std::size_t begin) const {
    return line_.substr(begin, std::min(line_.find_first_of(" \t\r#", begin), line_.size()) - begin);
  }
  std::string_view next_word() {
    const std::string_view word = word_at(at_);
    at_ += word.size();
    return word;
  }
  bool next_is(char wanted) {
    if (at_ == line_.size() || line_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  std::string_view file_;
  index_t number_;
  std::string_view line_;
  std::size_t at_ = 0;
};

std::string line_reader::text(std::string_view expected) {
  const std::size_t begin = at_;
  if (!next_is('"')) refuse_word(begin, expected);
  std::string result;
  while (at_ < line_.size()) {
    const char each = line_[at_++];
    if (each == '"' && !next_is('"')) {
      if (result.empty()) refuse(begin, "nothing between the quotes", expected);
      return result;
    }
    result += each;
  }
  refuse(at_, "the end of the line", "a closing quote");
}

std::string_view line_reader::name() {
  const std::size_t begin = at_;
  while (at_ < line_.size() && line_[at_] >= 'a' && line_[at_] <= 'z') ++at_;
  const std::string_view letters = line_.substr(begin, at_ - begin);
  if (!next_is('=')) refuse_word(begin, "workers=, schedule=, grain= or backend=");
  return letters;
}

schedule::kind line_reader::kind() {
  const std::size_t begin = at_;
  const std::string_view name = next_word();
  for (const named_kind& each : kinds)
    if (each.name == name) return each.how;
  refuse_word(begin, "automatic, static, dynamic or guided");
}

template <class Integer>
Integer line_reader::positive(Integer most, std::string_view expected) {
  const std::size_t begin = at_;
  const std::string_view digits = next_word();
  Integer value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = failure == std::errc() && end == digits.data() + digits.size();
  if (!whole || value < 1 || value > most) refuse_word(begin, expected);
  return value;
}

/// What a line says after its label.
class line_settings {
 public:
  void read(line_reader& line) {
    const std::size_t begin = line.position();
    const std::string_view name = line.name();
    const auto once = [&](auto& place, const auto& value) {
      if (place) line.refuse(begin, quoted(name) + " again", "each setting once");
      place = value();
    };
    if (name == "workers")
      once(workers_, [&] { return line.positive(most_workers, "a number of workers from 1 to 1000000"); });
    else if (name == "schedule")
      once(how_, [&] { return line.kind(); });
    else if (name == "grain")
      once(grain_, [&] {
        return line.positive(std::numeric_limits<index_t>::max(), "a positive number of iterations");
      });
    else if (name == "backend")
      once(backend_, [&] { return line.text("a name in quotes"); });
    else
      line.refuse(begin, quoted(name), "workers=, schedule=, grain= or backend=");
  }

  loop_tuning result(const line_reader& line) const {
    if (grain_ && !how_) line.refuse(line.position(), "a grain alone", "schedule= beside it");
    return {workers_, how_ ? schedule_of(*how_, grain_) : schedule::automatic, backend_.value_or("")};
  }

 private:
  std::optional<int> workers_;
  std::optional<schedule::kind> how_;
  std::optional<index_t> grain_;
  std::optional<std::string> backend_;
};

void read_line(line_reader line, tuning& loops) {
  if (line.at_end()) return;
  const std::size_t begin = line.position();
  const std::string label = line.text("a label in quotes");
  if (loops.find(label) != nullptr) line.refuse(begin, quoted(label) + " again", "each label once");
  line_settings settings;
  while (!line.at_end()) settings.read(line);
  loops.set(label, settings.result(line));
}

std::string in_words(const tuning_problem& problem) {
  std::string text = problem.file.empty() ? "" : problem.file + ": ";
  if (problem.line > 0)
    text += "line " + std::to_string(problem.line) + ", column " + std::to_string(problem.column) + ": ";
  return text + "found " + problem.found + ", expected " + problem.expected;
}

std::string line_of(const std::string& label, const loop_tuning& how) {
  std::string line = quoted(label);
  if (how.workers) line += " workers=" + std::to_string(*how.workers);
  line.append(" schedule=").append(name_of(how.schedule.how()));
  if (how.schedule.grain() != 0) line += " grain=" + std::to_string(how.schedule.grain());
  if (!how.backend.empty()) line += " backend=" + quoted(how.backend);
  return line + '\n';
}

}  // namespace

tuning_error::tuning_error(tuning_problem problem) : error(in_words(problem)), problem_(std::move(problem)) {}

tuning parse_tuning(std::string_view text, std::string_view file) {
  tuning loops;
  for (index_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    read_line({file, number, line}, loops);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return loops;
}

std::string format_tuning(const tuning& loops) {
  std::string text;
  for (const auto& [label, how] : loops) text += line_of(label, how);
  return text;
}

tuning read_tuning(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text;
  for (std::array<char, 4096> block; stream.read(block.data(), block.size()), stream.gcount() > 0;)
    text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
  if (!stream.is_open() || stream.bad())
    throw tuning_error({file, 0, 0, std::generic_category().message(errno), "a file that can be read"});
  return parse_tuning(text, file);
}

}  // namespace polyloop
