#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "polyloop/detail/thread_sanitizer.hpp"

namespace polyloop {

template <class Signature>
class function_ref;

/// A callable passed by reference, type-erased: two pointers, no allocation.
/// The callable must outlive the reference. The form of std::function_ref (P0792).
template <class Result, class... Arguments>
class function_ref<Result(Arguments...)> {
 public:
  template <class Callable>
  requires(!std::is_same_v<std::remove_cvref_t<Callable>, function_ref> &&
           std::is_invocable_r_v<Result, Callable&, Arguments...>) function_ref(Callable&& callable)
  noexcept  // NOLINT(google-explicit-constructor): as std::function_ref
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
        call_([](void* object, Arguments... arguments) -> Result {
          return (*static_cast<std::remove_reference_t<Callable>*>(object))(
              std::forward<Arguments>(arguments)...);
        }) {}

  POLYLOOP_BEFORE_EDGE Result operator()(Arguments... arguments) const {
    return call_(object_, std::forward<Arguments>(arguments)...);
  }

  /// The callable that it refers to.
  const void* target() const noexcept { return object_; }

 private:
  void* object_;
  Result (*call_)(void*, Arguments...);
};

}  // namespace polyloop
