/// polyloop-bench: the project's kernels on every backend, beside the same kernels by hand.

#include "kernels/inputs.hpp"
#include "kernels/project_kernels.hpp"
#include "suite/options.hpp"

namespace polyloop::bench {

namespace {

constexpr index_t number_count = 20'000'000;
constexpr index_t quick_number_count = 2'000'000;

constexpr const char* footer =
    "examples:\n"
    "  polyloop-bench\n"
    "  polyloop-bench --quick --json results.json\n"
    "  polyloop-bench --benchmark_filter='^(saxpy|triad)/' --sweep "
    "'workers=1..N,schedule=static,dynamic,grain=64,1024'\n"
    "  polyloop-bench --baseline results.json --threshold 0.03\n"
    "  polyloop-bench --video clip.y4m --video-label 'real: clip.y4m'\n"
    "  polyloop-bench --video photograph.y4m --pan\n"
    "  polyloop-bench --csv shop.csv --csv-key Country --csv-value 'Quantity*UnitPrice'\n";

void declare_inputs(CLI::App& app, inputs& how) {
  const char* const group = "Input of the project's kernels";
  app.add_option("--video", how.video, "A clip as 4:2:0 y4m; generated without one")->group(group);
  app.add_flag("--pan", how.pan, "Pan a window over the clip's first frame instead")->group(group);
  app.add_option("--video-label", how.video_label, "What the table calls the clip")->group(group);
  app.add_option("--csv", how.csv, "A table with a header line; generated without one")->group(group);
  app.add_option("--csv-label", how.csv_label, "What the table calls it")->group(group);
  app.add_option("--csv-key", how.csv_key, "The column to group by")->capture_default_str()->group(group);
  app.add_option("--csv-value", how.csv_value, "The column to aggregate, or two: A*B")
      ->capture_default_str()
      ->group(group);
}

void add_all(std::vector<kernel_family> families) {
  for (kernel_family& each : families) add_kernel(std::move(each));
}

void add_kernels(inputs how, bool quick) {
  how.quick = quick;
  add_all(loop_kernels(quick));
  add_all(frame_kernels(load_clip(how)));
  add_all(number_kernels(quick ? quick_number_count : number_count));
  add_all(table_kernels(load_csv(how)));
}

}  // namespace

}  // namespace polyloop::bench

int main(int argc, char** argv) {
  using namespace polyloop::bench;
  inputs from;
  extension more;
  more.description = "Measures the project's kernels on every backend, beside the same kernels by hand.";
  more.footer = footer;
  more.declare = [&from](CLI::App& app) { declare_inputs(app, from); };
  more.add_kernels = [&from](const options& how) { add_kernels(from, how.quick); };
  more.launch = launch_kernel;
  return run_suite(argc, argv, more);
}
