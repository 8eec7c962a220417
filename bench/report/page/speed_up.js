// Speed-up over workers: what was measured, the ideal, and the fitted laws.

const scalingCases = groupBy(
  results.scaling.filter((series) => series.points.some((point) => point.workers > 1)),
  caseOf,
);

const lastPoint = (series) => least(series.points, (point) => -point.workers);

// Of each backend the schedule that is fastest with the most workers.
function bestSeries(all) {
  const lists = [...groupBy(all, (series) => series.backend).values()];
  return lists.map((list) => least(list, (series) => -lastPoint(series).middle));
}

const pointsOf = (list, field = "middle") => list.map((point) => ({ x: point.workers, y: point[field] }));

function measured(series) {
  const points = [...series.points].sort((a, b) => a.workers - b.workers);
  return {
    type: "scatter",
    label: series.backend,
    data: pointsOf(points),
    intervals: points,
    pointRadius: 5,
    order: 0,
    backgroundColor: colourOf(series.backend),
    borderColor: colourOf(series.backend),
  };
}

function lawCurves(series, law, name, dash) {
  if (law === null) return [];
  const label = `${series.backend}, ${name}`;
  const line = { ...plainLine, label, borderColor: colourOf(series.backend), borderWidth: 2 };
  const edge = { ...line, label: "", borderWidth: 0, backgroundColor: colourOf(series.backend, 0.16) };
  return [
    { ...line, data: pointsOf(law.curve), borderDash: dash },
    { ...edge, data: pointsOf(law.curve, "low") },
    { ...edge, data: pointsOf(law.curve, "high"), fill: "-1" },
  ];
}

function ideal() {
  const data = [1, 64].map((workers) => ({ x: workers, y: workers }));
  return {
    ...plainLine,
    label: "ideal",
    data,
    borderColor: colour("quiet"),
    borderWidth: 1.5,
    borderDash: [2, 4],
  };
}

// A logarithmic axis whose ticks double.
function doubling(title, range) {
  const afterBuildTicks = (scale) => {
    const all = [0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64];
    scale.ticks = all.filter((value) => value >= scale.min && value <= scale.max).map((value) => ({ value }));
  };
  return axis(title, { type: "logarithmic", afterBuildTicks, ticks: { callback: String }, ...range });
}

function speedUpChart(list) {
  const lowest = Math.min(1, ...list.flatMap(({ points }) => points.map(({ low }) => low)));
  const datasets = [
    ideal(),
    ...list.flatMap((series) => [
      measured(series),
      ...lawCurves(series, series.amdahl, "Amdahl", []),
      ...lawCurves(series, series.universal, "USL", [8, 4]),
    ]),
  ];
  return {
    type: "line",
    data: { datasets },
    options: {
      scales: {
        x: doubling("workers", { min: 0.9, max: 72 }),
        y: doubling("times the serial loop", { min: lowest * 0.8, max: 72 }),
      },
      plugins: {
        legend: { labels: { filter: (item) => item.text !== "", usePointStyle: true } },
        tooltip: {
          filter: (item) => item.dataset.label !== "",
          callbacks: {
            label: ({ dataset, parsed }) => `${dataset.label}: ${ratio(parsed.y)} with ${number(parsed.x)}`,
          },
        },
      },
    },
  };
}

function scalingLine(series, law, name) {
  const at64 = law.curve.at(-1);
  return [
    series.backend,
    series.schedule,
    name,
    interval(law.contention, percent),
    name === "USL" ? interval(law.coherency, percent) : absent,
    interval(at64, ratio),
  ];
}

function readingOf(series) {
  const last = lastPoint(series);
  const seen = `${series.backend}: ${interval(last, ratio)} times the serial loop with ${counted(last.workers, "worker")}`;
  const law = series.universal ?? series.amdahl;
  if (law === null) return `${seen}.`;
  const name = series.universal ? "the universal law" : "Amdahl's law";
  const far = interval(law.curve.at(-1), ratio);
  return `${seen}; by ${name} ${percent(law.contention.middle)} of the work is serial, which would give ${far} on 64 cores.`;
}

const tooFewCounts =
  "The universal law has two unknowns and needs three numbers of workers; here are fewer, so only Amdahl's law " +
  "is fitted, and 64 cores are far from what was measured.";

function drawSpeedUp({ kernel }) {
  const list = bestSeries(scalingCases.get(kernel) ?? [...scalingCases.values()][0]);
  const isFitted = list.some((series) => series.universal !== null);
  const lines = list.flatMap((series) => [
    ...(series.amdahl ? [scalingLine(series, series.amdahl, "Amdahl")] : []),
    ...(series.universal ? [scalingLine(series, series.universal, "USL")] : []),
  ]);
  return {
    chart: speedUpChart(list),
    height: 420,
    reading: [...list.map(readingOf), ...(isFitted ? [] : [tooFewCounts])].join("\n"),
    names: 3,
    lines,
    head: ["backend", "schedule", "law", "serial part (contention)", "coherency", "speed-up on 64 cores"],
  };
}

// First the kernel with the most work: more workers are for such.
function byWork() {
  const work = (name) => Math.max(0, ...(cases.get(name) ?? []).map((row) => row.seconds.middle));
  return [...scalingCases.keys()].sort((a, b) => work(b) - work(a));
}

function showSpeedUp() {
  if (scalingCases.size === 0) return hide("speed-up");
  addFigure(
    "speed-up",
    [{ name: "kernel", label: "Kernel", options: byWork().map((name) => [name, name]) }],
    drawSpeedUp,
  );
}
