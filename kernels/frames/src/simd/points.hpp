#pragma once

#include "polyloop/frames/point.hpp"
#include "tables.hpp"

namespace polyloop::frames::detail {

/// Rows whose output may be an input.
template <class T>
struct point_rows {
  void (*threshold)(const T* in, const threshold_at<T>& how, index_t count, T* out);
  void (*difference)(const T* a, const T* b, index_t count, T* out);
  void (*background)(const T* in, float rate, index_t count, float* background, T* out);
};
for_each_sample<point_rows> points();

/// Luma of interleaved R, G, B; see grayscale.
void gray_bytes(const std::uint8_t* rgb, index_t width, std::uint8_t* gray);

}  // namespace polyloop::frames::detail
