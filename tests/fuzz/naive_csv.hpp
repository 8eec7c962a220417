#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

/// A CSV reader for comparisons: one byte at a time, from the first to the
/// last, written from RFC 4180 and the documentation of read_csv, sharing no code with it.
namespace naive {

struct cell {
  std::string text;
  bool quoted = false;
  std::size_t line = 1;  // on which it begins
};

struct failure {
  std::size_t line;
  std::size_t column;
};

enum class kind { integer, number, text };

struct sheet {
  std::vector<std::vector<cell>> rows;
};

inline bool fits(const cell& c, kind expected) {
  if (expected == kind::text || c.text.empty()) return true;
  const char* const end = c.text.data() + c.text.size();
  std::int64_t integer = 0;
  double number = 0;
  const auto [stop, status] = expected == kind::integer ? std::from_chars(c.text.data(), end, integer)
                                                        : std::from_chars(c.text.data(), end, number);
  return status == std::errc{} && stop == end;
}

class reader {
 public:
  reader(std::string_view text, std::vector<kind> kinds) : text_(text), kinds_(std::move(kinds)) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  /// The first row's width is fixed by the kinds when `headless`, else by itself.
  std::optional<failure> read(sheet& into, bool headless) {
    width_ = headless ? kinds_.size() : 0;
    if (headless && at_ == text_.size()) return {};
    do {
      if (auto failed = row(into.rows.emplace_back(), !headless && into.rows.size() == 1)) return failed;
    } while (at_ < text_.size());
    return {};
  }

 private:
  std::optional<failure> row(std::vector<cell>& cells, bool header) {
    for (;;) {
      cell next;
      next.line = line_;
      const std::size_t column = cells.size() + 1;
      if (!header && column > width_) return failure{line_, column};
      if (!(peek() == '"' ? quoted(next) : plain(next))) return failure{next.line, column};
      if (!header && column <= kinds_.size() && !fits(next, kinds_[column - 1]))
        return failure{next.line, column};
      cells.push_back(next);
      if (peek() != ',') {
        if (header) width_ = cells.size();
        if (cells.size() != width_) return failure{next.line, column};
        skip_line_end();
        return {};
      }
      ++at_;
    }
  }

  bool plain(cell& c) {
    while (!at_end_of_field()) {
      if (peek() == '"' || peek() == '\r' || peek() == '\0') return false;
      c.text += text_[at_++];
    }
    return true;
  }

  bool quoted(cell& c) {
    c.quoted = true;
    for (++at_; at_ < text_.size(); ++at_) {
      if (peek() == '\0') return false;
      if (peek() == '\n') ++line_;
      if (peek() == '"') {
        ++at_;
        if (at_ == text_.size() || peek() != '"') return at_end_of_field();
      }
      c.text += text_[at_];
    }
    return false;
  }

  int peek() const { return at_ < text_.size() ? text_[at_] : -1; }

  bool at_end_of_field() const {
    if (at_ == text_.size() || text_[at_] == ',' || text_[at_] == '\n') return true;
    return text_.substr(at_, 2) == "\r\n";
  }

  void skip_line_end() {
    if (peek() == '\r') ++at_;
    if (at_ < text_.size()) {
      ++at_;
      ++line_;
    }
  }

  std::string_view text_;
  std::vector<kind> kinds_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t width_ = 0;
};

}  // namespace naive
