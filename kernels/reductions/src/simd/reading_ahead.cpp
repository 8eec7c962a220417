#include "reading_ahead.hpp"

namespace polyloop::reductions::detail {

namespace {

bool is_amd() {
#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
  __builtin_cpu_init();
  return __builtin_cpu_is("amd") != 0;
#else
  return false;
#endif
}

}  // namespace

const bool asking_ahead_pays = !is_amd();

}  // namespace polyloop::reductions::detail
