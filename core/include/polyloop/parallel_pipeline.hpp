#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "polyloop/detail/item_flow.hpp"
#include "polyloop/detail/item_source.hpp"

namespace polyloop {

/// The stages of a pipeline: a function of an item, and how it may be called.
namespace stage {

template <class F, detail::stage_order Order>
struct of {
  static constexpr detail::stage_order order = Order;
  F call;

  /// As it is called: a const object, where several threads do.
  auto& function() {
    if constexpr (Order == detail::stage_order::parallel)
      return std::as_const(call);
    else
      return call;
  }
};

/// For several items at once, in any order.
template <class F>
of<F, detail::stage_order::parallel> parallel(F call) {
  return {std::move(call)};
}
/// For one item at a time, in the order in which they arrive.
template <class F>
of<F, detail::stage_order::serial> serial(F call) {
  return {std::move(call)};
}
/// For one item at a time, in the order of the source.
template <class F>
of<F, detail::stage_order::in_order> in_order(F call) {
  return {std::move(call)};
}

}  // namespace stage

namespace detail {

template <class X>
inline constexpr bool is_stage = false;
template <class F, stage_order Order>
inline constexpr bool is_stage<stage::of<F, Order>> = true;

/// The kinds of items between the stages: the source's, and what each stage but the last makes of them.
template <class Items, class... Stages>
struct items_between;
template <class... Items, class Last>
struct items_between<std::tuple<Items...>, Last> {
  using type = std::variant<std::monostate, Items...>;
};
template <class... Items, class First, class Second, class... Rest>
struct items_between<std::tuple<Items...>, First, Second, Rest...> {
  using arriving = std::tuple_element_t<sizeof...(Items) - 1, std::tuple<Items...>>;
  using made = made_of<decltype(std::declval<First&>().function()), arriving>;
  static_assert(!std::is_void_v<made>, "a stage of a pipeline that is not the last one returns the item for the next one");
  using type = typename items_between<std::tuple<Items..., item_by_value<made>>, Second, Rest...>::type;
};

/// The items in flight of one pipeline, in slots.
template <class Source, class... Stages>
class items_in_flight {
 public:
  items_in_flight(Source& source, std::tuple<Stages...>& stages, std::size_t window, bool may_retry)
      : source_(source), stages_(stages), slots_(window), may_retry_(may_retry) {}

  bool pull(std::size_t slot) {
    auto item = source_.next();
    if (!item) return false;
    slots_[slot].template emplace<1>(std::move(*item));
    return true;
  }
  void pass(std::size_t slot, std::size_t stage) { (this->*passes[stage])(slot); }
  void drop(std::size_t slot) { slots_[slot].template emplace<0>(); }

 private:
  using slot_type = typename items_between<std::tuple<typename Source::item>, Stages...>::type;

  template <std::size_t K>
  void pass_through(std::size_t slot) {
    auto& call = std::get<K>(stages_).function();
    auto& item = std::get<K + 1>(slots_[slot]);
    if constexpr (K + 1 == sizeof...(Stages)) {
      call_with(call, item, may_retry_);
    } else {
      auto made = call_with(call, item, may_retry_);
      slots_[slot].template emplace<K + 2>(std::move(made));
    }
  }

  using pass_function = void (items_in_flight::*)(std::size_t);
  template <std::size_t... K>
  static constexpr std::array<pass_function, sizeof...(K)> all_passes(std::index_sequence<K...>) {
    return {&items_in_flight::template pass_through<K>...};
  }
  static constexpr auto passes = all_passes(std::index_sequence_for<Stages...>{});

  Source& source_;
  std::tuple<Stages...>& stages_;
  std::vector<slot_type> slots_;
  bool may_retry_;
};

}  // namespace detail

/// Sends the items of a source through stages, several items at the same time:
///
///     parallel_pipeline({.window = 8},
///                       [&]() -> std::optional<frame> { return video.next(); },  // one after the other
///                       stage::parallel([](frame image) { return blurred(std::move(image)); }),
///                       stage::in_order([&](const frame& image) { file.write(image); }));
///
/// The source is a range, or a function that returns an optional item, and nothing at the end. It is asked
/// by one thread at a time. Each stage gets what the one before returned; as an rvalue where it
/// takes one. An item is worked at by one thread at a time, which sees what the others did to it.
///
/// The plain form takes one item after the other through all stages. As in it, if stages throw, the caller
/// gets the exception of the first item that failed: items before it have come to the end, and no stage in
/// order saw one behind it. `errors` of the options may say otherwise, and tells which item failed. After a
/// stop no more items are taken from the source, and those in flight come to the end. In each
/// case nothing is in flight any more when the call returns; the result counts the items that came to the end.
///
/// Runs on the workers of a loop: nested and isolated as one, on every backend, and with one worker too. For
/// items of 10 us and more: each stage that is not parallel takes a lock twice, some 50 ns.
/// Throws invalid_argument for a negative window and for workers < 1.
template <detail::item_source_like Source, class... Stages>
requires(sizeof...(Stages) > 0 && (detail::is_stage<Stages> && ...)) loop_result
    parallel_pipeline(const stream_options& options, Source&& source, Stages... stages) {
  using source_type = detail::item_source_for<Source>;
  source_type from(std::forward<Source>(source));
  std::tuple<Stages...> all(std::move(stages)...);
  const error_policy* const policy = options.errors.get();
  detail::items_in_flight<source_type, Stages...> items(from, all, detail::window_of(options),
                                                        policy != nullptr && policy->retry.times > 0);
  const auto pull = [&](std::size_t slot) { return items.pull(slot); };
  const auto pass = [&](std::size_t slot, std::size_t at) { items.pass(slot, at); };
  const auto drop = [&](std::size_t slot) { items.drop(slot); };
  constexpr std::array orders{Stages::order...};
  return detail::item_flow(orders, {pull, pass, drop}, options).run();
}
template <detail::item_source_like Source, class... Stages>
requires(sizeof...(Stages) > 0 && (detail::is_stage<Stages> && ...)) loop_result
    parallel_pipeline(Source&& source, Stages... stages) {
  return parallel_pipeline(stream_options{}, std::forward<Source>(source), std::move(stages)...);
}

}  // namespace polyloop
