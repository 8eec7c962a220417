#pragma once

#include "polyloop/error_policy.hpp"
#include "polyloop/index.hpp"

namespace polyloop::detail {

/// transform(i) under a policy. An element that fails and is passed over counts
/// for nothing; what it is a part of ends with an error anyway.
template <class M, class Transform>
struct guarded {
  const M& combine;
  const Transform& transform;
  error_handler& handler;

  template <class I>
  typename M::value_type operator()(I i) const {
    typename M::value_type value = combine.identity();
    handler.attempt(static_cast<index_t>(i), [&] { value = transform(i); });
    return value;
  }
};

}  // namespace polyloop::detail
