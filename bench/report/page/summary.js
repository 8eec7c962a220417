// The head of the page, and the short answer to "which backend, and at what price".

function showConfidence() {
  for (const place of document.querySelectorAll("[data-confidence]"))
    place.textContent = percent(results.confidence[place.dataset.confidence]);
}

function showWarnings(warnings) {
  const line = ({ what, effect }) => element("li", {}, element("strong", {}, what), effect && `: ${effect}`);
  byId("warnings").append(...warnings.map(line));
  byId("warnings").hidden = warnings.length === 0;
}

function showHead() {
  const machine = results.environment;
  const date = machine.date.replace(/T(\d\d:\d\d).*/, " $1");
  const facts = [
    machine.cpus === null ? "" : counted(machine.cpus, "CPU"),
    date,
    machine.compiler,
    machine.commit && `commit ${machine.commit.replace(/([0-9a-f]{12})[0-9a-f]+/, "$1")}`,
  ];
  byId("machine-line").textContent = facts.filter(Boolean).join(" · ");
  if (machine.cpu) byId("title").textContent = document.title = `Polyloop on ${machine.cpu}`;
  showConfidence();
  showWarnings(machine.warnings);
  showMachine(machine);
}

function showMachine(machine) {
  const caches = machine.caches.map(({ level, type, bytes: size }) => `L${level} ${type} ${bytes(size)}`);
  const facts = [
    ["Processor", machine.cpu],
    ["System", machine.system],
    ["Compiler", machine.compiler],
    ["Flags", machine.flags],
    ["Caches", caches.join(", ")],
    ["Libraries", machine.libraries.map(({ name, version }) => `${name} ${version}`).join(", ")],
    ["Governor", machine.governor],
    ["Affinity", machine.affinity],
    ["Quota", machine.quota],
    ["Commit", machine.commit],
  ];
  const told = facts.filter(([, text]) => text);
  byId("machine")
    .querySelector("dl")
    .append(...told.flatMap(([name, text]) => [element("dt", {}, name), element("dd", {}, text)]));
  byId("machine").hidden = told.length === 0;
}

// The geometric mean of ratios that were measured independently of each other.
function geometricMean(ratios) {
  const mean = ratios.reduce((sum, each) => sum + Math.log(each.middle), 0) / ratios.length;
  const half =
    Math.sqrt(ratios.reduce((sum, each) => sum + (Math.log(each.high / each.low) / 2) ** 2, 0)) /
    ratios.length;
  return { middle: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half) };
}

// For each backend the rows that have a twin by hand, with as many workers as were measured.
function overRaw() {
  const paired = atWorkers(ours, mostWorkers).filter((row) => row.over_raw !== null);
  const ofBackend = (backend) =>
    groupBy(
      paired.filter((row) => row.backend === backend),
      caseOf,
    );
  return backends
    .map((backend) => ({ backend, rows: [...ofBackend(backend).values()].map(fastest) }))
    .filter(({ rows }) => rows.length > 0);
}

function total(head, value, words, mark = "") {
  return element(
    "div",
    { class: `total ${mark}` },
    element("h3", {}, head),
    element("p", { class: "value" }, value),
    element("p", {}, words),
  );
}

function overRawTotal({ backend, rows }) {
  const mean = geometricMean(rows.map((row) => row.over_raw));
  return total(
    `${backend} over ${seriesName(backend, true)}`,
    ratio(mean.middle),
    `${ratio(mean.low)} to ${ratio(mean.high)}, ${counted(rows.length, "kernel")}`,
  );
}

function checksumTotal() {
  const wrong = results.rows.filter((row) => !row.checksum_holds).length;
  const all = counted(results.rows.length, "row");
  if (wrong === 0) return total("Checksums", "✓", `all ${all} agree`, "good");
  return total("Checksums", `✗ ${wrong}`, `of ${all} differ, or have none`, "bad");
}

// The other backends whose best is not told apart from this row by the intervals.
function asFast(row, rows) {
  return [...groupBy(rows, (each) => each.backend).values()]
    .map(fastest)
    .filter((each) => each.backend !== row.backend && each.seconds.low <= row.seconds.high)
    .map((each) => each.backend);
}

function caseCard([name, all]) {
  const rows = all.filter((row) => !isRaw(row));
  const best = fastest(rows);
  const equal = asFast(best, rows);
  const schedule = best.schedule === "automatic" ? "" : best.schedule;
  const grain = best.grain ? `grain ${whole(best.grain)}` : "";
  const lines = [
    [best.backend, counted(best.workers, "worker"), schedule, grain].filter(Boolean).join(", "),
    best.speed_up && best.backend !== "serial" ? `${interval(best.speed_up, ratio)} × serial` : "",
    best.roofline_fraction ? `${percent(best.roofline_fraction)} of the roofline (${best.bound})` : "",
    equal.length ? `not told apart: ${equal.join(", ")}` : "",
  ];
  const card = element(
    "article",
    { class: "card" },
    element("h4", {}, name),
    element("p", { class: "value" }, duration(best.seconds.middle)),
    ...lines.filter(Boolean).map((line) => element("p", {}, line)),
  );
  card.style.setProperty("--mark", `var(--${colourName(best.backend)})`);
  return card;
}

function showSummary() {
  const means = overRaw();
  byId("totals-about").hidden = means.length === 0;
  byId("summary")
    .querySelector(".totals")
    .append(...means.map(overRawTotal), checksumTotal());
  byId("summary")
    .querySelector(".cards")
    .append(...[...cases].filter(([, rows]) => rows.some((row) => !isRaw(row))).map(caseCard));
}
