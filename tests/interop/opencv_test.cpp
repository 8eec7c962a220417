// OpenCV on every backend: the same pixels as on its own, the number of threads as asked for.
#include <doctest/doctest.h>

#include <atomic>
#include <mutex>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <polyloop/opencv_parallel.hpp>
#include <polyloop/polyloop.hpp>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace polyloop;

namespace {

// Made before OpenCV has oneTBB start threads: what oneTBB orders between those and the
// threads that come later, ThreadSanitizer cannot see.
const auto backends = compiled_backends();

template <class Run>
void on_every_setting(const Run& run) {
  for (backend* each : backends)
    for (const int workers : {1, 2, 4, 8}) {
      INFO("backend ", std::string(each->name()), ", workers ", workers);
      const scoped_context scope{.backend = *each, .workers = workers, .oversubscribe = true};
      run(workers);
    }
}

cv::Mat picture() {
  cv::Mat pixels(357, 611, CV_8UC3);
  for (int r = 0; r < pixels.rows; ++r)
    for (int c = 0; c < pixels.cols * 3; ++c)
      pixels.ptr<unsigned char>(r)[c] = static_cast<unsigned char>((r * 31 + c * 17 + r * c) & 255);
  return pixels;
}

std::vector<cv::Mat> filtered(const cv::Mat& from) {
  std::vector<cv::Mat> results(5);
  cv::GaussianBlur(from, results[0], {7, 7}, 1.5);
  cv::resize(from, results[1], {}, 1.7, 0.6, cv::INTER_LINEAR);
  cv::cvtColor(from, results[2], cv::COLOR_BGR2HSV);
  cv::medianBlur(from, results[3], 5);
  cv::bilateralFilter(from, results[4], 5, 20, 20);
  return results;
}

bool same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0;
}

/// Puts Polyloop under OpenCV until the end of the block.
struct on_polyloop {
  on_polyloop() { cv::parallel::setParallelForBackend(std::make_shared<opencv_parallel>()); }
  on_polyloop(const on_polyloop&) = delete;
  on_polyloop& operator=(const on_polyloop&) = delete;
  ~on_polyloop() { cv::parallel::setParallelForBackend(std::shared_ptr<cv::parallel::ParallelForAPI>()); }
};

}  // namespace

TEST_CASE("opencv: filters give the pixels that they give on OpenCV's own threads") {
  const cv::Mat from = picture();
  const std::vector<cv::Mat> expected = filtered(from);
  on_every_setting([&](int workers) {
    const on_polyloop here;
    cv::setNumThreads(workers);
    const std::vector<cv::Mat> results = filtered(from);
    for (std::size_t i = 0; i < results.size(); ++i) CHECK(same(results[i], expected[i]));
  });
}

TEST_CASE("opencv: every index once, under numbers of which no two run at once") {
  on_every_setting([](int workers) {
    const on_polyloop here;
    cv::setNumThreads(workers);
    for (const int n : {1, 2, 3, 100, 4001}) {
      std::vector<std::atomic<int>> visits(static_cast<std::size_t>(n));
      std::vector<std::atomic<int>> busy(8);
      std::atomic<int> wrong{0};
      cv::parallel_for_({0, n}, [&](const cv::Range& part) {
        const int number = cv::getThreadNum();
        wrong += number < 0 || number >= workers || busy[static_cast<std::size_t>(number)]++ != 0;
        for (int i = part.start; i < part.end; ++i) ++visits[static_cast<std::size_t>(i)];
        --busy[static_cast<std::size_t>(number)];
      });
      CHECK(wrong == 0);
      CHECK(std::all_of(visits.begin(), visits.end(), [](const auto& each) { return each == 1; }));
    }
    CHECK(cv::getThreadNum() == 0);
  });
}

TEST_CASE("opencv: the number of threads is what was asked for, within the scope") {
  const on_polyloop here;
  for (backend* each : backends) {
    const scoped_context scope{.backend = *each, .workers = 4, .oversubscribe = true};
    const int all = explain().workers;
    cv::setNumThreads(3);
    CHECK(cv::getNumThreads() == std::min(3, all));
    cv::setNumThreads(1);
    CHECK(cv::getNumThreads() == 1);
    cv::setNumThreads(64);
    CHECK(cv::getNumThreads() == all);
    const scoped_context less{.workers = 2};
    CHECK(cv::getNumThreads() == std::min(2, all));
  }
}

TEST_CASE("opencv: setNumThreads returns the number before; less than one has a meaning") {
  const scoped_context scope{.workers = 4, .oversubscribe = true};
  opencv_parallel engine;
  const int all = engine.getNumThreads();
  CHECK(all == explain().workers);
  CHECK(engine.setNumThreads(0) == all);
  CHECK(engine.getNumThreads() == 1);
  CHECK(engine.setNumThreads(-1) == 1);
  CHECK(engine.getNumThreads() == all);
  CHECK(std::string(engine.getName()) == "polyloop");
}

TEST_CASE("opencv: its loops run on the threads of the backend, several at once") {
  const on_polyloop here;
  for (backend* each : backends) {
    if (each->most_workers() < 2) continue;
    INFO("backend ", std::string(each->name()));
    const scoped_context scope{.backend = *each, .workers = 2, .oversubscribe = true};
    cv::setNumThreads(2);
    std::mutex lock;
    std::set<std::thread::id> threads;
    for (int round = 0; round < 50 && threads.size() < 2; ++round)
      cv::parallel_for_({0, 100}, [&](const cv::Range&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        const std::lock_guard hold(lock);
        threads.insert(std::this_thread::get_id());
      });
    CHECK(threads.size() == 2);
  }
}

TEST_CASE("opencv: inside a loop, and an exception of a body") {
  const cv::Mat from = picture();
  const std::vector<cv::Mat> expected = filtered(from);
  on_every_setting([&](int workers) {
    const on_polyloop here;
    cv::setNumThreads(workers);
    std::atomic<int> wrong{0};
    parallel_for(3, [&](int) { wrong += !same(filtered(from)[3], expected[3]); },
                 {.schedule = schedule::dynamic()});
    CHECK(wrong == 0);
    CHECK_THROWS_AS(cv::parallel_for_({0, 100},
                                      [](const cv::Range& part) {
                                        if (part.end > 50) throw std::runtime_error("50");
                                      }),
                    std::exception);
  });
}
