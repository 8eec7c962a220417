#include "group_by/questions.hpp"

namespace polyloop::bench::group_by {

using aggregation::aggregate;

namespace {

std::span<const question> all_questions() {
  static const std::vector<question> all{
      {"q1", "sum v1 by id1", {"id1"}, {aggregate::sum("v1")}, "SELECT id1, sum(v1) FROM {} GROUP BY id1"},
      {"q2",
       "sum v1 by id1, id2",
       {"id1", "id2"},
       {aggregate::sum("v1")},
       "SELECT id1, id2, sum(v1) FROM {} GROUP BY id1, id2"},
      {"q3",
       "sum v1, mean v3 by id3",
       {"id3"},
       {aggregate::sum("v1"), aggregate::mean("v3")},
       "SELECT id3, sum(v1), avg(v3) FROM {} GROUP BY id3"},
      {"q4",
       "mean v1, v2, v3 by id4",
       {"id4"},
       {aggregate::mean("v1"), aggregate::mean("v2"), aggregate::mean("v3")},
       "SELECT id4, avg(v1), avg(v2), avg(v3) FROM {} GROUP BY id4"},
      {"q5",
       "sum v1, v2, v3 by id6",
       {"id6"},
       {aggregate::sum("v1"), aggregate::sum("v2"), aggregate::sum("v3")},
       "SELECT id6, sum(v1), sum(v2), sum(v3) FROM {} GROUP BY id6"},
      {"q6",
       "median v3, sd v3 by id4, id5",
       {"id4", "id5"},
       {aggregate::median("v3"), aggregate::standard_deviation("v3")},
       "SELECT id4, id5, median(v3), stddev(v3) FROM {} GROUP BY id4, id5"},
      {"q7",
       "max v1 - min v2 by id3",
       {"id3"},
       {aggregate::max("v1"), aggregate::min("v2")},
       "SELECT id3, max(v1), min(v2) FROM {} GROUP BY id3"},
      {"q8",
       "largest two v3 by id6",
       {"id6"},
       {aggregate::largest("v3", 2)},
       "SELECT id6, a[1], a[2] FROM (SELECT id6, max(v3, 2) AS a FROM {} GROUP BY id6)"},
      {"q9",
       "correlation v1, v2 by id2, id4",
       {"id2", "id4"},
       {aggregate::correlation("v1", "v2")},
       "SELECT id2, id4, corr(v1, v2) FROM {} GROUP BY id2, id4"},
      {"q10",
       "sum v3, count by id1..id6",
       {"id1", "id2", "id3", "id4", "id5", "id6"},
       {aggregate::sum("v3"), aggregate::count()},
       "SELECT id1, id2, id3, id4, id5, id6, sum(v3), count(*) FROM {} GROUP BY ALL"}};
  return all;
}

std::span<const question> narrow_questions() {
  static const std::vector<question> all{
      {"n1", "sum v3 by id1", {"id1"}, {aggregate::sum("v3")}, "SELECT id1, sum(v3) FROM {} GROUP BY id1"},
      {"n2", "mean v3 by id6", {"id6"}, {aggregate::mean("v3")}, "SELECT id6, avg(v3) FROM {} GROUP BY id6"},
      {"n3",
       "sum v3, count by id1, id6",
       {"id1", "id6"},
       {aggregate::sum("v3"), aggregate::count()},
       "SELECT id1, id6, sum(v3), count(*) FROM {} GROUP BY id1, id6"}};
  return all;
}

}  // namespace

std::span<const question> questions(bool narrow) {
  return narrow ? narrow_questions() : all_questions();
}

}  // namespace polyloop::bench::group_by
