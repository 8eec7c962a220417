#pragma once

#include <cstdint>
#include <string_view>

#include "polyloop/loop_options.hpp"
#include "tables/loop_set.hpp"

/// The loops of the suite, written once and made for each way to run a loop, as
/// those of the tables (tables/loop_set.hpp) are. Here they leave results behind.
namespace polyloop::bench {

struct loop_functions {
  void (*saxpy)(index_t n, double a, const double* x, double* y);
  void (*copy)(index_t n, const double* x, double* y);
  void (*triad)(index_t n, double a, const double* x, const double* y, double* z);
  /// Five points: the mean of a cell and its neighbours, for the inner cells of side x side.
  void (*stencil)(index_t side, const float* in, float* out);
  /// The steps of the points of a picture of side x side until they are gone, at most `most`.
  void (*mandelbrot)(index_t side, index_t most, std::int32_t* steps);
  /// sums[i] is that of the i + 1 first elements, added anew for each.
  void (*triangular)(index_t n, const double* x, double* sums);
  /// A loop over rows in whose iterations there is a loop over columns.
  void (*nested)(index_t rows, index_t columns, const double* in, double* out);
  /// Iterations that do next to nothing, to see what the launch costs.
  void (*empty)(index_t n, std::int64_t* seen);
};

template <class Way>
struct with_results {
  static void stencil(index_t side, const float* in, float* out) {
    Way::loop(side - 2, [=](index_t row) {
      const index_t begin = (row + 1) * side;
      for (index_t at = begin + 1; at < begin + side - 1; ++at)
        out[at] = 0.2F * (in[at] + in[at - side] + in[at - 1] + in[at + 1] + in[at + side]);
    });
  }
  static void mandelbrot(index_t side, index_t most, std::int32_t* steps) {
    Way::loop(side, [=](index_t row) {
      const double imaginary = -1.4 + 1.6 * static_cast<double>(row) / static_cast<double>(side);
      for (index_t column = 0; column < side; ++column) {
        const double real = -2.0 + 2.6 * static_cast<double>(column) / static_cast<double>(side);
        steps[row * side + column] =
            static_cast<std::int32_t>(tables::mandelbrot_steps(real, imaginary, most));
      }
    });
  }
  static void triangular(index_t n, const double* x, double* sums) {
    Way::loop(n, [=](index_t i) {
      double total = 0;
      for (index_t k = 0; k <= i; ++k) total += x[k];
      sums[i] = total;
    });
  }
  static void nested(index_t rows, index_t columns, const double* in, double* out) {
    Way::loop(rows, [=](index_t row) {
      Way::loop(columns, [=, begin = row * columns](index_t column) {
        out[begin + column] = in[begin + column] * in[begin + column] + 1.0;
      });
    });
  }
  static void empty(index_t n, std::int64_t* seen) {
    Way::loop(n, [=](index_t i) { seen[i] = i; });
  }
};

template <class Way>
constexpr loop_functions functions_by() {
  using streams = tables::made_by<Way>;
  using made = with_results<Way>;
  return {streams::saxpy,   streams::copy,    streams::triad, made::stencil,
          made::mandelbrot, made::triangular, made::nested,   made::empty};
}

extern const loop_functions our_functions;
extern const loop_functions plain_functions;
extern const loop_functions openmp_functions;
extern const loop_functions tbb_functions;

/// What the loops of our_functions are run with from now on. A global: these
/// functions have the form of those by hand, which know no options.
void use_options(const loop_options& how);

/// By hand for the runtime of a backend; null where there is none.
const loop_functions* functions_for(std::string_view backend);

}  // namespace polyloop::bench
