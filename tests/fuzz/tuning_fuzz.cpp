// Any bytes are a tuning or a tuning_error with a place in the text. What was
// read and is written again is read as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <polyloop/tuning.hpp>

namespace {

using namespace polyloop;

void require(bool holds) {
  if (!holds) std::abort();
}

std::optional<tuning> read(std::string_view text) {
  try {
    return parse_tuning(text);
  } catch (const tuning_error& wrong) {
    require(wrong.problem().line > 0 && wrong.problem().column > 0);
    require(!wrong.problem().found.empty() && !wrong.problem().expected.empty());
    return {};
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto loops = read({reinterpret_cast<const char*>(data), size});
  if (loops) require(parse_tuning(format_tuning(*loops)) == *loops);
  return 0;
}
