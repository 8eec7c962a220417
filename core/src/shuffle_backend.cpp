#include "polyloop/testing/shuffle_backend.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace polyloop::testing {

namespace {

constexpr index_t most_pieces = 4096;
constexpr index_t most_turns = 512;  // of two threads: each takes microseconds

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators",
/// 2014): the same numbers with every standard library.
class lot {
 public:
  explicit lot(std::uint64_t seed) : state_(seed) {}

  std::uint64_t draw() {
    std::uint64_t mixed = (state_ += 0x9e3779b97f4a7c15);
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(draw() % end); }

 private:
  std::uint64_t state_;
};

struct piece {
  index_t first;
  index_t last;
  int worker;
};

std::vector<piece> cut(const loop& work, index_t most, lot& chance) {
  const index_t count = work.end - work.begin;
  const index_t size = count / most + (count % most != 0);
  const auto workers = static_cast<std::size_t>(std::clamp(work.workers, 1, 2));
  std::vector<piece> pieces;
  for (index_t first = work.begin; first < work.end; first += std::min(size, work.end - first))
    pieces.push_back({first, first + std::min(size, work.end - first), static_cast<int>(chance.below(workers))});
  return pieces;
}

void shuffle(std::vector<piece>& pieces, lot& chance) {
  for (std::size_t left = pieces.size(); left > 1; --left)
    std::swap(pieces[left - 1], pieces[chance.below(left)]);
}

/// Pieces that two threads run in their order, each those of its number.
class duet {
 public:
  duet(const loop& work, const std::vector<piece>& pieces) : work_(work), pieces_(pieces) {}

  void play(int worker) {
    for (std::size_t turn = 0; turn < pieces_.size(); ++turn) {
      if (pieces_[turn].worker != worker) continue;
      wait_for(turn);
      work_.chunk(pieces_[turn].first, pieces_[turn].last, worker);
      pass_on(turn + 1);
    }
  }

 private:
  void wait_for(std::size_t turn) {
    std::unique_lock hold(lock_);
    passed_.wait(hold, [this, turn] { return turn_ == turn; });
  }
  // Woken for a turn that is not its own, the other thread would only take the CPU away.
  void pass_on(std::size_t next) {
    {
      const std::lock_guard hold(lock_);
      turn_ = next;
    }
    if (next < pieces_.size() && pieces_[next].worker != pieces_[next - 1].worker) passed_.notify_one();
  }

  const loop& work_;
  const std::vector<piece>& pieces_;
  std::mutex lock_;
  std::condition_variable passed_;
  std::size_t turn_ = 0;
};

}  // namespace

void shuffle_backend::run(const loop& work) {
  lot chance(how_.seed ^ lot(loops_.fetch_add(1, std::memory_order_relaxed)).draw());
  const bool by_two = how_.interleave && work.workers > 1;
  std::vector<piece> pieces = cut(work, by_two ? most_turns : most_pieces, chance);
  shuffle(pieces, chance);
  if (by_two) {
    duet both(work, pieces);
    const std::jthread other([&both] { both.play(1); });
    both.play(0);
  } else {
    for (const piece& each : pieces) work.chunk(each.first, each.last, each.worker);
  }
}

}  // namespace polyloop::testing
