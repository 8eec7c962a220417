#include "polyloop/backend.hpp"

namespace polyloop::detail {

namespace {

/// The plain loop. Core runs loops of one worker itself, so run() is only for
/// those who call it directly.
class serial final : public backend {
 public:
  std::string_view name() const noexcept override { return "serial"; }
  int most_workers() const noexcept override { return 1; }
  void run(const loop& work) override {
    if (work.begin < work.end) work.chunk(work.begin, work.end, 0);
  }
};

}  // namespace

backend& serial_backend() {
  static serial only;
  return only;
}

}  // namespace polyloop::detail
