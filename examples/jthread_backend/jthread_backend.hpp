#pragma once

#include <array>
#include <polyloop/crew.hpp>
#include <thread>

/// A backend written outside the project: a thread for each seat, started anew
/// whenever one is asked for. crew_backend brings the schedules, nested loops,
/// isolation and the budget; what is left is to find a thread.
class jthread_backend final : public polyloop::crew_backend {
 public:
  std::string_view name() const noexcept override { return "jthread"; }

 private:
  void lend(int seat) override {
    // The thread that sat there before has returned from serve(): it is joined here.
    threads_[static_cast<std::size_t>(seat)] = std::jthread([this, seat] { serve(seat); });
  }

  std::array<std::jthread, most_seats> threads_;
};
