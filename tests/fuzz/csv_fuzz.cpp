// The parallel reader, in chunks of a few bytes, against the naive one; and
// with a header, where nothing but the library's own errors may be thrown.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "compare_csv.hpp"

namespace {

void read_with_header(std::string_view text, polyloop::index_t chunk_bytes) {
  try {
    polyloop::aggregation::detail::read_csv_in_chunks(text, compare::three_columns(), {}, chunk_bytes);
  } catch (const polyloop::error&) {  // expected for most inputs
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const polyloop::index_t chunk_bytes : {1, 3, 16}) {
    const std::string difference = compare::difference(text, chunk_bytes);
    if (!difference.empty()) {
      std::fprintf(stderr, "chunks of %d bytes: %s\n", static_cast<int>(chunk_bytes), difference.c_str());
      std::abort();
    }
    read_with_header(text, chunk_bytes);
  }
  return 0;
}
