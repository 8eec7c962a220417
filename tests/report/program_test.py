"""polyloop-bench --report: the page is there when the run is over, and holds what the JSON says.

usage: program_test.py PROGRAM FOLDER
"""

import json
import pathlib
import re
import subprocess
import sys
import unittest


def run(*flags):
    command = [PROGRAM, "--quick", "--no-roofline", "--repetitions", "3", "--benchmark_filter", "^saxpy/1000/", *flags]
    return subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def results_in(page):
    return json.loads(re.search(r'<script type="application/json" id="results">(.*?)</script>', page.read_text(), re.S)[1])


class Report(unittest.TestCase):
    def test_holds_the_results(self):
        page, file = FOLDER / "program.html", FOLDER / "program.json"
        done = run("--report", page, "--json", file)
        self.assertEqual(done.returncode, 0, done.stderr)
        told, shown = json.loads(file.read_text())["polyloop"], results_in(page)
        self.assertEqual([row["name"] for row in shown["rows"]], [row["name"] for row in told["rows"]])
        for ours, theirs in zip(shown["rows"], told["rows"]):
            self.assertEqual(ours["seconds"]["middle"], theirs["seconds"]["median"])
        self.assertEqual(shown["confidence"], told["confidence"])
        self.assertEqual(shown["environment"]["compiler"], told["environment"]["compiler"])
        self.assertEqual(len(shown["launch"]), len(told["launch"]))

    def test_says_at_once_where_it_cannot_write(self):
        page = FOLDER / "nowhere" / "report.html"
        done = run("--report", page)
        self.assertEqual(done.returncode, 2)
        self.assertIn(str(page), done.stderr)


PROGRAM, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
FOLDER.mkdir(parents=True, exist_ok=True)
unittest.main(argv=sys.argv[:1])
