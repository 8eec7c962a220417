#include <doctest/doctest.h>

#include <functional>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "effort.hpp"
#include "polyloop/aggregation/group_table.hpp"
#include "polyloop/context.hpp"

namespace {

using namespace polyloop::aggregation;
using polyloop::index_t;

struct texts {
  std::vector<std::string> values;
  std::vector<std::uint8_t> valid;

  texts(index_t rows, const std::function<std::string(index_t)>& text,
        const std::function<bool(index_t)>& is_there) {
    for (index_t row = 0; row < rows; ++row) {
      values.push_back(text(row));
      valid.push_back(is_there(row) ? 1 : 0);
    }
  }
  typed_column column() const { return typed_column::strings({values.begin(), values.end()}, valid); }
};

bool always(index_t) {
  return true;
}

bool same(const typed_column& coded, const typed_column& plain) {
  if (coded.rows() != plain.rows()) return false;
  for (index_t row = 0; row < coded.rows(); ++row)
    if (coded.valid(row) != plain.valid(row) || (plain.valid(row) && coded.text(row) != plain.text(row)))
      return false;
  return true;
}

std::vector<std::string> dictionary_of(const typed_column& coded) {
  std::vector<std::string> all;
  for (index_t row = 0; row < coded.dictionary()->rows(); ++row)
    all.emplace_back(coded.dictionary()->text(row));
  return all;
}

/// The different strings of a column in the order in which they come, and the rows where they do.
struct appearance {
  std::vector<std::string> strings;
  std::vector<index_t> rows;
};

appearance appearance_in(const typed_column& plain) {
  appearance all;
  std::unordered_set<std::string_view> seen;
  for (index_t row = 0; row < plain.rows(); ++row)
    if (plain.valid(row) && seen.insert(plain.text(row)).second) {
      all.strings.emplace_back(plain.text(row));
      all.rows.push_back(row);
    }
  return all;
}

/// Codes it on every backend with several numbers of workers; the dictionary's size is returned.
std::size_t check_coded(const typed_column& plain) {
  const appearance expected = appearance_in(plain);
  for (polyloop::backend* b : polyloop::compiled_backends())
    for (const int workers : effort::some_numbers_of_workers) {
      const polyloop::scoped_context scope{.backend = *b, .workers = workers, .oversubscribe = true};
      CAPTURE(b->name());
      CAPTURE(workers);
      const typed_column coded = dictionary_coded(plain);
      CHECK(same(coded, plain));
      CHECK(dictionary_of(coded) == expected.strings);
      const std::span<const index_t> rows = coded.first_rows();
      if (coded.may_be_missing())
        CHECK(rows.empty());
      else
        CHECK(std::equal(rows.begin(), rows.end(), expected.rows.begin(), expected.rows.end()));
    }
  return expected.strings.size();
}

constexpr index_t many_rows = effort::many_strings;

}  // namespace

TEST_CASE("dictionary_coded: strings of every length, with zeros in them") {
  for (const index_t lengths : {8, 16, 25}) {  // what fits into a key of 8 bytes, of 16, into none
    const texts made(
        40'000,
        [lengths](index_t row) {
          std::string text(static_cast<std::size_t>(row % lengths), 'x');
          if (!text.empty() && row % 3 == 0) text.back() = '\0';
          return text;
        },
        [](index_t row) { return row % 7 != 0; });
    CHECK(check_coded(made.column()) ==
          static_cast<std::size_t>(2 * lengths - 1));  // "", and two of each other
  }
}

TEST_CASE("dictionary_coded: strings that differ in one character, up to the last one of a long text") {
  const texts made(
      60'000,
      [](index_t row) {
        std::string text(static_cast<std::size_t>(1 + row % 40), 'a');
        text[static_cast<std::size_t>(row / 40 % 40) % text.size()] = 'b';
        return text;
      },
      always);
  CHECK(check_coded(made.column()) == 40 * 41 / 2);
}

TEST_CASE("dictionary_coded: a slice, and one row") {
  const texts made(
      50'000, [](index_t row) { return "id" + std::to_string(row % 11); },
      [](index_t row) { return row % 5 != 2; });
  CHECK(check_coded(made.column().slice(17, 40'001)) == 11);
  CHECK(check_coded(made.column().slice(49'999, 1)) == 1);
  CHECK(check_coded(made.column().slice(0, 0)) == 0);
}

TEST_CASE("dictionary_coded: keys that come late") {
  const auto late = [](index_t different) {
    return [different](index_t row) {
      const index_t of_late = row - many_rows * 2 / 3;
      return of_late < 0 ? std::to_string(row % 90) : "late " + std::to_string(of_late % different);
    };
  };
  SUBCASE("few") {
    CHECK(check_coded(texts(many_rows, late(20), always).column()) == 110);
  }
  SUBCASE("more than a byte numbers") {
    CHECK(check_coded(texts(many_rows, late(300), always).column()) == 390);
  }
  SUBCASE("more than two bytes number") {
    const index_t different = std::min<index_t>(70'000, many_rows / 3);
    CHECK(check_coded(texts(many_rows, late(different), always).column()) ==
          static_cast<std::size_t>(90 + different));
  }
  SUBCASE("one that is long") {
    for (const std::size_t longest : {8U, 15U, 16U, 100U}) {
      const auto long_last = [longest](index_t row) {
        return row + 1 < many_rows ? std::to_string(row % 90) : std::string(longest, 'z');
      };
      CHECK(check_coded(texts(many_rows, long_last, always).column()) == 91);
    }
  }
}

TEST_CASE("dictionary_coded: random keys, few, many, and all different") {
  for (const int different : {50, 5000, 100'000}) {
    CAPTURE(different);
    std::mt19937 random(7);
    std::set<std::string> expected;
    const texts made(
        many_rows / 2,
        [&](index_t) {
          const std::string text = std::to_string(random() % static_cast<unsigned>(different));
          expected.insert(text);
          return text;
        },
        always);
    CHECK(check_coded(made.column()) == expected.size());
  }
  const texts all_different(
      many_rows / 2, [](index_t row) { return "row " + std::to_string(row); }, always);
  CHECK(check_coded(all_different.column()) == static_cast<std::size_t>(many_rows / 2));
}

TEST_CASE("dictionary_coded: no value at all") {
  const texts made(
      30'000, [](index_t) { return std::string(); }, [](index_t) { return false; });
  CHECK(check_coded(made.column()) == 0);
}

TEST_CASE("dictionary_coded: empty strings without memory for characters, as Arrow has them") {
  const std::vector<std::int32_t> offsets(4, 0);
  const column_layout layout{.type = value_type::string, .rows = 3, .offsets = offsets.data()};
  const typed_column coded = dictionary_coded(typed_column(layout));
  REQUIRE(coded.dictionary()->rows() == 1);
  for (index_t row = 0; row < 3; ++row) CHECK(coded.text(row).empty());
}

TEST_CASE("dictionary_coded: groups are those of the plain strings, of all rows, of some, and of a slice") {
  const auto late = [](index_t row) { return std::to_string(row < 40'000 ? row % 90 : (row * 7) % 501); };
  const typed_column plain = texts(60'000, late, always).column();
  const typed_column coded = dictionary_coded(plain);
  CHECK(coded.first_rows().size() == 501);
  CHECK(coded.slice(1, 59'999).first_rows().empty());
  CHECK(coded.with_validity(std::vector<std::uint8_t>(60'000, 0)).first_rows().empty());
  const auto grouped = [](const typed_column& keys, const row_filter& where) {
    std::vector<std::int64_t> values(static_cast<std::size_t>(keys.rows()));
    std::iota(values.begin(), values.end(), 0);
    typed_table t;
    t.add("k", keys).add("v", typed_column::of(std::move(values)));
    const grouped_table groups = group_by(
        t, {"k"}, {aggregate::count(), aggregate::sum("v"), aggregate::first("v")}, {.where = where});
    CHECK(groups.explain().find("arrays") == 0);
    std::vector<std::string> all;
    for (index_t g = 0; g < groups.groups(); ++g)
      all.push_back(std::string(groups["k"].text(g)) + ' ' + std::to_string(groups["count"].integer(g)) +
                    ' ' + std::to_string(groups["sum(v)"].integer(g)) + ' ' +
                    std::to_string(groups["first(v)"].integer(g)));
    return all;
  };
  const row_filter some = [](index_t row) { return row % 3 == 1; };
  CHECK(grouped(coded, {}).size() == 501);
  CHECK(grouped(coded, {}) == grouped(plain, {}));
  CHECK(grouped(coded, some) == grouped(plain, some));
  CHECK(grouped(coded.slice(30'011, 20'000), {}) == grouped(plain.slice(30'011, 20'000), {}));
}
