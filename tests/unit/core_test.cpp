#include <doctest/doctest.h>

#include <polyloop/detail/blocks.hpp>
#include <polyloop/detail/site.hpp>
#include <polyloop/polyloop.hpp>
#include <string>
#include <thread>

using namespace polyloop;

TEST_CASE("blocks: a rule of n alone, enough of them, none too large") {
  CHECK(detail::block_size(1) == 1);
  CHECK(detail::block_size(1000) == 1);
  CHECK(detail::block_size(1024) == 2);
  CHECK(detail::block_size(100'000'000) == 16384);
  for (index_t n = 1; n < (index_t{1} << 50); n = n * 3 + 1) {
    const index_t size = detail::block_size(n);
    CHECK(n / size <= 131072);
    CHECK((n < 512 || n / size >= 512));
  }
}

TEST_CASE("blocks: neighbours are combined in a fixed tree that keeps their order") {
  const auto join = [](const std::string& a, const std::string& b) { return "(" + a + b + ")"; };
  const auto tree_of = [&](int n) {
    std::vector<detail::partial<std::string>> parts;
    for (int i = 0; i < n; ++i) parts.push_back({std::string(1, static_cast<char>('a' + i))});
    return detail::combine_tree(parts, join);
  };
  CHECK(tree_of(1) == "a");
  CHECK(tree_of(2) == "(ab)");
  CHECK(tree_of(3) == "((ab)c)");
  CHECK(tree_of(7) == "(((ab)(cd))((ef)g))");
}

TEST_CASE("site: learns that a loop is small, and looks again now and then") {
  detail::site here;
  CHECK_FALSE(here.small(10));
  here.learn(1000, 500.0);
  CHECK(here.cost() == doctest::Approx(0.5));
  CHECK(here.small(10));
  CHECK_FALSE(here.small(1'000'000));
  int looks = 0;
  for (int i = 0; i < 4000; ++i) {
    if (here.small(10)) continue;
    ++looks;
    here.learn(10, 5.0);
  }
  CHECK(looks >= 3);
  CHECK(looks <= 5);
}

TEST_CASE("site: forgets that loops are small, and learns it again from one like those before") {
  detail::site here;
  here.learn(1000, 500.0);
  here.forget_that_small();
  for (int i = 0; i < 2000; ++i) CHECK_FALSE(here.small(1));
  here.learn(1000, 500.0);
  CHECK(here.small(1));
}

TEST_CASE("site: a loop that becomes dear is noticed soon, the sooner the longer it was") {
  detail::site here;
  here.learn(1000, 900.0);
  int unnoticed = 0;
  while (here.small(1000)) ++unnoticed;
  CHECK(unnoticed < 60);
}

TEST_CASE("site: a new thread looks at its first loop, however small others found it") {
  detail::site here;
  here.learn(1000, 900.0);
  bool first = true;
  std::thread([&] { first = here.small(1000); }).join();
  CHECK_FALSE(first);
}

TEST_CASE("site: one slow measurement does not undo what is believed") {
  detail::site here;
  here.learn(1000, 500.0);
  here.learn(1000, 5e6);
  CHECK(here.cost() <= 2.0F);
  here.learn(1000, 500.0);
  CHECK(here.cost() == doctest::Approx(0.5));
}

TEST_CASE("site: two slow measurements in a row do") {
  detail::site here;
  here.learn(1000, 500.0);
  here.learn(1000, 5e6);
  here.learn(1000, 4e6);
  CHECK(here.cost() == doctest::Approx(4000));
}

TEST_CASE("context: scopes nest and end") {
  const explanation outside = explain();
  {
    const scoped_context one{.workers = 1};
    CHECK(explain().workers == 1);
    {
      const scoped_context more{.workers = 3};
      CHECK(explain().workers == 1);
      const scoped_context many{.workers = 3, .oversubscribe = true};
      CHECK(explain().workers == std::min(3, detail::this_context().engine->most_workers()));
    }
  }
  CHECK(explain().text == outside.text);
}

TEST_CASE("context: explain names the limit that counts") {
  const scoped_context one{.workers = 1};
  const explanation here = explain();
  CHECK(here.text.find("affinity: ") != std::string::npos);
  CHECK(here.text.find("container quota: ") != std::string::npos);
  CHECK(here.text.find(here.backend) != std::string::npos);
}

TEST_CASE("backends: the default comes first, and all can be found by name") {
  REQUIRE_FALSE(compiled_backends().empty());
  CHECK(explain().backend == compiled_backends().front()->name());
  for (backend* each : compiled_backends()) CHECK(&find_backend(each->name()) == each);
}

TEST_CASE("schedule: kinds and grains") {
  static_assert(schedule::automatic.how() == schedule::kind::automatic);
  static_assert(schedule::static_().grain() == 0);
  static_assert(schedule::dynamic().grain() == 1);
  CHECK(schedule::guided(5) == schedule::guided(5));
  CHECK_FALSE(schedule::guided(5) == schedule::dynamic(5));
}

TEST_CASE("call sites: a loop that nobody measured is looked at again, not held to be small for ever") {
  detail::site here;
  here.learn(1000, 10'000);  // 10 ns an iteration
  int small = 0;
  while (here.small(50)) ++small;
  CHECK(small > 0);
  // The loop that was not small taught nothing: all its chunks ran elsewhere.
  detail::site::begin_look();
  CHECK_FALSE(here.small(50));
  detail::site::begin_look();
  CHECK_FALSE(here.small(50));
}
