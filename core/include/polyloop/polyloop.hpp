#pragma once

/// The whole loop API.
#include "polyloop/backend.hpp"
#include "polyloop/context.hpp"
#include "polyloop/error.hpp"
#include "polyloop/first_touch.hpp"
#include "polyloop/grid.hpp"
#include "polyloop/huge_vector.hpp"
#include "polyloop/loop_options.hpp"
#include "polyloop/monoid.hpp"
#include "polyloop/parallel_copy.hpp"
#include "polyloop/parallel_for.hpp"
#include "polyloop/parallel_reduce.hpp"
#include "polyloop/parallel_sort.hpp"
#include "polyloop/schedule.hpp"
#include "polyloop/tuning.hpp"
