#pragma once

#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "polyloop/detail/item_source.hpp"
#include "polyloop/detail/ordered_window.hpp"

namespace polyloop {

/// The results of an ordered_map: a range to be gone through once. Moveable; to be used by one thread at a
/// time. Its end stops the workers and waits for the items that they are at.
template <class Source, class F>
class ordered_results {
  using source_type = detail::item_source_for<Source>;

 public:
  using value_type = detail::made_of<const F, typename source_type::item>;

  class iterator {
   public:
    using value_type = ordered_results::value_type;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    /// Its owner may move the result out.
    value_type& operator*() const { return *all_->slots[*at_].result; }
    iterator& operator++() {
      at_ = all_->window->next();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& it, std::default_sentinel_t) { return !it.at_; }

   private:
    friend class ordered_results;
    explicit iterator(typename ordered_results::state& all) : all_(&all), at_(all.window->next()) {}
    typename ordered_results::state* all_;
    std::optional<std::size_t> at_;
  };

  ordered_results(Source&& source, F call, const stream_options& options)
      : state_(std::make_unique<state>(std::forward<Source>(source), std::move(call), options)) {}

  /// Waits for the next result. It and ++ throw what the item of that result threw, after all results before it.
  iterator begin() { return iterator(*state_); }
  std::default_sentinel_t end() const noexcept { return {}; }
  /// How many results have been handed out, and whether the source was stopped.
  loop_result result() const { return state_->window->result(); }

 private:
  struct slot {
    std::optional<typename source_type::item> item;
    std::optional<value_type> result;
  };

  struct state {
    state(Source&& from, F function, const stream_options& how)
        : options(how), source(std::forward<Source>(from)), call(std::move(function)), slots(detail::window_of(how)) {
      if (how.errors.get() != nullptr) options.errors = policy.emplace(*how.errors.get());
      window.emplace(options, detail::result_keeper{[this](std::size_t s) { return pull(slots[s]); },
                                                    [this](std::size_t s) { compute(slots[s]); },
                                                    [this](std::size_t s) { slots[s] = {}; }});
    }

    bool pull(slot& to) {
      auto next = source.next();
      if (next) to.item.emplace(std::move(*next));
      return next.has_value();
    }
    void compute(slot& at) {
      at.result.emplace(detail::call_with(call, *at.item, policy && policy->retry.times > 0));
      at.item.reset();
    }

    std::optional<error_policy> policy;  // the caller's may be gone by now
    stream_options options;
    source_type source;
    const F call;
    std::vector<slot> slots;
    std::optional<detail::ordered_window> window;  // the last to come and the first to go
  };

  std::unique_ptr<state> state_;
};

/// f(item) for every item of a source, as a range of results in the order of the source; while one is
/// looked at, later ones are being computed:
///
///     for (image& thumbnail : ordered_map(files, load_and_shrink, {.window = 16})) album.append(thumbnail);
///
/// The source is a range, or a function that returns an optional item, and nothing at the end. It is asked
/// by one thread at a time, not always the same. f is called with an item (an rvalue, where it takes one and the
/// source does not keep it), as a const object, from several threads at once: from workers in the
/// background, as many as the scope has but one, and from whoever waits for a result that is not there yet.
/// At most `window` items are taken from the source and not yet looked at.
///
/// What f throws for an item is thrown where its result would have come, after all results before; then the
/// range is at its end. `errors` of the options may say otherwise: failures that are collected leave their results
/// out, and are thrown together at the end. After a stop the results of the items that were taken still come.
///
/// Workers come from the process's budget, and work under the scope in which the range was made, which has
/// to outlive it, as do `label` and a source that is not a temporary. On one worker each result is computed when it is
/// asked for. For items of some 5 us and more; starting and ending it takes two or three times as long as
/// starting a thread. Throws invalid_argument for a negative window and for workers < 1.
template <detail::item_source_like Source, class F>
ordered_results<Source, F> ordered_map(Source&& source, F f, const stream_options& options = {}) {
  return ordered_results<Source, F>(std::forward<Source>(source), std::move(f), options);
}

}  // namespace polyloop
