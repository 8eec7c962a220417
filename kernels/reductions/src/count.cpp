#include "polyloop/reductions/count.hpp"

#include <cmath>
#include <limits>

#include "instances.hpp"
#include "keys.hpp"
#include "polyloop/parallel_sort.hpp"

namespace polyloop::reductions {

namespace {

/// One number for values that count as equal.
std::uint64_t identity_of(double x) {
  if (x == 0) return 0;
  return std::bit_cast<std::uint64_t>(x == x ? x : std::numeric_limits<double>::quiet_NaN());
}

std::uint64_t identity_of(std::int64_t x) {
  return static_cast<std::uint64_t>(x);
}

template <class T>
auto widened(T x) {
  if constexpr (std::floating_point<T>)
    return static_cast<double>(x);
  else
    return static_cast<std::int64_t>(x);
}

/// The finalizer of splitmix64 (S. Vigna), of numbers apart from 0.
std::uint64_t scrambled(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// Ertl's sums over the registers that are full, and over those that are empty.
double tau(double x) {
  if (x == 0 || x == 1) return 0;
  double y = 1;
  double z = 1 - x;
  for (double before = -1; before != z;) {
    x = std::sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) * (1 - x) * y;
  }
  return z / 3;
}

double sigma(double x) {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double y = 1;
  double z = x;
  for (double before = -1; before != z;) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

}  // namespace

distinct_sketch::distinct_sketch(int precision) : precision_(precision) {
  if (precision < 4 || precision > 18) polyloop::detail::throw_invalid("precision", precision, "4 to 18");
  registers_.resize(std::size_t{1} << precision);
}

void distinct_sketch::add_hash(std::uint64_t hash) {
  std::uint8_t& seen = registers_[hash >> (64 - precision_)];
  const std::uint64_t rest = hash << precision_ | std::uint64_t{1} << (precision_ - 1);
  seen = std::max(seen, static_cast<std::uint8_t>(std::countl_zero(rest) + 1));
}

void distinct_sketch::add(double x) {
  add_hash(scrambled(identity_of(x)));
}

void distinct_sketch::add(std::int64_t x) {
  add_hash(scrambled(identity_of(x)));
}

void distinct_sketch::merge(const distinct_sketch& other) {
  if (precision_ != other.precision_)
    throw invalid_argument("precision", std::to_string(other.precision_),
                           std::to_string(precision_) + ", as this sketch has");
  for (std::size_t i = 0; i < registers_.size(); ++i)
    registers_[i] = std::max(registers_[i], other.registers_[i]);
}

double distinct_sketch::standard_error() const noexcept {
  return 1.04 / std::sqrt(static_cast<double>(registers_.size()));
}

double distinct_sketch::estimate() const {
  const int most = 64 - precision_;
  std::vector<index_t> with(static_cast<std::size_t>(most) + 2);
  for (const std::uint8_t each : registers_) ++with[each];
  const auto m = static_cast<double>(registers_.size());
  double z = m * tau(1 - static_cast<double>(with.back()) / m);
  for (int k = most; k >= 1; --k) z = 0.5 * (z + static_cast<double>(with[static_cast<std::size_t>(k)]));
  z += m * sigma(static_cast<double>(with.front()) / m);
  return m * m / (2 * std::log(2.0) * z);
}

namespace detail {

template <compiled T>
index_t distinct_count(const input<T>& x, const loop_options& options) {
  if (x.size() == 0) return 0;
  std::vector<std::uint64_t> all(static_cast<std::size_t>(x.size()));
  const auto write = [&all](index_t from, const stretch<T>& part) {
    for (std::size_t i = 0; i < part.size; ++i)
      all[static_cast<std::size_t>(from) + i] = identity_of(widened(part.data[i]));
    return index_t{0};
  };
  reduce(
      x, polyloop::sum<index_t>{}, [&write](const stretch<T>& part) { return write(part.first, part); },
      options);
  parallel_sort(all, {}, options);
  return parallel_reduce(
      x.size(), polyloop::sum<index_t>{},
      [&all](index_t i) {
        const auto at = static_cast<std::size_t>(i);
        return index_t{i == 0 || all[at] != all[at - 1]};
      },
      options);
}

template <compiled T>
distinct_sketch distinct(const input<T>& x, int precision, const loop_options& options) {
  const distinct_sketch none(precision);
  worker_local<distinct_sketch> locals([&none] { return none; });
  for_each_stretch(
      x, locals,
      [](distinct_sketch& local, const stretch<T>& part) {
        for (std::size_t i = 0; i < part.size; ++i) local.add(widened(part.data[i]));
      },
      options);
  return locals.combine(commutative, [](distinct_sketch a, const distinct_sketch& b) {
    a.merge(b);
    return a;
  });
}

#define POLYLOOP_COUNTS(T)                                               \
  template index_t distinct_count(const input<T>&, const loop_options&); \
  template distinct_sketch distinct(const input<T>&, int, const loop_options&);
POLYLOOP_FOR_EACH_TYPE(POLYLOOP_COUNTS)

}  // namespace detail

}  // namespace polyloop::reductions
