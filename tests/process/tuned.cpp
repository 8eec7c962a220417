// Prints how a loop with a label reaches its backend; the tests start it with
// and without a file that says how it should.
#include <cstdio>
#include <polyloop/polyloop.hpp>

namespace {

struct printer final : polyloop::backend {
  std::string_view name() const noexcept override { return "printer"; }
  void run(const polyloop::loop& work) override {
    std::printf("workers %d, kind %d, grain %d\n", work.workers, static_cast<int>(work.schedule.how()),
                static_cast<int>(work.schedule.grain()));
    work.chunk(work.begin, work.end, 0);
  }
};

void loop_on(printer& shown) {
  const polyloop::scoped_context scope{.backend = shown, .workers = 8, .oversubscribe = true};
  for (int times = 0; times < 3; ++times) polyloop::parallel_for(100, [](int) {}, {.label = "rows"});
}

}  // namespace

int main(int count, char** arguments) {
  try {
    printer shown;
    if (count > 1) polyloop::load_tuning(arguments[1]);
    loop_on(shown);
  } catch (const polyloop::tuning_error& wrong) {
    std::printf("error: %s\n", wrong.what());
    return 2;
  }
}
