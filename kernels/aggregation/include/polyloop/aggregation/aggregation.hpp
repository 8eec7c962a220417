#pragma once

#include "polyloop/aggregation/csv.hpp"
#include "polyloop/aggregation/group_by.hpp"
#include "polyloop/aggregation/table.hpp"
