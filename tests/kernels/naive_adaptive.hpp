#pragma once

#include <cmath>
#include <vector>

#include "frames_reference.hpp"

/// Adaptive threshold and CLAHE once more, as the text of their header says it.
namespace naive {

using polyloop::index_t;
using polyloop::frames::adaptive_mean;
using polyloop::frames::contrast_tiles;
using polyloop::frames::view;

inline std::uint8_t adaptive(const view<const std::uint8_t>& in, index_t x, index_t y,
                             const adaptive_mean& how) {
  double sum = 0;
  for (index_t dy = -how.side / 2; dy <= how.side / 2; ++dy)
    for (index_t dx = -how.side / 2; dx <= how.side / 2; ++dx)
      sum += static_cast<double>(reference::at(in, x + dx, y + dy, 0, how.edge));
  const double mean = std::floor(sum / static_cast<double>(how.side * how.side) + 0.5);
  const bool above = *in.pixel(x, y) > mean - (how.inverted ? std::floor(how.below) : std::ceil(how.below));
  return above != how.inverted ? how.high : std::uint8_t{0};
}

/// The tables of CLAHE, tile by tile.
template <class T>
class tile_tables {
 public:
  tile_tables(const view<const T>& in, const contrast_tiles& how) : how_(how) {
    const bool divided = in.width() % how.across == 0 && in.height() % how.down == 0;
    width_ = in.width() / how.across + !divided;
    height_ = in.height() / how.down + !divided;
    for (index_t row = 0; row < how.down; ++row)
      for (index_t column = 0; column < how.across; ++column) tables_.push_back(table(in, column, row));
  }

  float sample(const view<const T>& in, index_t x, index_t y) const {
    const float across = position(x, width_), down = position(y, height_);
    const float a = across - std::floor(across), b = down - std::floor(down);
    const auto along = [&](index_t row) {
      const auto column = static_cast<index_t>(std::floor(across));
      return at(column, row, *in.pixel(x, y)) * (1 - a) + at(column + 1, row, *in.pixel(x, y)) * a;
    };
    const auto row = static_cast<index_t>(std::floor(down));
    return along(row) * (1 - b) + along(row + 1) * b;
  }

 private:
  static constexpr std::size_t values = std::size_t{1} << (8 * sizeof(T));

  static float position(index_t i, index_t size) {
    return static_cast<float>(i) * (1.0F / static_cast<float>(size)) - 0.5F;
  }
  float at(index_t column, index_t row, T value) const {
    const index_t tile = std::clamp<index_t>(row, 0, how_.down - 1) * how_.across +
                         std::clamp<index_t>(column, 0, how_.across - 1);
    return static_cast<float>(tables_[static_cast<std::size_t>(tile)][value]);
  }

  std::vector<T> table(const view<const T>& in, index_t column, index_t row) const {
    std::vector<long> counts(values);
    for (index_t y = row * height_; y < (row + 1) * height_; ++y)
      for (index_t x = column * width_; x < (column + 1) * width_; ++x)
        ++counts[reference::at(in, x, y, 0, polyloop::frames::border_mode::reflect101)];
    limit(counts);
    std::vector<T> made;
    long sum = 0;
    const auto most = static_cast<float>(values - 1);
    for (const long count : counts) {
      sum += count;
      const float scale = most / static_cast<float>(width_ * height_);
      made.push_back(reference::sample_of_float<T>(static_cast<float>(sum) * scale));
    }
    return made;
  }

  void limit(std::vector<long>& counts) const {
    if (how_.clip_limit == 0) return;
    const double wanted =
        how_.clip_limit * static_cast<double>(width_ * height_) / static_cast<double>(values);
    const long most = wanted >= 1e9 ? 1000000000 : std::max(1L, static_cast<long>(wanted));
    long cut = 0;
    for (long& count : counts)
      for (; count > most; --count) ++cut;
    const long all = static_cast<long>(values);
    for (long& count : counts) count += cut / all;
    long rest = cut % all;
    if (rest == 0) return;
    const auto step = static_cast<std::size_t>(std::max(1L, all / rest));
    for (std::size_t v = 0; v < values && rest > 0; v += step, --rest) ++counts[v];
  }

  contrast_tiles how_;
  index_t width_ = 0;
  index_t height_ = 0;
  std::vector<std::vector<T>> tables_;
};

}  // namespace naive
