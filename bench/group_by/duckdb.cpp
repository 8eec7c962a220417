#include "group_by/duckdb.hpp"

#include <dlfcn.h>

#include <cstring>
#include <stdexcept>

namespace polyloop::bench::group_by {

using aggregation::typed_column;
using aggregation::value_type;

namespace {

// What is used of DuckDB's C interface (https://duckdb.org/docs/stable/clients/c/api), which the package has
// no header for.
using handle = void*;
struct result {
  std::uint64_t column_count, row_count, rows_changed;
  void* columns;
  char* error;
  void* internal;
};
struct string_value {  // up to 12 characters are inside
  std::uint32_t length;
  char prefix[4];
  const char* rest;
};

constexpr int integer_type = 4;
constexpr int bigint_type = 5;
constexpr int double_type = 11;
constexpr int varchar_type = 17;

template <class F>
void find(void* library, const char* name, F& function) {
  function = reinterpret_cast<F>(dlsym(library, name));
  if (!function) throw std::runtime_error(std::string("libduckdb has no ") + name);
}

int type_of(const typed_column& column) {
  switch (column.type()) {
    case value_type::string:
      return varchar_type;
    case value_type::float64:
      return double_type;
    case value_type::int64:
      return bigint_type;
    case value_type::int32:
      return integer_type;
    default:
      throw std::runtime_error("columns of this type are not loaded into DuckDB");
  }
}

const char* sql_type(int type) {
  return type == varchar_type  ? "VARCHAR"
         : type == double_type ? "DOUBLE"
         : type == bigint_type ? "BIGINT"
                               : "INTEGER";
}

}  // namespace

struct duckdb::library {
  void* file = nullptr;
  handle database = nullptr;
  handle connection = nullptr;

  int (*open)(const char*, handle*);
  int (*connect)(handle, handle*);
  void (*close)(handle*);
  void (*disconnect)(handle*);
  int (*query)(handle, const char*, result*);
  const char* (*result_error)(result*);
  void (*destroy_result)(result*);
  std::uint64_t (*row_count)(result*);
  std::uint64_t (*column_count)(result*);
  char* (*value_varchar)(result*, std::uint64_t, std::uint64_t);
  void (*free)(void*);
  handle (*create_logical_type)(int);
  handle (*create_data_chunk)(handle*, std::uint64_t);
  void (*destroy_data_chunk)(handle*);
  void (*data_chunk_reset)(handle);
  handle (*data_chunk_get_vector)(handle, std::uint64_t);
  void (*data_chunk_set_size)(handle, std::uint64_t);
  void* (*vector_get_data)(handle);
  std::uint64_t* (*vector_get_validity)(handle);
  void (*vector_ensure_validity_writable)(handle);
  void (*vector_assign_string_element_len)(handle, std::uint64_t, const char*, std::uint64_t);
  int (*appender_create)(handle, const char*, const char*, handle*);
  int (*append_data_chunk)(handle, handle);
  int (*appender_destroy)(handle*);

  explicit library(const std::string& path) : file(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (!file) throw std::runtime_error(dlerror());
    find(file, "duckdb_open", open);
    find(file, "duckdb_connect", connect);
    find(file, "duckdb_close", close);
    find(file, "duckdb_disconnect", disconnect);
    find(file, "duckdb_query", query);
    find(file, "duckdb_result_error", result_error);
    find(file, "duckdb_destroy_result", destroy_result);
    find(file, "duckdb_row_count", row_count);
    find(file, "duckdb_column_count", column_count);
    find(file, "duckdb_value_varchar", value_varchar);
    find(file, "duckdb_free", free);
    find(file, "duckdb_create_logical_type", create_logical_type);
    find(file, "duckdb_create_data_chunk", create_data_chunk);
    find(file, "duckdb_destroy_data_chunk", destroy_data_chunk);
    find(file, "duckdb_data_chunk_reset", data_chunk_reset);
    find(file, "duckdb_data_chunk_get_vector", data_chunk_get_vector);
    find(file, "duckdb_data_chunk_set_size", data_chunk_set_size);
    find(file, "duckdb_vector_get_data", vector_get_data);
    find(file, "duckdb_vector_get_validity", vector_get_validity);
    find(file, "duckdb_vector_ensure_validity_writable", vector_ensure_validity_writable);
    find(file, "duckdb_vector_assign_string_element_len", vector_assign_string_element_len);
    find(file, "duckdb_appender_create", appender_create);
    find(file, "duckdb_append_data_chunk", append_data_chunk);
    find(file, "duckdb_appender_destroy", appender_destroy);
    if (open(nullptr, &database) != 0 || connect(database, &connection) != 0)
      throw std::runtime_error("DuckDB does not open a database in memory");
  }

  void ask(const std::string& sql, result& answer) {
    if (query(connection, sql.c_str(), &answer) == 0) return;
    const std::string words = result_error(&answer);
    destroy_result(&answer);
    throw std::runtime_error(words);
  }

  void fill(handle vector, const typed_column& column, index_t first, index_t n) {
    const auto rows = static_cast<std::size_t>(n);
    const auto from = static_cast<std::size_t>(first);
    if (column.may_be_missing()) {
      vector_ensure_validity_writable(vector);
      std::uint64_t* const valid = vector_get_validity(vector);
      for (index_t r = 0; r < n; ++r)
        if (!column.valid(first + r)) valid[r / 64] &= ~(std::uint64_t{1} << r % 64);
    }
    switch (type_of(column)) {
      case varchar_type:
        for (index_t r = 0; r < n; ++r) {
          if (!column.valid(first + r)) continue;
          const std::string_view text = column.text(first + r);
          vector_assign_string_element_len(vector, static_cast<std::uint64_t>(r), text.data(), text.size());
        }
        return;
      case double_type:
        std::memcpy(vector_get_data(vector), column.numbers<double>().data() + from, rows * 8);
        return;
      case bigint_type:
        std::memcpy(vector_get_data(vector), column.numbers<std::int64_t>().data() + from, rows * 8);
        return;
      default:
        std::memcpy(vector_get_data(vector), column.numbers<std::int32_t>().data() + from, rows * 4);
    }
  }
};

duckdb::duckdb(const std::string& library_path, int threads)
    : library_(std::make_unique<library>(library_path)) {
  run("SET threads = " + std::to_string(threads));
}

duckdb::~duckdb() {
  library_->disconnect(&library_->connection);
  library_->close(&library_->database);
}

void duckdb::load(const std::string& name, const aggregation::typed_table& from) {
  std::string sql;
  std::vector<handle> types;
  for (const std::string& column : from.names()) {
    types.push_back(library_->create_logical_type(type_of(from[column])));
    sql += (sql.empty() ? "" : ", ") + column + ' ' + sql_type(type_of(from[column]));
  }
  run("CREATE TABLE " + name + " (" + sql + ")");
  handle appender = nullptr;
  library_->appender_create(library_->connection, nullptr, name.c_str(), &appender);
  constexpr index_t chunk_rows = 2048;
  for (index_t first = 0; first < from.rows(); first += chunk_rows) {
    const index_t n = std::min(chunk_rows, from.rows() - first);
    handle chunk = library_->create_data_chunk(types.data(), types.size());
    for (std::size_t c = 0; c < types.size(); ++c)
      library_->fill(library_->data_chunk_get_vector(chunk, c), from[from.names()[c]], first, n);
    library_->data_chunk_set_size(chunk, static_cast<std::uint64_t>(n));
    library_->append_data_chunk(appender, chunk);
    library_->destroy_data_chunk(&chunk);
  }
  if (library_->appender_destroy(&appender) != 0) throw std::runtime_error("DuckDB does not take the rows");
}

std::size_t duckdb::run(const std::string& sql) {
  result answer;
  library_->ask(sql, answer);
  const std::size_t rows = library_->row_count(&answer);
  library_->destroy_result(&answer);
  return rows;
}

std::vector<std::vector<std::string>> duckdb::rows_of(const std::string& sql) {
  result answer;
  library_->ask(sql, answer);
  std::vector<std::vector<std::string>> rows(library_->row_count(&answer));
  const std::uint64_t columns = library_->column_count(&answer);
  for (std::uint64_t r = 0; r < rows.size(); ++r)
    for (std::uint64_t c = 0; c < columns; ++c) {
      char* const text = library_->value_varchar(&answer, c, r);
      rows[r].emplace_back(text ? text : "");
      library_->free(text);
    }
  library_->destroy_result(&answer);
  return rows;
}

}  // namespace polyloop::bench::group_by
