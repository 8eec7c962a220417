// A figure: choices, a chart, a sentence that says what it shows, and the same
// numbers as a table, for those who cannot see it or want them exactly.

const hasCharts = typeof Chart !== "undefined";

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

// A line without points, for limits and laws, and its sign in the legend.
const plainLine = { type: "line", pointRadius: 0, pointStyle: "line", order: 1 };

// An axis with a title, in two lines where there is no room for one; `more` is what else Chart.js knows of axes.
function axis(title, more = {}) {
  return {
    title: { display: true, text: innerWidth < 600 ? title.split(/(?<=,) /) : title, color: colour("text") },
    ...more,
  };
}

function choiceOf({ name, label, options }) {
  const list = element(
    "select",
    { name },
    ...options.map(([value, text]) => element("option", { value }, text)),
  );
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
    numbers.append(
      element(
        "div",
        { class: "scroll", role: "region", tabindex: 0, "aria-label": "The numbers of the figure above" },
        plainTable(drawn.head, drawn.lines, drawn.names),
      ),
    );
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
