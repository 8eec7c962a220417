// Roofline: operations per second over operations per byte, both logarithmic.

const streams = { read_gb_s: "read", triad_gb_s: "triad", copy_gb_s: "copy" };
const roofOf = (name, workers) =>
  results.roofline[name].find((roof) => roof.workers === workers)?.value ?? null;
const roofWorkers = unique(
  [...Object.keys(streams), "peak_gflop_s"].flatMap((name) =>
    results.roofline[name].map((roof) => roof.workers),
  ),
).sort((a, b) => b - a);

// The amounts of data that were measured, most bytes first, without those that are hardly faster than a larger one.
function levelSlopes(workers) {
  const best = (level) =>
    Math.max(...[...Object.keys(streams), "update_gb_s"].map((name) => level[name] ?? 0));
  const slopes = results.roofline.levels
    .filter((level) => level.workers === workers)
    .sort((a, b) => b.bytes - a.bytes)
    .map((level) => ({ label: bytes(level.bytes), bandwidth: best(level) }));
  return slopes.reduce(
    (kept, slope) => (slope.bandwidth > 1.3 * (kept.at(-1)?.bandwidth ?? 0) ? [...kept, slope] : kept),
    [],
  );
}

// From memory up: one slope for each amount of data, else one for each way to move it.
function slopes(workers) {
  const levels = levelSlopes(workers);
  if (levels.length > 0) return levels;
  return Object.entries(streams)
    .map(([name, label]) => ({ label, bandwidth: roofOf(name, workers) }))
    .filter(({ bandwidth }) => bandwidth !== null);
}

const computes = (row) => row.operations > 0 && row.bytes > 0 && row.gflop_s > 0;
const intensity = (row) => row.operations / row.bytes;

function rooflineRows(workers) {
  return [...cases]
    .map(([name, rows]) => [name, rows.filter((row) => !isRaw(row) && row.workers === workers)])
    .filter(([, rows]) => rows.length > 0)
    .map(([name, rows]) => ({ name, row: fastest(rows) }));
}

// From left of all points to right of the last ridge.
function rooflineRange(points, lines, peak) {
  const all = [
    ...points.map(({ row }) => intensity(row)),
    ...lines.map(({ bandwidth }) => (peak ?? bandwidth) / bandwidth),
  ];
  return [Math.min(...all, 1) / 2, Math.max(...all, 1) * 3];
}

const dashes = [[], [7, 3], [2, 3], [9, 3, 2, 3]];

function roofLine({ label, bandwidth }, index, peak, [from, to]) {
  const ridge = Math.min(Math.max((peak ?? Infinity) / bandwidth, from), to);
  const corners = [from, ridge, to].map((x) => ({ x, y: Math.min(peak ?? Infinity, x * bandwidth) }));
  return {
    ...plainLine,
    label: `${label}: ${number(bandwidth)} GB/s`,
    data: corners,
    borderColor: colour(["quiet", "colour-1", "colour-2", "colour-3"][index % 4]),
    borderDash: dashes[index % 4],
    borderWidth: 1.75,
  };
}

// Numbers of four bytes have a higher level of their own.
function floatPeak(workers, range) {
  const peak = roofOf("peak_float_gflop_s", workers);
  if (peak === null) return [];
  const label = `peak of floats: ${number(peak)} GFLOP/s`;
  const data = range.map((x) => ({ x, y: peak }));
  return [{ ...plainLine, label, data, borderColor: colour("quiet"), borderDash: [2, 5], borderWidth: 1.25 }];
}

function pointSets(points) {
  return [...groupBy(points, ({ row }) => row.backend)].map(([backend, list]) => ({
    label: backend,
    order: 0,
    pointRadius: 5.5,
    notes: list.map(({ name }) => name),
    data: list.map(({ row }) => ({ x: intensity(row), y: row.gflop_s })),
    backgroundColor: colourOf(backend),
    borderColor: colour("card"),
  }));
}

function rooflineChart(points, workers) {
  const lines = slopes(workers);
  const peak = roofOf("peak_gflop_s", workers);
  const range = rooflineRange(points, lines, peak);
  const ticks = {
    callback: (value) => (/^[125]/.test(Number(value).toExponential()) ? number(value) : ""),
    maxRotation: 0,
  };
  const datasets = [
    ...lines.map((line, index) => roofLine(line, index, peak, range)),
    ...floatPeak(workers, range),
    ...pointSets(points),
  ];
  const label = ({ dataset, dataIndex, parsed }) => {
    const name = dataset.notes?.[dataIndex] ?? dataset.label;
    return `${name}: ${number(parsed.y)} GFLOP/s at ${number(parsed.x)} operations per byte`;
  };
  return {
    type: "scatter",
    data: { datasets },
    options: {
      scales: {
        x: axis("operations per byte", { type: "logarithmic", min: range[0], max: range[1], ticks }),
        y: axis("GFLOP/s", { type: "logarithmic", ticks }),
      },
      plugins: { tooltip: { callbacks: { label } } },
    },
  };
}

function machineReading(workers) {
  const peak = roofOf("peak_gflop_s", workers);
  const rates = Object.entries(streams)
    .map(([name, label]) => [label, roofOf(name, workers)])
    .filter(([, rate]) => rate !== null)
    .map(([label, rate]) => `${number(rate)} GB/s (${label})`);
  const all = [...(peak === null ? [] : [`${number(peak)} GFLOP/s`]), ...rates];
  return `With ${counted(workers, "worker")} this machine reaches ${all.join(", ")}.`;
}

function rooflineReading(rows, workers) {
  const share = ({ row }) => row.roofline_fraction;
  const known = rows.filter((each) => share(each) !== null).sort((a, b) => share(b) - share(a));
  const told = (each) => `${each.name} (${percent(share(each))})`;
  const without = rows.filter(({ row }) => !computes(row)).map(({ name }) => name);
  const sentences = [machineReading(workers)];
  if (known.length > 1)
    sentences.push(`Nearest to the limit: ${told(known[0])}; farthest: ${told(known.at(-1))}.`);
  if (without.length > 0)
    sentences.push(`In the table alone, as they count no operations: ${without.join("; ")}.`);
  return sentences.join(" ");
}

function drawRoofline({ workers = roofWorkers[0] }) {
  const rows = rooflineRows(Number(workers));
  const points = rows.filter(({ row }) => computes(row));
  const lines = rows.map(({ name, row }) => [
    name,
    row.backend,
    row.bound || absent,
    computes(row) ? number(intensity(row)) : absent,
    number(row.gflop_s),
    number(row.gb_s),
    percent(row.roofline_fraction),
  ]);
  return {
    chart: rooflineChart(points, Number(workers)),
    height: 440,
    reading: rooflineReading(rows, Number(workers)),
    head: ["kernel", "backend", "bound by", "operations per byte", "GFLOP/s", "GB/s", "of the roofline"],
    lines,
    names: 3,
  };
}

function showRoofline() {
  if (roofWorkers.length === 0) return hide("roofline");
  addFigure(
    "roofline",
    [{ name: "workers", label: "Workers", options: roofWorkers.map((count) => [count, whole(count)]) }],
    drawRoofline,
  );
}
