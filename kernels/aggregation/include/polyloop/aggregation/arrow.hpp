#pragma once

#include <cstdint>

#include "polyloop/aggregation/typed_column.hpp"

// The structs of the Arrow C data interface, as its specification has them for being copied:
// https://arrow.apache.org/docs/format/CDataInterface.html
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

extern "C" {

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

}  // extern "C"

#endif  // ARROW_C_DATA_INTERFACE

namespace polyloop::aggregation {

/// Takes over a record batch: a struct array ("+s"), as DuckDB, Polars and pyarrow give out. No value is
/// copied; the columns refer to the producer's memory, which is released with the last of them. Both
/// arguments are moved from, as the interface asks: their `release` is null afterwards. Where it throws, they
/// are as they were.
///
/// What lies in the producer's memory (offsets, codes) is trusted, as the interface has it.
///
/// Formats: b, c, C, s, S, i, I, l, L, f, g, u, U, ts*, and dictionaries of u and U. Throws
/// invalid_argument, which names the column, for others, and for rows of the batch that are missing as a
/// whole.
typed_table import_arrow(ArrowSchema* schema, ArrowArray* array);

/// Gives out a table as a record batch. No value is copied: the memory lives until the consumer calls
/// `release`, or, where the columns do not own it, for as long as its owner keeps it. The missing values are
/// counted; else O(columns).
void export_arrow(const typed_table& from, ArrowSchema* schema, ArrowArray* array);

}  // namespace polyloop::aggregation
