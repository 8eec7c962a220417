#pragma once

#include "polyloop/index.hpp"

namespace polyloop::bench::tables {

struct plain {
  template <class Body>
  static void loop(index_t n, const Body& body) {
    for (index_t i = 0; i < n; ++i) body(i);
  }
};

}  // namespace polyloop::bench::tables
