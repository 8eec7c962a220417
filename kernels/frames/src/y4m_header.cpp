#include "y4m_header.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace polyloop::frames {

namespace {

struct named_space {
  colour_space space;
  std::string_view name;
};

constexpr std::array<named_space, 7> spaces{{{colour_space::mono, "mono"},
                                             {colour_space::yuv420, "420"},
                                             {colour_space::yuv420jpeg, "420jpeg"},
                                             {colour_space::yuv420mpeg2, "420mpeg2"},
                                             {colour_space::yuv420paldv, "420paldv"},
                                             {colour_space::yuv422, "422"},
                                             {colour_space::yuv444, "444"}}};

/// A tag of a header: the letter, and what follows it.
struct tag {
  std::string_view text;
  std::size_t offset;

  std::string_view value() const { return text.substr(1); }
  [[noreturn]] void reject(std::string_view expected) const {
    throw y4m_error(offset, {}, std::string("tag ") + text[0] + " with " + std::string(expected));
  }
};

/// The whole text as a number from `least` to `most`.
std::optional<index_t> parse_number(std::string_view text, index_t least, index_t most) {
  index_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size() || number < least || number > most)
    return {};
  return number;
}

index_t parse_side(const tag& t) {
  const auto side = parse_number(t.value(), 1, most_y4m_side);
  if (!side) t.reject("1 to " + std::to_string(most_y4m_side) + " pixels");
  return *side;
}

ratio parse_ratio(const tag& t) {
  constexpr index_t most = 0x7fffffff;
  const std::size_t colon = t.value().find(':');
  if (colon == std::string_view::npos) t.reject("a ratio a:b");
  const auto numerator = parse_number(t.value().substr(0, colon), 0, most);
  const auto denominator = parse_number(t.value().substr(colon + 1), 0, most);
  if (!numerator || !denominator || (*numerator == 0) != (*denominator == 0))
    t.reject("a ratio a:b of positive numbers below 2^31, or 0:0");
  return {*numerator, *denominator};
}

char parse_interlacing(const tag& t) {
  if (t.value().size() != 1 || std::string_view("ptbm?").find(t.value()[0]) == std::string_view::npos)
    t.reject("one of p, t, b, m, ?");
  return t.value()[0];
}

colour_space parse_space(const tag& t) {
  for (const auto& [space, name] : spaces)
    if (name == t.value()) return space;
  t.reject("one of mono, 420, 420jpeg, 420mpeg2, 420paldv, 422, 444 (8 bit)");
}

void apply(const tag& t, y4m_header& header) {
  switch (t.text[0]) {
    case 'W':
      header.width = parse_side(t);
      break;
    case 'H':
      header.height = parse_side(t);
      break;
    case 'F':
      header.frame_rate = parse_ratio(t);
      break;
    case 'A':
      header.pixel_aspect = parse_ratio(t);
      break;
    case 'I':
      header.interlacing = parse_interlacing(t);
      break;
    case 'C':
      header.space = parse_space(t);
      break;
    default:
      break;
  }
}

std::string format(const ratio& r) {
  return std::to_string(r.numerator) + ':' + std::to_string(r.denominator);
}

std::string describe(std::size_t offset, std::optional<index_t> frame, const std::string& expected) {
  const std::string where = frame ? "frame " + std::to_string(*frame) : std::string("header");
  return "y4m " + where + ", byte " + std::to_string(offset) + ": expected " + expected;
}

}  // namespace

y4m_error::y4m_error(std::size_t offset, std::optional<index_t> frame, std::string expected)
    : error(describe(offset, frame, expected)),
      offset_(offset),
      frame_(frame),
      expected_(std::move(expected)) {}

std::string_view to_string(colour_space space) noexcept {
  for (const auto& [known, name] : spaces)
    if (known == space) return name;
  return "unknown";
}

shape chroma_shape(const y4m_header& header) {
  const shape half{(header.width + 1) / 2, (header.height + 1) / 2, 1};
  switch (header.space) {
    case colour_space::mono:
      return {};
    case colour_space::yuv422:
      return {half.width, header.height, 1};
    case colour_space::yuv444:
      return {header.width, header.height, 1};
    default:
      return half;
  }
}

index_t frame_bytes(const y4m_header& header) {
  const shape chroma = chroma_shape(header);
  return header.width * header.height + 2 * chroma.width * chroma.height;
}

namespace detail {

stream_line read_line(std::span<const std::byte> stream, std::size_t offset, std::string_view magic,
                      std::optional<index_t> frame) {
  const std::string_view rest(reinterpret_cast<const char*>(stream.data()) + offset, stream.size() - offset);
  if (!rest.starts_with(magic)) throw y4m_error(offset, frame, "the word " + std::string(magic));
  const std::size_t length = rest.find('\n');
  if (length == std::string_view::npos) throw y4m_error(stream.size(), frame, "a newline that ends the line");
  if (length != magic.size() && rest[magic.size()] != ' ')
    throw y4m_error(offset + magic.size(), frame, "a space or a newline");
  return {rest.substr(0, length), offset, offset + length + 1};
}

y4m_header parse_header(const stream_line& line) {
  y4m_header header;
  std::size_t at = stream_magic.size();
  while (at < line.text.size()) {
    const std::size_t begin = at + 1;  // behind the space
    at = std::min(line.text.find(' ', begin), line.text.size());
    if (at > begin) apply({line.text.substr(begin, at - begin), line.offset + begin}, header);
  }
  const std::size_t end = line.next - 1;
  if (header.width == 0) throw y4m_error(end, {}, "the tag W (width)");
  if (header.height == 0) throw y4m_error(end, {}, "the tag H (height)");
  return header;
}

std::string format_header(const y4m_header& header) {
  std::string line(stream_magic);
  line += " W" + std::to_string(header.width) + " H" + std::to_string(header.height);
  line += " F" + format(header.frame_rate) + " I" + header.interlacing;
  line += " A" + format(header.pixel_aspect) + " C";
  return line.append(to_string(header.space)) + '\n';
}

}  // namespace detail

}  // namespace polyloop::frames
