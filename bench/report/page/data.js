// The results as page_data.cpp writes them, and what several parts ask of them.

const results = JSON.parse(byId("results").textContent);

function groupBy(list, key) {
  const groups = new Map();
  for (const item of list) {
    const name = key(item);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(item);
  }
  return groups;
}

const unique = (list) => [...new Set(list)];
const ascending = (a, b) => a - b;
const least = (list, value) =>
  list.reduce((best, item) => (value(item) < value(best) ? item : best), list[0]);

const isRaw = (row) => row.kind === "raw";
const timed = results.rows.filter((row) => row.seconds !== null);
const ours = timed.filter((row) => !isRaw(row));
const fastest = (rows) => least(rows, (row) => row.seconds.middle);

// What a kernel is run on; size and input are named where they tell two cases apart.
const severalOf = (field) =>
  new Map(
    [...groupBy(results.rows, (row) => row.kernel)].map(([kernel, rows]) => [
      kernel,
      unique(rows.map((row) => row[field])).length > 1,
    ]),
  );
const severalSizes = severalOf("size");
const severalInputs = severalOf("input");

function caseOf(row) {
  const parts = [row.kernel];
  if (severalSizes.get(row.kernel)) parts.push(whole(row.size));
  if (severalInputs.get(row.kernel) && row.input) parts.push(row.input);
  return parts.join(", ");
}

const cases = groupBy(timed, caseOf);
const workerCounts = unique(timed.map((row) => row.workers)).sort(ascending);
const mostWorkers = workerCounts.at(-1) ?? 1;

// A launch whose cost was lost in the clock has no interval.
const launches = results.launch.filter((launch) => launch.ns !== null);

// Serial first, the others by name: the order of legends and colours.
const backends = unique(
  [...results.rows, ...launches, ...results.timelines].map((item) => item.backend),
).sort((a, b) => (b === "serial") - (a === "serial") || (a < b ? -1 : 1));

// The rows of a number of workers; the serial backend, which has but one, is always among them.
const atWorkers = (rows, workers) =>
  rows.filter((row) => row.workers === workers || row.backend === "serial");

const runtimes = { tbb: "oneTBB", openmp: "OpenMP", serial: "a plain loop" };
const seriesName = (backend, raw) => (raw ? `${runtimes[backend] ?? backend} by hand` : backend);
