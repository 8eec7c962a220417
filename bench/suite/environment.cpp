#include "suite/environment.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "build_info.hpp"
#include "polyloop/context.hpp"

namespace polyloop::bench {

namespace {

std::string first_line(const std::string& path) {
  std::string line;
  std::ifstream file(path);
  std::getline(file, line);
  return line;
}

/// The value of the first line "KEY : value" of a file.
std::string value_in(const std::string& path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(key) && line.find(": ") != std::string::npos)
      return line.substr(line.find(": ") + 2);
  return {};
}

/// What explain() says of one of the limits: "affinity: 2 CPUs; ...".
std::string limit_in(const std::string& text, const std::string& name) {
  const std::size_t at = text.find(name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 2;
  return text.substr(begin, text.find(';', begin) - begin);
}

std::string system_name() {
  utsname told = {};
  if (uname(&told) != 0) return {};
  return fmt::format("{} {} {}", told.sysname, told.release, told.machine);
}

}  // namespace

environment this_environment() {
  const std::string limits = explain().text;
  environment here;
  here.cpu = value_in("/proc/cpuinfo", "model name");
  here.cpus = static_cast<int>(std::thread::hardware_concurrency());
  here.all_caches = caches();
  here.governor = first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  here.affinity = limit_in(limits, "affinity");
  here.quota = limit_in(limits, "container quota");
  here.compiler = build_info::compiler;
  here.flags = build_info::flags;
  here.libraries.emplace_back("Polyloop", build_info::version);
  for (const auto& [name, version] : build_info::libraries) here.libraries.emplace_back(name, version);
  here.commit = build_info::commit;
  here.system = system_name();
  here.date = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::now()));
  return here;
}

void to_json(nlohmann::ordered_json& to, const environment& from) {
  nlohmann::ordered_json caches_json = nlohmann::ordered_json::array();
  for (const cache& each : from.all_caches)
    caches_json.push_back({{"level", each.level}, {"type", each.type}, {"bytes", each.bytes}});
  nlohmann::ordered_json libraries_json = nlohmann::ordered_json::object();
  for (const auto& [name, version] : from.libraries) libraries_json[name] = version;
  to = {{"cpu", from.cpu},           {"cpus", from.cpus},         {"caches", caches_json},
        {"governor", from.governor}, {"affinity", from.affinity}, {"quota", from.quota},
        {"compiler", from.compiler}, {"flags", from.flags},       {"libraries", libraries_json},
        {"commit", from.commit},     {"system", from.system},     {"date", from.date}};
}

}  // namespace polyloop::bench
