// The backends side by side: one group of bars for each kernel.

const measures = {
  speed_up: { label: "speed-up over the serial loop", title: "times the serial loop, longer is faster" },
  over_raw: {
    label: "time over the kernel by hand",
    title: "time over the kernel by hand, shorter is faster",
  },
};

const measurable = Object.keys(measures).filter((name) => timed.some((row) => row[name] !== null));

// What everything else is measured by has no bar: it would always be 1.
const isTheUnit = (row, measure) => measure === "speed_up" && row.backend === "serial" && !isRaw(row);

// The bars of one backend: for each case its fastest row, or nothing.
function barsOf(backend, raw, measure, workers) {
  const isMeant = (row) => row.backend === backend && isRaw(row) === raw;
  const isThere = (row) => row[measure] !== null && !isTheUnit(row, measure);
  return [...cases.values()].map((rows) => {
    const candidates = atWorkers(rows, workers).filter((row) => isMeant(row) && isThere(row));
    return candidates.length ? fastest(candidates) : null;
  });
}

function barSet(backend, raw, bars, measure) {
  return {
    label: seriesName(backend, raw),
    data: bars.map((row) => row && row[measure].middle),
    intervals: bars.map((row) => row && row[measure]),
    notes: bars.map((row) => row && ratio(row[measure].middle)),
    backgroundColor: colourOf(backend, raw ? 0.12 : 0.85),
    borderColor: colourOf(backend),
    borderWidth: 1.5,
    borderSkipped: false,
    barPercentage: 0.92,
    categoryPercentage: 0.82,
    bars,
  };
}

function barChart(labels, datasets, title, mark = null) {
  const grid = { color: ({ tick }) => colour(tick?.value === mark ? "quiet" : "grid") };
  const label = ({ dataset, dataIndex }) =>
    `${dataset.label}: ${interval(dataset.intervals[dataIndex], number)}`;
  return {
    type: "bar",
    data: { labels, datasets },
    options: {
      indexAxis: "y",
      layout: { padding: { right: 44 } },
      scales: {
        x: axis(title, { beginAtZero: true, grid, grace: "4%" }),
        y: { grid: { display: false }, ticks: { color: colour("text"), autoSkip: false } },
      },
      plugins: {
        legend: { labels: { usePointStyle: false, boxWidth: 14, boxHeight: 9 } },
        tooltip: { callbacks: { label } },
      },
    },
  };
}

// Of each backend ours, then the kernel by hand.
function barSets(measure, workers) {
  const setOf = (backend, raw) => barSet(backend, raw, barsOf(backend, raw, measure, workers), measure);
  return backends
    .flatMap((backend) => [setOf(backend, false), setOf(backend, true)])
    .filter(({ bars }) => bars.some((row) => row !== null));
}

function backendLines(labels, series, measure) {
  const line = (name, { label }, row) => [
    name,
    label,
    whole(row.workers),
    duration(row.seconds.middle),
    interval(row[measure], ratio),
  ];
  return labels.flatMap((name, index) =>
    series.filter(({ bars }) => bars[index]).map((set) => line(name, set, set.bars[index])),
  );
}

function drawBackends({ measure = measurable[0], workers = mostWorkers }) {
  const series = barSets(measure, Number(workers));
  const labels = [...cases.keys()];
  const bars = labels.length * series.length;
  return {
    chart: barChart(labels, series, measures[measure].title, 1),
    height: 90 + bars * 14 + labels.length * 12,
    reading: backendsReading(series, measure),
    head: ["kernel", "variant", "workers", "time", measures[measure].label],
    lines: backendLines(labels, series, measure),
    names: 2,
  };
}

function backendsReading(series, measure) {
  const means = series.map(
    ({ label, intervals }) => `${label} ${interval(geometricMean(intervals.filter(Boolean)), ratio)}`,
  );
  return `The geometric means over the kernels, ${measures[measure].label}: ${means.join("; ")}.`;
}

function showBackends() {
  if (measurable.length === 0) return hide("backends");
  const kinds = measurable.map((name) => [name, measures[name].label]);
  const counts = [...workerCounts].reverse().map((count) => [count, whole(count)]);
  const choices = [
    { name: "measure", label: "Show", options: kinds },
    { name: "workers", label: "Workers", options: counts },
  ];
  addFigure("backends", choices, drawBackends);
}
