#include "report/timeline.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <vector>

using namespace polyloop::bench;
using nlohmann::json;

namespace {

json span(double worker, double begin, double end) {
  return {{"worker", worker}, {"begin_us", begin}, {"end_us", end}};
}

json with_tracks(int workers, const std::vector<json>& spans) {
  json timeline = {{"workers", workers}};
  add_tracks(timeline, spans);
  return timeline;
}

}  // namespace

TEST_CASE("timeline: busy times and imbalance") {
  const json made = with_tracks(2, {span(1, 10, 40), span(0, 0, 5), span(0, 7, 12)});
  CHECK(made["end_us"] == 40);
  CHECK(made["imbalance"] == doctest::Approx(30 / 20.0));
  CHECK(made["tracks"][0]["busy_us"] == 10);
  CHECK(made["tracks"][0]["chunks"] == 2);
  CHECK(made["tracks"][0]["spans"] == json({{0.0, 5.0}, {7.0, 12.0}}));
  CHECK(made["tracks"][1]["spans"] == json({{10.0, 40.0}}));
}

TEST_CASE("timeline: a worker that did nothing has a track, and nobody at all no imbalance") {
  CHECK(with_tracks(3, {span(0, 0, 6)})["imbalance"] == 3);
  CHECK(with_tracks(3, {span(0, 0, 6)})["tracks"].size() == 3);
  CHECK(with_tracks(2, {})["imbalance"] == 0);
}

TEST_CASE("timeline: chunks too thin to be seen are joined, and counted all the same") {
  std::vector<json> spans;
  for (int chunk = 0; chunk < 100'000; ++chunk) spans.push_back(span(0, chunk, chunk + 0.9));
  const json track = with_tracks(1, spans)["tracks"][0];
  CHECK(track["spans"].size() < 2000);
  CHECK(track["chunks"] == 100'000);
  CHECK(track["busy_us"] == doctest::Approx(90'000));
}

TEST_CASE("timeline: chunks that can be seen stay apart, however close they are") {
  const json made = with_tracks(1, {span(0, 0, 10), span(0, 10, 20)});
  CHECK(made["tracks"][0]["spans"].size() == 2);
}

TEST_CASE("timeline: spans that cannot be are left out") {
  const json made = with_tracks(1, {span(0, 0, 6), span(7, 0, 9), span(-1, 0, 9), span(0, 8, 3)});
  CHECK(made["end_us"] == 6);
  CHECK(made["tracks"][0]["chunks"] == 1);
}
