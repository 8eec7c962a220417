#pragma once

namespace polyloop::bench {

/// Makes the optimiser believe that somebody looks at the value.
template <class T>
inline void keep(const T& value) {
#if defined(__GNUC__)
  asm volatile("" : : "g"(&value) : "memory");
#else
  static const volatile void* seen;
  seen = &value;
#endif
}

}  // namespace polyloop::bench
