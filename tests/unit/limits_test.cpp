#include "limits.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <polyloop/error.hpp>

using namespace polyloop;
using namespace std::chrono_literals;
using detail::limit_sources;

namespace {

/// A tree of control groups in a folder of its own.
class groups {
 public:
  groups()
      : root_(std::filesystem::temp_directory_path() / ("polyloop-limits-" + std::to_string(std::rand()))) {
    std::filesystem::create_directories(root_);
  }
  groups(const groups&) = delete;
  groups& operator=(const groups&) = delete;
  ~groups() { std::filesystem::remove_all(root_); }

  void file(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text << '\n';
  }
  std::optional<int> quota() const {
    return detail::quota_limit({(root_ / "mount").string(), (root_ / "self").string()}).workers;
  }

 private:
  std::filesystem::path root_;
};

}  // namespace

TEST_CASE("quota: version 2, rounded up") {
  const groups tree;
  tree.file("self", "0::/job");
  tree.file("mount/job/cpu.max", "150000 100000");
  CHECK(tree.quota() == 2);
  tree.file("mount/job/cpu.max", "max 100000");
  CHECK_FALSE(tree.quota());
  tree.file("mount/job/cpu.max", "50000 100000");
  CHECK(tree.quota() == 1);
  tree.file("mount/job/cpu.max", "400000 100000");
  CHECK(tree.quota() == 4);
}

TEST_CASE("quota: version 2, the tightest of the groups around counts") {
  const groups tree;
  tree.file("self", "0::/a/b/c");
  tree.file("mount/a/b/c/cpu.max", "800000 100000");
  tree.file("mount/a/cpu.max", "300000 100000");
  CHECK(tree.quota() == 3);
  tree.file("mount/cpu.max", "100000 100000");
  CHECK(tree.quota() == 1);
}

TEST_CASE("quota: in a container, where the path of the process is not below the mount") {
  const groups tree;
  tree.file("self", "0::/docker/0123");
  tree.file("mount/cpu.max", "200000 100000");
  CHECK(tree.quota() == 2);
}

TEST_CASE("quota: version 1, among other controllers") {
  const groups tree;
  tree.file("self", "11:memory:/job\n4:cpu,cpuacct:/job\n3:cpuset:/job");
  tree.file("mount/cpu,cpuacct/job/cpu.cfs_quota_us", "250000");
  tree.file("mount/cpu,cpuacct/job/cpu.cfs_period_us", "100000");
  CHECK(tree.quota() == 3);
  tree.file("mount/cpu/job/cpu.cfs_quota_us", "-1");
  tree.file("mount/cpu/job/cpu.cfs_period_us", "100000");
  CHECK(tree.quota() == 3);
  tree.file("mount/cpu,cpuacct/job/cpu.cfs_quota_us", "-1");
  CHECK_FALSE(tree.quota());
}

TEST_CASE("quota: nothing there, and nonsense there") {
  const groups tree;
  CHECK_FALSE(tree.quota());
  tree.file("self", "no colons\n0:\n0::/job\n:::::");
  tree.file("mount/job/cpu.max", "lots 100000");
  CHECK_FALSE(tree.quota());
  tree.file("mount/job/cpu.max", "100000 0");
  CHECK_FALSE(tree.quota());
}

TEST_CASE("environment: numbers, lists, nonsense") {
  const auto with = [](const char* text, bool strict) {
    setenv("POLYLOOP_TEST_LIMIT", text, 1);
    return detail::environment_limit("POLYLOOP_TEST_LIMIT", strict).workers;
  };
  CHECK(with("3", true) == 3);
  CHECK(with("4,2", true) == 4);
  CHECK_FALSE(with("", true));
  CHECK_FALSE(with("many", false));
  CHECK_THROWS_WITH_AS(with("many", true),
                       "POLYLOOP_TEST_LIMIT is many: expected a positive number of workers",
                       invalid_argument);
  CHECK_THROWS_AS(with("0", true), invalid_argument);
  CHECK_THROWS_AS(with("-2", true), invalid_argument);
  CHECK_THROWS_AS(with("99999999999999999999", true), invalid_argument);
  unsetenv("POLYLOOP_TEST_LIMIT");
  CHECK_FALSE(detail::environment_limit("POLYLOOP_TEST_LIMIT", true).workers);
}

TEST_CASE("affinity: at least one CPU") {
  CHECK(*detail::affinity_limit().workers >= 1);
}

TEST_CASE("spin: POLYLOOP_SPIN is a time with a unit; a quota makes the default short") {
  const auto spin = [](const char* text) {
    setenv("POLYLOOP_SPIN", text, 1);
    const auto time = detail::process_spin({});
    unsetenv("POLYLOOP_SPIN");
    return time.count();
  };
  CHECK(spin("0") == 0);
  CHECK(spin("50us") == 50'000);
  CHECK(spin("2ms") == 2'000'000);
  CHECK(spin("1s") == 1'000'000'000);
  CHECK(spin("17ns") == 17);
  CHECK(spin("60s") == 60'000'000'000);
  CHECK(spin("") == detail::process_spin({}).count());
  for (const char* bad : {"5", "us", "-1us", "5 us", "5m", "61s", "99999999999999999999us", "1.5ms"}) {
    INFO(bad);
    setenv("POLYLOOP_SPIN", bad, 1);
    CHECK_THROWS_AS(detail::process_spin({}), invalid_argument);
    unsetenv("POLYLOOP_SPIN");
  }
  CHECK(detail::process_spin({{"container quota", std::nullopt, "none"}}) == 12ms);
  CHECK(detail::process_spin({{"container quota", 2, "200000 us in 100000 us"}}) == 50us);
}
