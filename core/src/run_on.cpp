#include "polyloop/backend.hpp"
#include "polyloop/detail/thread_sanitizer.hpp"

namespace polyloop {

namespace {

#ifdef POLYLOOP_TSAN
struct ordered_chunk {
  const loop& work;
  char* join;

  POLYLOOP_BEFORE_EDGE void operator()(index_t first, index_t last, int worker) const {
    detail::tsan::acquire(const_cast<loop*>(&work));
    work.chunk(first, last, worker);
    detail::tsan::release(join);
  }
};
#endif

}  // namespace

void run_on(backend& engine, const loop& work) {
#ifdef POLYLOOP_TSAN
  char join = 0;
  const ordered_chunk ordered{work, &join};
  detail::tsan::release(const_cast<loop*>(&work));
  loop in_order = work;
  in_order.chunk = ordered;
  engine.run(in_order);
  detail::tsan::acquire(&join);
#else
  engine.run(work);
#endif
}

}  // namespace polyloop
