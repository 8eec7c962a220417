#pragma once

#include "polyloop/aggregation/aggregate.hpp"
#include "polyloop/aggregation/aggregator.hpp"
#include "polyloop/aggregation/arrow.hpp"
#include "polyloop/aggregation/column_function.hpp"
#include "polyloop/aggregation/csv.hpp"
#include "polyloop/aggregation/group_by.hpp"
#include "polyloop/aggregation/group_table.hpp"
#include "polyloop/aggregation/scratch_memory.hpp"
#include "polyloop/aggregation/table.hpp"
#include "polyloop/aggregation/typed_column.hpp"
