#include "polyloop/reductions/lines.hpp"

#include "candidates.hpp"
#include "instances.hpp"
#include "moment_stretches.hpp"
#include "polyloop/parallel_for.hpp"
#include "simd/panel_functions.hpp"

namespace polyloop::reductions {

namespace {

template <class T>
void check(const lines<T>& of) {
  if (of.count < 0) polyloop::detail::throw_invalid("number of lines", of.count, "at least 0");
  if (of.length < 0) polyloop::detail::throw_invalid("length of lines", of.length, "at least 0");
}

/// Whether neighbours in memory belong to neighbouring lines.
template <class T>
bool side_by_side(const lines<T>& of) {
  return of.between == 1 && of.along != 1 && of.count > 1;
}

void require_finished(const loop_result& result) {
  if (!result.finished()) throw stopped(result.iterations);
}

/// out[line] = here(line) on one worker each, or whole(line) with all workers for each where there are few
/// lines: the bits are the same.
template <class Out, class T, class Here, class Whole>
std::vector<Out> line_by_line(const lines<T>& of, const loop_options& options, const Here& here,
                              const Whole& whole) {
  constexpr index_t few = 64;
  std::vector<Out> out(static_cast<std::size_t>(of.count));
  const auto value = [&](index_t line, const auto& call) {
    out[static_cast<std::size_t>(line)] = detail::with_input(of[line], call);
  };
  if (of.count < few)
    for (index_t line = 0; line < of.count; ++line) value(line, whole);
  else
    require_finished(parallel_for(
        of.count, [&](index_t line) { value(line, here); }, options));
  return out;
}

/// Lines that lie side by side: values of panels of them, stretch by stretch, then combined line by line.
/// fill(panel, first, out) gives the values of a stretch of some lines.
template <class M, class T, class Fill>
std::vector<typename M::value_type> panel_by_panel(const lines<T>& of, index_t lines_in_panel,
                                                   index_t stretch_length, const M& combine, const Fill& fill,
                                                   const loop_options& options) {
  using value = polyloop::detail::partial<typename M::value_type>;
  const index_t stretches = stretch_count(of.length, stretch_length);
  const grid2 tasks{stretch_count(of.count, lines_in_panel), stretches};
  std::vector<value> parts(static_cast<std::size_t>(of.count * stretches), value{combine.identity()});
  require_finished(parallel_for(
      tasks,
      [&](index_t p, index_t s) {
        const index_t line = p * lines_in_panel;
        const index_t first = s * stretch_length;
        const panel<T> part{of.data + line + first * of.along, of.along,
                            std::min(lines_in_panel, of.count - line),
                            std::min(stretch_length, of.length - first)};
        fill(part, first, parts.data() + s * of.count + line);
      },
      options));

  std::vector<typename M::value_type> out(static_cast<std::size_t>(of.count));
  require_finished(parallel_for(
      of.count,
      [&](index_t line) {
        const auto of_stretch = [&](index_t s) {
          return parts[static_cast<std::size_t>(s * of.count + line)].value;
        };
        out[static_cast<std::size_t>(line)] = reduce_here(stretches, combine, of_stretch);
      },
      options));
  return out;
}

template <class T>
panel_functions<T> panels_for() {
  return std::get<panel_functions<T>>(all_panel_functions());
}

template <bool Least, class T>
std::vector<extremum<T>> extreme_panels(const lines<T>& of, const loop_options& options) {
  const auto f = panels_for<T>();
  const auto fill = [&f](const panel<T>& part, index_t first, auto* out) {
    T found[most_lines];
    T place[most_lines];
    (Least ? f.least : f.greatest)(part, found, place);
    for (index_t i = 0; i < part.lines; ++i)
      out[i].value = {found[i], is_nan(found[i]), first + static_cast<index_t>(place[i]), 1};
  };
  const auto found = panel_by_panel(of, most_lines, stretch_size<T>, best<T, Least>{}, fill, options);
  std::vector<extremum<T>> all(found.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = {found[i].value, found[i].first};
  return all;
}

template <bool Least, class T>
std::vector<extremum<T>> extreme_lines(const lines<T>& of, const loop_options& options) {
  check(of);
  if (of.count > 0 && of.length == 0) throw too_few_elements(0, 1);
  if (side_by_side(of)) return extreme_panels<Least>(of, options);
  const auto f = functions_for<T>();
  const auto each = [&f](const stretch<T>& part) { return stretch_extremum<Least>(f, part); };
  return line_by_line<extremum<T>>(
      of, options, [&](const input<T>& x) { return located(f, x, reduce_here(x, best<T, Least>{}, each)); },
      [&](const input<T>& x) { return Least ? detail::minimum(x, options) : detail::maximum(x, options); });
}

}  // namespace

template <class T>
std::vector<sum_type<T>> sum(const lines<T>& of, const loop_options& options) {
  check(of);
  const polyloop::sum<total_of<T>> plus;
  if (side_by_side(of)) {
    const auto fill = [f = panels_for<T>()](const panel<T>& part, index_t /*first*/, auto* out) {
      total_of<T> sums[most_lines];
      f.sums(part, sums);
      for (index_t i = 0; i < part.lines; ++i) out[i].value = sums[i];
    };
    const auto totals =
        panel_by_panel(of, most_lines, stretch_size<T, long_stretch_bytes<T>>, plus, fill, options);
    std::vector<sum_type<T>> sums(totals.size());
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = static_cast<sum_type<T>>(totals[i]);
    return sums;
  }
  const auto each = [f = functions_for<T>()](const stretch<T>& part) { return f.sum(part.data, part.size); };
  return line_by_line<sum_type<T>>(
      of, options,
      [&](const input<T>& x) {
        return static_cast<sum_type<T>>(reduce_here<long_stretch_bytes<T>>(x, plus, each));
      },
      [&](const input<T>& x) { return detail::sum(x, options); });
}

template <class T>
std::vector<extremum<T>> minimum(const lines<T>& of, const loop_options& options) {
  return extreme_lines<true>(of, options);
}

template <class T>
std::vector<extremum<T>> maximum(const lines<T>& of, const loop_options& options) {
  return extreme_lines<false>(of, options);
}

template <class T>
std::vector<moments_of> moments(const lines<T>& of, const loop_options& options) {
  check(of);
  const merging<moments_of> merge;
  if (side_by_side(of)) {
    const auto fill = [f = panels_for<T>(), one = functions_for<T>()](const panel<T>& part, index_t /*first*/,
                                                                      auto* out) {
      double from[most_lines];
      distance_sums sums[most_lines];
      for (index_t i = 0; i < part.lines; ++i) from[i] = static_cast<double>(part.x[i]);
      f.distance_sums_of(part, from, sums);
      for (index_t i = 0; i < part.lines; ++i)
        out[i].value = moments_from(sums[i], from[i], part.length, [&] {
          T line[stretch_size<T, moment_stretch_bytes>];
          for (index_t k = 0; k < part.length; ++k) line[k] = part.x[k * part.step + i];
          return moments_in_two_ways(one, stretch<T>{line, static_cast<std::size_t>(part.length), 0});
        });
    };
    return panel_by_panel(of, most_lines, stretch_size<T, moment_stretch_bytes>, merge, fill, options);
  }
  const auto each = [f = functions_for<T>()](const stretch<T>& part) { return stretch_moments(f, part); };
  return line_by_line<moments_of>(
      of, options, [&](const input<T>& x) { return reduce_here<moment_stretch_bytes>(x, merge, each); },
      [&](const input<T>& x) { return detail::moments(x, options); });
}

#define POLYLOOP_LINES(T)                                                          \
  template std::vector<sum_type<T>> sum(const lines<T>&, const loop_options&);     \
  template std::vector<extremum<T>> minimum(const lines<T>&, const loop_options&); \
  template std::vector<extremum<T>> maximum(const lines<T>&, const loop_options&); \
  template std::vector<moments_of> moments(const lines<T>&, const loop_options&);
POLYLOOP_FOR_EACH_TYPE(POLYLOOP_LINES)

}  // namespace polyloop::reductions
