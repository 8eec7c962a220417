const absent = "–";
const threeDigits = new Intl.NumberFormat("en", { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });

// Three significant digits, without an exponent.
function number(value) {
  if (value === null) return absent;
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumSignificantDigits: 3 });
}

function whole(value) {
  return value === null ? absent : value.toLocaleString("en");
}

function duration(seconds) {
  if (seconds === null) return absent;
  const [factor, unit] = [
    [1, "s"],
    [1e3, "ms"],
    [1e6, "µs"],
    [1e9, "ns"],
  ].find(([by]) => seconds * by >= 1) ?? [1e9, "ns"];
  return `${threeDigits.format(seconds * factor)} ${unit}`;
}

function bytes(count) {
  if (count === null) return absent;
  const [size, unit] = [
    [2 ** 30, "GiB"],
    [2 ** 20, "MiB"],
    [2 ** 10, "KiB"],
  ].find(([by]) => count >= by) ?? [1, "B"];
  return `${number(count / size)} ${unit}`;
}

// Two digits: shares are for a glance.
const percent = (share) => (share === null ? absent : `${number(Number((100 * share).toPrecision(2)))} %`);
const ratio = (value) =>
  value === null ? absent : value >= 100 ? whole(Math.round(value)) : value.toFixed(2);
const counted = (count, noun) => `${whole(count)} ${noun}${count === 1 ? "" : "s"}`;

function interval(of, show) {
  return of === null ? absent : `${show(of.middle)} (${show(of.low)} to ${show(of.high)})`;
}
