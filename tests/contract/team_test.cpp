// Teams: members really run at once, meet at barriers, and let each other go where one fails.
#include <atomic>
#include <chrono>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "kit.hpp"

using namespace polyloop;
using contract::failure;
using contract::on_every_setting;
using contract::thrown_by;

namespace {

/// A team of as many as the scope has workers.
template <class Body>
void on_every_team(const Body& body) {
  on_every_setting([&](int size) { body(size, team_options{}); });
}

}  // namespace

TEST_CASE("team: members run at once, on threads of their own, and meet") {
  on_every_team([](int size, const team_options& how) {
    std::vector<std::thread::id> threads(static_cast<std::size_t>(size));
    std::vector<int> seen(static_cast<std::size_t>(size));
    std::atomic<int> arrived{0};
    const auto body = [&](const team_member& me) {
      CHECK(me.size() == size);
      threads[static_cast<std::size_t>(me.index())] = std::this_thread::get_id();
      for (int round = 1; round <= 50; ++round) {
        ++arrived;
        me.barrier();
        seen[static_cast<std::size_t>(me.index())] += arrived == round * size;
        me.barrier();
      }
    };
    const loop_result result = parallel_team(size, body, how);
    CHECK(result.finished());
    CHECK(result.iterations == size);
    CHECK(threads[0] == std::this_thread::get_id());
    CHECK(std::set(threads.begin(), threads.end()).size() == static_cast<std::size_t>(size));
    for (const int rounds : seen) CHECK(rounds == 50);
  });
}

TEST_CASE("team: a broadcast has the value of its root, of any type, again and again") {
  on_every_team([](int size, const team_options& how) {
    std::atomic<int> wrong{0};
    parallel_team(
        size,
        [&](const team_member& me) {
          for (int round = 0; round < 60; ++round) {
            const int root = round % size;
            wrong += me.broadcast(std::to_string(me.index() * 1000 + round), root) != std::to_string(root * 1000 + round);
            wrong += me.broadcast(me.index(), size - 1 - root) != size - 1 - root;
          }
        },
        how);
    CHECK(wrong == 0);
    CHECK_THROWS_AS(parallel_team(size, [&](const team_member& me) { me.broadcast(1, size); }, how), invalid_argument);
  });
}

TEST_CASE("team: one that throws lets the others go from the barrier") {
  on_every_team([](int size, const team_options& how) {
    for (int fails = 0; fails < size; ++fails) {
      std::atomic<int> let_go{0};
      const auto body = [&](const team_member& me) {
        me.barrier();
        if (me.index() == fails) throw failure{fails};
        try {
          me.barrier();
        } catch (const team_broken&) {
          ++let_go;
          throw;
        }
      };
      CHECK(thrown_by([&] { parallel_team(size, body, how); }) == fails);
      CHECK(let_go == size - 1);
    }
  });
}

TEST_CASE("team: of several failures the lowest index counts, and what a member makes of being let go does not") {
  on_every_team([](int size, const team_options& how) {
    const auto all_fail = [&](const team_member& me) {
      me.barrier();
      throw failure{me.index()};
    };
    CHECK(thrown_by([&] { parallel_team(size, all_fail, how); }) == 0);
    if (size == 1) return;
    const auto complain = [&](const team_member& me) {
      if (me.index() == size - 1) throw failure{me.index()};
      try {
        me.barrier();
      } catch (const team_broken&) {
        throw failure{me.index()};
      }
    };
    CHECK(thrown_by([&] { parallel_team(size, complain, how); }) == size - 1);
  });
}

TEST_CASE("team: who has returned is not waited for") {
  on_every_team([](int size, const team_options& how) {
    std::atomic<int> rounds{0};
    const auto body = [&](const team_member& me) {
      for (int round = 0; round <= me.index(); ++round) {
        me.barrier();
        ++rounds;
      }
    };
    CHECK(parallel_team(size, body, how).finished());
    CHECK(rounds == size * (size + 1) / 2);
    if (size == 1) return;
    const auto no_root = [](const team_member& me) {
      if (me.index() != 0) me.broadcast(1, 0);
    };
    CHECK_THROWS_AS(parallel_team(size, no_root, how), invalid_argument);
  });
}

TEST_CASE("team: a stop and a deadline break barriers") {
  on_every_team([](int size, const team_options&) {
    if (size == 1) return;
    std::stop_source source;
    const auto wait_for_ever = [&](const team_member& me) {
      if (me.index() == 0)
        source.request_stop();
      while (true) me.barrier();
    };
    const loop_result stopped = parallel_team(size, wait_for_ever, {.stop = source.get_token()});
    CHECK_FALSE(stopped.finished());
    CHECK(stopped.iterations == 0);
    const auto soon = std::chrono::steady_clock::now() + std::chrono::milliseconds(2);
    const auto endless = [](const team_member& me) {
      while (true) me.barrier();
    };
    CHECK_FALSE(parallel_team(size, endless, {.deadline = soon}).finished());
    CHECK(std::chrono::steady_clock::now() >= soon);
  });
}

TEST_CASE("team: larger than what may run is refused before anything has run") {
  on_every_team([](int size, const team_options& how) {
    std::atomic<int> ran{0};
    const auto count = [&](const team_member&) { ++ran; };
    CHECK_THROWS_AS(parallel_team(0, count, how), invalid_argument);
    try {
      parallel_team(size + 1, count, how);
    } catch (const team_too_large& refused) {
      CHECK(refused.most() == size);
      ran += 100;
    }
    CHECK(ran == 100);
    CHECK(parallel_team(size + 1, count, {.oversubscribe = true}).iterations == size + 1);
    CHECK(ran == 101 + size);
  });
}

TEST_CASE("team: inside a team of all that may run there is room for none") {
  for (backend* each : contract::backends_under_test()) {
    const scoped_context scope{.backend = *each};
    const auto most_members = [] {
      try {
        parallel_team(1 << 20, [](const team_member&) {});
      } catch (const team_too_large& refused) {
        return refused.most();
      }
      return 0;
    };
    std::atomic<int> wrong{0};
    CHECK(parallel_team(most_members(), [&](const team_member& me) {
            wrong += most_members() != 1;
            wrong += parallel_team(1, [](const team_member&) {}).iterations != 1;
            me.barrier();
          }).finished());
    CHECK(wrong == 0);
  }
}

TEST_CASE("team: loops and groups of members") {
  on_every_team([](int size, const team_options& how) {
    std::vector<index_t> sums(static_cast<std::size_t>(size));
    std::atomic<index_t> tasks{0};
    const auto body = [&](const team_member& me) {
      sums[static_cast<std::size_t>(me.index())] =
          parallel_reduce(1000, sum<index_t>{}, [](int i) { return index_t{i}; }, {.schedule = schedule::dynamic(50)});
      me.barrier();
      task_group group;
      for (int i = 0; i < 10; ++i) group.spawn([&] { ++tasks; });
      group.wait();
    };
    parallel_team(size, body, how);
    for (const index_t total : sums) CHECK(total == 499500);
    CHECK(tasks == 10 * size);
  });
}
