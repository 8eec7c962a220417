#pragma once

#include <Eigen/Core>

#include "polyloop/reductions/lines.hpp"

namespace polyloop::reductions {

namespace detail {

/// From an element of a row to the next, and of a column.
template <class Derived>
index_t eigen_right(const Eigen::DenseBase<Derived>& m) {
  return Derived::IsRowMajor ? m.derived().innerStride() : m.derived().outerStride();
}
template <class Derived>
index_t eigen_down(const Eigen::DenseBase<Derived>& m) {
  return Derived::IsRowMajor ? m.derived().outerStride() : m.derived().innerStride();
}

template <class Derived>
concept eigen_memory = (static_cast<int>(Derived::Flags) & static_cast<int>(Eigen::DirectAccessBit)) != 0;

/// Holds matrices by reference, and expressions of them by value, as Eigen's own expressions do.
template <class Derived>
struct coefficient {
  typename Eigen::internal::ref_selector<Derived>::type expression;
  index_t rows;

  typename Derived::Scalar operator()(index_t i) const { return expression.coeff(i % rows, i / rows); }
};

}  // namespace detail

/// The elements of an Eigen matrix, array, map or block, in whatever order it has them; for each_row(),
/// each_column() and covariance(). It has to outlive the view.
template <class Derived>
requires detail::eigen_memory<Derived> matrix_view<typename Derived::Scalar> view(
    const Eigen::DenseBase<Derived>& m) {
  return {m.derived().data(), m.rows(), m.cols(), detail::eigen_down(m), detail::eigen_right(m)};
}

/// Those of an Eigen vector that has gaps, such as a row of a matrix, or a map with an inner stride.
template <class Derived>
requires(detail::eigen_memory<Derived>&& static_cast<bool>(Derived::IsVectorAtCompileTime))
    strided_view<typename Derived::Scalar> strided(const Eigen::DenseBase<Derived>& v) {
  return {v.derived().data(), v.size(), v.derived().innerStride()};
}

/// The coefficients of any Eigen expression, column by column, computed as they are read. What the
/// expression refers to has to outlive the result.
template <class Derived>
auto coefficients(const Eigen::DenseBase<Derived>& e) {
  return indexed{static_cast<index_t>(e.size()), detail::coefficient<Derived>{e.derived(), e.rows()}};
}

}  // namespace polyloop::reductions
