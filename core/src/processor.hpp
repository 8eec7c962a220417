#pragma once

#include <cstdint>

#ifdef __linux__
#include <sched.h>
#endif

namespace polyloop::detail {

inline constexpr int unknown_processor = -1;

inline void prefetch([[maybe_unused]] const void* address) noexcept {
#if defined(__GNUC__)
  __builtin_prefetch(address);
#endif
}

/// Asks for so many cache lines at once: from another core, one after the other
/// they would take as many times as long.
inline void prefetch(const void* from, int lines) noexcept {
  const auto first =
      reinterpret_cast<std::uintptr_t>(from);  // a place, perhaps of nothing: no pointer arithmetic
  for (int line = 0; line < lines; ++line)
    prefetch(reinterpret_cast<const void*>(first + 64U * static_cast<unsigned>(line)));
}

/// What a thread does between two looks at what it waits for.
inline void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// The processor that this thread runs on, where the system tells.
inline int this_processor() noexcept {
#ifdef __linux__
  return sched_getcpu();
#else
  return unknown_processor;
#endif
}

/// Moves this thread to another processor that it may run on, if there is one;
/// from then on the system may move it as before.
inline void leave_processor(int from) noexcept {
#ifdef __linux__
  cpu_set_t allowed;
  if (from < 0 || from >= CPU_SETSIZE || sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  cpu_set_t others = allowed;
  CPU_CLR(from, &others);
  if (CPU_COUNT(&others) == 0 || sched_setaffinity(0, sizeof others, &others) != 0) return;
  sched_setaffinity(0, sizeof allowed, &allowed);
#else
  (void)from;
#endif
}

}  // namespace polyloop::detail
