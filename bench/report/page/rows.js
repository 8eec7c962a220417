// Every row of the results, to be sorted and filtered.

// Numbers carry the file's own value beside the rounded text: by it they are sorted.
const allColumns = [
  { head: "Kernel", value: (row) => row.kernel },
  { head: "Size", value: (row) => row.size, show: whole },
  { head: "Kind", value: (row) => (isRaw(row) ? "by hand" : "ours") },
  { head: "Backend", value: (row) => row.backend },
  { head: "Workers", value: (row) => row.workers, show: whole },
  { head: "Schedule", value: (row) => (isRaw(row) ? "" : row.schedule) },
  { head: "Grain", value: (row) => row.grain || null, show: whole },
  { head: "Time", value: (row) => row.seconds?.middle ?? null, show: duration },
  { head: "Speed-up", value: (row) => row.speed_up?.middle ?? null, show: ratio },
  { head: "Over raw", value: (row) => row.over_raw?.middle ?? null, show: ratio },
  { head: "Of roofline", value: (row) => row.roofline_fraction || null, show: percent },
  { head: "Bound by", value: (row) => row.bound },
  { head: "GB/s", value: (row) => row.gb_s || null, show: number },
  { head: "GFLOP/s", value: (row) => row.gflop_s || null, show: number },
  {
    head: "Interval of the time",
    value: (row) => row.seconds && row.seconds.high / row.seconds.low - 1,
    show: (_, row) =>
      row.seconds ? `${duration(row.seconds.low)} to ${duration(row.seconds.high)}` : absent,
  },
  { head: "Outliers", value: (row) => row.outliers, show: whole },
  { head: "Input", value: (row) => row.input },
  { head: "Checksum", value: (row) => `${row.checksum}${row.checksum_holds ? "" : " does not hold"}` },
];
const columns = allColumns.filter(({ value }) =>
  results.rows.some((row) => value(row) !== null && value(row) !== ""),
);

const sorting = { column: null, turned: false };

function compareBy({ value }, a, b) {
  const [x, y] = [value(a), value(b)];
  if (x === null || y === null) return (x === null) - (y === null); // what is missing comes last, either way
  const order = typeof x === "number" ? x - y : x < y ? -1 : x > y ? 1 : 0;
  return sorting.turned ? -order : order;
}

function cellOf({ value, show }, row) {
  const is = value(row);
  const cell = element(
    "td",
    show ? { class: "number", "data-value": is ?? "" } : {},
    show ? show(is, row) : is,
  );
  if (show === percent && is !== null) cell.style.setProperty("--share", `${Math.min(100, 100 * is)}%`);
  return cell;
}

function rowElement(row) {
  const line = element("tr", {}, ...columns.map((column) => cellOf(column, row)));
  if (isRaw(row)) line.className = "raw";
  if (!row.checksum_holds) line.lastChild.className = "bad";
  return line;
}

const searched = (row) =>
  columns
    .map(({ value, show }) => (show ? show(value(row), row) : value(row)))
    .concat(row.name)
    .join(" ")
    .toLowerCase();

const rowLines = results.rows.map((row) => ({ row, line: rowElement(row), text: searched(row) }));

// Those that have all words of the filter, in the order of the chosen column, else in that of the file.
function shownLines() {
  const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = rowLines.filter(({ text }) => words.every((word) => text.includes(word)));
  if (sorting.column) shown.sort((a, b) => compareBy(sorting.column, a.row, b.row));
  return shown;
}

function refreshRows() {
  const shown = shownLines();
  byId("all-rows").tBodies[0].replaceChildren(...shown.map(({ line }) => line));
  byId("shown").textContent = `${shown.length} of ${counted(rowLines.length, "row")}`;
}

function sortRows(column, head) {
  sorting.turned = sorting.column === column && !sorting.turned;
  sorting.column = column;
  for (const each of head.parentElement.children) each.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", sorting.turned ? "descending" : "ascending");
  refreshRows();
}

function headOf(column) {
  const button = element("button", { type: "button" }, column.head);
  const head = element("th", { scope: "col", class: column.show ? "number" : "" }, button);
  button.addEventListener("click", () => sortRows(column, head));
  return head;
}

function showRows() {
  const heads = element("tr", {}, ...columns.map(headOf));
  byId("all-rows").append(element("thead", {}, heads), element("tbody"));
  byId("filter").addEventListener("input", refreshRows);
  byId("filter").form.addEventListener("submit", (event) => event.preventDefault());
  refreshRows();
}
