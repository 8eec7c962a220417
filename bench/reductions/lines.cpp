#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <polyloop/context.hpp>

#include "polyloop/eigen_reductions.hpp"
#include "reductions/read_limit.hpp"
#include "reductions/table.hpp"
#include "support/keep.hpp"

namespace polyloop::bench::reductions_bench {

namespace {

using matrix = Eigen::MatrixXd;

constexpr index_t size = 10'000;
constexpr int rounds = 9;

/// A reduction of each line: ours, and Eigen's on one thread.
struct line_reduction {
  const char* name;
  void (*ours)(const reductions::matrix_view<double>& m);
  void (*eigen)(const matrix& m);
};

const line_reduction reductions_of_lines[] = {
    {"sum of each column",
     [](const reductions::matrix_view<double>& m) { keep(reductions::sum(each_column(m))); },
     [](const matrix& m) { keep(Eigen::RowVectorXd(m.colwise().sum())); }},
    {"sum of each row", [](const reductions::matrix_view<double>& m) { keep(reductions::sum(each_row(m))); },
     [](const matrix& m) { keep(Eigen::VectorXd(m.rowwise().sum())); }},
    {"minimum of each column",
     [](const reductions::matrix_view<double>& m) { keep(reductions::minimum(each_column(m))); },
     [](const matrix& m) { keep(Eigen::RowVectorXd(m.colwise().minCoeff())); }},
    {"minimum of each row",
     [](const reductions::matrix_view<double>& m) { keep(reductions::minimum(each_row(m))); },
     [](const matrix& m) { keep(Eigen::VectorXd(m.rowwise().minCoeff())); }},
    {"mean and variance of each column",
     [](const reductions::matrix_view<double>& m) { keep(reductions::moments(each_column(m))); },
     [](const matrix& m) {
       const Eigen::RowVectorXd mean = m.colwise().mean();
       keep(Eigen::RowVectorXd((m.rowwise() - mean).colwise().squaredNorm() /
                               static_cast<double>(m.rows() - 1)));
     }},
    {"mean and variance of each row",
     [](const reductions::matrix_view<double>& m) { keep(reductions::moments(each_row(m))); },
     [](const matrix& m) {
       const Eigen::VectorXd mean = m.rowwise().mean();
       keep(
           Eigen::VectorXd((m.colwise() - mean).rowwise().squaredNorm() / static_cast<double>(m.cols() - 1)));
     }},
};

template <class Call>
auto with_workers(int workers, const Call& call) {
  return [=] {
    const scoped_context scope{.workers = workers};
    call();
  };
}

std::vector<claim> claims_of(const line_reduction& each, const matrix& m) {
  const auto ours = [&] { each.ours(reductions::view(m)); };
  const auto bytes = static_cast<std::size_t>(m.size()) * sizeof(double);
  std::vector<std::function<void()>> calls{with_workers(1, ours), with_workers(2, ours),
                                           [&] { each.eigen(m); }};
  for (const auto& way : ways_to_read(m.data(), bytes)) calls.emplace_back(with_workers(2, way));
  const std::vector<double> seconds = medians_in_turn(rounds, calls);
  const double speedup = seconds[0] / seconds[1];
  const double share = *std::min_element(seconds.begin() + 3, seconds.end()) / seconds[1];
  const std::string what = fmt::format("{} of 1e4 x 1e4 double", each.name);
  return {{what + ", 1 worker: ours over Eigen", seconds[0] / seconds[2], 1, true, "x"},
          {what + ", 2 workers: of 1.9 times the speed of one, or of 0.97 of that of reading it",
           std::max(speedup / 1.9, share / 0.97), 1, false, "x"}};
}

}  // namespace

std::vector<claim> line_claims() {
  const matrix m = matrix::Random(size, size);
  std::vector<claim> all;
  for (const line_reduction& each : reductions_of_lines)
    for (const claim& made : claims_of(each, m)) all.push_back(made);
  return all;
}

}  // namespace polyloop::bench::reductions_bench
