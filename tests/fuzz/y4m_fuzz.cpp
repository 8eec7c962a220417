#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <vector>

#include "polyloop/frames/y4m.hpp"

/// Any bytes are a stream or a polyloop::error. What was read and is written
/// again is read as the same stream.
namespace {

using namespace polyloop::frames;

void require(bool holds) {
  if (!holds) std::abort();
}

bool same(const view<const std::uint8_t>& a, const view<const std::uint8_t>& b) {
  if (a.size() != b.size()) return false;
  for (polyloop::index_t y = 0; y < a.height(); ++y)
    for (polyloop::index_t x = 0; x < a.width(); ++x)
      if (a.row(y)[x] != b.row(y)[x]) return false;
  return true;
}

std::vector<std::byte> write(const y4m_reader& reader) {
  std::vector<std::byte> stream;
  const auto append = [&stream](std::span<const std::byte> bytes) {
    stream.insert(stream.end(), bytes.begin(), bytes.end());
    return true;
  };
  y4m_writer writer(append, reader.header());
  for (polyloop::index_t i = 0; i < reader.frame_count(); ++i) writer.write(reader.frame(i));
  return stream;
}

void require_round_trip(const y4m_reader& reader) {
  const std::vector<std::byte> stream = write(reader);
  const y4m_reader again(stream);
  require(again.header() == reader.header());
  require(again.frame_count() == reader.frame_count());
  for (polyloop::index_t i = 0; i < reader.frame_count(); ++i) {
    const yuv_planes was = reader.frame(i);
    const yuv_planes is = again.frame(i);
    require(same(was.y, is.y) && same(was.u, is.u) && same(was.v, is.v));
  }
}

/// The stream, or nothing where it is none.
std::optional<y4m_reader> read(std::span<const std::byte> bytes) {
  try {
    return y4m_reader(bytes);
  } catch (const polyloop::error&) {
    return {};
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (const auto reader = read(std::as_bytes(std::span(data, size)))) require_round_trip(*reader);
  return 0;
}
