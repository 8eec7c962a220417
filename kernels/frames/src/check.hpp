#pragma once

#include <cstdint>

#include "polyloop/frames/view.hpp"
#include "polyloop/frames/window.hpp"

namespace polyloop::frames::detail {

/// Where the rows of a view lie, in bytes.
struct footprint {
  std::uintptr_t begin;
  std::uintptr_t row_bytes;
  std::uintptr_t stride_bytes;
  std::uintptr_t rows;
};

/// The byte behind the last one; `begin` where there are no rows.
std::uintptr_t end_of(const footprint& f);

template <class T>
footprint footprint_of(const view<T>& v) {
  const auto bytes = [](index_t samples) { return static_cast<std::uintptr_t>(samples) * sizeof(T); };
  return {reinterpret_cast<std::uintptr_t>(v.data()), bytes(v.size().row_samples()), bytes(v.stride()),
          v.empty() ? 0 : static_cast<std::uintptr_t>(v.height())};
}

/// Throws invalid_argument under `name` unless the shape is as expected.
void require_shape(const char* name, const shape& size, const shape& expected);

/// The filters that work channel by channel take 1 to 4; throws invalid_argument for more.
void require_channels(index_t channels);

/// Throws invalid_argument for a window that no filter takes.
void require_window(const window& of);

/// Throws invalid_argument under `name` if the output shares memory with the input.
void require_apart(const char* name, const footprint& out, const footprint& in);

template <class In, class Out>
void require_apart(const char* name, const view<Out>& out, const view<In>& in) {
  require_apart(name, footprint_of(out), footprint_of(in));
}

/// Whether a filter works in place.
template <class T>
bool is_same(const view<T>& out, const view<const T>& in) {
  return out.data() == in.data() && out.stride() == in.stride();
}
/// Throws invalid_argument under `name` if the output shares memory with the input and is not the same view.
template <class T>
void require_apart_or_same(const char* name, const view<T>& out, const view<const T>& in) {
  if (!is_same(out, in)) require_apart(name, out, in);
}

}  // namespace polyloop::frames::detail
