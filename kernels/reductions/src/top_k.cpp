#include "polyloop/reductions/top_k.hpp"

#include "candidates.hpp"
#include "instances.hpp"

namespace polyloop::reductions::detail {

namespace {

template <class T>
bool before(const extremum<T>& a, const extremum<T>& b) {
  if (is_nan(a.value) != is_nan(b.value)) return is_nan(a.value);
  if (a.value != b.value && !is_nan(a.value)) return a.value > b.value;
  return a.index < b.index;
}

/// The best k seen so far, as a heap whose front is the last of them.
template <class T>
class podium {
 public:
  explicit podium(index_t k) : places_(static_cast<std::size_t>(k)) {}

  /// Whether elements up to this value come too late, wherever they are after those seen.
  bool beats(const candidate<T>& others) const {
    return kept_.size() == places_ && !others.nan && !(others.value > kept_.front().value);
  }

  void offer(const extremum<T>& each) {
    if (kept_.size() == places_) {
      if (!before(each, kept_.front())) return;
      std::pop_heap(kept_.begin(), kept_.end(), before<T>);
      kept_.pop_back();
    }
    kept_.push_back(each);
    std::push_heap(kept_.begin(), kept_.end(), before<T>);
  }

  std::vector<extremum<T>> in_order() && {
    std::sort_heap(kept_.begin(), kept_.end(), before<T>);
    return std::move(kept_);
  }

 private:
  std::size_t places_;
  std::vector<extremum<T>> kept_;
};

template <class T>
struct merge_first {
  using value_type = std::vector<extremum<T>>;
  index_t k;

  static value_type identity() { return {}; }
  value_type operator()(const value_type& a, const value_type& b) const {
    value_type all(a.size() + b.size());
    std::merge(a.begin(), a.end(), b.begin(), b.end(), all.begin(), before<T>);
    all.resize(std::min(all.size(), static_cast<std::size_t>(k)));
    return all;
  }
};

}  // namespace

template <compiled T>
std::vector<extremum<T>> top_k(const input<T>& x, index_t k, const loop_options& options) {
  if (k < 0) polyloop::detail::throw_invalid("k", k, "at least 0");
  if (k == 0) return {};
  const auto block = [&, f = functions_for<T>()](index_t from, index_t to) {
    podium<T> first(std::min(k, x.size()));
    for_stretches(x, from, to, [&](const stretch<T>& part) {
      if (first.beats(stretch_extremum<false>(f, part))) return;
      for (std::size_t i = 0; i < part.size; ++i)
        first.offer({part.data[i], part.first + static_cast<index_t>(i)});
    });
    return std::move(first).in_order();
  };
  return parallel_reduce_blocks(stretch_count(x.size(), stretch_size<T>), merge_first<T>{k}, block, options);
}

#define POLYLOOP_TOP_K(T) \
  template std::vector<extremum<T>> top_k(const input<T>&, index_t, const loop_options&);
POLYLOOP_FOR_EACH_TYPE(POLYLOOP_TOP_K)

}  // namespace polyloop::reductions::detail
