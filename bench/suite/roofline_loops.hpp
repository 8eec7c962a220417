#pragma once

#include <cstddef>

/// The loops that the roof is measured with: plain ones, which the compiler
/// vectorises for several CPUs, one of which is chosen when the program runs.
namespace polyloop::bench::roof {

double read(std::size_t n, const double* x);
void copy(std::size_t n, const double* x, double* y);
void triad(std::size_t n, double a, const double* x, const double* y, double* z);
void update(std::size_t n, double a, const double* x, double* y);

/// Multiply and add in registers; return how many operations that were. As many
/// products at a time as suits CPUs with 16 vector registers, or with 32.
double multiply_add_doubles(std::size_t times);
double multiply_add_many_doubles(std::size_t times);
double multiply_add_floats(std::size_t times);
double multiply_add_many_floats(std::size_t times);

}  // namespace polyloop::bench::roof
