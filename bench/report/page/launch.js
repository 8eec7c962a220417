// What it costs to launch a loop, for each backend and number of workers.

const launchName = ({ backend, workers }) => `${backend}, ${counted(workers, "worker")}`;
const nanoseconds = (value) => duration(value * 1e-9);

function launchSet(labels, raw) {
  const entries = labels.map(
    (name) => launches.find((each) => launchName(each) === name && isRaw(each) === raw) ?? null,
  );
  const colours = (opacity) =>
    entries.map((each) => (each ? colourOf(each.backend, opacity) : "transparent"));
  return {
    label: raw ? "by hand" : "Polyloop",
    entries,
    data: entries.map((each) => each && each.ns.middle / 1e3),
    intervals: entries.map(
      (each) => each && { middle: each.ns.middle / 1e3, low: each.ns.low / 1e3, high: each.ns.high / 1e3 },
    ),
    notes: entries.map((each) => each && nanoseconds(each.ns.middle)),
    backgroundColor: colours(raw ? 0.12 : 0.85),
    borderColor: colours(1),
    borderWidth: 1.5,
    borderSkipped: false,
  };
}

function drawLaunch() {
  const labels = unique(
    [...launches].sort((a, b) => backends.indexOf(a.backend) - backends.indexOf(b.backend)).map(launchName),
  );
  const sets = [false, true]
    .map((raw) => launchSet(labels, raw))
    .filter(({ entries }) => entries.some(Boolean));
  const lines = labels.flatMap((name, index) =>
    sets
      .filter((set) => set.entries[index])
      .map((set) => [name, set.label, interval(set.entries[index].ns, nanoseconds)]),
  );
  const chart = barChart(labels, sets, "microseconds, shorter is faster");
  chart.options.layout.padding.right = 64;
  return {
    chart,
    height: 90 + labels.length * sets.length * 22,
    lines,
    names: 2,
    head: ["backend", "variant", "cost of a launch"],
    reading: launchReading(),
  };
}

function launchWords(launch) {
  const twin = launches.find((other) => isRaw(other) && launchName(other) === launchName(launch));
  const beside = twin ? `, ${ratio(launch.ns.middle / twin.ns.middle)} times that by hand` : "";
  return `${launch.backend} ${nanoseconds(launch.ns.middle)}${beside}`;
}

// With the most workers, and what the runtime takes for the same by hand.
function launchReading() {
  const most = Math.max(...launches.map((each) => each.workers));
  const told = launches.filter((each) => !isRaw(each) && each.workers === most).map(launchWords);
  return `With ${counted(most, "worker")} a launch costs: ${told.join("; ")}.`;
}

function showLaunch() {
  if (launches.length === 0) return hide("launch");
  addFigure("launch", [], drawLaunch);
}
