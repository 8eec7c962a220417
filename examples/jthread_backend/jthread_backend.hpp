#pragma once

#include <polyloop/backend.hpp>
#include <polyloop/team.hpp>
#include <thread>
#include <vector>

/// A backend written outside the project: a thread for each helper, started
/// for every outermost loop and joined at its end. run_in_team brings the
/// schedules, nested loops and isolation; what is left is fork and join.
class jthread_backend final : public polyloop::backend {
 public:
  std::string_view name() const noexcept override { return "jthread"; }

  void run(const polyloop::loop& work) override {
    polyloop::run_in_team(*this, work, [](int members, polyloop::function_ref<void(int)> member) {
      std::vector<std::jthread> helpers;
      helpers.reserve(static_cast<std::size_t>(members - 1));
      for (int number = 1; number < members; ++number) helpers.emplace_back([=] { member(number); });
      member(0);
    });  // the helpers are joined here
  }
};
