// Light or dark: the system's choice until the reader makes another one.

const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const redrawings = [];
let printing = false;

const isDark = () =>
  (document.documentElement.dataset.theme ?? (prefersDark.matches ? "dark" : "light")) === "dark";

// The custom properties of page.css, as colours that a canvas understands.
function colour(name, opacity = 1) {
  const probe = document.body.appendChild(
    element("span", { style: `color: var(--${name}); color-scheme: ${scheme()}` }),
  );
  const found = getComputedStyle(probe).color;
  probe.remove();
  return opacity === 1 ? found : found.replace(/rgb\((.*)\)/, `rgba($1, ${opacity})`);
}

const scheme = () => (printing || !isDark() ? "light" : "dark");

// Each backend has its colour everywhere; one from outside the project gets one of three.
function colourName(backend) {
  const known = ["serial", "openmp", "tbb"];
  const others = backends.filter((name) => !known.includes(name));
  return known.includes(backend) ? `colour-${backend}` : `colour-${1 + (others.indexOf(backend) % 3)}`;
}

const colourOf = (backend, opacity = 1) => colour(colourName(backend), opacity);

function onNewColours(redraw) {
  redrawings.push(redraw);
}

function showTheme() {
  byId("theme").textContent = isDark() ? "Light colours" : "Dark colours";
  for (const redraw of redrawings) redraw();
}

// Storage is refused to some pages that come from a file.
function remembered(theme) {
  try {
    if (theme) localStorage.setItem("polyloop-theme", theme);
    return localStorage.getItem("polyloop-theme");
  } catch {
    return null;
  }
}

function choose(theme) {
  document.documentElement.dataset.theme = theme;
  showTheme();
}

function startTheme() {
  const before = remembered();
  if (before === "light" || before === "dark") document.documentElement.dataset.theme = before;
  byId("theme").addEventListener("click", () => {
    choose(isDark() ? "light" : "dark");
    remembered(document.documentElement.dataset.theme);
  });
  prefersDark.addEventListener("change", showTheme);
  for (const [event, begins] of [
    ["beforeprint", true],
    ["afterprint", false],
  ])
    addEventListener(event, () => {
      printing = begins;
      showTheme();
    });
  showTheme();
}
