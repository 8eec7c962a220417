#include "chain_segments.hpp"

#include <array>

#include "row_chain.hpp"

namespace polyloop::frames::detail {

namespace {

using any_image = any_sample<image>;
constexpr std::size_t sample_types = std::variant_size_v<any_input>;

template <class T>
using source_pointer = std::unique_ptr<row_source<T>>;
using any_source = any_sample<source_pointer>;

template <class... Plans>
std::variant<Plans...> variant_of(const std::tuple<Plans...>&);
using any_plan = decltype(variant_of(std::declval<for_each_pair<row_plan>>()));

/// The place of samples in the variants.
template <class T>
constexpr std::size_t sample_index() {
  return any_input(view<const T>()).index();
}

/// Calls visit.operator()<In, Out>() for the samples of those places.
template <class Visit>
void for_pair(std::size_t in, std::size_t out, const Visit& visit) {
  const auto with = [&]<class In, class Out>(const run_function<In, Out>&) {
    if (sample_index<In>() == in && sample_index<Out>() == out) visit.template operator()<In, Out>();
  };
  std::apply([&](const auto&... each) { (with(each), ...); }, for_each_pair<run_function>{});
}

bool makes(const filter_entry& filter, std::size_t in, std::size_t out) {
  bool found = false;
  for_pair(in, out,
           [&]<class In, class Out>() { found = std::get<run_function<In, Out>>(filter.run) != nullptr; });
  return found;
}

/// Whether the filters make samples of `out` of those of `in`.
bool make(std::span<const chain_link> links, std::size_t in, std::size_t out) {
  std::array<bool, sample_types> possible{};
  possible[in] = true;
  for (const chain_link& link : links) {
    std::array<bool, sample_types> next{};
    for (std::size_t from = 0; from < sample_types; ++from)
      for (std::size_t to = 0; to < sample_types; ++to)
        next[to] = next[to] || (possible[from] && makes(*link.filter, from, to));
    possible = next;
  }
  return possible[out];
}

/// The samples that the first filter gives, so that the others come to `out`: as they are, if that is
/// possible.
std::size_t samples_behind_first(std::span<const chain_link> links, std::size_t in, std::size_t out) {
  const auto fits = [&](std::size_t between) {
    return makes(*links[0].filter, in, between) && make(links.subspan(1), between, out);
  };
  if (fits(in)) return in;
  std::size_t between = 0;
  while (!fits(between)) ++between;
  return between;
}

/// Rows that a filter looks at beyond which a frame in between costs less than making them twice at each
/// band.
constexpr index_t most_rows_kept = 64;

/// A filter row by row; none where it cannot be had for these samples and parameters.
std::optional<any_plan> plan_of(const chain_link& link, std::size_t in, std::size_t out, const shape& size) {
  std::optional<any_plan> made;
  for_pair(in, out, [&]<class In, class Out>() {
    const auto plan = std::get<plan_function<In, Out>>(link.filter->plan);
    if (plan == nullptr) return;
    if (auto found = plan(size, *link.with)) made = std::move(*found);
  });
  return made;
}

/// Whether the rows that it looks at lie together, and are few.
bool follows_by_rows(const any_plan& plan) {
  return std::visit(
      [](const auto& of) { return of.edge.mode != border_mode::wrap && of.around.rows() <= most_rows_kept; },
      plan);
}

/// The filters at the beginning of a chain that go together, or the first one alone.
struct segment {
  std::size_t links = 1;
  std::vector<any_plan> plans;  // none for a filter that is run by itself
  shape size;                   // of what it gives
  std::size_t samples = 0;
};

segment first_segment(std::span<const chain_link> links, const shape& size, std::size_t in, std::size_t out) {
  segment made;
  made.size = size;
  made.samples = in;
  std::size_t count = 0;
  for (; count < links.size(); ++count) {
    const chain_link& link = links[count];
    const std::size_t next = samples_behind_first(links.subspan(count), made.samples, out);
    auto plan = plan_of(link, made.samples, next, made.size);
    if (count > 0 && !(plan && follows_by_rows(*plan))) break;
    made.size = link.filter->output(made.size, *link.with);
    made.samples = next;
    if (!plan) break;
    made.plans.push_back(std::move(*plan));
  }
  made.links = std::max<std::size_t>(1, count);
  return made;
}

/// Rows that a plan looks at beyond the one that it makes.
index_t rows_around(const any_plan& plan) {
  return std::visit([](const auto& of) { return of.around.rows() - 1; }, plan);
}

/// The height of bands: what is made twice at their borders is a small part of them.
index_t band_height(const std::vector<any_plan>& plans) {
  index_t twice = 0;
  for (const any_plan& plan : plans) twice += rows_around(plan);
  return std::max<index_t>(16, 8 * twice);
}

template <class In, class Out>
std::unique_ptr<filtered_source<In, Out>> filtered(any_source& from, const row_plan<In, Out>& plan,
                                                   index_t kept) {
  return std::make_unique<filtered_source<In, Out>>(std::move(std::get<source_pointer<In>>(from)), plan,
                                                    kept);
}

/// The rows that all plans but the last make.
any_source source_of(const std::vector<any_plan>& plans, const any_input& in) {
  any_source from = std::visit(
      [&]<class T>(const view<const T>& frame) -> any_source {
        return std::make_unique<frame_source<T>>(frame);
      },
      in);
  for (std::size_t k = 0; k + 1 < plans.size(); ++k)
    from = std::visit(
        [&]<class In, class Out>(const row_plan<In, Out>& plan) -> any_source {
          // A row more than it looks at: see row_filter.
          return source_pointer<Out>(filtered(from, plan, rows_around(plans[k + 1]) + 2));
        },
        plans[k]);
  return from;
}

index_t bytes_of(const any_input& frame) {
  return std::visit(
      []<class T>(const view<const T>& of) {
        return of.height() * of.size().row_samples() * static_cast<index_t>(sizeof(T));
      },
      frame);
}

loop_result run_plans(const std::vector<any_plan>& plans, const any_input& in, const any_output& out,
                      const loop_options& options) {
  return std::visit(
      [&]<class In, class Out>(const row_plan<In, Out>& plan) {
        return write_rows<In>(std::get<view<Out>>(out), bytes_of(in), band_height(plans), "chain", options,
                              [&] {
                                any_source from = source_of(plans, in);
                                return filtered(from, plan, 0);
                              });
      },
      plans.back());
}

loop_result run_segment(const segment& of, const chain_link& first, const any_input& in,
                        const any_output& out, const loop_options& options) {
  if (!of.plans.empty()) return run_plans(of.plans, in, out, options);
  loop_result result;
  for_pair(in.index(), out.index(), [&]<class In, class Out>() {
    const auto& frame = std::get<view<const In>>(in);
    result =
        require_run<In, Out>(*first.filter, 1)({&frame, 1}, std::get<view<Out>>(out), *first.with, options);
  });
  return result;
}

template <std::size_t... Index>
any_image image_of(std::size_t samples, const shape& size, std::index_sequence<Index...>) {
  any_image made;
  ((Index == samples ? void(made.emplace<Index>(size)) : void()), ...);
  return made;
}

}  // namespace

void require_samples(std::span<const chain_link> links, std::size_t in, std::size_t out) {
  if (!make(links, in, out))
    throw invalid_argument("out", "samples of another type",
                           "samples that these filters make of those of the input");
}

loop_result run_links(std::span<const chain_link> links, const any_input& in, const any_output& out,
                      const loop_options& options) {
  any_input from = in;
  any_image held;
  for (;;) {
    const shape size = std::visit([](const auto& frame) { return frame.size(); }, from);
    const segment first = first_segment(links, size, from.index(), out.index());
    if (first.links == links.size()) return run_segment(first, links[0], from, out, options);
    any_image between = image_of(first.samples, first.size, std::make_index_sequence<sample_types>());
    const auto whole = std::visit([](auto& made) -> any_output { return made.pixels(); }, between);
    const loop_result result = run_segment(first, links[0], from, whole, options);
    if (!result.finished()) return result;
    held = std::move(between);
    from = std::visit([](const auto& made) -> any_input { return made.pixels(); }, held);
    links = links.subspan(first.links);
  }
}

}  // namespace polyloop::frames::detail
