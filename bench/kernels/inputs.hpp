#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "polyloop/frames/view.hpp"
#include "support/input.hpp"

namespace polyloop::bench {

/// Which input the kernels get: files, or generated input where there is none.
struct inputs {
  std::string video;
  bool pan = false;
  std::string video_label;
  std::string csv;
  std::string csv_label;
  std::string csv_key = "Country";
  std::string csv_value = "Quantity*UnitPrice";
  bool quick = false;  // small input
};

/// "generated" without a file; else the label, or "real: NAME" without one.
std::string input_label(const std::string& file, const std::string& label);

/// The same pseudo-random numbers on every machine: the n-th of a sequence
/// (S. Vigna's splitmix64).
std::uint64_t scrambled(std::uint64_t n);

/// Frames of one size.
struct clip {
  std::string label;
  std::vector<frames::image<std::uint8_t>> rgb;
};

/// The frames of the video, or generated ones. Throws input_error.
std::shared_ptr<const clip> load_clip(const inputs& how);

/// A CSV text and the columns to aggregate.
struct csv_input {
  std::string label;
  std::string file;  // empty for a generated text
  std::string text;
  std::string key;                  // a column of strings
  std::vector<std::string> values;  // one or two columns of numbers, multiplied
  std::optional<std::string> integer_key;
};

/// The position of a column in the header. Throws input_error.
std::size_t place_of(const csv_input& input, const std::string& name);

/// The table, or a generated one. Throws input_error.
std::shared_ptr<const csv_input> load_csv(const inputs& how);

}  // namespace polyloop::bench
