// When each worker was busy: a bar for each run of chunks.

const timelineKernels = groupBy(results.timelines, (timeline) => timeline.kernel);
const timelineName = ({ backend, schedule }) => [backend, schedule].filter(Boolean).join(", ");
const trackName = (timeline, track) => `${timelineName(timeline)}: worker ${track.worker}`;
const fewSpans = 150; // more have no room for a border

function spanSet(timeline) {
  const data = timeline.tracks.flatMap((track) =>
    track.spans.map((span) => ({ x: span, y: trackName(timeline, track) })),
  );
  return {
    label: timelineName(timeline),
    data,
    grouped: false,
    backgroundColor: colourOf(timeline.backend, 0.85),
    borderColor: colour("card"),
    borderWidth: data.length > fewSpans ? 0 : { left: 0.5, right: 0.5 },
    borderSkipped: false,
    barPercentage: 0.8,
    categoryPercentage: 1,
    minBarLength: 1,
  };
}

// One line for each worker, and an empty one between two loops.
const trackNames = (timelines) =>
  timelines.flatMap((timeline, index) => [
    ...(index > 0 ? [" ".repeat(index)] : []),
    ...timeline.tracks.map((track) => trackName(timeline, track)),
  ]);

function timelineChart(timelines) {
  const labels = trackNames(timelines);
  const label = ({ raw }) => `busy from ${number(raw.x[0])} to ${number(raw.x[1])} µs`;
  return {
    type: "bar",
    data: { labels, datasets: timelines.map(spanSet) },
    options: {
      indexAxis: "y",
      scales: {
        x: axis("microseconds", { beginAtZero: true }),
        y: { grid: { display: false }, ticks: { color: colour("text"), autoSkip: false } },
      },
      plugins: { legend: { display: false }, tooltip: { callbacks: { label } } },
    },
  };
}

function timelineLines(timeline) {
  return timeline.tracks.map((track) => [
    timelineName(timeline),
    whole(track.worker),
    whole(track.chunks),
    duration(track.busy_us * 1e-6),
    percent(timeline.end_us > 0 ? track.busy_us / timeline.end_us : null),
  ]);
}

function drawTimeline({ kernel }) {
  const timelines = timelineKernels.get(kernel) ?? results.timelines;
  const reading = timelines
    .map(
      (timeline) =>
        `${timelineName(timeline)}: ${duration(timeline.end_us * 1e-6)}, the busiest worker had ` +
        `${ratio(timeline.imbalance)} times the mean`,
    )
    .join(";\n");
  return {
    chart: timelineChart(timelines),
    height: 60 + trackNames(timelines).length * 30,
    reading: `${reading}. 1.00 would be perfect balance.`,
    head: ["loop", "worker", "chunks", "busy", "of the whole"],
    lines: timelines.flatMap(timelineLines),
  };
}

function showTimeline() {
  if (results.timelines.length === 0) return hide("timeline");
  addFigure(
    "timeline",
    [{ name: "kernel", label: "Kernel", options: [...timelineKernels.keys()].map((name) => [name, name]) }],
    drawTimeline,
  );
}
