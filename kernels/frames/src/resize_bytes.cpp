#include "resize_bytes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

#include "bands.hpp"
#include "bordered.hpp"
#include "row_writer.hpp"
#include "simd/byte_taps.hpp"

namespace polyloop::frames::detail {

namespace {

/// Rows of a band for each tap: those above it are stretched once more.
constexpr index_t band_rows_of_tap = 8;
constexpr index_t least_band_rows = 32;
/// Each tap of a column is rounded: of more, the errors together could be seen.
constexpr index_t most_taps = 16;
constexpr index_t unit = byte_taps_plan::unit;
constexpr index_t looked_up_bytes = 16;

/// The weights as multiples of 2^-bits with the same sum, which is 1; those that 16 bits do not hold are one
/// less.
std::vector<std::int16_t> fixed_weights(const resize_taps& of, int bits) {
  std::vector<std::int16_t> made(of.weights.size());
  const int one = 1 << bits;
  const auto taps = static_cast<std::size_t>(of.taps);
  for (std::size_t i = 0; i < made.size(); i += taps) {
    std::array<int, most_taps> place{};
    int missing = one;
    for (std::size_t t = 0; t < taps; ++t) {
      place[t] = static_cast<int>(std::floor(of.weights[i + t] * static_cast<float>(one) + 0.5F));
      missing -= place[t];
    }
    *std::max_element(place.begin(), place.begin() + of.taps) += missing;
    for (std::size_t t = 0; t < taps; ++t)
      made[i + t] =
          static_cast<std::int16_t>(std::min<int>(place[t], std::numeric_limits<std::int16_t>::max()));
  }
  return made;
}

/// The unit that is number `i` in a plan: of a group, those of even number come first.
index_t unit_of(index_t i, index_t group) {
  const index_t half = group / 2;
  const index_t place = i % group;
  return i - place + (place < half ? 2 * place : 2 * (place - half) + 1);
}

/// Of a sample of a row: the pixel it is in, and the byte that its first tap is.
struct sample_place {
  index_t pixel;
  index_t first;
};

/// Makes the plan for rows of so many channels.
class planner {
 public:
  planner(const resize_taps& across, index_t channels, index_t group)
      : across_(across),
        channels_(channels),
        weights_(fixed_weights(across, 14)),
        plan_{group, channels, (across.taps + 1) / 2, {}, {}, {}} {
    const auto samples = across.first.size() * static_cast<std::size_t>(channels);
    const auto whole = static_cast<std::size_t>(group * unit);
    places_.reserve(samples + whole);
    for (std::size_t x = 0; x < across.first.size(); ++x)
      for (index_t c = 0; c < channels; ++c)
        places_.push_back({static_cast<index_t>(x), across.first[x] * channels + c});
    // Beyond the last sample it is made again.
    places_.resize((samples + whole - 1) / whole * whole, places_.back());
  }

  std::optional<byte_taps_plan> make() {
    const auto units = static_cast<index_t>(places_.size()) / unit;
    plan_.from.reserve(static_cast<std::size_t>(units));
    plan_.offsets.reserve(4 * places_.size());
    for (index_t i = 0; i < units; ++i)
      if (!add_places(unit_of(i, plan_.group))) return {};
    plan_.weights.reserve(static_cast<std::size_t>(2 * plan_.pairs) * places_.size());
    for (index_t i = 0; i < units; i += plan_.group / 2)
      for (index_t p = 0; p < plan_.pairs; ++p)
        for (index_t u = i; u < i + plan_.group / 2; ++u) add_weights(unit_of(u, plan_.group), p);
    return std::move(plan_);
  }

 private:
  std::span<const sample_place, unit> places_of(index_t number) const {
    return std::span<const sample_place, unit>(places_.data() + number * unit, unit);
  }

  /// Whether one vector holds the first two taps of the unit.
  bool add_places(index_t number) {
    const auto [least, most] = std::ranges::minmax(places_of(number), {}, &sample_place::first);
    if (most.first - least.first + channels_ >= looked_up_bytes) return false;
    plan_.from.push_back(least.first);
    for (const sample_place& each : places_of(number)) {
      const auto offset = static_cast<std::uint8_t>(each.first - least.first);
      const auto next = static_cast<std::uint8_t>(offset + channels_);
      plan_.offsets.insert(plan_.offsets.end(), {offset, 0x80, next, 0x80});
    }
    return true;
  }

  void add_weights(index_t number, index_t pair) {
    for (const sample_place& each : places_of(number)) {
      const std::int16_t* const own = weights_.data() + each.pixel * across_.taps + 2 * pair;
      plan_.weights.push_back(own[0]);
      plan_.weights.push_back(2 * pair + 1 < across_.taps ? own[1] : std::int16_t{0});
    }
  }

  const resize_taps& across_;
  index_t channels_;
  std::vector<std::int16_t> weights_;
  std::vector<sample_place> places_;
  byte_taps_plan plan_;
};

/// Rows of the input with as many samples as the output has, as many at a time as a sample has taps.
class resized_rows {
 public:
  resized_rows(const view<const std::uint8_t>& in, const byte_taps_plan& plan, index_t beyond, index_t count,
               index_t taps)
      : in_(in),
        plan_(plan),
        beyond_(beyond),
        source_(in, {}),
        padded_(in.size().row_samples(), beyond * in.channels() + looked_up_bytes),
        lines_(static_cast<std::size_t>(taps), count + plan.group * unit, 0),
        holds_(static_cast<std::size_t>(taps), none) {}

  const std::int16_t* row(index_t y) {
    const auto taps = static_cast<index_t>(holds_.size());
    const auto place = static_cast<std::size_t>((y % taps + taps) % taps);
    std::int16_t* const line = lines_.data()[place];
    if (holds_[place] == y) return line;
    std::copy_n(source_.row(y), in_.size().row_samples(), padded_.data());
    source_.prefetch(y + 1);
    pad_row<std::uint8_t>(padded_.data(), in_.width(), in_.channels(), beyond_, border_mode::replicate,
                          nullptr);
    pass_.along(padded_.data(), plan_, line);
    holds_[place] = y;
    return line;
  }

 private:
  static constexpr index_t none = std::numeric_limits<index_t>::min();

  view<const std::uint8_t> in_;
  const byte_taps_plan& plan_;
  index_t beyond_;
  byte_tap_rows pass_ = byte_taps();
  bordered_rows<std::uint8_t> source_;
  scratch_row<std::uint8_t> padded_;
  scratch_rows<std::int16_t> lines_;
  std::vector<index_t> holds_;
};

/// The rows of the output.
struct columns {
  resize_taps taps;
  std::vector<std::int16_t> weights;
};

void resize_band(resized_rows& lines, const view<std::uint8_t>& out, const columns& down, extent rows) {
  const byte_tap_rows pass = byte_taps();
  const index_t taps = down.taps.taps;
  std::vector<const std::int16_t*> above(static_cast<std::size_t>(taps));
  row_writer<std::uint8_t> to(out);
  for (index_t y = rows.begin; y < rows.end; ++y) {
    for (index_t t = 0; t < taps; ++t)
      above[static_cast<std::size_t>(t)] = lines.row(down.taps.first[static_cast<std::size_t>(y)] + t);
    to.write(y, [&](std::uint8_t* row) {
      pass.down(above.data(), down.weights.data() + y * taps, taps, out.size().row_samples(), row);
    });
  }
}

}  // namespace

std::optional<loop_result> resize_bytes(const view<const std::uint8_t>& in, const view<std::uint8_t>& out,
                                        interpolation how, const loop_options& options) {
  const resize_taps across = taps_for(how, in.width(), out.width());
  columns down{taps_for(how, in.height(), out.height()), {}};
  if (std::max(across.taps, down.taps.taps) > most_taps) return {};
  const auto plan = planner(across, in.channels(), byte_taps().group).make();
  if (!plan) return {};
  down.weights = fixed_weights(down.taps, 15);
  // An odd number of taps makes pairs with one more, which weighs nothing.
  const index_t beyond = reach_beyond(across, in.width()) + 1;
  const index_t band_rows = std::max(least_band_rows, band_rows_of_tap * down.taps.taps);
  return for_bands(out.size(), band_rows, "resize", options, [&](extent rows) {
    resized_rows lines(in, *plan, beyond, out.size().row_samples(), down.taps.taps);
    resize_band(lines, out, down, rows);
  });
}

}  // namespace polyloop::frames::detail
