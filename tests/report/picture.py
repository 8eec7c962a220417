"""The picture of the README: a part of a report, light, as a PNG.

usage: picture.py REPORT.html PICTURE.png   for example build/report.html docs/report.png
"""

import sys

import browser

WIDTH = 1000
FIRST, LAST = "speed-up", "roofline"  # the parts of the page that are shown

AREA = """(() => {
  const [first, last] = [%r, %r].map((id) => document.getElementById(id).getBoundingClientRect());
  return { x: first.left - 12, y: scrollY + first.top - 12, width: first.width + 24, height: last.bottom - first.top + 24, scale: 1 };
})()""" % (FIRST, LAST)


def main():
    if len(sys.argv) != 3 or not browser.find():
        sys.exit(__doc__ + "\nNeeds Chromium.")
    with browser.Browser(browser.find()) as started:
        page = started.open(sys.argv[1], width=WIDTH)
        page.screenshot(sys.argv[2], clip=page.value(AREA))


main()
