#include "bilinear_bytes.hpp"

#include <array>
#include <cmath>

#include "bands.hpp"
#include "bordered.hpp"
#include "resize_taps.hpp"
#include "row_writer.hpp"
#include "simd/bilinear.hpp"

namespace polyloop::frames::detail {

namespace {

constexpr index_t band_rows = 32;

std::int16_t fixed(float weight) {
  return static_cast<std::int16_t>(std::min(std::lround(std::ldexp(weight, 15)), 32767L));
}

/// The samples that those of a row begin with, and the last of them again to the end of a block.
std::vector<index_t> sources_of(const resize_taps& across, index_t channels, std::size_t whole) {
  std::vector<index_t> made;
  made.reserve(whole);
  for (const index_t first : across.first)
    for (index_t c = 0; c < channels; ++c) made.push_back(first * channels + c);
  made.resize(whole, made.back());
  return made;
}

std::vector<std::int16_t> weights_of(const resize_taps& across, index_t channels, std::size_t whole) {
  std::vector<std::int16_t> made;
  made.reserve(whole);
  for (std::size_t x = 0; x < across.first.size(); ++x)
    made.insert(made.end(), static_cast<std::size_t>(channels), fixed(across.weights[2 * x + 1]));
  made.resize(whole);
  return made;
}

/// None where a block of the output reaches further than a vector does.
std::optional<bilinear_plan> plan_for(const resize_taps& across, index_t channels) {
  constexpr index_t most_apart = 16;
  constexpr std::size_t block = bilinear_plan::block;
  const std::size_t count = across.first.size() * static_cast<std::size_t>(channels);
  const std::size_t whole = (count + block - 1) / block * block;
  const std::vector<index_t> sources = sources_of(across, channels, whole);
  bilinear_plan made{
      channels, {}, std::vector<std::uint8_t>(2 * whole, 0x80), weights_of(across, channels, whole)};
  for (std::size_t i = 0; i < whole; i += block) {
    const auto [least, most] = std::minmax_element(sources.data() + i, sources.data() + i + block);
    if (*most - *least >= most_apart) return {};
    made.from.push_back(*least);
    for (std::size_t k = i; k < i + block; ++k)
      made.offsets[2 * k] = static_cast<std::uint8_t>(sources[k] - *least);
  }
  return made;
}

/// Rows of the input with as many samples as the output has, two at a time.
class stretched_rows {
 public:
  stretched_rows(const view<const std::uint8_t>& in, const bilinear_plan& plan, index_t count)
      : in_(in),
        plan_(plan),
        source_(in, {}),
        padded_(in.size().row_samples(), 2 * in.channels()),
        lines_(2, count, 0) {}

  const std::int16_t* row(index_t y) {
    const std::size_t place = y % 2 == 0 ? 0 : 1;
    std::int16_t* const line = lines_.data()[place];
    if (holds_[place] == y) return line;
    std::copy_n(source_.row(y), in_.size().row_samples(), padded_.data());
    pad_row<std::uint8_t>(padded_.data(), in_.width(), in_.channels(), 2, border_mode::replicate, nullptr);
    pass_.along(padded_.data(), plan_, line);
    holds_[place] = y;
    return line;
  }

 private:
  static constexpr index_t none = -2;

  view<const std::uint8_t> in_;
  const bilinear_plan& plan_;
  bilinear_rows pass_ = bilinear();
  bordered_rows<std::uint8_t> source_;
  scratch_row<std::uint8_t> padded_;
  scratch_rows<std::int16_t> lines_;
  std::array<index_t, 2> holds_{none, none};
};

void resize_band(const view<const std::uint8_t>& in, const view<std::uint8_t>& out, const resize_taps& down,
                 const bilinear_plan& plan, extent rows) {
  const bilinear_rows pass = bilinear();
  const index_t count = out.size().row_samples();
  stretched_rows lines(in, plan, count);
  row_writer<std::uint8_t> to(out);
  for (index_t y = rows.begin; y < rows.end; ++y) {
    const auto at = static_cast<std::size_t>(y);
    const std::int16_t* const upper = lines.row(down.first[at]);
    const std::int16_t* const lower = lines.row(down.first[at] + 1);
    const std::int16_t weight = fixed(down.weights[2 * at + 1]);
    to.write(y, [&](std::uint8_t* row) { pass.between(upper, lower, weight, count, row); });
  }
}

}  // namespace

std::optional<loop_result> resize_bilinear_bytes(const view<const std::uint8_t>& in,
                                                 const view<std::uint8_t>& out, const loop_options& options) {
  const auto plan = plan_for(taps_for(interpolation::bilinear, in.width(), out.width()), in.channels());
  if (!plan) return {};
  const resize_taps down = taps_for(interpolation::bilinear, in.height(), out.height());
  return for_bands(out.size(), band_rows, "resize", options,
                   [&](extent rows) { resize_band(in, out, down, *plan, rows); });
}

}  // namespace polyloop::frames::detail
