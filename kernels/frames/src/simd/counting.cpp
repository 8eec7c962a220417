#include <array>

#include "medians.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "counting.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace polyloop::frames::HWY_NAMESPACE {

namespace {

using detail::column_counts;
using detail::counts;

constexpr index_t parts = counts::parts;
constexpr hn::CappedTag<uint16_t, parts> d;

/// What a sample of part v adds: one to every count above it.
struct steps {
  counts of[parts];

  constexpr steps() : of() {
    for (index_t v = 0; v < parts; ++v)
      for (index_t k = 0; k < parts; ++k) of[v].below[k] = k > v ? 1 : 0;
  }
};
constexpr steps step_table;

HWY_INLINE void add(counts& to, const counts& more) {
  for (index_t k = 0; k < parts; k += lanes(d))
    hn::Store(hn::Add(hn::Load(d, to.below + k), hn::Load(d, more.below + k)), d, to.below + k);
}

HWY_INLINE void add_and_subtract(counts& to, const counts& more, const counts& less) {
  for (index_t k = 0; k < parts; k += lanes(d)) {
    const auto sum = hn::Add(hn::Load(d, to.below + k), hn::Load(d, more.below + k));
    hn::Store(hn::Sub(sum, hn::Load(d, less.below + k)), d, to.below + k);
  }
}

HWY_INLINE void subtract(counts& to, const counts& less) {
  for (index_t k = 0; k < parts; k += lanes(d))
    hn::Store(hn::Sub(hn::Load(d, to.below + k), hn::Load(d, less.below + k)), d, to.below + k);
}

/// The part in which the sample of a rank lies: the last one with no more samples below it.
HWY_INLINE index_t part_of(const counts& all, index_t rank) {
  const auto limit = hn::Set(d, static_cast<uint16_t>(rank));
  index_t found = -1;
  for (index_t k = 0; k < parts; k += lanes(d)) {
    // a <= limit as min(a, limit) == a: there is no comparison of unsigned numbers on every target.
    const auto below = hn::Load(d, all.below + k);
    found += static_cast<index_t>(hn::CountTrue(d, hn::Eq(hn::Min(below, limit), below)));
  }
  return found;
}

/// Counts under a window that moves along; those of a class are only brought up to date when they are asked
/// for.
class window_counts {
 public:
  window_counts(const column_counts* columns, index_t width) : columns_(columns), width_(width) {
    for (index_t x = 0; x < width - 1; ++x) add(coarse_, columns[x].coarse);
  }

  /// The sample of a rank, with the window at columns x to x + width - 1; x grows by one from 0.
  uint8_t sample(index_t x, index_t rank) {
    add(coarse_, columns_[x + width_ - 1].coarse);
    const index_t upper = part_of(coarse_, rank);
    const index_t lower = part_of(fine_at(upper, x), rank - coarse_.below[upper]);
    subtract(coarse_, columns_[x].coarse);
    return static_cast<uint8_t>(parts * upper + lower);
  }

 private:
  const counts& fine_at(index_t part, index_t x) {
    counts& fine = fine_[part];
    index_t& at = at_[static_cast<std::size_t>(part)];
    // Moved by a step it takes two additions, and newly summed up `width`.
    if (at < 0 || 2 * (x - at) > width_) {
      fine = {};
      for (index_t k = 0; k < width_; ++k) add(fine, columns_[x + k].fine[part]);
    } else {
      for (; at < x; ++at) add_and_subtract(fine, columns_[at + width_].fine[part], columns_[at].fine[part]);
    }
    at = x;
    return fine;
  }

  const column_counts* columns_;
  index_t width_;
  counts coarse_{};
  counts fine_[parts]{};
  std::array<index_t, parts> at_ = filled();

  static constexpr std::array<index_t, parts> filled() {
    std::array<index_t, parts> all{};
    all.fill(-1);
    return all;
  }
};

void move(column_counts* columns, const uint8_t* entering, const uint8_t* leaving, index_t step,
          index_t count) {
  for (index_t x = 0; x < count; ++x) {
    const int in = entering[x * step];
    const int out = leaving[x * step];
    if (in == out) continue;
    add_and_subtract(columns[x].coarse, step_table.of[in / parts], step_table.of[out / parts]);
    add(columns[x].fine[in / parts], step_table.of[in % parts]);
    subtract(columns[x].fine[out / parts], step_table.of[out % parts]);
  }
}

void enter(column_counts* columns, const uint8_t* entering, index_t step, index_t count) {
  for (index_t x = 0; x < count; ++x) {
    const int in = entering[x * step];
    add(columns[x].coarse, step_table.of[in / parts]);
    add(columns[x].fine[in / parts], step_table.of[in % parts]);
  }
}

void rank(const column_counts* columns, index_t width, index_t wanted, index_t step, index_t count,
          uint8_t* out) {
  window_counts all(columns, width);
  for (index_t x = 0; x < count; ++x) out[x * step] = all.sample(x, wanted);
}

}  // namespace

detail::counting_rows Counting() {
  return {move, enter, rank};
}

}  // namespace polyloop::frames::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polyloop::frames {

HWY_EXPORT(Counting);

detail::counting_rows detail::counting() {
  return HWY_DYNAMIC_DISPATCH(Counting)();
}

}  // namespace polyloop::frames
#endif
