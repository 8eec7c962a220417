#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// What keys are looked up by.
namespace polyloop::aggregation {

inline std::uint64_t mixed(std::uint64_t key) {
  key = (key ^ (key >> 32)) * 0x9e3779b97f4a7c15U;
  return key ^ (key >> 29);
}

inline std::uint64_t word_at(const char* at, std::size_t n) {
  std::uint64_t word = 0;
  if (n > 0) std::memcpy(&word, at, n);  // of no characters there may be no memory
  return word;
}

/// Folds a product of 128 bits, as wyhash does (Wang Yi).
inline std::uint64_t folded(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t low = (a & 0xffffffffU) * (b & 0xffffffffU);
  const std::uint64_t high = (a >> 32) * (b >> 32);
  const std::uint64_t cross = (a >> 32) * (b & 0xffffffffU) + (a & 0xffffffffU) * (b >> 32);
  return low ^ high ^ std::rotl(cross, 32);
}

inline std::uint64_t hash_of_key(std::uint64_t key) {
  return mixed(key);
}

inline std::uint64_t hash_of_key(std::string_view key) {
  const char* at = key.data();
  std::size_t n = key.size();
  std::uint64_t hash = n * 0xa0761d6478bd642fU;
  for (; n > 16; at += 16, n -= 16)
    hash = folded(word_at(at, 8) ^ 0xe7037ed1a0b428dbU, word_at(at + 8, 8) ^ hash ^ 0x8ebc6af09c88c6e3U);
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (n >= 8) {
    low = word_at(at, 8);
    high = word_at(at + n - 8, 8);
  } else if (n >= 4) {
    low = word_at(at, 4);
    high = word_at(at + n - 4, 4);
  } else if (n > 0) {
    low = static_cast<unsigned char>(at[0]);
    high = static_cast<std::uint64_t>(static_cast<unsigned char>(at[n / 2])) << 8 |
           static_cast<unsigned char>(at[n - 1]);
  }
  return mixed(folded(low ^ 0xe7037ed1a0b428dbU, high ^ hash ^ 0x589965cc75374cc3U));
}

/// A string of which up to 16 characters need not be looked up where they lie.
struct text_key {
  const char* data = nullptr;
  std::size_t size = 0;
  std::uint64_t head = 0;  ///< up to 16 characters, or the last 16
  std::uint64_t tail = 0;

  text_key() = default;
  text_key(const char* from, std::size_t n) : data(from), size(n) {
    if (n >= 8) {
      head = word_at(n > 16 ? from + n - 16 : from, 8);
      tail = word_at(from + n - 8, 8);
    } else if (n >= 4) {
      head = word_at(from, 4) | word_at(from + n - 4, 4) << 32;
    } else if (n > 0) {
      head = static_cast<unsigned char>(from[0]) |
             static_cast<std::uint64_t>(static_cast<unsigned char>(from[n / 2])) << 8 |
             static_cast<std::uint64_t>(static_cast<unsigned char>(from[n - 1])) << 16;
    }
  }
  friend bool operator==(const text_key& a, const text_key& b) {
    return a.size == b.size && a.head == b.head && a.tail == b.tail &&
           (a.size <= 16 || std::memcmp(a.data, b.data, a.size - 16) == 0);
  }
};

inline std::uint64_t hash_of_key(const text_key& key) {
  std::uint64_t hash = key.size * 0xa0761d6478bd642fU;
  if (key.size > 16) hash ^= hash_of_key(std::string_view(key.data, key.size - 16));
  return mixed(folded(key.head ^ 0xe7037ed1a0b428dbU, key.tail ^ hash ^ 0x589965cc75374cc3U));
}

// For n characters, from place 16 n on: the bytes that are kept of 16.
inline constexpr std::array<char, 256> kept_bytes = [] {
  std::array<char, 256> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i % 16 < i / 16 ? -1 : 0);
  return bytes;
}();

/// The word whose last byte in memory is n.
constexpr std::uint64_t in_last_byte(std::size_t n) {
  return std::uint64_t{n} << (std::endian::native == std::endian::little ? 56 : 0);
}

/// A string of up to 15 characters, and how many they are.
struct short_text {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;

  static constexpr std::size_t most_characters = 15;

  /// Of n & 15 characters.
  static short_text of(const char* from, std::size_t n) {
    n &= 15;
    return {word_at(from, std::min<std::size_t>(n, 8)),
            (n > 8 ? word_at(from + 8, n - 8) : 0) | in_last_byte(n)};
  }
  /// The same, where 16 characters may be read.
  static short_text of_padded(const char* from, std::size_t n) {
    const std::size_t row = (n & 15) * 16;
#if defined(__SSE2__)  // an eighth of the time of grouping by strings
    const auto word_16 = [](const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); };
    const __m128i kept = _mm_and_si128(word_16(from), word_16(kept_bytes.data() + row));
    return std::bit_cast<short_text>(_mm_or_si128(kept, word_16(sizes.data() + row)));
#else
    return {word_at(from, 8) & word_at(kept_bytes.data() + row, 8),
            (word_at(from + 8, 8) & word_at(kept_bytes.data() + row + 8, 8)) | in_last_byte(n & 15)};
#endif
  }
  friend bool operator==(const short_text& a, const short_text& b) {
    return ((a.head ^ b.head) | (a.tail ^ b.tail)) == 0;  // one branch
  }

 private:
#if defined(__SSE2__)
  static constexpr std::array<char, 256> sizes = [] {
    std::array<char, 256> bytes{};
    for (std::size_t n = 0; n < 16; ++n) bytes[16 * n + 15] = static_cast<char>(n);
    return bytes;
  }();
#endif
};

/// A string of up to 7 characters, and how many they are: a key that is a number.
struct text_word {
  static constexpr std::size_t most_characters = 7;

  /// Of n & 7 characters.
  static std::uint64_t of(const char* from, std::size_t n) {
    return word_at(from, n & 7) | in_last_byte(n & 7);
  }
  /// The same, where 8 characters may be read.
  static std::uint64_t of_padded(const char* from, std::size_t n) {
    return (word_at(from, 8) & kept_bits[n & 7]) | in_last_byte(n & 7);
  }

 private:
  // Words, not the bytes above, whose place takes a shift more: a twentieth of grouping by such keys.
  static constexpr std::array<std::uint64_t, 8> kept_bits = [] {
    std::array<std::uint64_t, 8> bits{};
    for (std::size_t n = 0; n < bits.size(); ++n) {
      std::array<char, 8> bytes{};
      std::copy_n(kept_bytes.begin() + 16 * static_cast<std::ptrdiff_t>(n), bytes.size(), bytes.begin());
      bits[n] = std::bit_cast<std::uint64_t>(bytes);
    }
    return bits;
  }();
};

inline std::uint64_t hash_of_key(const short_text& key) {
  // Twice, for a product carries upwards only: the last characters would not reach the low bits.
  return mixed(key.head * 0xe7037ed1a0b428dbU + key.tail * 0xa0761d6478bd642fU);
}

}  // namespace polyloop::aggregation
