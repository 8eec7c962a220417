#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "polyloop/aggregation/row_function.hpp"
#include "polyloop/aggregation/typed_column.hpp"

namespace polyloop::aggregation {

/// What an aggregate is of: a column, by its name, or a function of the row's number.
///
///     aggregate::sum("quantity")
///     aggregate::sum({[&](index_t row) { return quantity[row] * price[row]; }, "revenue"})
///
/// A function returns an integer (aggregated as int64) or a floating number (as double), or an optional of
/// one, empty where it is missing. It is called from several threads at once, once or more for each row that
/// is chosen, and must return the same each time.
class input {
 public:
  input(const char* name) : name_(name) {}             // NOLINT(google-explicit-constructor)
  input(std::string name) : name_(std::move(name)) {}  // NOLINT(google-explicit-constructor)
  template <detail::row_function F>
  input(F function, std::string name = "function")
      : name_(std::move(name)) {  // NOLINT(google-explicit-constructor)
    using T = detail::computed_type<F>;
    constexpr bool optional = detail::result_traits<F>::optional;
    real_ = std::is_same_v<T, double>;
    optional_ = optional;
    streams_ = detail::streams_of(function);
    function_ = [function = std::move(function)](index_t first, std::size_t n, void* values,
                                                 std::uint8_t* valid) {
      T* const out = static_cast<T*>(values);
      for (std::size_t i = 0; i < n; ++i) {
        const auto value = function(first + static_cast<index_t>(i));
        if constexpr (optional) {
          valid[i] = value ? 1 : 0;
          out[i] = value ? static_cast<T>(*value) : T{};
        } else {
          out[i] = static_cast<T>(value);
        }
      }
    };
  }

  const std::string& name() const noexcept { return name_; }
  bool is_function() const noexcept { return function_ != nullptr; }

  /// For the library: computes rows first, first + 1, ... of a function.
  using many_rows = std::function<void(index_t first, std::size_t n, void* values, std::uint8_t* valid)>;
  const many_rows& function() const noexcept { return function_; }
  bool real() const noexcept { return real_; }
  bool optional() const noexcept { return optional_; }
  const std::vector<detail::row_stream>& streams() const noexcept { return streams_; }

 private:
  std::string name_;
  many_rows function_;
  std::vector<detail::row_stream> streams_;
  bool real_ = false;
  bool optional_ = false;
};

namespace detail {

/// A user's aggregate with its types erased: the state is so many words of 8 bytes.
struct custom_aggregate {
  std::size_t words = 0;
  std::vector<std::uint64_t> start;
  std::function<void(std::uint64_t* base, const std::uint32_t* at, std::size_t n, const double* values)> add;
  std::function<void(std::uint64_t* into, const std::uint64_t* later)> merge;
  std::function<double(const std::uint64_t* state)> finish;
};

}  // namespace detail

/// What is computed of each group. Made by the functions of this class; as() gives another name to the
/// result.
class aggregate {
 public:
  enum class kind : unsigned char {
    count_rows,
    count,
    count_missing,
    count_distinct,
    sum,
    mean,
    min,
    max,
    variance,
    standard_deviation,
    first,
    last,
    quantile,
    largest,
    smallest,
    correlation,
    custom
  };

  /// Rows of the group; `count`: int64.
  static aggregate count() { return {kind::count_rows, {}, "count"}; }
  /// Values that are not missing; values that are.
  static aggregate count(input of) { return named(kind::count, "count", std::move(of)); }
  static aggregate count_missing(input of) { return named(kind::count_missing, "missing", std::move(of)); }
  /// Different values; a NaN is like each other NaN, and -0 like 0. Exact.
  static aggregate count_distinct(input of) { return named(kind::count_distinct, "distinct", std::move(of)); }
  /// int64 (modulo 2^64) of integers, double of the others; 0 of none.
  static aggregate sum(input of) { return named(kind::sum, "sum", std::move(of)); }
  static aggregate mean(input of) { return named(kind::mean, "mean", std::move(of)); }
  /// Of the type of the column; strings by their bytes. A NaN is less, and greater, than all else.
  static aggregate min(input of) { return named(kind::min, "min", std::move(of)); }
  static aggregate max(input of) { return named(kind::max, "max", std::move(of)); }
  /// Of a sample: divided by n - 1; missing of fewer than two.
  static aggregate variance(input of) { return named(kind::variance, "variance", std::move(of)); }
  static aggregate standard_deviation(input of) {
    return named(kind::standard_deviation, "standard deviation", std::move(of));
  }
  /// The value that is not missing of the lowest, and the highest, row.
  static aggregate first(input of) { return named(kind::first, "first", std::move(of)); }
  static aggregate last(input of) { return named(kind::last, "last", std::move(of)); }
  static aggregate median(input of) { return quantile(std::move(of), 0.5).as_of("median"); }
  /// Between the two neighbours of q (n - 1), linearly (type 7 of Hyndman and Fan, "Sample quantiles in
  /// statistical packages", 1996). q in [0, 1], else invalid_argument. NaN where a NaN is in the group.
  static aggregate quantile(input of, double q);
  /// The k largest or smallest values, a column for each: "largest(v)[1]" is the largest. k in [1, 1024].
  static aggregate largest(input of, int k);
  static aggregate smallest(input of, int k);
  /// Pearson's, of the rows where both are there; missing of fewer than two; NaN where one does not vary.
  static aggregate correlation(input x, input y);
  /// One of your own: starts as `start`, add(state, double value) for each value that is not missing, in the
  /// order of the rows; merge(state, const later) where parts of the rows come together; finish(const state)
  /// as a double. The state is trivially copyable. Functions are called from several threads at once.
  template <class State, class Add, class Merge, class Finish>
  requires std::is_trivially_copyable_v<State> && std::invocable<const Add&, State&, double> &&
      std::invocable<const Merge&, State&, const State&> &&
      std::is_invocable_r_v<double, const Finish&, const State&>
  static aggregate custom(std::string name, input of, const State& start, Add add, Merge merge,
                          Finish finish) {
    aggregate made(kind::custom, {std::move(of)}, std::move(name));
    made.custom_ = erased(start, std::move(add), std::move(merge), std::move(finish));
    return made;
  }

  /// The same, of another name.
  aggregate as(std::string name) const {
    aggregate other = *this;
    other.name_ = std::move(name);
    return other;
  }

  kind what() const noexcept { return what_; }
  const std::vector<input>& inputs() const noexcept { return inputs_; }
  const std::string& name() const noexcept { return name_; }
  /// Which quantile; how many values.
  double parameter() const noexcept { return parameter_; }
  const detail::custom_aggregate* custom() const noexcept { return custom_.get(); }

 private:
  aggregate(kind what, std::vector<input> inputs, std::string name)
      : what_(what), inputs_(std::move(inputs)), name_(std::move(name)) {}
  static aggregate named(kind what, const char* word, input of) {
    std::string name = std::string(word) + '(' + of.name() + ')';
    return {what, {std::move(of)}, std::move(name)};
  }
  aggregate as_of(const char* word) const {
    return as(std::string(word) + '(' + inputs_.front().name() + ')');
  }

  template <class State>
  static State state_at(const std::uint64_t* words) {
    State state;
    std::memcpy(&state, words, sizeof state);
    return state;
  }

  template <class State, class Add, class Merge, class Finish>
  static std::shared_ptr<const detail::custom_aggregate> erased(const State& start, Add add, Merge merge,
                                                                Finish finish) {
    detail::custom_aggregate made;
    made.words = (sizeof(State) + 7) / 8;
    made.start.resize(made.words);
    std::memcpy(made.start.data(), &start, sizeof start);
    made.add = [add = std::move(add)](std::uint64_t* base, const std::uint32_t* at, std::size_t n,
                                      const double* values) {
      for (std::size_t i = 0; i < n; ++i) {
        auto state = state_at<State>(base + at[i]);
        add(state, values[i]);
        std::memcpy(base + at[i], &state, sizeof state);
      }
    };
    made.merge = [merge = std::move(merge)](std::uint64_t* into, const std::uint64_t* later) {
      auto state = state_at<State>(into);
      merge(state, state_at<State>(later));
      std::memcpy(into, &state, sizeof state);
    };
    made.finish = [finish = std::move(finish)](const std::uint64_t* words) {
      return static_cast<double>(finish(state_at<State>(words)));
    };
    return std::make_shared<const detail::custom_aggregate>(std::move(made));
  }

  kind what_;
  std::vector<input> inputs_;
  std::string name_;
  double parameter_ = 0;
  std::shared_ptr<const detail::custom_aggregate> custom_;
};

}  // namespace polyloop::aggregation
