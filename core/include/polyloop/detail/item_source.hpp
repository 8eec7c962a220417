#pragma once

#include <concepts>
#include <functional>
#include <iterator>
#include <optional>
#include <ranges>
#include <type_traits>
#include <utility>

namespace polyloop::detail {

template <class X>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// A callable that gives the next item, and nothing when there are no more.
template <class F>
concept item_generator = std::invocable<F&> && is_optional<std::remove_cvref_t<std::invoke_result_t<F&>>>;

/// Where items come from: a generator, or a range to be walked once.
template <class X>
concept item_source_like = item_generator<std::remove_reference_t<X>> || std::ranges::input_range<X>;

/// Whether items may be left where they are while they are worked at: they are elements of a
/// container, and not what an iterator made up for this moment.
template <class Range>
inline constexpr bool stays_in_place =
    std::ranges::forward_range<Range> && std::is_lvalue_reference_v<std::ranges::range_reference_t<Range>>;

/// An item on its way, by value.
template <class T>
class item_by_value {
 public:
  explicit item_by_value(T&& value) : value_(std::move(value)) {}
  T& get() noexcept { return value_; }
  T&& take() noexcept { return std::move(value_); }

 private:
  T value_;
};

/// An item that stays where it is.
template <class T>
class item_in_place {
 public:
  explicit item_in_place(T& value) : value_(&value) {}
  T& get() noexcept { return *value_; }
  T& take() noexcept { return *value_; }

 private:
  T* value_;
};

/// Gives items one after the other; one thread at a time.
template <class Source>
class item_source;

template <item_generator Generator>
class item_source<Generator> {
 public:
  using item = item_by_value<typename std::remove_cvref_t<std::invoke_result_t<Generator&>>::value_type>;

  explicit item_source(Generator generate) : generate_(std::forward<Generator>(generate)) {}

  std::optional<item> next() {
    auto made = generate_();
    if (!made) return std::nullopt;
    return item(std::move(*made));
  }

 private:
  Generator generate_;
};

template <class Range>
requires(std::ranges::input_range<Range> && !item_generator<Range>) class item_source<Range> {
  using reference = std::ranges::range_reference_t<Range>;

 public:
  using item = std::conditional_t<stays_in_place<Range>, item_in_place<std::remove_reference_t<reference>>,
                                  item_by_value<std::ranges::range_value_t<Range>>>;

  explicit item_source(Range over) : over_(std::forward<Range>(over)) {}

  // The range is begun with the first item, and its iterator moved on with the item after.
  std::optional<item> next() {
    if (!at_)
      at_.emplace(std::ranges::begin(over_));
    else if (*at_ != std::ranges::end(over_))
      ++*at_;
    if (*at_ == std::ranges::end(over_)) return std::nullopt;
    if constexpr (stays_in_place<Range>)
      return item(**at_);
    else
      return item(std::ranges::range_value_t<Range>(**at_));
  }

 private:
  Range over_;  // a reference where the caller's range stays the caller's
  std::optional<std::ranges::iterator_t<Range>> at_;
};

/// The source for what a caller passed as Source&&: what is an lvalue is referred to.
template <class Source>
using item_source_for =
    item_source<std::conditional_t<std::is_lvalue_reference_v<Source>, Source, std::remove_cvref_t<Source>>>;

/// Calls it with an item that may be needed again, for another attempt, or not. Where it takes nothing but
/// an rvalue, the item is handed over each time.
template <class F, class Item>
decltype(auto) call_with(F& call, Item& item, bool again) {
  if constexpr (std::invocable<F&, decltype(item.get())> && std::invocable<F&, decltype(item.take())>) {
    if (again) return std::invoke(call, item.get());
  }
  if constexpr (std::invocable<F&, decltype(item.take())>)
    return std::invoke(call, item.take());
  else
    return std::invoke(call, item.get());
}

/// What a function makes of an item, as a value.
template <class F, class Item>
using made_of = std::decay_t<decltype(call_with(std::declval<F&>(), std::declval<Item&>(), false))>;

}  // namespace polyloop::detail
