#include "polyloop/frames/morphology.hpp"

#include "bands.hpp"
#include "bordered.hpp"
#include "check.hpp"
#include "moving.hpp"
#include "padded_rows.hpp"
#include "row_writer.hpp"

namespace polyloop::frames {

namespace {

template <class T>
void check(const view<const T>& in, const view<T>& out, const window& of) {
  detail::require_window(of);
  detail::require_channels(in.channels());
  detail::require_shape("out", out.size(), in.size());
  detail::require_apart("out", out, in);
}

template <class T>
loop_result over_window(const view<const T>& in, const view<T>& out, const window& of,
                        const detail::extreme_rows<T>& pass, const char* label, const loop_options& options) {
  check(in, out, of);
  const index_t count = in.size().row_samples();
  const detail::reach r = detail::reach_of(of);
  return detail::for_bands(in.size(), detail::window_band_rows(of), label, options, [=](extent rows) {
    detail::row_writer<T> to(out);
    detail::filter_band_together<T>(
        in, of.edge, r, 1, 2, rows, detail::extreme_columns<T>(pass, of.height, count),
        [&](T* const* lines, index_t y) {
          to.write(y, [&](T* row) {
            pass.along(lines[0] - r.left * in.channels(), nullptr, of.width, in.channels(), count, row);
          });
        });
  });
}

/// The members of an element in a window of padded rows.
template <class T>
std::vector<const T*> members_under(const structuring_element& element, const T* const* taps,
                                    index_t channels) {
  const index_t left = detail::reach_of(element.of).left;
  std::vector<const T*> members;
  for (std::size_t i = 0; i < element.members.size(); ++i) {
    const auto place = static_cast<index_t>(i);
    if (element.members[i])
      members.push_back(taps[place / element.of.width] + (place % element.of.width - left) * channels);
  }
  return members;
}

void check(const structuring_element& element) {
  detail::require_window(element.of);
  const auto cells = static_cast<std::size_t>(element.of.width * element.of.height);
  if (element.members.size() != cells)
    polyloop::detail::throw_invalid("members", static_cast<index_t>(element.members.size()),
                                    "width * height = " + std::to_string(cells) + " values");
  if (std::find(element.members.begin(), element.members.end(), true) == element.members.end())
    throw invalid_argument("members", "all false", "at least one member");
}

template <class T>
loop_result over_element(const view<const T>& in, const view<T>& out, const structuring_element& element,
                         const detail::extreme_rows<T>& pass, const char* label,
                         const loop_options& options) {
  check(element);
  check(in, out, element.of);
  return detail::for_bands(in.size(), detail::window_band_rows(element.of), label, options, [&](extent rows) {
    detail::row_writer<T> to(out);
    detail::filter_padded<T>(in, element.of.edge, detail::reach_of(element.of), rows, detail::copied_row<T>{},
                             [&](const T* const* taps, index_t y) {
                               const auto members = members_under(element, taps, in.channels());
                               to.write(y, [&](T* row) {
                                 pass.columns(members.data(), static_cast<index_t>(members.size()),
                                              in.size().row_samples(), row);
                               });
                             });
  });
}

template <class T>
detail::extreme_rows<T> least() {
  return detail::rows_for<detail::extreme_rows, T>(detail::least);
}

template <class T>
detail::extreme_rows<T> greatest() {
  return detail::rows_for<detail::extreme_rows, T>(detail::greatest);
}

}  // namespace

loop_result erode(view<const std::uint8_t> in, view<std::uint8_t> out, const window& of,
                  const loop_options& options) {
  return over_window(in, out, of, least<std::uint8_t>(), "erode", options);
}
loop_result erode(view<const std::uint16_t> in, view<std::uint16_t> out, const window& of,
                  const loop_options& options) {
  return over_window(in, out, of, least<std::uint16_t>(), "erode", options);
}
loop_result erode(view<const float> in, view<float> out, const window& of, const loop_options& options) {
  return over_window(in, out, of, least<float>(), "erode", options);
}

loop_result dilate(view<const std::uint8_t> in, view<std::uint8_t> out, const window& of,
                   const loop_options& options) {
  return over_window(in, out, of, greatest<std::uint8_t>(), "dilate", options);
}
loop_result dilate(view<const std::uint16_t> in, view<std::uint16_t> out, const window& of,
                   const loop_options& options) {
  return over_window(in, out, of, greatest<std::uint16_t>(), "dilate", options);
}
loop_result dilate(view<const float> in, view<float> out, const window& of, const loop_options& options) {
  return over_window(in, out, of, greatest<float>(), "dilate", options);
}

loop_result erode(view<const std::uint8_t> in, view<std::uint8_t> out, const structuring_element& element,
                  const loop_options& options) {
  return over_element(in, out, element, least<std::uint8_t>(), "erode", options);
}
loop_result erode(view<const std::uint16_t> in, view<std::uint16_t> out, const structuring_element& element,
                  const loop_options& options) {
  return over_element(in, out, element, least<std::uint16_t>(), "erode", options);
}
loop_result erode(view<const float> in, view<float> out, const structuring_element& element,
                  const loop_options& options) {
  return over_element(in, out, element, least<float>(), "erode", options);
}

loop_result dilate(view<const std::uint8_t> in, view<std::uint8_t> out, const structuring_element& element,
                   const loop_options& options) {
  return over_element(in, out, element, greatest<std::uint8_t>(), "dilate", options);
}
loop_result dilate(view<const std::uint16_t> in, view<std::uint16_t> out, const structuring_element& element,
                   const loop_options& options) {
  return over_element(in, out, element, greatest<std::uint16_t>(), "dilate", options);
}
loop_result dilate(view<const float> in, view<float> out, const structuring_element& element,
                   const loop_options& options) {
  return over_element(in, out, element, greatest<float>(), "dilate", options);
}

}  // namespace polyloop::frames
