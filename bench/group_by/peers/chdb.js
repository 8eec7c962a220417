// The questions of the db-benchmark's group-by task on chDB, the library of ClickHouse (npm package chdb).
const { Session } = require("chdb");

const asked = {
  q1: ["id1", ["sum(v1)"]],
  q2: ["id1, id2", ["sum(v1)"]],
  q3: ["id3", ["sum(v1)", "avg(v3)"]],
  q4: ["id4", ["avg(v1)", "avg(v2)", "avg(v3)"]],
  q5: ["id6", ["sum(v1)", "sum(v2)", "sum(v3)"]],
  q6: ["id4, id5", ["quantileExactInclusive(0.5)(v3)", "stddevSamp(v3)"]],
  q7: ["id3", ["max(v1)", "min(v2)"]],
  q8: ["id6", ["groupArraySorted(2)(-v3)"]],
  q9: ["id2, id4", ["corr(v1, v2)"]],
  q10: ["id1, id2, id3, id4, id5, id6", ["sum(v3)", "count()"]],
};

exports.load = (file, { coded, missing, threads }) => {
  const session = new Session();
  const optional = (type) => (missing ? `Nullable(${type})` : type);
  const string = coded ? `LowCardinality(${optional("String")})` : optional("String");
  const types = [string, string, string].concat(Array(5).fill(optional("Int32")), optional("Float64"));
  const columns = ["id1", "id2", "id3", "id4", "id5", "id6", "v1", "v2", "v3"];
  const structure = columns.map((name, i) => `${name} ${types[i]}`).join(", ");
  session.query(`CREATE DATABASE d; CREATE TABLE d.x (${structure}) ENGINE = Memory`);
  session.query(`INSERT INTO d.x SELECT * FROM file('${file}', 'CSVWithNames', '${structure}')
    SETTINGS format_csv_null_representation = ''`);
  return { session, threads };
};

exports.ask = ({ session, threads }, question) => {
  const [keys, aggregates] = asked[question];
  const named = aggregates.map((each, i) => `${each} AS a${i}`).join(", ");
  // A table: the result as a whole, in columns, as the others have it.
  session.query("DROP TABLE IF EXISTS d.result");
  session.begun = performance.now();
  session.query(`CREATE TABLE d.result ENGINE = Memory AS SELECT ${keys}, ${named} FROM d.x GROUP BY ${keys}
    SETTINGS max_threads = ${threads}`);
  const value = (sql) => Number(session.query(`SELECT ${sql} FROM d.result`, "CSV"));
  const summed = (_, i) =>
    question === "q8" ? `sum(-arraySum(a${i}))` : `ifNull(sumIf(toFloat64(a${i}), isFinite(a${i})), 0)`;
  return { begun: session.begun, groups: () => value("count()"), total: () => value(aggregates.map(summed).join(" + ")) };
};
