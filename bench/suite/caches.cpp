#include "suite/caches.hpp"

#include <algorithm>
#include <fstream>

namespace polyloop::bench {

namespace {

constexpr std::size_t guess = std::size_t{32} << 20;

/// "512K", "16M".
std::size_t bytes_in(const std::string& text) {
  std::size_t end = 0;
  const std::size_t number = std::stoul(text, &end);
  const char unit = end < text.size() ? text[end] : ' ';
  return unit == 'K' ? number << 10 : unit == 'M' ? number << 20 : unit == 'G' ? number << 30 : number;
}

}  // namespace

std::vector<cache> caches(const std::string& folder) {
  std::vector<cache> all;
  while (true) {
    const std::string at = folder + "/index" + std::to_string(all.size());
    cache read;
    std::string size;
    const bool told = (std::ifstream(at + "/level") >> read.level) &&
                      (std::ifstream(at + "/type") >> read.type) && (std::ifstream(at + "/size") >> size);
    if (!told || size.find_first_not_of("0123456789") == 0) return all;
    read.bytes = bytes_in(size);
    all.push_back(read);
  }
}

std::size_t last_cache_bytes() {
  const std::vector<cache> all = caches();
  const auto largest = std::ranges::max_element(all, {}, &cache::bytes);
  return largest == all.end() ? guess : largest->bytes;
}

}  // namespace polyloop::bench
