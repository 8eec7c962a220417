#include "instructions/loop_set.hpp"
#include "polyloop/context.hpp"
#include "polyloop/crew.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::bench::instructions {

namespace {

/// Threads are asked for and never come: the caller of a shared loop invites,
/// runs all chunks itself and takes the invitation back. So no count depends on
/// how fast a helper is.
class nobody_comes final : public crew_backend {
 public:
  std::string_view name() const noexcept override { return "nobody comes"; }

 private:
  void lend(int) override {}
};

struct ours {
  template <class I, class Body>
  static bool loop(I n, const Body& body) {
    return parallel_for(n, body).shared;
  }
  template <class Body>
  static bool shared_loop(index_t n, const Body& body) {
    return parallel_for(n, body, {.schedule = schedule::static_(), .workers = 2}).shared;
  }
};

void enter(int workers, const std::function<void()>& call) {
  nobody_comes mine;
  const scoped_context scope{.backend = mine, .workers = workers, .oversubscribe = true};
  call();
}

}  // namespace

const loop_set our_loops = loops_by<ours>("ours", enter);

}  // namespace polyloop::bench::instructions
