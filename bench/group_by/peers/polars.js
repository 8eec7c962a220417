// The questions of the db-benchmark's group-by task on Polars (npm package nodejs-polars).
const pl = require("nodejs-polars");
const { col } = pl;

const strings = ["id1", "id2", "id3"];
const asked = {
  q1: [["id1"], [col("v1").sum()]],
  q2: [["id1", "id2"], [col("v1").sum()]],
  q3: [["id3"], [col("v1").sum(), col("v3").mean()]],
  q4: [["id4"], [col("v1").mean(), col("v2").mean(), col("v3").mean()]],
  q5: [["id6"], [col("v1").sum(), col("v2").sum(), col("v3").sum()]],
  q6: [["id4", "id5"], [col("v3").median().alias("median"), col("v3").std().alias("deviation")]],
  q7: [["id3"], [col("v1").max(), col("v2").min()]],
  q8: [["id6"], [col("v3").dropNulls().sort({ descending: true }).head(2)]],
  q9: [["id2", "id4"], [pl.pearsonCorr(col("v1"), col("v2"))]],
  q10: [["id1", "id2", "id3", "id4", "id5", "id6"], [col("v3").sum(), pl.len().alias("rows")]],
};

exports.load = (file, { coded }) => {
  const types = Object.fromEntries(strings.map((name) => [name, pl.Utf8]));
  for (const name of ["id4", "id5", "id6", "v1", "v2"]) types[name] = pl.Int32;
  types.v3 = pl.Float64;
  const read = pl.readCSV(file, { schema: types, nullValues: "" });
  return coded ? read.withColumns(...strings.map((name) => col(name).cast(pl.Categorical))) : read;
};

exports.ask = (table, question) => {
  const [keys, aggregates] = asked[question];
  const result = table.groupBy(...keys).agg(...aggregates);
  return {
    groups: () => result.height,
    // All that was aggregated, added up.
    total: () => {
      let values = result.drop(...keys);
      if (question === "q8") values = values.explode("v3");
      const finite = values.columns.map((name) => col(name).cast(pl.Float64).fillNan(null).sum().alias(name));
      return values.select(...finite).row(0).reduce((a, b) => a + (b ?? 0), 0);
    },
  };
};
