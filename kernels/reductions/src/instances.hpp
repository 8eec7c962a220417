#pragma once

#include <cstdint>

/// define(T) for each type that the inner loops are compiled for.
#define POLYLOOP_FOR_EACH_TYPE(define) define(float) define(double) define(std::int32_t) define(std::int64_t)
