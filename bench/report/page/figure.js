// A figure: choices, a chart, a sentence that says what it shows, and the same
// numbers as a table, for those who cannot see it or want them exactly.

const hasCharts = typeof Chart !== "undefined";

// What Chart.js has not: intervals as thin lines, and notes beside bars and points.
const marks = {
  id: "marks",
  afterDatasetsDraw(chart) {
    const taken = [];
    chart.data.datasets.forEach((dataset, index) => {
      if (!chart.isDatasetVisible(index)) return;
      chart.getDatasetMeta(index).data.forEach((shape, i) => {
        const bounds = dataset.intervals?.[i];
        if (bounds) drawInterval(chart, shape, bounds);
        if (dataset.notes?.[i]) drawNote(chart, shape, bounds, dataset.notes[i], taken);
      });
    });
  },
};

function drawInterval(chart, shape, bounds) {
  const lies = chart.options.indexAxis === "y";
  const [from, to] = [bounds.low, bounds.high].map((value) => chart.scales[lies ? "x" : "y"].getPixelForValue(value));
  const across = lies ? shape.y : shape.x;
  const path = (along, aside) => (lies ? [along, across + aside] : [across + aside, along]);
  const { ctx } = chart;
  ctx.save();
  ctx.strokeStyle = colour("text");
  ctx.lineWidth = 1.25;
  ctx.beginPath();
  for (const [[a, b], [c, d]] of [[[from, 0], [to, 0]], [[from, -3], [from, 3]], [[to, -3], [to, 3]]]) {
    ctx.moveTo(...path(a, b));
    ctx.lineTo(...path(c, d));
  }
  ctx.stroke();
  ctx.restore();
}

const overlaps = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const within = (box, area) => box.x >= area.left && box.x + box.width <= area.right && box.y >= area.top && box.y + box.height <= area.bottom;

// A bar's note follows its interval. A point's goes where none is yet, or nowhere: the table has them all.
function drawNote(chart, shape, bounds, text, taken) {
  const { ctx } = chart;
  ctx.save();
  ctx.font = `${chart.options.font.size}px ${chart.options.font.family}`;
  ctx.fillStyle = colour("text");
  ctx.textBaseline = "middle";
  const size = { width: ctx.measureText(text).width, height: chart.options.font.size + 2 };
  const place = chart.options.indexAxis === "y"
    ? { x: Math.max(shape.x, bounds ? chart.scales.x.getPixelForValue(bounds.high) : 0) + 6, y: shape.y - size.height / 2 }
    : freePlace(chart, shape, size, taken);
  if (place) haloed(ctx, text, place.x, place.y + size.height / 2);
  ctx.restore();
}

// Readable across lines.
function haloed(ctx, text, x, y) {
  ctx.strokeStyle = colour("card");
  ctx.lineWidth = 3;
  ctx.strokeText(text, x, y);
  ctx.fillText(text, x, y);
}

function freePlace(chart, shape, size, taken) {
  const around = [[9, -size.height / 2], [-size.width - 9, -size.height / 2], [-size.width / 2, 8], [-size.width / 2, -size.height - 8],
    [9, 6], [9, -size.height - 6], [-size.width - 9, 6], [-size.width - 9, -size.height - 6]];
  const place = around.map(([x, y]) => ({ x: shape.x + x, y: shape.y + y, ...size }))
    .find((box) => within(box, chart.chartArea) && !taken.some((other) => overlaps(box, other)));
  if (place) taken.push(place);
  return place;
}

function chartDefaults() {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12.5;
  Chart.defaults.color = colour("quiet");
  Chart.defaults.borderColor = colour("grid");
  Chart.defaults.maintainAspectRatio = false;
  Chart.defaults.animation = false;
  Chart.defaults.plugins.legend.labels.usePointStyle = true;
  Chart.defaults.plugins.legend.labels.boxHeight = 7;
  Chart.defaults.plugins.legend.position = "bottom";
}

// An axis with a title, in two lines where there is no room for one; `more` is what else Chart.js knows of axes.
function axis(title, more = {}) {
  return { title: { display: true, text: innerWidth < 600 ? title.split(/(?<=,) /) : title, color: colour("text") }, ...more };
}

function choiceOf({ name, label, options }) {
  const list = element("select", { name }, ...options.map(([value, text]) => element("option", { value }, text)));
  return element("label", options.length < 2 ? { hidden: "" } : {}, `${label} `, list);
}

// draw(choice) gives {chart, height, reading, head, lines, names}: the configuration for Chart.js, the pixels that it
// needs, a sentence, and the table. choices: [{name, label, options: [[value, text]...]}], the first option is chosen.
function addFigure(id, choices, draw) {
  const section = byId(id);
  const form = element("form", { class: "choices" }, ...choices.map(choiceOf));
  const canvas = element("canvas", { role: "img" });
  const frame = element("div", { class: "chart" }, canvas);
  const reading = element("p", { class: "reading", "aria-live": "polite" });
  const numbers = element("details", hasCharts ? {} : { open: "" }, element("summary", {}, "The numbers"));
  section.append(form, ...(hasCharts ? [frame] : []), reading, numbers);

  let chart = null;
  const redraw = () => {
    const drawn = draw(Object.fromEntries(new FormData(form)));
    reading.textContent = drawn.reading;
    numbers.querySelector(".scroll")?.remove();
    numbers.append(element("div", { class: "scroll", role: "region", tabindex: 0, "aria-label": "The numbers of the figure above" },
      plainTable(drawn.head, drawn.lines, drawn.names)));
    if (!hasCharts) return;
    chart?.destroy();
    chartDefaults();
    canvas.setAttribute("aria-label", drawn.reading);
    frame.style.height = `${drawn.height}px`;
    chart = new Chart(canvas, { ...drawn.chart, plugins: [marks] });
  };
  form.addEventListener("change", redraw);
  form.addEventListener("submit", (event) => event.preventDefault());
  onNewColours(redraw);
}
