#include <algorithm>
#include <cmath>

#include "bands.hpp"
#include "bordered.hpp"
#include "check.hpp"
#include "polyloop/frames/adaptive.hpp"
#include "polyloop/worker_local.hpp"
#include "row_writer.hpp"
#include "simd/contrast.hpp"
#include "value_counts.hpp"

namespace polyloop::frames {

namespace {

constexpr index_t band_rows = 16;
// What 32 bits count.
constexpr index_t most_tile_pixels = (index_t{1} << 31) - 1;

/// Where the tiles of a frame are: beside each other from the upper left, and beyond its border on the other
/// side.
struct tiling {
  index_t across;
  index_t down;
  index_t width;  // of a tile
  index_t height;
  index_t most_count;  // of a value in a tile
};

tiling tiling_of(const shape& size, const contrast_tiles& how, std::size_t values) {
  const bool divided = size.width % how.across == 0 && size.height % how.down == 0;
  const index_t more = divided ? 0 : 1;
  const index_t width = size.width / how.across + more;
  const index_t height = size.height / how.down + more;
  const double limit = how.clip_limit * static_cast<double>(width * height) / static_cast<double>(values);
  const bool limited = how.clip_limit > 0 && limit < static_cast<double>(width * height);
  const index_t most = limited ? std::max<index_t>(1, static_cast<index_t>(limit)) : width * height;
  return {how.across, how.down, width, height, most};
}

/// Counts of a tile; one for each worker, for those of 16 bits are large.
template <class T>
class tile_counts {
 public:
  /// Makes the table of a tile.
  void write_table(const view<const T>& in, const tiling& of, index_t tile, T* table) {
    count(in, of, tile % of.across * of.width, tile / of.across * of.height);
    const std::span<std::uint32_t> counts = tables_.folded();
    const std::uint32_t more = limit(counts, static_cast<std::uint32_t>(of.most_count));
    const auto most = static_cast<float>(counts.size() - 1);
    sum_up_(counts.data(), more, most / static_cast<float>(of.width * of.height), table);
  }

 private:
  void count(const view<const T>& in, const tiling& of, index_t left, index_t top) {
    const index_t inside = std::clamp<index_t>(in.width() - left, 0, of.width);
    for (index_t y = top; y < top + of.height; ++y) {
      const T* const from = in.row(border_index(y, in.height(), border_mode::reflect101));
      if (inside > 0) tables_.add(from + left, 1, inside);
      for (index_t x = left + inside; x < left + of.width; ++x)
        tables_.add(from + border_index(x, in.width(), border_mode::reflect101), 1, 1);
    }
  }

  /// Cuts counts above the limit, deals out the rest of what was cut, and returns what each one gets of it.
  static std::uint32_t limit(std::span<std::uint32_t> counts, std::uint32_t most) {
    // Signed numbers, for which there is a comparison on every CPU.
    std::int32_t cut = 0;
    for (std::uint32_t& count : counts) {
      const auto own = static_cast<std::int32_t>(count);
      const std::int32_t left = std::min(own, static_cast<std::int32_t>(most));
      cut += own - left;
      count = static_cast<std::uint32_t>(left);
    }
    const auto values = static_cast<std::uint32_t>(counts.size());
    std::uint32_t rest = static_cast<std::uint32_t>(cut) % values;
    const std::uint32_t step = rest == 0 ? 1 : std::max(1U, values / rest);
    for (std::size_t v = 0; v < values && rest > 0; v += step, --rest) ++counts[v];
    return static_cast<std::uint32_t>(cut) / values;
  }

  static detail::sum_up_function<T> summing_up() {
    if constexpr (sizeof(T) == 1)
      return detail::contrasting().sum_up_bytes;
    else
      return detail::contrasting().sum_up_words;
  }

  detail::band_counts<T> tables_;
  detail::sum_up_function<T> sum_up_ = summing_up();
};

/// The table of each tile, row by row.
template <class T>
image<T> tables_of(const view<const T>& in, const tiling& of, const loop_options& options) {
  image<T> tables({static_cast<index_t>(detail::value_count<T>), of.across * of.down});
  loop_options named = options;
  if (named.label.empty()) named.label = "clahe";
  worker_local<tile_counts<T>> counts;
  const loop_result result = parallel_for(
      of.across * of.down,
      [&](index_t tile) { counts.borrow()->write_table(in, of, tile, tables.row(tile)); }, named);
  if (!result.finished()) throw stopped(result.iterations);
  return tables;
}

/// A place between the centres of tiles `upto - 1` and `upto`, of which there may be no such one, and the
/// weight of the latter.
struct place {
  index_t upto;
  float weight;
};

place place_of(index_t i, index_t tile_size) {
  const float at = static_cast<float>(i) * (1.0F / static_cast<float>(tile_size)) - 0.5F;
  const float floor = std::floor(at);
  return {static_cast<index_t>(floor) + 1, at - floor};
}

/// Where there is no tile, the one beside it stands for it.
index_t tile_before(const place& at) {
  return std::max<index_t>(0, at.upto - 1);
}
index_t tile_behind(const place& at, index_t tiles) {
  return std::min(at.upto, tiles - 1);
}

/// A weight as a whole number of so many fractional bits, below 1.
std::int32_t fixed(float weight, int bits) {
  const std::int32_t one = 1 << bits;
  return std::min(static_cast<std::int32_t>(std::lround(weight * static_cast<float>(one))), one - 1);
}

/// The columns of a frame as runs between the same tiles, and their weights.
struct column_runs {
  std::vector<float> weights;
  std::vector<std::int32_t> whole_weights;  // with across_bits
  std::vector<index_t> ends;                // of the columns up to each tile

  column_runs(index_t width, index_t tile_width) {
    for (index_t x = 0; x < width; ++x) {
      const place at = place_of(x, tile_width);
      weights.push_back(at.weight);
      whole_weights.push_back(fixed(at.weight, detail::across_bits));
      ends.resize(static_cast<std::size_t>(at.upto) + 1, ends.empty() ? 0 : ends.back());
      ends.back() = x + 1;
    }
  }
};

/// Rows of 8-bit samples, by tables that are weighed down the frame for each row.
class byte_rows {
 public:
  byte_rows(const view<const std::uint8_t>& in, const tiling& of, const image<std::uint8_t>& tables,
            const column_runs& across)
      : in_(in),
        of_(of),
        tables_(tables),
        across_(across),
        weighed_({entries, of.across}),
        pairs_({entries, of.across + 1}) {}

  void make(index_t y, std::span<std::uint8_t* const> rows) {
    for (std::uint8_t* const row : rows) make(y++, row);
  }

 private:
  static constexpr index_t entries = 256;

  void make(index_t y, std::uint8_t* row) {
    prepare(place_of(y, of_.height));
    index_t x = 0;
    for (std::size_t upto = 0; upto < across_.ends.size(); ++upto) {
      const index_t end = across_.ends[upto];
      pass_.look_up(in_.row(y) + x, pairs_.row(static_cast<index_t>(upto)), across_.whole_weights.data() + x,
                    end - x, row + x);
      x = end;
    }
  }

  void prepare(const place& down) {
    const index_t above = tile_before(down) * of_.across;
    const index_t below = tile_behind(down, of_.down) * of_.across;
    const auto weight = static_cast<std::int16_t>(fixed(down.weight, detail::down_bits));
    for (index_t k = 0; k < of_.across; ++k)
      pass_.weigh(tables_.row(above + k), tables_.row(below + k), weight, weighed_.row(k));
    for (index_t upto = 0; upto <= of_.across; ++upto)
      pass_.pair(weighed_.row(tile_before({upto, 0})), weighed_.row(tile_behind({upto, 0}, of_.across)),
                 pairs_.row(upto));
  }

  view<const std::uint8_t> in_;
  tiling of_;
  const image<std::uint8_t>& tables_;
  const column_runs& across_;
  detail::contrast_rows pass_ = detail::contrasting();
  image<std::int16_t> weighed_;
  image<std::int32_t> pairs_;
};

/// Rows of 16-bit samples, each of four tables: too large ones to be weighed for a row.
class word_rows {
 public:
  word_rows(const view<const std::uint16_t>& in, const tiling& of, const image<std::uint16_t>& tables,
            const column_runs& across)
      : in_(in), of_(of), tables_(tables), across_(across) {}

  /// All rows between the same tiles, then those beside them: the tables are as large as a cache.
  void make(index_t y, std::span<std::uint16_t* const> rows) const {
    index_t begin = 0;
    for (std::size_t k = 0; k < across_.ends.size(); ++k) {
      for (std::size_t r = 0; r < rows.size(); ++r)
        make(y + static_cast<index_t>(r), {begin, across_.ends[k]}, static_cast<index_t>(k), rows[r]);
      begin = across_.ends[k];
    }
  }

 private:
  void make(index_t y, extent columns, index_t tile, std::uint16_t* row) const {
    const place down = place_of(y, of_.height);
    const place upto{tile, 0};
    const detail::four_tables tables{
        {table(tile_before(down), tile_before(upto)), table(tile_before(down), tile_behind(upto, of_.across)),
         table(tile_behind(down, of_.down), tile_before(upto)),
         table(tile_behind(down, of_.down), tile_behind(upto, of_.across))},
        down.weight};
    pass_.look_up_words(in_.row(y) + columns.begin, tables, across_.weights.data() + columns.begin,
                        columns.end - columns.begin, row + columns.begin);
  }

  const std::uint16_t* table(index_t row, index_t column) const {
    return tables_.row(row * of_.across + column);
  }

  detail::contrast_rows pass_ = detail::contrasting();
  view<const std::uint16_t> in_;
  tiling of_;
  const image<std::uint16_t>& tables_;
  const column_runs& across_;
};

void check(const contrast_tiles& how) {
  const auto require_tiles = [](const char* name, index_t tiles) {
    if (tiles < 1 || tiles > most_contrast_tiles)
      polyloop::detail::throw_invalid(name, tiles, "1 to " + std::to_string(most_contrast_tiles) + " tiles");
  };
  require_tiles("across", how.across);
  require_tiles("down", how.down);
  if (!(how.clip_limit >= 0))
    throw invalid_argument("clip_limit", std::to_string(how.clip_limit), "a number that is not negative");
}

template <class Rows, class T>
loop_result clahe_frame(const view<const T>& in, const view<T>& out, const contrast_tiles& how,
                        const loop_options& options) {
  check(how);
  detail::require_shape("in", in.size(), {in.width(), in.height(), 1});
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart("out", out, in);
  if (in.empty()) return {};
  const tiling of = tiling_of(in.size(), how, detail::value_count<T>);
  if (of.width * of.height > most_tile_pixels)
    throw invalid_argument("in", to_string(in.size()),
                           "tiles of at most " + std::to_string(most_tile_pixels) + " pixels");
  const image<T> tables = tables_of(in, of, options);
  const column_runs across(in.width(), of.width);
  return detail::for_bands(in.size(), band_rows, "clahe", options, [&](extent rows) {
    detail::row_writer<T> to(out, false, 0, band_rows);
    Rows all(in, of, tables, across);
    for (index_t y = rows.begin; y < rows.end; y += band_rows)
      to.write(y, std::min(band_rows, rows.end - y), [&](std::span<T* const> into) { all.make(y, into); });
  });
}

}  // namespace

loop_result clahe(view<const std::uint8_t> in, view<std::uint8_t> out, const contrast_tiles& how,
                  const loop_options& options) {
  return clahe_frame<byte_rows>(in, out, how, options);
}

loop_result clahe(view<const std::uint16_t> in, view<std::uint16_t> out, const contrast_tiles& how,
                  const loop_options& options) {
  return clahe_frame<word_rows>(in, out, how, options);
}

}  // namespace polyloop::frames
