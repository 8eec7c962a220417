#include "profile/itt_marks.hpp"

#include <ittnotify.h>

#include <cstdlib>
#include <string>

#include "polyloop/profile.hpp"

namespace polyloop::detail {

namespace {

class itt_marks final : public profile::observer {
 public:
  void chunk_begins(const profile::chunk_event& chunk) noexcept override {
    __itt_task_begin(domain_, __itt_null, __itt_null, handle_of(chunk.of));
  }
  void chunk_ended(const profile::chunk_event&) noexcept override { __itt_task_end(domain_); }

 private:
  // The collector knows a name that it has seen: it returns the same handle.
  static __itt_string_handle* handle_of(const profile::loop_event& loop) {
    const std::string name = loop.label.empty() ? loop.site.name() : std::string(loop.label);
    return __itt_string_handle_create(name.c_str());
  }

  __itt_domain* const domain_ = __itt_domain_create("polyloop");
};

bool has_collector() {
  // By this variable the collector tells the program where its library is.
  return std::getenv("INTEL_LIBITTNOTIFY64") != nullptr;  // NOLINT(concurrency-mt-unsafe): before main
}

}  // namespace

void attach_itt_marks() {
  if (!has_collector()) return;
  struct attached_marks {
    itt_marks marks;
    profile::scoped_observer attached{marks};
  };
  // Never destroyed: threads may loop until the very end.
  [[maybe_unused]] static const attached_marks& forever = *new attached_marks;
}

}  // namespace polyloop::detail
