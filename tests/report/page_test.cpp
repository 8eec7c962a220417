#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/page_data.hpp"
#include "report/report.hpp"

using namespace polyloop::bench;
using nlohmann::json;

namespace {

json row(int workers, double speed_up) {
  return {{"kernel", "saxpy"},
          {"backend", "tbb"},
          {"workers", workers},
          {"size", 1000},
          {"seconds", {{"median", 2e-6}, {"low", 1.9e-6}, {"high", 2.2e-6}}},
          {"speed_up", {{"ratio", speed_up}, {"low", speed_up * 0.99}, {"high", speed_up * 1.01}}}};
}

json file_with(const std::vector<json>& rows) {
  return {{"benchmarks", json::array()}, {"polyloop", {{"version", 1}, {"rows", rows}}}};
}

json file_with_no_list() {
  return {{"polyloop", {{"version", 1}, {"rows", 3}}}};
}

json file_with_all_parts() {
  json file = file_with({row(1, 1), row(2, 1.8)});
  json& results = file["polyloop"];
  results["confidence"] = {{"median", 0.95}, {"ratio", 0.99}};
  results["environment"] = {{"cpu", "some"}, {"cpus", 2}, {"libraries", {{"oneTBB", "2021"}}}};
  results["environment"]["warnings"].push_back({{"what", "noise"}, {"effect", "spread"}});
  results["environment"]["caches"].push_back({{"level", 1}, {"type", "Data"}, {"bytes", 32768}});
  results["roofline"] = {{"read_gb_s", {{"1", 10.0}}}, {"peak_gflop_s", {{"1", 50.0}}}};
  results["roofline"]["levels"].push_back({{"workers", 1}, {"bytes", 4096}, {"read_gb_s", 10.0}});
  results["launch"].push_back(
      {{"backend", "tbb"}, {"workers", 2}, {"kind", "raw"}, {"ns", {{"median", 900.0}}}});
  json timeline = {{"kernel", "saxpy"}, {"backend", "tbb"}, {"schedule", "static"}, {"workers", 2}};
  timeline["spans"].push_back({{"worker", 0}, {"begin_us", 0.5}, {"end_us", 1.5}});
  results["timelines"].push_back(timeline);
  return file;
}

std::string complaint_about(const json& file) {
  try {
    page_data(file);
  } catch (const results_error& problem) {
    return problem.what();
  }
  return "";
}

std::string complaint_about_row(const char* field, const json& value) {
  json bad = row(1, 1);
  bad[field] = value;
  return complaint_about(file_with({row(1, 1), bad}));
}

/// The results as they stand in the page, read back.
json data_of(const std::string& page) {
  const std::string mark = "id=\"results\">";
  const std::size_t begin = page.find(mark) + mark.size();
  return json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

}  // namespace

TEST_CASE("report: what is missing is there, empty") {
  const json data = page_data(file_with({}));
  for (const char* list : {"rows", "launch", "timelines", "scaling"}) CHECK(data[list] == json::array());
  CHECK(data["environment"]["cpu"] == "");
  CHECK(data["environment"]["cpus"].is_null());
  CHECK(data["environment"]["warnings"] == json::array());
  CHECK(data["roofline"]["read_gb_s"] == json::array());
}

TEST_CASE("report: rows keep what the file says") {
  const json data = page_data(file_with({row(1, 1)}));
  const json& made = data["rows"][0];
  CHECK(made["seconds"] == json({{"middle", 2e-6}, {"low", 1.9e-6}, {"high", 2.2e-6}}));
  CHECK(made["size"] == 1000);
  CHECK(made["over_raw"].is_null());
  CHECK(made["checksum_holds"] == false);
}

TEST_CASE("report: an interval without bounds, or with wrong ones, is its middle") {
  json odd = row(1, 1);
  odd["seconds"] = {{"median", 2.0}, {"low", 3.0}, {"high", nullptr}};
  CHECK(page_data(file_with({odd}))["rows"][0]["seconds"] ==
        json({{"middle", 2.0}, {"low", 2.0}, {"high", 2.0}}));
  odd["seconds"] = {{"median", -1}};
  CHECK(page_data(file_with({odd}))["rows"][0]["seconds"].is_null());
}

TEST_CASE("report: the roofline by number of workers, in their order") {
  json file = file_with({});
  file["polyloop"]["roofline"] = {{"read_gb_s", {{"16", 80.0}, {"2", 20.0}}}, {"peak_gflop_s", nullptr}};
  const json roof = page_data(file)["roofline"];
  CHECK(roof["read_gb_s"] == json({{{"workers", 2}, {"value", 20.0}}, {{"workers", 16}, {"value", 80.0}}}));
  CHECK(roof["peak_gflop_s"] == json::array());
}

TEST_CASE("report: one series for a loop on a backend, with the laws that its points determine") {
  json raw = row(2, 1.9);
  raw["kind"] = "raw";
  json other = row(2, 1.5);
  other["schedule"] = "static";
  const json scaling = page_data(file_with({row(1, 1), row(2, 1.8), raw, other}))["scaling"];
  CHECK(scaling.size() == 2);
  CHECK(scaling[0]["points"].size() == 2);
  CHECK(scaling[0]["amdahl"]["curve"].size() > 5);
  CHECK(scaling[0]["universal"].is_null());
  CHECK(scaling[1]["schedule"] == "static");
  CHECK(page_data(file_with({row(1, 1), row(2, 1.8), row(4, 3)}))["scaling"][0]["universal"].is_object());
}

TEST_CASE("report: files that are none of ours, and what is said of them") {
  const std::string intro = "not results of polyloop-bench: ";
  for (const json& other :
       {json(), json(7), json("text"), json::array(), json::object(), json({{"polyloop", 1}})})
    CHECK(complaint_about(other) == intro + "there is no object \"polyloop\" in it");
  CHECK(complaint_about({{"polyloop", json::object()}}) ==
        intro + "its version is null, this program reads 1");
  CHECK(complaint_about({{"polyloop", {{"version", 2}}}}) ==
        intro + "its version is 2, this program reads 1");
  CHECK(complaint_about(file_with_no_list()) == intro + "polyloop.rows is no list");
  CHECK(complaint_about(file_with({1})) == intro + "polyloop.rows[0] is no object");
  CHECK(complaint_about_row("kernel", nullptr) == intro + "polyloop.rows[1].kernel is missing");
  CHECK(complaint_about_row("kernel", 3) == intro + "polyloop.rows[1].kernel is no text");
  CHECK(complaint_about_row("size", "many") == intro + "polyloop.rows[1].size is no number");
  CHECK(complaint_about_row("checksum_holds", 1) ==
        intro + "polyloop.rows[1].checksum_holds is neither true nor false");
  CHECK(complaint_about_row("seconds", 1) == intro + "polyloop.rows[1].seconds is no interval");
  for (const double workers : {0.0, -1.0, 1.5, 1e9})
    CHECK(complaint_about_row("workers", workers) ==
          intro + "polyloop.rows[1].workers is no number of workers");
}

TEST_CASE("report: whatever stands in a place, the file is read or refused") {
  const json whole = file_with_all_parts();
  const json places = whole.flatten();
  const json instead[] = {
      nullptr, true, -1, 0, 1e308, "text", json::array(), json::object(), json::array({nullptr})};
  int refused = 0;
  for (const auto& place : places.items())
    for (json::json_pointer at(place.key()); !at.empty(); at.pop_back())
      for (const json& other : instead) {
        json file = whole;
        file[at] = other;
        if (!complaint_about(file).empty()) ++refused;  // any other exception fails the test
      }
  CHECK(complaint_about(whole) == "");
  CHECK(refused > 100);
}

TEST_CASE("report: names are data, whatever they look like") {
  const std::string name =
      "</script><script>alert('x')</script> {{style}} & \"\\ \xE2\x80\xA8 gr\xC3\xB6\xC3\x9F"
      "e";
  json hostile = row(1, 1);
  hostile["kernel"] = name;
  const std::string page = report_page(file_with({hostile}));
  CHECK(page.find("alert('x')</script>") == page.npos);
  CHECK(data_of(page)["rows"][0]["kernel"] == name);
}

TEST_CASE("report: bytes that are no UTF-8 are replaced") {
  json broken = row(1, 1);
  broken["kernel"] = "\xFF\xFEsaxpy";
  CHECK(data_of(report_page(file_with({broken})))["rows"][0]["kernel"] == "\uFFFD\uFFFDsaxpy");
}

TEST_CASE("report: the page is whole and names nothing that is elsewhere") {
  const std::string page = report_page(file_with({row(1, 1)}));
  CHECK(page.starts_with("<!DOCTYPE html>"));
  CHECK(page.ends_with("</html>\n"));
  CHECK(page.find("{{") == page.npos);
  for (const char* reference : {" src=", "<link rel=\"stylesheet\"", "@import", "url("}) {
    CAPTURE(reference);
    CHECK(page.find(reference) == page.npos);
  }
}
