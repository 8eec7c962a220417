"""The report in a browser: what it shows, and that it can be used.

usage: browser_test.py PROGRAM FOLDER [--pictures]   PROGRAM makes a page of a file of results; FOLDER is for the pages

Status 77 where no Chromium is found. --pictures also leaves pictures in FOLDER, for people.
"""

import functools
import json
import pathlib
import subprocess
import sys
import unittest

import browser
import fixtures
from fixtures import FIXTURES

PHONES = (375, 320)
TEXT_CONTRAST, GRAPHICS_CONTRAST = 4.5, 3.0  # WCAG 2, level AA
TAB, ENTER, SPACE = ("Tab", 9), ("Enter", 13, "\r"), (" ", 32, " ")
MOST_TABS = 60

# The lines of the table: the texts by the heads of their columns; a number as the file has it.
TABLE = """(() => {
  const heads = [...document.querySelectorAll("#all-rows th")].map((head) => head.textContent);
  const value = (cell) => "value" in cell.dataset ? (cell.dataset.value === "" ? null : Number(cell.dataset.value)) : cell.textContent;
  return [...document.querySelectorAll("#all-rows tbody tr")].map((line) =>
    Object.fromEntries([...line.children].map((cell, index) => [heads[index], value(cell)])));
})()"""

# Texts whose colour is too close to what is behind them.
CONTRASTS = """((least) => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (channel) => (channel /= 255) <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const behind = (node) => {
    const colour = rgb(getComputedStyle(node).backgroundColor);
    return colour.length === 4 && colour[3] === 0 ? behind(node.parentElement) : colour;
  };
  const contrast = (node) => {
    const [a, b] = [rgb(getComputedStyle(node).color), behind(node)].map(luminance);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const hasText = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  const seen = [...document.body.querySelectorAll("*")].filter((node) => hasText(node) && node.getClientRects().length > 0);
  return [seen.length, seen.filter((node) => contrast(node) < least).map((node) => `${node.tagName} ${node.textContent.slice(0, 40)} ${contrast(node)}`)];
})"""

# What a canvas shows. From a copy: reading a canvas itself slows it down, which Chromium complains of.
DOTS = """const dotsOf = (canvas) => {
  const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height }).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  return copy.getImageData(0, 0, canvas.width, canvas.height).data;
};"""

# For each chart: is anything drawn, and what is told to those who cannot see it?
CHARTS = f"""(() => {{ {DOTS}
  return [...document.querySelectorAll("canvas")].map((canvas) => ({{ figure: canvas.closest("section").id, drawn: new Set(dotsOf(canvas)).size > 20,
    role: canvas.getAttribute("role"), label: canvas.getAttribute("aria-label"), lines: canvas.closest("section").querySelectorAll("details tbody tr").length }}));
}})()"""

# The colours of the page and, as a number, those of a chart.
LOOK = f"""(() => {{ {DOTS}
  return [getComputedStyle(document.body).backgroundColor, dotsOf(document.querySelector("#backends canvas")).reduce((sum, dot) => (31 * sum + dot) | 0, 0)];
}})()"""


@functools.cache
def started():
    return browser.Browser(browser.find())


def opened(name, **look):
    return started().open(FOLDER / f"{name}.html", **look)


def rows_of(name):
    return json.loads((FOLDER / f"{name}.json").read_text())["polyloop"].get("rows", [])


def as_shown(row):
    """What the table is to show of a row of the file; 0 stands for what was not declared."""
    def part(name, middle):
        return (row.get(name) or {}).get(middle)
    seconds = row.get("seconds") or {}
    middle = seconds.get("median")
    low, high = seconds.get("low") or middle, seconds.get("high") or middle
    raw = row.get("kind") == "raw"
    checksum = (row.get("checksum") or "") + ("" if row.get("checksum_holds") else " does not hold")
    return {"Kernel": row["kernel"], "Size": row.get("size"), "Input": row.get("input") or "", "Kind": "by hand" if raw else "ours",
            "Backend": row["backend"], "Workers": row["workers"], "Schedule": "" if raw else row.get("schedule") or "", "Grain": row.get("grain") or None,
            "Time": part("seconds", "median"), "Speed-up": part("speed_up", "ratio"), "Over raw": part("over_raw", "ratio"),
            "Of roofline": row.get("roofline_fraction") or None, "Bound by": row.get("bound") or "", "GB/s": row.get("gb_s") or None,
            "GFLOP/s": row.get("gflop_s") or None, "Interval of the time": middle and high / low - 1,
            "Outliers": row.get("outliers"), "Checksum": checksum}


def tab_to(page, script):
    """Presses Tab until the element that has the focus is the one meant."""
    for _ in range(MOST_TABS):
        page.press(*TAB)
        if page.value(f"document.activeElement === {script}"):
            return
    raise AssertionError(f"not to be reached by {MOST_TABS} presses of Tab: {script}")


def head(name):
    return f'[...document.querySelectorAll("#all-rows th button")].find((button) => button.textContent === "{name}")'


def needs_charts(test):
    @functools.wraps(test)
    def tested(self):
        if "Chart.js v" not in (FOLDER / "full.html").read_text():
            self.skipTest("built without Chart.js")
        test(self)
    return tested


class Every(unittest.TestCase):
    """What holds of every page, whatever the results."""

    def test_nothing_is_logged_and_nothing_is_loaded(self):
        for name in FIXTURES:
            page = opened(name)
            self.assertEqual((page.complaints(), page.requests(), page.events("Page.javascriptDialogOpening")), ([], [], []), name)

    def test_fits_on_a_phone(self):
        for width in PHONES:
            for name in FIXTURES:
                page = opened(name, width=width, height=800)
                self.assertLessEqual(page.value("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth)"), width, name)

    def test_texts_stand_out(self):
        for dark in (False, True):
            for name in FIXTURES:
                page = opened(name, dark=dark)
                page.value('document.querySelectorAll("details").forEach((each) => { each.open = true; })')
                seen, pale = page.value(f"{CONTRASTS}({TEXT_CONTRAST})")
                self.assertGreater(seen, 5)
                self.assertEqual(pale, [], name)

    def test_table_is_what_the_file_says(self):
        for name in FIXTURES:
            shown, expected = opened(name).value(TABLE), [as_shown(row) for row in rows_of(name)]
            self.assertEqual(len(shown), len(expected))
            for line, row in zip(shown, expected):
                kept = {column: value for column, value in row.items() if column in line}
                self.assertEqual(line, kept)
                left_out = {row[column] for row in expected for column in row if column not in line}
                self.assertLessEqual(left_out, {None, ""})

    def test_names_stay_text(self):
        page = opened("extreme")
        self.assertEqual(page.value('document.querySelector("#all-rows td").textContent'), fixtures.HOSTILE)
        self.assertEqual(page.value("document.title"), f"Polyloop on {fixtures.HOSTILE}")
        self.assertEqual(page.value('document.querySelectorAll("img, iframe, object").length'), 0)


class Full(unittest.TestCase):
    """What can be done with a page that has all parts."""

    def setUp(self):
        self.page = opened("full")

    def tearDown(self):
        self.assertEqual(self.page.complaints(), [])

    def shown(self, column):
        return [line[column] for line in self.page.value(TABLE)]

    @needs_charts
    def test_charts_are_drawn_and_told(self):
        charts = self.page.value(CHARTS)
        self.assertEqual([chart["figure"] for chart in charts], ["backends", "speed-up", "roofline", "launch", "timeline"])
        for chart in charts:
            self.assertTrue(chart["drawn"] and chart["role"] == "img" and len(chart["label"]) > 40 and chart["lines"] > 1, chart)

    @needs_charts
    def test_charts_change_with_the_choices(self):
        for choice in self.page.value('[...document.querySelectorAll(".choices select")].map((list, index) => [index, list.options.length])'):
            index, options = choice
            told = {self.page.value(f"""(() => {{
                const list = document.querySelectorAll(".choices select")[{index}];
                list.selectedIndex = {option};
                list.dispatchEvent(new Event("change", {{ bubbles: true }}));
                return list.closest("section").querySelector("canvas").getAttribute("aria-label");
            }})()""") for option in range(options)}
            self.assertEqual(len(told), options)

    def test_sorts_by_keyboard(self):
        tab_to(self.page, head("Time"))
        for key, turned, told in ((ENTER, False, "ascending"), (SPACE, True, "descending")):
            self.page.press(*key)
            self.assertEqual(self.shown("Time"), sorted((row["seconds"]["median"] for row in rows_of("full")), reverse=turned))
            self.assertEqual(self.page.value(f'{head("Time")}.parentElement.getAttribute("aria-sort")'), told)
        tab_to(self.page, head("Over raw"))
        self.page.press(*ENTER)
        ratios = self.shown("Over raw")
        known = [value for value in ratios if value is not None]
        self.assertEqual(known, sorted(known))
        self.assertEqual(ratios[:len(known)], known)
        self.assertEqual(self.page.value('document.querySelectorAll("[aria-sort]").length'), 1)

    def test_filters_by_keyboard(self):
        tab_to(self.page, 'document.getElementById("filter")')
        self.page.type("saxpy TBB")
        expected = [row for row in rows_of("full") if row["kernel"] == "saxpy" and row["backend"] == "tbb"]
        self.assertEqual(len(self.page.value(TABLE)), len(expected))
        self.assertEqual(self.page.value('document.getElementById("shown").textContent'), f"{len(expected)} of {len(rows_of('full'))} rows")
        self.page.press(*ENTER)
        self.assertEqual(len(self.page.value(TABLE)), len(expected))
        self.page.type(" nowhere")
        self.assertEqual(self.page.value(TABLE), [])

    @needs_charts
    def test_colours_by_keyboard(self):
        light, dark = self.page.value(LOOK), opened("full", dark=True).value(LOOK)
        self.assertTrue(all(one != other for one, other in zip(light, dark)))
        tab_to(self.page, 'document.getElementById("theme")')
        for expected in (dark, light):
            self.page.press(*ENTER)
            self.assertEqual(self.page.value(LOOK), expected)

    @needs_charts
    def test_colours_follow_the_system(self):
        light = self.page.value(LOOK)
        self.page.look(dark=True)
        self.assertTrue(all(one != other for one, other in zip(light, self.page.value(LOOK))))

    def test_lines_and_bars_stand_out(self):
        for dark in (False, True):
            page = opened("full", dark=dark)
            names = [f"colour-{name}" for name in ("serial", "openmp", "tbb", 1, 2, 3)]
            page.value("document.body.append(...%s.map((name) => { const text = document.createElement('b'); text.className = 'swatch';"
                       "text.style.cssText = `color: var(--${name}); background: var(--card)`; text.textContent = name; return text; }))" % json.dumps(names))
            pale = page.value(f"{CONTRASTS}({GRAPHICS_CONTRAST})")[1]
            self.assertEqual([text for text in pale if text.startswith("B ")], [])

    def test_prints_light(self):
        page = opened("full", dark=True)
        page.look(dark=True, media="print")
        self.assertEqual(page.value('getComputedStyle(document.getElementById("summary")).backgroundColor'), "rgb(255, 255, 255)")
        self.assertGreater(len(page.call("Page.printToPDF")["data"]), 10_000)

    def test_rests_where_motion_is_not_wanted(self):
        self.page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
        self.assertEqual(self.page.value("getComputedStyle(document.documentElement).scrollBehavior"), "auto")

    def test_links_lead_to_parts(self):
        for target in self.page.value('[...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href"))'):
            self.assertTrue(target.startswith("#") and self.page.value(f'document.getElementById("{target[1:]}") !== null'), target)


class WithoutCharts(unittest.TestCase):
    def test_tables_are_there(self):
        text = (FOLDER / "full.html").read_text()
        begin = text.index("<script>", text.index('id="results"'))
        (FOLDER / "plain.html").write_text(text[:begin] + text[text.index("</script>", begin) + 9:])
        page = opened("plain")
        self.assertEqual(page.complaints(), [])
        self.assertEqual(page.value('document.querySelectorAll("canvas").length'), 0)
        self.assertIn("Chart.js was not found", page.value('document.querySelector(".notice:not(noscript *)").textContent'))
        self.assertEqual(page.value('document.querySelectorAll("section.figure details[open] table").length'), 5)
        self.assertEqual(len(page.value(TABLE)), len(rows_of("full")))


def take_pictures():
    for name, look in (("light", {}), ("dark", {"dark": True}), ("phone", {"width": 375, "height": 800})):
        opened("full", **look).screenshot(FOLDER / f"{name}.png")


def main():
    global FOLDER
    program, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
    if not browser.find():
        print("skipped: none of these is installed: " + ", ".join(browser.NAMES))
        sys.exit(77)
    fixtures.write(FOLDER)
    for name in FIXTURES:
        (FOLDER / f"{name}.html").write_bytes(subprocess.run([program, FOLDER / f"{name}.json"], check=True, stdout=subprocess.PIPE).stdout)
    with started():
        result = unittest.main(argv=sys.argv[:1], exit=False).result
        if "--pictures" in sys.argv:
            take_pictures()
    sys.exit(not result.wasSuccessful())


if __name__ == "__main__":
    main()
