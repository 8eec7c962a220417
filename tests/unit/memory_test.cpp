#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <list>
#include <memory>
#include <numeric>
#include <polyloop/polyloop.hpp>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "stream.hpp"

#ifdef __linux__
#include <sys/mman.h>
#endif

using namespace polyloop;

namespace {

using sizes = std::initializer_list<std::size_t>;
constexpr std::size_t block = std::size_t{256} << 10;

bool aligned_to(const void* at, std::size_t bytes) {
  return reinterpret_cast<std::uintptr_t>(at) % bytes == 0;
}

/// No two bytes near each other alike for long, so that a shifted copy is seen.
std::vector<unsigned char> noise(std::size_t bytes) {
  std::vector<unsigned char> all(bytes);
  std::mt19937 random(1);
  std::generate(all.begin(), all.end(), [&] { return static_cast<unsigned char>(random()); });
  return all;
}

/// Each compiled backend, with two workers even where there is one CPU.
template <class Visit>
void on_each_backend(const Visit& visit) {
  for (backend* each : compiled_backends()) {
    INFO("backend ", each->name());
    const scoped_context scope{.backend = *each, .workers = 2, .oversubscribe = true};
    visit();
  }
}

/// Copies into the middle of a larger range; what lies around it must stay.
void check_copy(const std::vector<unsigned char>& from, std::size_t from_at, std::size_t to_at,
                std::size_t bytes) {
  INFO(bytes, " bytes, from + ", from_at, ", to + ", to_at);
  std::vector<unsigned char> to(to_at + bytes + 64, 0xAA);
  std::vector<unsigned char> expected = to;
  std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(from_at), bytes,
              expected.begin() + static_cast<std::ptrdiff_t>(to_at));
  const loop_result done =
      parallel_copy(std::span(from).subspan(from_at, bytes), std::span(to).subspan(to_at, bytes));
  CHECK(done.finished());
  CHECK(done.iterations == static_cast<index_t>(bytes));
  CHECK((to == expected));
}

template <std::size_t Size>
struct element {
  std::array<unsigned char, Size> bytes;
  friend bool operator==(const element&, const element&) = default;
};

/// Fills elements of a size, whose alignment is 1, at an odd place.
template <std::size_t Size>
void check_fill(std::size_t count, std::size_t at) {
  INFO(count, " elements of ", Size, " bytes, at + ", at);
  element<Size> value;
  std::iota(value.bytes.begin(), value.bytes.end(), static_cast<unsigned char>(7));
  const element<Size> before{};
  std::vector<element<Size>> all(at + count + 2, before);
  const loop_result done = parallel_fill(std::span(all).subspan(at, count), value);
  CHECK(done.iterations == static_cast<index_t>(count));
  const auto filled = all.begin() + static_cast<std::ptrdiff_t>(at);
  const auto end = filled + static_cast<std::ptrdiff_t>(count);
  CHECK(std::all_of(all.begin(), filled, [&](const auto& each) { return each == before; }));
  CHECK(std::all_of(filled, end, [&](const auto& each) { return each == value; }));
  CHECK(std::all_of(end, all.end(), [&](const auto& each) { return each == before; }));
}

template <std::size_t Size>
void check_fills() {
  for (const std::size_t count :
       sizes{0, 1, 2, 63, 1001, 16384 / Size + 1, block / Size, 2 * block / Size + 3})
    for (const std::size_t at : sizes{0, 1, 5}) check_fill<Size>(count, at);
}

struct counted {
  static inline std::ptrdiff_t alive = 0;
  int value = 42;
  counted() { ++alive; }
  counted(const counted& other) : value(other.value) { ++alive; }
  counted& operator=(const counted&) = default;
  ~counted() { --alive; }
};

struct alignas(256) wide {
  char bytes[256];
};

// Sanitizers end the program where an allocation is too large.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool may_fail_to_allocate = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool may_fail_to_allocate = false;
#else
constexpr bool may_fail_to_allocate = true;
#endif
#else
constexpr bool may_fail_to_allocate = true;
#endif

}  // namespace

TEST_CASE("huge_vector: aligned to a line, and to a huge page from that size on") {
  const std::size_t page = huge_page_size();
  CHECK(page >= 4096);
  CHECK((page & (page - 1)) == 0);
  for (const std::size_t bytes : sizes{1, 7, 4096, page - 1})
    CHECK(aligned_to(huge_vector<char>(bytes).data(), 64));
  for (const std::size_t bytes : sizes{page, page + 1, 3 * page - 1, 8 * page}) {
    huge_vector<char> x(bytes, 'x');
    CHECK(aligned_to(x.data(), page));
    CHECK(std::count(x.begin(), x.end(), 'x') == static_cast<std::ptrdiff_t>(bytes));
  }
  CHECK(aligned_to(huge_vector<wide>(1).data(), 256));
  CHECK(aligned_to(huge_vector<wide>(page / 256).data(), page));
}

TEST_CASE("huge_vector: none, growth over the size of a huge page, and back") {
  huge_vector<int> x;
  CHECK(x.empty());
  x.resize(0);
  const int count = static_cast<int>(2 * huge_page_size() / sizeof(int)) + 1;
  for (int i = 0; i < count; ++i) x.push_back(i);
  x.resize(10);
  x.shrink_to_fit();
  CHECK((x == huge_vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  const huge_vector<int> moved = std::move(x);
  CHECK(moved.back() == 9);
}

TEST_CASE("huge_vector: elements that are not trivial are constructed and destroyed") {
  {
    huge_vector<counted> x(1000);
    CHECK(counted::alive == 1000);
    CHECK(std::all_of(x.begin(), x.end(), [](const counted& each) { return each.value == 42; }));
    x.resize(2000);
    x.resize(500);
    CHECK(counted::alive == 500);
  }
  CHECK(counted::alive == 0);
  huge_vector<std::string> words(3);
  CHECK(words[2].empty());
  words.resize(100'000, "a string too long to be kept in place");
  CHECK(words.front().empty());
  CHECK(words.back().size() == 37);
  CHECK(huge_vector<double>(5, 1.5) == huge_vector<double>{1.5, 1.5, 1.5, 1.5, 1.5});
}

#ifdef __linux__
TEST_CASE("huge_vector: elements of a trivial type are left alone until they are written") {
  const auto resident = [](const huge_vector<double>& x) {
    std::vector<unsigned char> pages(x.size() * sizeof(double) / 4096);
    auto* const at = const_cast<double*>(x.data());
    REQUIRE(mincore(at, x.size() * sizeof(double), pages.data()) == 0);
    return static_cast<std::size_t>(std::count_if(pages.begin(), pages.end(), [](int p) { return p & 1; }));
  };
  const std::size_t pages = std::size_t{64 << 20} / 4096;
  huge_vector<double> x(pages * 4096 / sizeof(double));
  CHECK(resident(x) < pages / 8);
  first_touch(x);
  CHECK(resident(x) == pages);
}
#endif

TEST_CASE("huge_page_allocator: all are equal, and rebind") {
  using rebound = std::allocator_traits<huge_page_allocator<int>>::rebind_alloc<double>;
  static_assert(std::is_same_v<rebound, huge_page_allocator<double>>);
  static_assert(std::allocator_traits<huge_page_allocator<int>>::is_always_equal::value);
  CHECK(huge_page_allocator<int>() == rebound(huge_page_allocator<int>()));
  huge_page_allocator<int> one;
  huge_page_allocator<int> other;
  for (const std::size_t count : sizes{1, huge_page_size()}) other.deallocate(one.allocate(count), count);
  const std::list<int, huge_page_allocator<int>> nodes{1, 2, 3};
  CHECK(nodes.back() == 3);
}

TEST_CASE("huge_page_allocator: too much is an error") {
  huge_page_allocator<double> own;
  volatile std::size_t most = std::numeric_limits<std::size_t>::max();
  CHECK_THROWS_AS(own.deallocate(own.allocate(most), most), std::bad_array_new_length);
  CHECK_THROWS_AS(own.deallocate(own.allocate(most / 8), most / 8), std::bad_array_new_length);
  if (may_fail_to_allocate)
    CHECK_THROWS_AS(own.deallocate(own.allocate(most / 16), most / 16), std::bad_alloc);
}

TEST_CASE("first_touch: writes every element once, on every backend") {
  on_each_backend([] {
    for (const std::size_t count : sizes{0, 1, 2, 3, 1001, 1'000'000}) {
      huge_vector<double> x(count);
      first_touch(x, 2.5);
      CHECK(std::count(x.begin(), x.end(), 2.5) == static_cast<std::ptrdiff_t>(count));
      first_touch(std::span(x));
      CHECK(std::count(x.begin(), x.end(), 0.0) == static_cast<std::ptrdiff_t>(count));
    }
    std::vector<std::string> words(100);
    first_touch(words, "word");
    CHECK(std::count(words.begin(), words.end(), "word") == 100);
  });
}

TEST_CASE("first_touch: the value may be an element") {
  std::array<int, 5> x{1, 2, 3, 4, 5};
  first_touch(x, x[3]);
  CHECK(x == std::array<int, 5>{4, 4, 4, 4, 4});
}

TEST_CASE("stream: all sizes and alignments, with every instruction set") {
  const std::vector<unsigned char> from = noise(70'000);
  for (const detail::stream_function each : detail::stream_functions())
    for (const std::size_t bytes : sizes{0, 1, 63, 64, 65, 127, 128, 129, 1000, 16383, 16384, 16385, 65521})
      for (const std::size_t from_at : sizes{0, 1, 8, 63})
        for (const std::size_t to_at : sizes{0, 1, 16, 32, 63}) {
          alignas(64) static std::array<unsigned char, 66'000> to;
          to.fill(0xAA);
          each(reinterpret_cast<std::byte*>(to.data() + to_at),
               reinterpret_cast<const std::byte*>(from.data() + from_at), bytes);
          detail::finish_stream();
          CHECK(std::memcmp(to.data() + to_at, from.data() + from_at, bytes) == 0);
          const auto untouched = to.size() - static_cast<std::size_t>(std::count(to.begin(), to.end(), 0xAA));
          CHECK(untouched <= bytes);
        }
}

TEST_CASE("stream: the size from which it gains") {
  constexpr std::size_t mebi = std::size_t{1} << 20;
  CHECK(detail::stream_threshold(260 * mebi, 2) == 8 * mebi);
  CHECK(detail::stream_threshold(32 * mebi, 16) == 32 * mebi);
  CHECK(detail::stream_threshold(0, 64) == 32 * mebi);
  CHECK(detail::stream_threshold(0, 0) == 4 * mebi);
  CHECK(detail::stream_threshold() > 0);
  CHECK(detail::cache_size_of("266240K") == 260 * mebi);
  CHECK(detail::cache_size_of("32M") == 32 * mebi);
  CHECK(detail::cache_size_of("1024") == 1024);
  CHECK(detail::cache_size_of("") == 0);
  CHECK(detail::cache_size_of("large") == 0);
}

TEST_CASE("parallel_copy: all sizes and alignments, on every backend") {
  const std::vector<unsigned char> from = noise(5 * block);
  on_each_backend([&] {
    for (const std::size_t bytes : sizes{0, 1, 3, 4097, block - 1, block, block + 1, 3 * block + 12345})
      for (const std::size_t from_at : sizes{0, 1, 8})
        for (const std::size_t to_at : sizes{0, 1, 16, 63, 4095}) check_copy(from, from_at, to_at, bytes);
  });
}

TEST_CASE("parallel_copy and parallel_fill: more than the cache holds") {
  const std::size_t bytes = detail::stream_threshold();
  if (bytes > std::size_t{64} << 20) return;  // nothing streams, or a machine for which this is too slow
  const std::vector<unsigned char> from = noise(bytes + 2 * block + 2);
  on_each_backend([&] {
    check_copy(from, 0, 0, bytes);
    check_copy(from, 1, 33, bytes + 2 * block + 1);
    check_fill<1>(bytes + 7, 1);
    check_fill<12>(bytes / 12 + 7, 1);
    check_fill<16>(bytes / 16 + 7, 5);
    check_fill<999>(bytes / 999 + 7, 1);
    check_fill<20'000>(bytes / 20'000 + 7, 1);
  });
}

TEST_CASE("parallel_copy: spans, vectors and arrays of any trivially copyable type") {
  const std::vector<double> from{1, 2, 3};
  std::vector<double> to(3);
  parallel_copy(from, to);
  CHECK(to == from);
  huge_vector<double> huge(3);
  parallel_copy(std::span<const double>(from), std::span<double>(huge), {.label = "copy"});
  CHECK(std::equal(huge.begin(), huge.end(), from.begin()));
  const element<3> odd[] = {{{1, 2, 3}}, {{4, 5, 6}}};
  std::array<element<3>, 2> copies{};
  CHECK(parallel_copy(odd, copies).iterations == 2);
  CHECK(copies[1] == odd[1]);
}

TEST_CASE("parallel_copy: lengths that differ") {
  const std::vector<int> from(6);
  std::vector<int> to(5, 1);
  CHECK_THROWS_WITH_AS(parallel_copy(from, to), "size of to is 5: expected 6, the size of from",
                       invalid_argument);
  CHECK_THROWS_AS(parallel_copy(from, std::span<int>()), invalid_argument);
  CHECK(to == std::vector<int>(5, 1));
}

TEST_CASE("parallel_copy: memory that overlaps") {
  std::vector<int> x(100, 3);
  const std::span all(x);
  CHECK_THROWS_WITH_AS(parallel_copy(all.first(50), all.subspan(49, 50)),
                       "distance of to is 196 bytes: expected memory that does not overlap from",
                       invalid_argument);
  CHECK_THROWS_AS(parallel_copy(all.subspan(1, 50), all.first(50)), invalid_argument);
  CHECK_THROWS_AS(parallel_copy(all, all), invalid_argument);
  CHECK(parallel_copy(all.first(50), all.last(50)).finished());
  CHECK(parallel_copy(all.last(50), all.first(50)).finished());
  CHECK(parallel_copy(all.first(0), all.first(0)).finished());
}

TEST_CASE("parallel_copy and parallel_fill: the options hold") {
  const std::vector<unsigned char> from = noise(4 * block);
  std::vector<unsigned char> to(from.size());
  CHECK_THROWS_AS(parallel_copy(from, to, {.workers = 0}), invalid_argument);
  std::stop_source stop;
  stop.request_stop();
  const loop_result copied = parallel_copy(from, to, {.stop = stop.get_token()});
  CHECK(copied.outcome == loop_result::status::stopped);
  CHECK(copied.iterations == 0);
  CHECK_FALSE(parallel_fill(to, 1, {.stop = stop.get_token()}).finished());
  CHECK(std::count(to.begin(), to.end(), 0) == static_cast<std::ptrdiff_t>(to.size()));
  for (const schedule how : {schedule::static_(), schedule::dynamic(), schedule::guided(2)}) {
    parallel_fill(to, 0);
    CHECK(parallel_copy(from, to, {.schedule = how}).finished());
    CHECK((to == from));
  }
}

TEST_CASE("parallel_fill: elements of every kind of size, at any place, on every backend") {
  on_each_backend([] {
    check_fills<1>();
    check_fills<2>();
    check_fills<3>();
    check_fills<8>();
    check_fills<12>();
    check_fills<64>();
    check_fills<100>();
    check_fills<999>();
    check_fills<20'000>();
  });
}

TEST_CASE("parallel_fill: the value may be an element") {
  std::vector<double> x(100'000);
  std::iota(x.begin(), x.end(), 0.0);
  parallel_fill(x, x[77'777]);
  CHECK(std::count(x.begin(), x.end(), 77'777.0) == 100'000);
}

TEST_CASE("parallel_copy: from several threads and from inside a loop") {
  const std::vector<unsigned char> from = noise(3 * block);
  std::vector<std::vector<unsigned char>> to(8, std::vector<unsigned char>(from.size()));
  on_each_backend([&] {
    for (auto& each : to) parallel_fill(each, 0);
    {
      const std::jthread other([&] {
        for (std::size_t i = 0; i < 4; ++i) parallel_copy(from, to[i]);
      });
      parallel_for(4, [&](int i) { parallel_copy(from, to[static_cast<std::size_t>(i) + 4]); });
    }
    CHECK(std::count(to.begin(), to.end(), from) == 8);
  });
}
