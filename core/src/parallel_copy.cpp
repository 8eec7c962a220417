#include "polyloop/parallel_copy.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <vector>

#include "polyloop/detail/around_cache.hpp"
#include "polyloop/detail/elements.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::detail {

namespace {

/// Cuts bytes into blocks that end where a page of the target does, so that two
/// workers never write to the same line. Blocks of 64 KiB and of 1 MiB are as fast.
class blocks {
 public:
  blocks(const void* target, std::size_t bytes)
      : skew_(reinterpret_cast<std::uintptr_t>(target) % page_bytes), bytes_(bytes) {}

  index_t count() const {
    if (bytes_ == 0) return 0;
    return static_cast<index_t>((bytes_ + skew_ - 1) / block_bytes) + 1;
  }
  std::size_t begin(index_t block) const {
    return block == 0 ? 0 : static_cast<std::size_t>(block) * block_bytes - skew_;
  }
  std::size_t end(index_t block) const { return block + 1 == count() ? bytes_ : begin(block + 1); }

 private:
  static constexpr std::size_t page_bytes = 4096;
  static constexpr std::size_t block_bytes = std::size_t{256} << 10;

  std::size_t skew_;
  std::size_t bytes_;
};

/// write(begin, end) for every block; the result counts bytes. A single block
/// has a call site of its own: it may be of any size and would teach the other
/// one a cost that is far too low.
template <class Write>
loop_result each_block(const blocks& cut, const Write& write, const loop_options& options) {
  std::atomic<std::size_t> written{0};
  const auto one = [&](index_t block) {
    write(cut.begin(block), cut.end(block));
    written.fetch_add(cut.end(block) - cut.begin(block), std::memory_order_relaxed);
  };
  const auto alone = [&one](index_t block) { one(block); };
  const index_t count = cut.count();
  const loop_result result =
      count <= 1 ? parallel_for(count, alone, options) : parallel_for(count, one, options);
  return {result.outcome, result.shared, static_cast<index_t>(written.load(std::memory_order_relaxed))};
}

/// The same, where write(copy, begin, end) is told how to copy. Two call sites:
/// a block costs less by far where the cache holds it.
template <class Write>
loop_result write_blocks(void* target, std::size_t bytes, const Write& write, const loop_options& options) {
  const blocks cut(target, bytes);
  const copy_function around_cache = copy_around_cache(bytes);
  if (around_cache == nullptr) {
    const auto plain = [&write](std::size_t begin, std::size_t end) { write(&std::memcpy, begin, end); };
    return each_block(cut, plain, options);
  }
  const auto streamed = [&write, around_cache](std::size_t begin, std::size_t end) {
    write(around_cache, begin, end);
    finish_copy_around_cache();
  };
  return each_block(cut, streamed, options);
}

loop_result in_elements(loop_result bytes, std::size_t element_bytes) {
  return {bytes.outcome, bytes.shared, bytes.iterations / static_cast<index_t>(element_bytes)};
}

/// What a block is filled from: so many elements that copying them again and
/// again is no work beside writing, few enough for the first-level cache. They
/// are turned so that a repetition begins where a line of the target does.
class pattern {
 public:
  pattern(const void* target, std::size_t count, const void* value, std::size_t size)
      : bytes_(size * repetitions(count, size)),
        before_line_(-reinterpret_cast<std::uintptr_t>(target) % 64 % bytes_.size()) {
    const std::size_t turn = before_line_ % size;
    std::memcpy(bytes_.data(), static_cast<const std::byte*>(value) + turn, size - turn);
    std::memcpy(bytes_.data() + size - turn, value, turn);
    for (std::size_t done = size; done < bytes_.size(); done *= 2)
      std::memcpy(bytes_.data() + done, bytes_.data(), std::min(done, bytes_.size() - done));
  }

  template <class Copy>
  void write(const Copy& copy, std::byte* to, std::size_t begin, std::size_t end) const {
    while (begin < end) {
      const std::size_t at = (begin + bytes_.size() - before_line_) % bytes_.size();
      const std::size_t next = std::min(end - begin, bytes_.size() - at);
      copy(to + begin, bytes_.data() + at, next);
      begin += next;
    }
  }

 private:
  static std::size_t repetitions(std::size_t count, std::size_t size) {
    const std::size_t fitting = 16384 / size;
    const std::size_t whole_lines = fitting >= 64 ? fitting / 64 * 64 : std::max<std::size_t>(fitting, 1);
    return std::min(whole_lines, count);
  }

  std::vector<std::byte> bytes_;
  std::size_t before_line_;
};

}  // namespace

loop_result copy_elements(const void* from, std::size_t from_count, void* to, std::size_t to_count,
                          std::size_t element_bytes, const loop_options& options) {
  check_same_size("to", static_cast<index_t>(to_count), static_cast<index_t>(from_count), "from");
  const std::size_t bytes = to_count * element_bytes;
  check_memory(from, bytes, to, bytes, false);
  const auto copy_part = [source = static_cast<const std::byte*>(from), target = static_cast<std::byte*>(to)](
                             const auto& copy, std::size_t begin, std::size_t end) {
    copy(target + begin, source + begin, end - begin);
  };
  return in_elements(write_blocks(to, bytes, copy_part, options), element_bytes);
}

loop_result fill_elements(void* to, std::size_t count, const void* value, std::size_t element_bytes,
                          const loop_options& options) {
  if (count == 0)
    return write_blocks(
        to, 0, [](auto...) {}, options);
  const pattern repeated(to, count, value, element_bytes);
  const auto fill_part = [&repeated, target = static_cast<std::byte*>(to)](
                             const auto& copy, std::size_t begin, std::size_t end) {
    repeated.write(copy, target, begin, end);
  };
  return in_elements(write_blocks(to, count * element_bytes, fill_part, options), element_bytes);
}

}  // namespace polyloop::detail
