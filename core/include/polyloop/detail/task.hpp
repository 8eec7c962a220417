#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "polyloop/index.hpp"

namespace polyloop::detail {

class task_scope;

/// A function that a group has been given, until it has run.
struct task {
  static constexpr std::size_t room = 96;

  void (*call)(void* function);
  void (*destroy)(void* function) noexcept;
  task_scope* scope;
  index_t index;  // the order in which the group was given its tasks
  alignas(std::max_align_t) std::byte function[room];
};

/// Memory of a task. A thread keeps some of those that ended on it, so that most need no allocation.
void* allocate_task();
void free_task(void* memory) noexcept;

struct frees_task {
  void operator()(task* memory) const noexcept { free_task(memory); }
};

/// A function that is too large for a task, or aligned in a special way.
template <class Function>
struct boxed {
  std::unique_ptr<Function> function;
  void operator()() { (*function)(); }
};

template <class Function>
inline constexpr bool fits_task = sizeof(Function) <= task::room && alignof(Function) <= alignof(std::max_align_t);

template <class Function, class Given>
task* new_fitting_task(Given&& given) {
  std::unique_ptr<task, frees_task> made(::new (allocate_task()) task);
  ::new (static_cast<void*>(made->function)) Function(std::forward<Given>(given));
  made->call = [](void* function) { (*static_cast<Function*>(function))(); };
  made->destroy = [](void* function) noexcept { static_cast<Function*>(function)->~Function(); };
  return made.release();
}

template <class Given>
task* new_task(Given&& given) {
  using function = std::decay_t<Given>;
  if constexpr (fits_task<function>)
    return new_fitting_task<function>(std::forward<Given>(given));
  else
    return new_fitting_task<boxed<function>>(boxed<function>{std::make_unique<function>(std::forward<Given>(given))});
}

}  // namespace polyloop::detail
