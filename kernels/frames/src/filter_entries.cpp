#include "filter_entries.hpp"

#include <algorithm>
#include <cmath>

#include "filter_parameters.hpp"
#include "packed_yuv.hpp"
#include "polyloop/frames/filters.hpp"
#include "row_plans.hpp"
#include "simd/gradients.hpp"

namespace polyloop::frames::detail {

namespace {

using parameters = std::span<const filter_parameter>;
using arguments = filter_arguments;

// Which samples a filter makes of which.

struct same_samples {
  template <class In, class Out>
  static constexpr bool has = std::is_same_v<In, Out>;
};
struct bytes {
  template <class In, class Out>
  static constexpr bool has = std::is_same_v<In, Out>&& std::is_same_v<In, std::uint8_t>;
};
struct whole_samples {
  template <class In, class Out>
  static constexpr bool has = std::is_same_v<In, Out>&& std::is_integral_v<In>;
};
struct sums_of_samples {
  template <class In, class Out>
  static constexpr bool has = std::is_same_v<Out, gradient_sum<In>>;
};
struct magnitudes {
  template <class In, class Out>
  static constexpr bool has = std::is_same_v<In, Out> || std::is_same_v<Out, float>;
};

/// Of a filter that has no plan.
struct no_plan {};

template <class In, class Out, class Call>
loop_result run_one(const frame_list<In>& in, const view<Out>& out, const arguments& with,
                    const loop_options& options) {
  return Call{}(in.front(), out, with, options);
}
template <class In, class Out, class Call>
loop_result run_many(const frame_list<In>& in, const view<Out>& out, const arguments& with,
                     const loop_options& options) {
  return Call{}(in, out, with, options);
}
template <class In, class Out, class Plan>
std::optional<row_plan<In, Out>> plan_as(const shape& in, const arguments& with) {
  return Plan{}.template operator()<In, Out>(in, with);
}

template <class Samples, class Call, bool Many>
struct as_run {
  template <class In, class Out>
  struct of {
    static constexpr run_function<In, Out> get() {
      if constexpr (!Samples::template has<In, Out>)
        return nullptr;
      else if constexpr (Many)
        return run_many<In, Out, Call>;
      else
        return run_one<In, Out, Call>;
    }
  };
};

template <class Samples, class Plan>
struct as_plan {
  template <class In, class Out>
  struct of {
    static constexpr plan_function<In, Out> get() {
      if constexpr (!Samples::template has<In, Out> || std::is_same_v<Plan, no_plan>)
        return nullptr;
      else
        return plan_as<In, Out, Plan>;
    }
  };
};

/// The functions F::of<In, Out>::get() for all pairs.
template <template <class, class> class To, class F>
constexpr for_each_pair<To> all_of() {
  return std::apply([]<class... Each>(const Each&...) { return for_each_pair<To>{Each::get()...}; },
                    for_each_pair<F::template of>{});
}

shape same_shape(const shape& in, const arguments&) {
  return in;
}

struct form {
  std::string_view name;
  std::string_view meaning;
  bool has_border;
  parameters takes = {};
  filter_inputs inputs = {};
  shape (*output)(const shape&, const arguments&) = same_shape;
};

template <class Samples, class Call, class Plan = no_plan>
constexpr filter_entry one(const form& of, Call, Plan = {}) {
  return {{of.name, of.meaning, of.has_border, of.takes, of.inputs},
          of.output,
          all_of<run_function, as_run<Samples, Call, false>>(),
          all_of<plan_function, as_plan<Samples, Plan>>()};
}
template <class Samples, class Call>
constexpr filter_entry many(const form& of, Call) {
  return {{of.name, of.meaning, of.has_border, of.takes, of.inputs},
          of.output,
          all_of<run_function, as_run<Samples, Call, true>>(),
          all_of<plan_function, as_plan<Samples, no_plan>>()};
}

/// A gradient that is linear, or the sum of two that are.
template <gradient_kind Kind>
struct gradient_plan_of {
  template <class In, class Out>
  auto operator()(const shape& in, const arguments& with) const {
    return std::optional(gradient_plan<In, Out>(in, Kind, with.edge));
  }
};

template <bool Most>
struct extreme_plan_of {
  template <class T, class>
  std::optional<row_plan<T, T>> operator()(const shape& in, const arguments& with) const {
    if (!with.list.empty()) return {};
    return extreme_plan<T>(in, window_of(with), Most);
  }
};

/// The difference of the last frame to a background that is the first one to begin with.
template <class T>
loop_result difference_of_last(const frame_list<T>& in, const view<T>& out, double rate,
                               const loop_options& options) {
  image<float> background(in.front().size());
  for (index_t y = 0; y < in.front().height(); ++y)
    std::copy_n(in.front().row(y), in.front().size().row_samples(), background.row(y));
  loop_result result;
  for (const view<const T>& each : in) {
    result = background_difference(each, background, out, rate, options);
    if (!result.finished()) return result;
  }
  return result;
}

// By the order of their names.
const filter_entry entries[] = {
    many<same_samples>({"absdiff", "absolute difference of two frames", false, {}, {2, 2}},
                       [](const auto& in, const auto& out, const arguments&, const loop_options& options) {
                         return absolute_difference(in[0], in[1], out, options);
                       }),
    one<bytes>(
        {"adaptive", "threshold at the mean of the window around a pixel", true, adaptive_takes},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          return adaptive_threshold(in, out, mean_of(with), options);
        },
        []<class In, class>(const shape& in, const arguments& with) {
          return std::optional(adaptive_plan(in, mean_of(with)));
        }),
    many<same_samples>(
        {"background", "difference of the last frame to a background that follows, at first the first frame",
         false, background_takes, any_frames},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          return difference_of_last(in, out, with.numbers[0], options);
        }),
    one<same_samples>(
        {"bilateral", "blur that stops at edges", true, bilateral_takes},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          return bilateral_filter(
              in, out, {whole(with.numbers[0]), with.numbers[1], with.numbers[2], with.edge}, options);
        }),
    one<same_samples>(
        {"box", "mean of a window", true, window_takes},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          return box_blur(in, out, window_of(with), options);
        },
        []<class T, class>(const shape& in, const arguments& with) {
          return std::optional(box_plan<T>(in, window_of(with)));
        }),
    one<bytes>({"canny", "edges", false, canny_takes},
               [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
                 return canny(in, out, {with.numbers[0], with.numbers[1]}, options);
               }),
    one<whole_samples>(
        {"clahe", "contrast limited adaptive equalization", false, clahe_takes},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          return clahe(in, out, {whole(with.numbers[1]), whole(with.numbers[2]), with.numbers[0]}, options);
        }),
    one<same_samples>(
        {"convolve", "weighed sum of a window", true, weights_take},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          weighed_window by = weights_of(with);
          if (by.weights.empty())
            by.weights.assign(static_cast<std::size_t>(by.of.width * by.of.height), 1.0F);
          return convolve(in, out, by, options);
        }),
    one<same_samples>(
        {"dilate", "greatest sample of a window", true, element_takes},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          if (!with.list.empty()) return dilate(in, out, element_of(with), options);
          return dilate(in, out, window_of(with), options);
        },
        extreme_plan_of<true>{}),
    one<bytes>({"equalize", "spreads the values of a frame", false},
               [](const auto& in, const auto& out, const arguments&, const loop_options& options) {
                 return equalize(in, out, options);
               }),
    one<same_samples>(
        {"erode", "least sample of a window", true, element_takes},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          if (!with.list.empty()) return erode(in, out, element_of(with), options);
          return erode(in, out, window_of(with), options);
        },
        extreme_plan_of<false>{}),
    one<same_samples>(
        {"gaussian", "Gaussian blur", true, gaussian_takes},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          return gaussian_blur(in, out, kernel_of(with), options);
        },
        []<class T, class>(const shape& in, const arguments& with) {
          return std::optional(gaussian_plan<T>(in, kernel_of(with)));
        }),
    one<same_samples>(
        {"gray",
         "luma of red, green and blue",
         false,
         {},
         {},
         [](const shape& in, const arguments&) {
           return shape{in.width, in.height, 1};
         }},
        [](const auto& in, const auto& out, const arguments&, const loop_options& options) {
          return grayscale(in, out, options);
        },
        []<class T, class>(const shape& in, const arguments&) { return std::optional(gray_plan<T>(in)); }),
    one<sums_of_samples>(
        {"laplacian", "second derivative", true, laplacian_takes},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          return laplacian(in, out, chosen<laplace_form>(with.numbers[0]), with.edge, options);
        },
        []<class In, class Out>(const shape& in, const arguments& with) {
          using enum gradient_kind;
          return std::optional(
              gradient_plan<In, Out>(in, with.numbers[0] == 0 ? laplace_cross : laplace_corners, with.edge));
        }),
    one<bytes>({"lookup", "a table's entry for each sample", false, lookup_takes},
               [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
                 if (with.list.size() != 256)
                   polyloop::detail::throw_invalid("table", static_cast<index_t>(with.list.size()),
                                                   "256 numbers");
                 std::array<std::uint8_t, 256> table{};
                 std::transform(with.list.begin(), with.list.end(), table.begin(), to_sample<std::uint8_t>);
                 return look_up(in, out, table, options);
               }),
    one<same_samples>(
        {"median", "middle sample of a square", true, median_takes},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          return median(in, out, {whole(with.numbers[0]), with.edge}, options);
        },
        []<class T, class>(const shape& in, const arguments& with) -> std::optional<row_plan<T, T>> {
          const index_t radius = whole(with.numbers[0]);
          if (radius != 1 && radius != 2) return {};
          return small_median_plan<T>(in, radius, with.edge);
        }),
    one<bytes>({"otsu", "threshold between the two classes of samples that are the farthest apart", false,
                otsu_takes},
               [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
                 const threshold_at<std::uint8_t> at{otsu_limit(in, options),
                                                     static_cast<std::uint8_t>(with.numbers[0])};
                 return threshold(in, out, at, options);
               }),
    one<same_samples>(
        {"resize",
         "the frame in another size",
         false,
         resize_takes,
         {},
         [](const shape& in, const arguments& with) {
           return shape{whole(with.numbers[0]), whole(with.numbers[1]), in.channels};
         }},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          return resize(in, out, chosen<interpolation>(with.numbers[2]), options);
        }),
    one<magnitudes>(
        {"sobel", "magnitude of the gradient", true},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          return sobel_magnitude(in, out, with.edge, options);
        },
        []<class In, class Out>(const shape& in, const arguments& with) {
          return std::optional(magnitude_plan<In, Out>(in, with.edge));
        }),
    one<sums_of_samples>(
        {"sobel_dx", "gradient to the right", true},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          return sobel_dx(in, out, with.edge, options);
        },
        gradient_plan_of<gradient_kind::dx>{}),
    one<sums_of_samples>(
        {"sobel_dy", "gradient downwards", true},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          return sobel_dy(in, out, with.edge, options);
        },
        gradient_plan_of<gradient_kind::dy>{}),
    one<sums_of_samples>(
        {"sobel_l1", "sum of the gradients' amounts", true},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          return sobel_l1(in, out, with.edge, options);
        },
        gradient_plan_of<gradient_kind::l1>{}),
    many<same_samples>({"temporal_mean", "mean of frames", false, {}, any_frames},
                       [](const auto& in, const auto& out, const arguments&, const loop_options& options) {
                         return temporal_mean(in, out, options);
                       }),
    many<same_samples>({"temporal_median", "median of frames", false, {}, any_frames},
                       [](const auto& in, const auto& out, const arguments&, const loop_options& options) {
                         return temporal_median(in, out, options);
                       }),
    one<same_samples>(
        {"threshold", "compares each sample with a limit", false, threshold_takes},
        []<class T>(const view<const T>& in, const view<T>& out, const arguments& with,
                    const loop_options& options) {
          return threshold(in, out, threshold_of<T>(with), options);
        },
        []<class T, class>(const shape& in, const arguments& with) {
          return std::optional(threshold_plan<T>(in, threshold_of<T>(with)));
        }),
    one<bytes>({"to_rgb",
                "red, green and blue of planes Y, U and V (4:2:0) one below the other",
                false,
                parameters(yuv_takes).first(2),
                {},
                [](const shape& in, const arguments&) { return rgb_shape(in); }},
               [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
                 return packed_yuv_to_rgb(in, out, format_of(with), options);
               }),
    one<bytes>({"to_yuv",
                "planes Y, U and V (4:2:0) one below the other, of red, green and blue",
                false,
                yuv_takes,
                {},
                [](const shape& in, const arguments&) { return packed_yuv_shape(in); }},
               [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
                 return rgb_to_packed_yuv(in, out, format_of(with), options);
               }),
    one<same_samples>(
        {"unsharp", "unsharp mask", true, unsharp_takes},
        [](const auto& in, const auto& out, const arguments& with, const loop_options& options) {
          return unsharp_mask(in, out, {kernel_of(with), with.numbers[2]}, options);
        }),
};

}  // namespace

std::span<const filter_entry> filter_entries() {
  return entries;
}

}  // namespace polyloop::frames::detail
