// Prints what a loop would run on; the tests start it under various limits.
#include <cstdio>
#include <polyloop/polyloop.hpp>

int main() {
  try {
    const polyloop::explanation here = polyloop::explain();
    std::printf("%d workers by %s\n%s\n", here.workers, here.limited_by.c_str(), here.text.c_str());
  } catch (const polyloop::error& problem) {
    std::printf("error: %s\n", problem.what());
    return 2;
  }
}
