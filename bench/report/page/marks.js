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

// Along the axis of values, with a short stroke across at either end.
function drawInterval(chart, shape, { low, high }) {
  const lies = chart.options.indexAxis === "y";
  const [from, to] = [low, high].map((value) => chart.scales[lies ? "x" : "y"].getPixelForValue(value));
  const at = (along, aside) => (lies ? [along, shape.y + aside] : [shape.x + aside, along]);
  const { ctx } = chart;
  const line = (begin, end) => {
    ctx.moveTo(...begin);
    ctx.lineTo(...end);
  };
  ctx.save();
  ctx.strokeStyle = colour("text");
  ctx.lineWidth = 1.25;
  ctx.beginPath();
  line(at(from, 0), at(to, 0));
  for (const end of [from, to]) line(at(end, -3), at(end, 3));
  ctx.stroke();
  ctx.restore();
}

const overlaps = (a, b) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const within = (box, area) =>
  box.x >= area.left &&
  box.x + box.width <= area.right &&
  box.y >= area.top &&
  box.y + box.height <= area.bottom;

// A bar's note follows its interval. A point's goes where none is yet, or nowhere: the table has them all.
function drawNote(chart, shape, bounds, text, taken) {
  const { ctx } = chart;
  ctx.save();
  ctx.font = `${chart.options.font.size}px ${chart.options.font.family}`;
  ctx.fillStyle = colour("text");
  ctx.textBaseline = "middle";
  const size = { width: ctx.measureText(text).width, height: chart.options.font.size + 2 };
  const lies = chart.options.indexAxis === "y";
  const place = lies ? placeBehind(chart, shape, bounds, size) : freePlace(chart, shape, size, taken);
  if (place) haloed(ctx, text, place.x, place.y + size.height / 2);
  ctx.restore();
}

function placeBehind(chart, shape, bounds, size) {
  const end = bounds ? Math.max(shape.x, chart.scales.x.getPixelForValue(bounds.high)) : shape.x;
  return { x: end + 6, y: shape.y - size.height / 2 };
}

// Readable across lines.
function haloed(ctx, text, x, y) {
  ctx.strokeStyle = colour("card");
  ctx.lineWidth = 3;
  ctx.strokeText(text, x, y);
  ctx.fillText(text, x, y);
}

function freePlace(chart, shape, size, taken) {
  const around = [
    [9, -size.height / 2],
    [-size.width - 9, -size.height / 2],
    [-size.width / 2, 8],
    [-size.width / 2, -size.height - 8],
    [9, 6],
    [9, -size.height - 6],
    [-size.width - 9, 6],
    [-size.width - 9, -size.height - 6],
  ];
  const place = around
    .map(([x, y]) => ({ x: shape.x + x, y: shape.y + y, ...size }))
    .find((box) => within(box, chart.chartArea) && !taken.some((other) => overlaps(box, other)));
  if (place) taken.push(place);
  return place;
}
