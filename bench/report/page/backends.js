// The backends side by side: one group of bars for each kernel.

const measures = {
  speed_up: { label: "speed-up over the serial loop", title: "times the serial loop, longer is faster", better: "most" },
  over_raw: { label: "time over the same kernel by hand", title: "time over the kernel by hand, shorter is faster", better: "least" },
};

const measurable = Object.keys(measures).filter((name) => timed.some((row) => row[name] !== null));

// What everything else is measured by has no bar: it would always be 1.
const isTheUnit = (row, measure) => measure === "speed_up" && row.backend === "serial" && !isRaw(row);

// The bars of one backend: for each case its fastest row, or nothing.
function barsOf(backend, raw, measure, workers) {
  return [...cases.values()].map((rows) => {
    const candidates = atWorkers(rows, workers).filter((row) => row.backend === backend && isRaw(row) === raw && row[measure] !== null && !isTheUnit(row, measure));
    return candidates.length ? fastest(candidates) : null;
  });
}

function barSet(backend, raw, bars, measure) {
  return { label: seriesName(backend, raw), data: bars.map((row) => row && row[measure].middle), intervals: bars.map((row) => row && row[measure]),
    notes: bars.map((row) => row && ratio(row[measure].middle)), backgroundColor: colourOf(backend, raw ? 0.12 : 0.85), borderColor: colourOf(backend),
    borderWidth: 1.5, borderSkipped: false, barPercentage: 0.92, categoryPercentage: 0.82, bars };
}

function barChart(labels, datasets, title, mark = null) {
  const grid = { color: ({ tick }) => colour(tick?.value === mark ? "quiet" : "grid") };
  return { type: "bar", data: { labels, datasets }, options: { indexAxis: "y", layout: { padding: { right: 44 } },
    scales: { x: axis(title, { beginAtZero: true, grid, grace: "4%" }), y: { grid: { display: false }, ticks: { color: colour("text"), autoSkip: false } } },
    plugins: { legend: { labels: { usePointStyle: false, boxWidth: 14, boxHeight: 9 } },
      tooltip: { callbacks: { label: ({ dataset, dataIndex }) => `${dataset.label}: ${interval(dataset.intervals[dataIndex], number)}` } } } } };
}

function drawBackends({ measure = measurable[0], workers = mostWorkers }) {
  const series = backends.flatMap((backend) => [[backend, false], [backend, true]])
    .map(([backend, raw]) => barSet(backend, raw, barsOf(backend, raw, measure, Number(workers)), measure))
    .filter(({ bars }) => bars.some((row) => row !== null));
  const labels = [...cases.keys()];
  const bars = labels.length * series.length;
  const lines = labels.flatMap((name, index) => series.filter((set) => set.bars[index]).map((set) => [name, set.label, whole(set.bars[index].workers),
    duration(set.bars[index].seconds.middle), interval(set.bars[index][measure], ratio)]));
  return { chart: barChart(labels, series, measures[measure].title, 1), height: 90 + bars * 14 + labels.length * 12,
    reading: backendsReading(series, measure), head: ["kernel", "variant", "workers", "time", measures[measure].label], lines, names: 2 };
}

function backendsReading(series, measure) {
  const means = series.map((set) => [set.label, geometricMean(set.intervals.filter(Boolean))]);
  return `The geometric means over the kernels, ${measures[measure].label}: ${means.map(([label, mean]) => `${label} ${interval(mean, ratio)}`).join("; ")}.`;
}

function showBackends() {
  if (measurable.length === 0) return hide("backends");
  addFigure("backends", [
    { name: "measure", label: "Show", options: measurable.map((name) => [name, measures[name].label]) },
    { name: "workers", label: "Workers", options: [...workerCounts].reverse().map((count) => [count, whole(count)]) },
  ], drawBackends);
}
