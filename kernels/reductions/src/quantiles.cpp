#include "polyloop/reductions/quantiles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "instances.hpp"
#include "keys.hpp"
#include "polyloop/parallel_sort.hpp"

namespace polyloop::reductions {

namespace {

void check_quantile(double q) {
  if (!(q >= 0 && q <= 1)) throw invalid_argument("q", std::to_string(q), "0 to 1");
}

constexpr int page_shift = 52;
constexpr std::size_t page_count = 4096;

/// In the middle of the doubles whose keys are between the two.
double middle(std::uint64_t first, std::uint64_t last) {
  const double low = value_of(first);
  const double high = value_of(last);
  if (std::isinf(low) || std::isinf(high)) return std::isinf(low) ? low : high;
  return low / 2 + high / 2;
}

}  // namespace

quantile_sketch::quantile_sketch(int bits) : bits_(bits), pages_(page_count) {
  if (bits < 0 || bits > 16) polyloop::detail::throw_invalid("bits", bits, "0 to 16");
}

void quantile_sketch::add(double x) {
  if (std::isnan(x)) {
    ++nans_;
    return;
  }
  const std::uint64_t key = key_of(x);
  std::vector<index_t>& page = pages_[key >> page_shift];
  if (page.empty()) page.resize(std::size_t{1} << bits_);
  ++page[key >> (page_shift - bits_) & (page.size() - 1)];
  ++count_;
}

void quantile_sketch::merge(const quantile_sketch& other) {
  if (bits_ != other.bits_)
    throw invalid_argument("bits", std::to_string(other.bits_),
                           std::to_string(bits_) + ", as this sketch has");
  for (std::size_t p = 0; p < page_count; ++p) {
    if (other.pages_[p].empty()) continue;
    pages_[p].resize(std::size_t{1} << bits_);
    for (std::size_t i = 0; i < pages_[p].size(); ++i) pages_[p][i] += other.pages_[p][i];
  }
  count_ += other.count_;
  nans_ += other.nans_;
}

double quantile_sketch::relative_error() const noexcept {
  return std::ldexp(1.0, -bits_ - 1);
}

double quantile_sketch::quantile(double q) const {
  check_quantile(q);
  if (count_ == 0) throw too_few_elements(0, 1);
  auto rank = static_cast<index_t>(std::floor(q * static_cast<double>(count_ - 1)));
  const int shift = page_shift - bits_;
  for (std::size_t p = 0; p < page_count; ++p)
    for (std::size_t i = 0; i < pages_[p].size(); ++i) {
      rank -= pages_[p][i];
      const std::uint64_t first = (p << bits_ | i) << shift;
      if (rank < 0) return middle(first, first + ((std::uint64_t{1} << shift) - 1));
    }
  return std::numeric_limits<double>::quiet_NaN();  // not reached: the pages hold count_ elements
}

namespace {

/// Elements by the upper 16 bits of their keys, and those that have none.
struct counts {
  std::vector<index_t> of = std::vector<index_t>(1 << 16);
  index_t nans = 0;
};

constexpr int digit_shift = 48;

template <class T>
counts count_digits(const input<T>& x, const loop_options& options) {
  worker_local<counts> locals;
  for_each_stretch(
      x, locals,
      [](counts& local, const stretch<T>& part) {
        for (std::size_t i = 0; i < part.size; ++i) {
          const auto value = static_cast<double>(part.data[i]);
          ++local.of[key_of(value) >> digit_shift];
          local.nans += value != value;
        }
      },
      options);
  return locals.combine(commutative, [](counts a, const counts& b) {
    for (std::size_t i = 0; i < a.of.size(); ++i) a.of[i] += b.of[i];
    a.nans += b.nans;
    return a;
  });
}

using digits = std::vector<bool>;

/// The keys whose upper bits are wanted, in order.
template <class T>
std::vector<std::uint64_t> gathered(const input<T>& x, const digits& wanted, const loop_options& options) {
  using keys = std::vector<std::uint64_t>;
  worker_local<keys> locals;
  for_each_stretch(
      x, locals,
      [&wanted](keys& local, const stretch<T>& part) {
        for (std::size_t i = 0; i < part.size; ++i) {
          const std::uint64_t key = key_of(static_cast<double>(part.data[i]));
          if (wanted[key >> digit_shift]) local.push_back(key);
        }
      },
      options);
  keys all = locals.combine(commutative, [](keys a, const keys& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  });
  parallel_sort(all);
  return all;
}

/// The elements of some ranks.
class selection {
 public:
  template <class T>
  selection(const input<T>& x, const std::set<index_t>& ranks, const counts& by_digit,
            const loop_options& options) {
    digits wanted(by_digit.of.size());
    index_t before = 0;
    index_t left_out = 0;
    auto rank = ranks.begin();
    for (std::size_t d = 0; d < wanted.size(); ++d) {
      const index_t until = before + by_digit.of[d];
      if (rank != ranks.end() && *rank < until) wanted[d] = true;
      for (; rank != ranks.end() && *rank < until; ++rank) skipped_.emplace_back(*rank, left_out);
      if (!wanted[d]) left_out += by_digit.of[d];
      before = until;
    }
    keys_ = gathered(x, wanted, options);
  }

  double at(index_t rank) const {
    const auto found = std::lower_bound(skipped_.begin(), skipped_.end(), std::pair(rank, index_t{0}));
    return value_of(keys_[static_cast<std::size_t>(rank - found->second)]);
  }

 private:
  std::vector<std::pair<index_t, index_t>>
      skipped_;  // a rank, and how many elements below it were not gathered
  std::vector<std::uint64_t> keys_;
};

}  // namespace

namespace detail {

template <compiled T>
std::vector<double> quantiles(const input<T>& x, std::span<const double> at, const loop_options& options) {
  std::for_each(at.begin(), at.end(), check_quantile);
  if (x.size() == 0) throw too_few_elements(0, 1);
  const counts by_digit = count_digits(x, options);
  if (by_digit.nans > 0) return std::vector<double>(at.size(), std::numeric_limits<double>::quiet_NaN());

  std::set<index_t> ranks;
  const auto last = static_cast<double>(x.size() - 1);
  for (const double q : at) {
    ranks.insert(static_cast<index_t>(std::floor(q * last)));
    ranks.insert(static_cast<index_t>(std::ceil(q * last)));
  }
  const selection selected(x, ranks, by_digit, options);
  std::vector<double> values;
  for (const double q : at) {
    const double below = std::floor(q * last);
    const double low = selected.at(static_cast<index_t>(below));
    const double high = selected.at(static_cast<index_t>(std::ceil(q * last)));
    values.push_back(low == high ? low : std::lerp(low, high, q * last - below));
  }
  return values;
}

template <compiled T>
quantile_sketch sketch(const input<T>& x, int bits, const loop_options& options) {
  const quantile_sketch none(bits);
  worker_local<quantile_sketch> locals([&none] { return none; });
  for_each_stretch(
      x, locals,
      [](quantile_sketch& local, const stretch<T>& part) {
        for (std::size_t i = 0; i < part.size; ++i) local.add(static_cast<double>(part.data[i]));
      },
      options);
  return locals.combine(commutative, [](quantile_sketch a, const quantile_sketch& b) {
    a.merge(b);
    return a;
  });
}

#define POLYLOOP_QUANTILES(T)                                                                            \
  template std::vector<double> quantiles(const input<T>&, std::span<const double>, const loop_options&); \
  template quantile_sketch sketch(const input<T>&, int, const loop_options&);
POLYLOOP_FOR_EACH_TYPE(POLYLOOP_QUANTILES)

}  // namespace detail

}  // namespace polyloop::reductions
