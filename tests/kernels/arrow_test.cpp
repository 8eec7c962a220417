#include "polyloop/aggregation/arrow.hpp"

#include <dlfcn.h>
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "polyloop/aggregation/group_table.hpp"

namespace {

using namespace polyloop::aggregation;
using polyloop::index_t;

typed_table all_types() {
  const std::vector<std::uint8_t> valid{1, 0, 1, 1, 0};
  typed_table t;
  t.add("i8", typed_column::of(std::vector<std::int8_t>{1, 2, 3, 4, 5}, valid));
  t.add("u8", typed_column::of(std::vector<std::uint8_t>{1, 2, 3, 4, 5}));
  t.add("i16", typed_column::of(std::vector<std::int16_t>{1, 2, 3, 4, 5}));
  t.add("u16", typed_column::of(std::vector<std::uint16_t>{1, 2, 3, 4, 5}));
  t.add("i32", typed_column::of(std::vector<std::int32_t>{-1, 2, 3, 4, 5}, valid));
  t.add("u32", typed_column::of(std::vector<std::uint32_t>{1, 2, 3, 4, 5}));
  t.add("i64", typed_column::of(std::vector<std::int64_t>{1, 2, 3, 4, -5}));
  t.add("u64", typed_column::of(std::vector<std::uint64_t>{1, 2, 3, 4, 5}));
  t.add("f", typed_column::of(std::vector<float>{1.5F, 2, 3, 4, 5}));
  t.add("d", typed_column::of(std::vector<double>{0.1, 2, 3, 4, 5}, valid));
  t.add("b", typed_column::booleans({true, false, true, true, false}, valid));
  t.add("t", typed_column::timestamps({1, 2, 3, 4, 5}, time_unit::millisecond));
  t.add("s", typed_column::strings({"pear", "", "a longer string than twelve", "x", "pear"}, valid));
  t.add("c", typed_column::coded(std::vector<std::uint8_t>{1, 0, 0, 1, 1},
                                 typed_column::strings({"no", "yes"}), valid));
  return t;
}

std::string text_at(const typed_column& column, index_t row) {
  if (!column.valid(row)) return "missing";
  if (column.type() == value_type::string) return std::string(column.text(row));
  if (column.type() == value_type::float32 || column.type() == value_type::float64)
    return std::to_string(column.real(row));
  return std::to_string(column.integer(row));
}

void check_equal(const typed_table& a, const typed_table& b) {
  REQUIRE(a.names() == b.names());
  REQUIRE(a.rows() == b.rows());
  for (const std::string& name : a.names()) {
    CAPTURE(name);
    for (index_t row = 0; row < a.rows(); ++row) CHECK(text_at(a[name], row) == text_at(b[name], row));
  }
}

}  // namespace

TEST_CASE("Arrow: what is given out and taken in again is the same memory") {
  const typed_table before = all_types();
  ArrowSchema schema;
  ArrowArray array;
  export_arrow(before, &schema, &array);
  const typed_table after = import_arrow(&schema, &array);
  CHECK((schema.release == nullptr));
  CHECK((array.release == nullptr));
  check_equal(before, after);
  for (const std::string& name : before.names()) {
    CHECK(after[name].type() == before[name].type());
    CHECK(after[name].layout().values == before[name].layout().values);
  }
  CHECK(after["t"].layout().unit == time_unit::millisecond);
}

TEST_CASE("Arrow: slices, and columns that outlive the table") {
  typed_table part;
  {
    const typed_table whole = all_types();
    for (const std::string& name : whole.names()) part.add(name, whole[name].slice(1, 3));
  }
  ArrowSchema schema;
  ArrowArray array;
  export_arrow(part, &schema, &array);
  typed_column kept;
  {
    const typed_table after = import_arrow(&schema, &array);
    check_equal(part, after);
    kept = after["s"];
  }
  CHECK(kept.text(1) == "a longer string than twelve");
  CHECK_FALSE(kept.valid(0));
}

TEST_CASE("Arrow: what is released by its consumer is gone; what is not known is named and left alone") {
  ArrowSchema schema;
  ArrowArray array;
  export_arrow(all_types(), &schema, &array);
  schema.children[0]->format = "z";
  CHECK_THROWS_AS(import_arrow(&schema, &array), polyloop::invalid_argument);
  REQUIRE((schema.release != nullptr));
  REQUIRE((array.release != nullptr));
  schema.release(&schema);
  array.release(&array);
  CHECK((schema.release == nullptr));
  CHECK((array.release == nullptr));
}

namespace {

/// DuckDB's library, where the environment variable POLYLOOP_DUCKDB names it.
class duckdb_library {
 public:
  duckdb_library() {
    const char* const path = std::getenv("POLYLOOP_DUCKDB");
    if (path && *path != '\0') file_ = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  }
  bool there() const { return file_ != nullptr; }
  template <class F>
  F* function(const char* name) const {
    void* const found = dlsym(file_, name);
    REQUIRE_MESSAGE(found != nullptr, name);
    return reinterpret_cast<F*>(found);
  }

 private:
  void* file_ = nullptr;
};

class duckdb_connection {
 public:
  explicit duckdb_connection(const duckdb_library& from) : from_(from) {
    REQUIRE(from.function<int(const char*, void**)>("duckdb_open")(nullptr, &database_) == 0);
    REQUIRE(from.function<int(void*, void**)>("duckdb_connect")(database_, &connection_) == 0);
  }
  duckdb_connection(const duckdb_connection&) = delete;
  duckdb_connection& operator=(const duckdb_connection&) = delete;
  ~duckdb_connection() {
    if (stream_) from_.function<void(void**)>("duckdb_destroy_arrow_stream")(&stream_);
    from_.function<void(void**)>("duckdb_disconnect")(&connection_);
    from_.function<void(void**)>("duckdb_close")(&database_);
  }

  /// The first batch of the answer.
  typed_table batch(const char* sql) {
    void* answer = nullptr;
    REQUIRE_MESSAGE(
        from_.function<int(void*, const char*, void**)>("duckdb_query_arrow")(connection_, sql, &answer) == 0,
        from_.function<const char*(void*)>("duckdb_query_arrow_error")(answer));
    ArrowSchema schema{};
    ArrowArray array{};
    void* schema_at = &schema;
    void* array_at = &array;
    REQUIRE(from_.function<int(void*, void**)>("duckdb_query_arrow_schema")(answer, &schema_at) == 0);
    REQUIRE(from_.function<int(void*, void**)>("duckdb_query_arrow_array")(answer, &array_at) == 0);
    typed_table taken = import_arrow(&schema, &array);
    from_.function<void(void**)>("duckdb_destroy_arrow")(&answer);
    return taken;
  }

  /// Shows a table to DuckDB as a view.
  void show(const char* name, const typed_table& table) {
    export_arrow(table, &schema_, &array_);
    REQUIRE(from_.function<int(void*, const char*, void*, void*, void**)>("duckdb_arrow_array_scan")(
                connection_, name, &schema_, &array_, &stream_) == 0);
  }

 private:
  const duckdb_library& from_;
  void* database_ = nullptr;
  void* connection_ = nullptr;
  void* stream_ = nullptr;  // what the view reads
  ArrowSchema schema_{};
  ArrowArray array_{};
};

}  // namespace

TEST_CASE("Arrow: a table of DuckDB's comes in, and is grouped as DuckDB does") {
  const duckdb_library library;
  if (!library.there()) {
    MESSAGE(
        "skipped: POLYLOOP_DUCKDB does not name libduckdb.so (npm package @duckdb/node-bindings-linux-x64)");
    return;
  }
  duckdb_connection duckdb(library);
  const typed_table t = duckdb.batch(
      "SELECT CASE WHEN i % 7 = 0 THEN NULL ELSE 'key ' || (i % 3) END AS k, i::INTEGER AS v, i * "
      "0.5::DOUBLE AS w, "
      "i % 2 = 0 AS b, (CASE WHEN i % 2 = 0 THEN 'even' ELSE 'odd' END)::ENUM('odd', 'even') AS e, "
      "TIMESTAMP '2020-01-01' + INTERVAL (i) SECOND AS t FROM range(1000) r(i)");
  CHECK(t.rows() == 1000);
  CHECK(t["k"].text(1) == "key 1");
  CHECK_FALSE(t["k"].valid(7));
  CHECK(t["v"].integer(999) == 999);
  CHECK(t["w"].real(3) == 1.5);
  CHECK(t["b"].integer(2) == 1);
  CHECK(t["e"].text(3) == "odd");
  CHECK(t["t"].type() == value_type::timestamp);
  CHECK(t["t"].integer(1) - t["t"].integer(0) == 1'000'000);
  const grouped_table got =
      group_by(t, {"k", "e"}, {aggregate::sum("v"), aggregate::max("t")}, {.order = group_order::sorted});
  CHECK(got.groups() == 8);
}

TEST_CASE("Arrow: our table goes to DuckDB, and what it makes of it comes back") {
  const duckdb_library library;
  if (!library.there()) {
    MESSAGE(
        "skipped: POLYLOOP_DUCKDB does not name libduckdb.so (npm package @duckdb/node-bindings-linux-x64)");
    return;
  }
  duckdb_connection duckdb(library);
  const typed_table mine = all_types();
  duckdb.show("mine", mine);
  const typed_table back =
      duckdb.batch("SELECT i8, u8, i16, u16, i32, u32, i64, u64, f, d, b, t, s, c FROM mine");
  check_equal(mine, back);
}
