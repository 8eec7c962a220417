// Roofline: operations per second over operations per byte, both logarithmic.

const roofs = [["read_gb_s", "read", [6, 3]], ["triad_gb_s", "triad", []], ["copy_gb_s", "copy", [2, 3]]];
const roofOf = (name, workers) => results.roofline[name].find((roof) => roof.workers === workers)?.value ?? null;
const roofWorkers = unique([...roofs.map(([name]) => name), "peak_gflop_s"].flatMap((name) => results.roofline[name].map((roof) => roof.workers)))
  .sort((a, b) => b - a);

const computes = (row) => row.operations > 0 && row.bytes > 0 && row.gflop_s > 0;
const intensity = (row) => row.operations / row.bytes;

function rooflineRows(workers) {
  return [...cases].map(([name, rows]) => [name, rows.filter((row) => !isRaw(row) && row.workers === workers)])
    .filter(([, rows]) => rows.length > 0).map(([name, rows]) => ({ name, row: fastest(rows) }));
}

// From left of all points to right of the ridge.
function rooflineRange(points, peak, bandwidth) {
  const all = [...points.map(({ row }) => intensity(row)), peak && bandwidth ? peak / bandwidth : 1];
  return [Math.min(...all) / 2, Math.max(...all) * 4];
}

function roofLine([name, label, dash], workers, [from, to]) {
  const bandwidth = roofOf(name, workers);
  if (bandwidth === null) return [];
  const peak = roofOf("peak_gflop_s", workers) ?? Infinity;
  const corners = [from, Math.min(Math.max(peak / bandwidth, from), to), to].map((x) => ({ x, y: Math.min(peak, x * bandwidth) }));
  return [{ type: "line", label: `${label} ${number(bandwidth)} GB/s`, data: corners, borderColor: colour("quiet"), borderDash: dash, borderWidth: 1.75,
    pointRadius: 0, pointStyle: "line", order: 1 }];
}

function pointSets(points) {
  return [...groupBy(points, ({ row }) => row.backend)].map(([backend, list]) => ({ label: backend, order: 0, pointRadius: 5.5, notes: list.map(({ name }) => name),
    data: list.map(({ row }) => ({ x: intensity(row), y: row.gflop_s })), backgroundColor: colourOf(backend), borderColor: colour("card") }));
}

function rooflineChart(points, workers) {
  const range = rooflineRange(points, roofOf("peak_gflop_s", workers), roofOf("triad_gb_s", workers));
  const ticks = { callback: (value) => (/^[125]/.test(Number(value).toExponential()) ? number(value) : ""), maxRotation: 0 };
  return { type: "scatter", data: { datasets: [...roofs.flatMap((roof) => roofLine(roof, workers, range)), ...pointSets(points)] }, options: {
    scales: { x: axis("operations per byte", { type: "logarithmic", min: range[0], max: range[1], ticks }), y: axis("GFLOP/s", { type: "logarithmic", ticks }) },
    plugins: { tooltip: { callbacks: { label: ({ dataset, dataIndex, parsed }) =>
      `${dataset.notes?.[dataIndex] ?? dataset.label}: ${number(parsed.y)} GFLOP/s at ${number(parsed.x)} operations per byte` } } } } };
}

function rooflineReading(rows, workers) {
  const peak = roofOf("peak_gflop_s", workers);
  const machine = [peak && `${number(peak)} GFLOP/s`, ...roofs.map(([name, label]) => roofOf(name, workers) && `${label} ${number(roofOf(name, workers))} GB/s`)];
  const known = rows.filter(({ row }) => row.roofline_fraction !== null).sort((a, b) => b.row.roofline_fraction - a.row.roofline_fraction);
  const ends = known.length > 1 ? ` Nearest to the limit: ${known[0].name} (${percent(known[0].row.roofline_fraction)}); farthest: ${known.at(-1).name} (${percent(known.at(-1).row.roofline_fraction)}).` : "";
  const without = rows.filter(({ row }) => !computes(row)).map(({ name }) => name);
  return `With ${counted(workers, "worker")} this machine has ${machine.filter(Boolean).join(", ")}.${ends}` +
    (without.length ? ` In the table alone, as they count no operations: ${without.join("; ")}.` : "");
}

function drawRoofline({ workers = roofWorkers[0] }) {
  const rows = rooflineRows(Number(workers));
  const lines = rows.map(({ name, row }) => [name, row.backend, row.bound || absent, computes(row) ? number(intensity(row)) : absent, number(row.gflop_s),
    number(row.gb_s), percent(row.roofline_fraction)]);
  return { chart: rooflineChart(rows.filter(({ row }) => computes(row)), Number(workers)), height: 440, reading: rooflineReading(rows, Number(workers)),
    head: ["kernel", "backend", "bound by", "operations per byte", "GFLOP/s", "GB/s", "of the roofline"], lines, names: 3 };
}

function showRoofline() {
  if (roofWorkers.length === 0) return hide("roofline");
  addFigure("roofline", [{ name: "workers", label: "Workers", options: roofWorkers.map((count) => [count, whole(count)]) }], drawRoofline);
}
