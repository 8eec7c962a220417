#include "suite/environment.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "suite/noise.hpp"

using namespace polyloop::bench;

TEST_CASE("the first line of /proc/stat") {
  const cpu_times read = parse_cpu_times("cpu  100 20 30 1000 50 5 6 70 0 0");
  CHECK(read.busy == 161);
  CHECK(read.idle == 1050);
  CHECK(read.stolen == 70);
  CHECK(parse_cpu_times("intr 1 2 3").busy == 0);
  CHECK(parse_cpu_times("").idle == 0);
}

TEST_CASE("a quiet machine is not warned of") {
  CHECK(warnings_of({}).empty());
  CHECK(warnings_of({.stolen = 0.001, .others = 0.01, .same_work = {1.0, 1.01, 1.0}}).empty());
}

TEST_CASE("each disturbance is told with its effect") {
  const auto all = warnings_of({.stolen = 0.05, .others = 0.3, .same_work = {1.0, 1.25, 1.0}});
  REQUIRE(all.size() == 3);
  CHECK(all[0].what.find("5.0 %") != std::string::npos);
  CHECK(all[1].what.find("30 %") != std::string::npos);
  CHECK(all[2].what.find("25.0 %") != std::string::npos);
  for (const warning& each : all) CHECK_FALSE(each.effect.empty());
}

TEST_CASE("caches as Linux tells them") {
  // Of this process alone: tests of several builds may run at a time.
  const auto folder =
      std::filesystem::temp_directory_path() / ("polyloop-caches-" + std::to_string(std::random_device{}()));
  std::filesystem::create_directories(folder / "index0");
  std::ofstream(folder / "index0/level") << "2\n";
  std::ofstream(folder / "index0/type") << "Unified\n";
  std::ofstream(folder / "index0/size") << "512K\n";
  const auto read = caches(folder.string());
  std::filesystem::remove_all(folder);
  REQUIRE(read.size() == 1);
  CHECK(read[0].level == 2);
  CHECK(read[0].type == "Unified");
  CHECK(read[0].bytes == std::size_t{512} << 10);
  CHECK(caches("/nowhere").empty());
  CHECK(last_cache_bytes() > 0);
}

TEST_CASE("the environment has what every system tells") {
  const environment here = this_environment();
  CHECK(here.cpus >= 1);
  CHECK_FALSE(here.compiler.empty());
  CHECK(here.date.size() == std::string("2026-01-01T00:00:00Z").size());
  CHECK(here.affinity.find("CPU") != std::string::npos);
  CHECK(nlohmann::ordered_json(here)["libraries"].contains("Google Benchmark"));
}
