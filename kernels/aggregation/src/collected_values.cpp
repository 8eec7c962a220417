#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "state_loops.hpp"
#include "states.hpp"

/// What needs all values of a group at once: quantiles and numbers of different values.
namespace polyloop::aggregation {

namespace {

/// A place between two of the values of a group in their order.
struct quantile_place {
  std::size_t below;
  double part;  ///< of the way to the next

  quantile_place(std::size_t n, double q)
      : below(static_cast<std::size_t>(q * static_cast<double>(n - 1))),
        part(q * static_cast<double>(n - 1) - static_cast<double>(below)) {}
  std::size_t last() const { return part == 0 ? below : below + 1; }
};

/// Element k of n by its size; the others are put on the right side of it. Quickselect (Hoare, 1961) with a
/// partition that does not branch (after Lomuto; A. Alexandrescu, "Lomuto's comeback", 2020).
double select(double* values, std::size_t n, std::size_t k) {
  std::size_t first = 0;
  std::size_t last = n;
  for (int rounds = 0; last - first > 24; ++rounds) {
    if (rounds > 60) {
      std::nth_element(values + first, values + k, values + last);
      return values[k];
    }
    const double a = values[first + (last - first) / 4];
    const double b = values[first + (last - first) / 2];
    const double c = values[last - 1 - (last - first) / 4];
    const double pivot = std::max(std::min(a, b), std::min(std::max(a, b), c));
    std::size_t less = first;
    for (std::size_t i = first; i < last; ++i) {
      const double value = values[i];
      values[i] = values[less];
      values[less] = value;
      less += value < pivot ? 1 : 0;
    }
    if (k < less) {
      last = less;
      continue;
    }
    std::size_t equal = less;
    for (std::size_t i = less; i < last; ++i) {
      const double value = values[i];
      values[i] = values[equal];
      values[equal] = value;
      equal += value == pivot ? 1 : 0;
    }
    if (k < equal) return pivot;
    first = equal;
  }
  std::sort(values + first, values + last);
  return values[k];
}

/// The quantile whose `place` is counted among n values, none of which is a NaN; puts them in another order.
double quantile_at(double* values, std::size_t n, const quantile_place& place) {
  const double low = select(values, n, place.below);
  if (place.part == 0) return low;
  const double high = *std::min_element(values + place.below + 1, values + n);
  return low + (high - low) * place.part;
}

double quantile_of(double* values, std::size_t n, double q) {
  for (std::size_t i = 0; i < n; ++i)
    if (values[i] != values[i]) return values[i];
  return quantile_at(values, n, quantile_place(n, q));
}

/// The quantile of many values, of which most are only compared with two that a sample says it is between
/// (R. W. Floyd, R. L. Rivest, "Expected time bounds for selection", 1975). Nothing if it is not, or there is
/// a NaN. kept: room for n.
template <class Value>
std::optional<double> quantile_by_sample(const Value& value, std::size_t n, double q, double* kept) {
  constexpr std::size_t most_sampled = 4096, margin = 200;  // six standard deviations
  const std::size_t sampled = std::min(most_sampled, n / 64);
  std::vector<double> sample(sampled);
  for (std::size_t i = 0; i < sampled; ++i) sample[i] = value(i * (n / sampled));
  if (std::any_of(sample.begin(), sample.end(), [](double each) { return each != each; })) return {};
  std::sort(sample.begin(), sample.end());
  const std::size_t middle = quantile_place(sampled, q).below;
  const double low = middle < margin ? loops::worst<double>(false) : sample[middle - margin];
  const double high = middle + margin >= sampled ? loops::worst<double>(true) : sample[middle + margin];
  std::size_t below = 0;
  std::size_t between = 0;
  std::size_t above = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double each = value(i);
    kept[between] = each;
    below += each < low ? 1U : 0U;
    above += each > high ? 1U : 0U;
    between += static_cast<std::size_t>(each >= low) & static_cast<std::size_t>(each <= high);
  }
  quantile_place place(n, q);
  const bool has_nan = below + between + above != n;
  if (has_nan || place.below < below || place.last() >= below + between) return {};
  place.below -= below;
  return quantile_at(kept, between, place);
}

std::uint64_t distinct_of(word* values, std::size_t n, bool real) {
  for (std::size_t i = 0; real && i < n; ++i) {
    const double value = loops::get<double>(values[i]);
    values[i] = loops::put(value != value ? std::numeric_limits<double>::quiet_NaN()
                           : value == 0   ? 0.0
                                          : value);
  }
  if (n > 64) {
    numbered_keys<std::uint64_t> table(32);
    for (std::size_t i = 0; i < n; ++i) table.number(values[i], hash_of_key(values[i]));
    return table.keys().size();
  }
  std::sort(values, values + n);
  return static_cast<std::uint64_t>(std::unique(values, values + n) - values);
}

double quantile_of_words(const word* words, std::size_t n, const state_part& part,
                         huge_vector<double>& room) {
  constexpr std::size_t many = 32768;
  const double q = part.of->parameter();
  if (room.size() < n) room.resize(n);
  const auto of_type = [&]<class T>(T) {
    const auto value = [words](std::size_t i) { return static_cast<double>(loops::get<T>(words[i])); };
    if (n >= many)
      if (const auto found = quantile_by_sample(value, n, q, room.data())) return *found;
    for (std::size_t i = 0; i < n; ++i) room[i] = value(i);
    return quantile_of(room.data(), n, q);
  };
  return part.real ? of_type(double{}) : of_type(std::int64_t{});
}

}  // namespace

void state_layout::collect(word* states, std::size_t groups, const std::uint32_t* group_of, std::size_t n,
                           const std::vector<const word*>& values,
                           const std::vector<const std::uint8_t*>& valid) const {
  huge_vector<word> dealt(n);
  huge_vector<double> reals;
  std::vector<std::uint32_t> end(groups + 1);
  for (const state_part& part : parts_) {
    if (part.kind != state_kind::collected) continue;
    const auto x = static_cast<std::size_t>(part.x);
    end[0] = 0;
    for (std::size_t g = 0; g < groups; ++g)
      end[g + 1] = end[g] + static_cast<std::uint32_t>(states[g * words_ + part.present_at]);
    const bool distinct = part.of->what() == aggregate::kind::count_distinct;
    const bool together = groups == 1 && !valid[x] && !distinct;
    std::vector<std::uint32_t> next(end.begin(), end.end() - 1);
    for (std::size_t i = 0; !together && i < n; ++i)
      if (!valid[x] || valid[x][i] != 0) dealt[next[group_of[i]]++] = values[x][i];
    for (std::size_t g = 0; g < groups; ++g) {
      const std::size_t count = end[g + 1] - end[g];
      word* const of_group = dealt.data() + end[g];
      word& result = states[g * words_ + part.at];
      if (distinct)
        result = distinct_of(of_group, count, part.real);
      else if (count > 0)
        result = loops::put(quantile_of_words(together ? values[x] : of_group, count, part, reals));
    }
  }
}

}  // namespace polyloop::aggregation
