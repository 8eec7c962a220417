#include "polyloop/frames/chain.hpp"

#include <algorithm>
#include <atomic>

#include "chain_segments.hpp"
#include "check.hpp"
#include "polyloop/context.hpp"
#include "polyloop/parallel_for.hpp"

namespace polyloop::frames {

namespace {

std::vector<named_filter> filters_of(std::string_view text) {
  std::vector<named_filter> made;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('|', begin), text.size());
    made.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return made;
}

/// Throws, naming `out`, where an output shares memory with another frame.
void require_all_apart(std::vector<detail::footprint> in, const std::vector<detail::footprint>& out) {
  struct memory {
    detail::footprint of;
    bool written;
  };
  std::vector<memory> all;
  for (const detail::footprint& each : in) all.push_back({each, false});
  for (const detail::footprint& each : out) all.push_back({each, true});
  std::sort(all.begin(), all.end(), [](const memory& a, const memory& b) { return a.of.begin < b.of.begin; });
  for (std::size_t k = 0; k < all.size(); ++k)
    for (std::size_t next = k + 1; next < all.size() && all[next].of.begin < detail::end_of(all[k].of);
         ++next)
      if (all[k].written || all[next].written) detail::require_apart("out", all[k].of, all[next].of);
}

/// Frames for each worker from which on a worker takes a frame at a time: what is left over at the end, when
/// the last frames are shared by bands, is then little.
constexpr index_t least_frames_each = 2;

bool a_frame_each(index_t frames, const loop_options& options) {
  const int workers = std::min(explain().workers, options.workers.value_or(explain().workers));
  return workers > 1 && frames >= least_frames_each * workers;
}

/// The options of a frame of a sequence, which is not counted, and whose errors are the sequence's.
loop_options options_inside(const loop_options& options) {
  loop_options inside = options;
  inside.progress = nullptr;
  inside.errors = {};
  inside.schedule = schedule::automatic;
  return inside;
}

}  // namespace

chain::chain(std::string_view text) : chain(filters_of(text)) {}

chain::chain(std::vector<named_filter> filters) : filters_(std::move(filters)) {
  if (filters_.empty()) throw invalid_argument("filter", "none", "at least one filter");
  for (const named_filter& each : filters_)
    if (each.description().inputs.least > 1 || each.description().inputs.most > 1)
      throw invalid_argument("filter", each.description().name, "filters of one frame");
}

std::string chain::text() const {
  std::string all;
  for (const named_filter& each : filters_) all.append(all.empty() ? "" : "|").append(each.text());
  return all;
}

shape chain::output_shape(const shape& in) const {
  shape size = in;
  for (const named_filter& each : filters_) size = each.output_shape(size);
  return size;
}

std::vector<detail::chain_link> chain::links() const {
  std::vector<detail::chain_link> made;
  for (const named_filter& each : filters_) made.push_back({each.entry_, &each.arguments_});
  return made;
}

template <class In, class Out>
void chain::check(const view<const In>& in, const view<Out>& out) const {
  detail::require_samples(links(), detail::any_input(in).index(), detail::any_output(out).index());
  detail::require_shape("out", out.size(), output_shape(in.size()));
  detail::require_apart("out", out, in);
}

template <class In, class Out>
loop_result chain::run(const view<const In>& in, const view<Out>& out, const loop_options& options) const {
  check(in, out);
  return detail::run_links(links(), in, out, options);
}

template <class In, class Out>
loop_result chain::run_all(std::span<const view<const In>> in, std::span<const view<Out>> out,
                           const loop_options& options) const {
  const auto frames = static_cast<index_t>(in.size());
  if (out.size() != in.size())
    polyloop::detail::throw_invalid("out", static_cast<index_t>(out.size()),
                                    "as many frames as there are inputs: " + std::to_string(frames));
  std::vector<detail::footprint> read, written;
  for (std::size_t k = 0; k < in.size(); ++k) {
    check(in[k], out[k]);
    read.push_back(detail::footprint_of(in[k]));
    written.push_back(detail::footprint_of(out[k]));
  }
  require_all_apart(std::move(read), written);
  const auto all = links();
  const loop_options inside = options_inside(options);
  std::atomic<bool> ended_early = false;
  const auto one = [&](index_t k) {
    const auto at = static_cast<std::size_t>(k);
    if (!detail::run_links(all, in[at], out[at], inside).finished()) ended_early = true;
  };
  loop_options named = options;
  if (named.label.empty()) named.label = "sequence";
  if (a_frame_each(frames, options))
    named.schedule = schedule::dynamic(1);
  else
    named.workers = 1;
  loop_result result = parallel_for(frames, one, named);
  if (ended_early) result.outcome = loop_result::status::stopped;
  return result;
}

loop_result chain::operator()(view<const std::uint8_t> in, view<std::uint8_t> out,
                              const loop_options& options) const {
  return run(in, out, options);
}
loop_result chain::operator()(view<const std::uint8_t> in, view<std::int16_t> out,
                              const loop_options& options) const {
  return run(in, out, options);
}
loop_result chain::operator()(view<const std::uint8_t> in, view<float> out,
                              const loop_options& options) const {
  return run(in, out, options);
}
loop_result chain::operator()(view<const std::uint16_t> in, view<std::uint16_t> out,
                              const loop_options& options) const {
  return run(in, out, options);
}
loop_result chain::operator()(view<const std::uint16_t> in, view<float> out,
                              const loop_options& options) const {
  return run(in, out, options);
}
loop_result chain::operator()(view<const float> in, view<float> out, const loop_options& options) const {
  return run(in, out, options);
}
loop_result chain::operator()(std::span<const view<const std::uint8_t>> in,
                              std::span<const view<std::uint8_t>> out, const loop_options& options) const {
  return run_all(in, out, options);
}
loop_result chain::operator()(std::span<const view<const std::uint8_t>> in, std::span<const view<float>> out,
                              const loop_options& options) const {
  return run_all(in, out, options);
}
loop_result chain::operator()(std::span<const view<const std::uint16_t>> in,
                              std::span<const view<std::uint16_t>> out, const loop_options& options) const {
  return run_all(in, out, options);
}
loop_result chain::operator()(std::span<const view<const float>> in, std::span<const view<float>> out,
                              const loop_options& options) const {
  return run_all(in, out, options);
}
}  // namespace polyloop::frames
