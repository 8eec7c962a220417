#pragma once

/// What orders the caller of a loop with its chunks is the runtime's doing
/// (OpenMP's and oneTBB's libraries are not instrumented), so ThreadSanitizer
/// cannot see it. These edges tell it, one for the fork and one for the join;
/// chunks are not ordered among each other, so a race between two is still found.
/// POLYLOOP_BEFORE_EDGE marks the functions that run on a worker before it has
/// met the edge of the fork; they read nothing but what leads to it.
#if defined(__SANITIZE_THREAD__)
#define POLYLOOP_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define POLYLOOP_TSAN 1
#endif
#endif

#ifdef POLYLOOP_TSAN
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);
#define POLYLOOP_BEFORE_EDGE __attribute__((no_sanitize("thread"), noinline))
#else
#define POLYLOOP_BEFORE_EDGE
#endif

namespace polyloop::detail::tsan {

#ifdef POLYLOOP_TSAN
inline void acquire(void* address) {
  __tsan_acquire(address);
}
inline void release(void* address) {
  __tsan_release(address);
}
#else
inline void acquire(void*) {}
inline void release(void*) {}
#endif

}  // namespace polyloop::detail::tsan
