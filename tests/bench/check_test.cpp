#include "suite/check.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <polyloop/context.hpp>
#include <polyloop/parallel_for.hpp>

#include "suite/sweep.hpp"

using namespace polyloop;
using namespace polyloop::bench;

namespace {

using numbers = std::shared_ptr<std::vector<double>>;

/// Writes i / 2 to element i. `spoil` may change the result of a run of ours.
instance halves(index_t n, const numbers& out, const std::function<void()>& spoil) {
  kernel made;
  made.run = [=](const loop_options& how) {
    parallel_for(
        n, [at = out->data()](index_t i) { at[i] = 0.5 * static_cast<double>(i); }, how);
    spoil();
  };
  made.checksum = [out] { return checksum_of(*out); };
  made.clear = [out] { std::ranges::fill(*out, -1.0); };
  return {"halves", n, made};
}

numbers elements(index_t n) {
  return std::make_shared<std::vector<double>>(static_cast<std::size_t>(n));
}

std::vector<std::string> problems_of(const instance& which, const std::vector<variant>& ways) {
  std::vector<std::string> all;
  for (const verdict& each : check_results(which, ways))
    if (!each.problem.empty()) all.push_back(each.problem);
  return all;
}

variant twin_of_plain_loop() {
  return {.backend = std::string(compiled_backends().front()->name()), .raw = true};
}

void add_twin(instance& to, const numbers& out, double error) {
  const auto by_hand = [out, error] {
    for (std::size_t i = 0; i < out->size(); ++i) (*out)[i] = 0.5 * static_cast<double>(i) + error;
  };
  to.code.raw[twin_of_plain_loop().backend] = {by_hand};
}

}  // namespace

TEST_CASE("a right kernel has the same checksum in all ways") {
  const numbers out = elements(1000);
  const auto verdicts = check_results(halves(1000, out, [] {}), our_variants({}));
  for (const verdict& each : verdicts) {
    CHECK(each.problem.empty());
    CHECK(each.checksum == verdicts.front().checksum);
  }
}

TEST_CASE("one wrong element in 1e7 on one backend is found, and told with expected and found") {
  constexpr index_t n = 10'000'000;
  const numbers out = elements(n);
  const std::string last(compiled_backends().back()->name());
  if (last == our_variants({}).front().backend) return;  // one backend alone: nothing to differ from
  const auto spoil = [=] {
    if (explain().backend == last) (*out)[n / 3] += 1e-9;
  };
  const auto problems = problems_of(halves(n, out, spoil), {{last, 1}});
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().find("halves/10000000/backend:" + last) == 0);
  CHECK(problems.front().find("expected the checksum ") != std::string::npos);
  CHECK(problems.front().find("found ") != std::string::npos);
}

TEST_CASE("one wrong element in 1e7 on all backends is found where the result is known") {
  constexpr index_t n = 10'000'000;
  const numbers out = elements(n);
  instance which = halves(n, out, [] {});
  which.code.run({});
  which.code.expected = which.code.checksum();
  CHECK(problems_of(which, our_variants({})).empty());
  instance wrong = halves(n, out, [out] { (*out)[n - 1] = 0; });
  wrong.code.expected = which.code.expected;
  CHECK(problems_of(wrong, our_variants({})).size() == our_variants({}).size());
}

TEST_CASE("one wrong element in 1e7 on all backends is found by a twin") {
  constexpr index_t n = 10'000'000;
  const numbers out = elements(n);
  instance wrong = halves(n, out, [out] { (*out)[7] = 0; });
  add_twin(wrong, out, 0);
  CHECK(problems_of(wrong, {twin_of_plain_loop()}).size() == 1);
  wrong.code.values = [out] { return *out; };
  const auto problems = problems_of(wrong, {twin_of_plain_loop()});
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().find("number 7: expected 0 as ours has, found 3.5") != std::string::npos);
}

TEST_CASE("a twin may differ by the tolerance and no more") {
  const numbers out = elements(100);
  instance which = halves(100, out, [] {});
  add_twin(which, out, 1e-12);
  which.code.values = [out] { return *out; };
  CHECK(problems_of(which, {twin_of_plain_loop()}).size() == 1);
  which.code.tolerance = 1e-9;
  CHECK(problems_of(which, {twin_of_plain_loop()}).empty());
}

TEST_CASE("a kernel that does nothing has an old result no longer") {
  const numbers out = elements(100);
  instance which = halves(100, out, [] {});
  which.code.run({});
  which.code.expected = which.code.checksum();
  which.code.run = [](const loop_options&) {};
  CHECK_FALSE(problems_of(which, {our_variants({}).front()}).empty());
}
