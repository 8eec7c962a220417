"""The programs of the bench suite as processes.

usage: program_test.py POLYLOOP_BENCH WRONG_KERNELS
"""

import csv
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

BENCH, WRONG = sys.argv[1:3]
SHORT = ["--no-roofline", "--repetitions", "3", "--benchmark_min_time", "1e-5"]
ONE_KERNEL = ["--benchmark_filter=^saxpy/1000/", "--quick", *SHORT]
NAME = re.compile(r"^[^/]+/\d+/(backend:\w+/workers:\d+/schedule:\w+(/grain:\d+)?|raw:\w+/workers:\d+)$")
ROW_KEYS = {"name", "kernel", "size", "input", "kind", "backend", "workers", "schedule", "grain", "seconds", "samples",
            "outliers", "bytes", "operations", "gb_s", "gflop_s", "roofline_fraction", "bound", "checksum",
            "checksum_holds", "over_raw", "speed_up"}


def compare_tool():
    """The command of Google Benchmark's compare.py; nothing where it, or what it needs, is not installed."""
    script = pathlib.Path("/usr/share/benchmark/compare.py")
    for python in (sys.executable, "/usr/bin/python3"):
        if script.exists() and run(python, "-c", "import scipy").returncode == 0:
            return [python, script]
    return None


def run(*words):
    return subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


COMPARE = compare_tool()


class Suite(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def ended(self, status, *words):
        done = run(*words)
        self.assertEqual(done.returncode, status, f"{words}\n{done.stdout}\n{done.stderr}")
        return done

    def measured(self, *words):
        """The results of a short run, and where they are."""
        path = self.folder / "results.json"
        self.ended(0, BENCH, *ONE_KERNEL, "--json", path, *words)
        return json.loads(path.read_text()), path

    def test_help_shows_our_flags_and_those_of_google_benchmark(self):
        text = self.ended(0, BENCH, "--help").stdout
        for word in ("--sweep", "--baseline", "--video", "examples:", "status:", "--benchmark_filter",
                     "--benchmark_time_unit"):
            self.assertIn(word, text)

    def test_wrong_use(self):
        for words in (["--nonsense"], ["--benchmark_nonsense"], ["--sweep", "workers=two"], ["--repetitions", "0"],
                      ["--benchmark_filter=("], ["--benchmark_filter=^no such kernel$"], ["--benchmark_format=xml"],
                      ["--baseline", "/nowhere/old.json"], ["--json", "/nowhere/new.json"], ["--video", "/nowhere.y4m"]):
            done = self.ended(2, BENCH, "--quick", *words)
            self.assertEqual(done.stdout, "")
            self.assertNotEqual(done.stderr, "")

    def test_a_sweep_that_cannot_be_read_is_told_with_its_place(self):
        done = self.ended(2, BENCH, "--sweep", "workers=1,schedule=eager")
        self.assertIn("--sweep: character 20: \"eager\": expected automatic, static, dynamic or guided", done.stderr)

    def test_a_file_that_is_no_result_is_refused(self):
        other = self.folder / "other.json"
        other.write_text("{}")
        self.assertIn("other.json: not results", self.ended(2, BENCH, *ONE_KERNEL, "--baseline", other).stderr)

    def test_names(self):
        names = self.ended(0, BENCH, "--quick", "--benchmark_list_tests").stdout.split("\n")[:-1]
        self.assertGreater(len(names), 20)
        for name in names:
            self.assertRegex(name, NAME)

    def test_results(self):
        document, _ = self.measured()
        self.assertEqual(set(document), {"context", "benchmarks", "polyloop"})
        self.assertIn("num_cpus", document["context"])
        self.assertEqual(document["context"]["executable"], BENCH)
        for one in document["benchmarks"]:
            self.assertIn(one["run_type"], ("iteration", "aggregate"))
            self.assertRegex(one["run_name"], NAME)
            self.assertGreaterEqual(one["real_time"], 0)
        ours = document["polyloop"]
        self.assertEqual(ours["version"], 1)
        for key in ("cpu", "cpus", "caches", "affinity", "compiler", "libraries", "commit", "date", "warnings"):
            self.assertIn(key, ours["environment"])
        for row in ours["rows"]:
            self.assertEqual(set(row), ROW_KEYS)
            self.assertRegex(row["name"], NAME)
            self.assertTrue(row["checksum_holds"])
            self.assertEqual(len(row["samples"]), 3)
            self.assertEqual(row["kind"] == "raw", row["over_raw"] is None)
        self.assertEqual({each["kind"] for each in ours["launch"]}, {"ours", "raw"})

    def test_the_roofline_is_measured_in_the_run(self):
        path = self.folder / "results.json"
        self.ended(0, BENCH, "--quick", "--benchmark_filter=^triad/", "--repetitions", "3", "--json", path)
        ours = json.loads(path.read_text())["polyloop"]
        for key in ("read_gb_s", "copy_gb_s", "triad_gb_s", "peak_gflop_s"):
            self.assertGreater(ours["roofline"][key]["1"], 0)
        for row in ours["rows"]:
            self.assertEqual(row["bound"], "memory")
            self.assertGreater(row["roofline_fraction"], 0)

    def test_a_sweep_makes_rows(self):
        document, _ = self.measured("--sweep", "workers=1,schedule=static,dynamic,grain=16,64")
        ours = [row for row in document["polyloop"]["rows"] if row["kind"] == "ours" and row["backend"] != "serial"]
        self.assertEqual({(row["schedule"], row["grain"]) for row in ours},
                         {("static", 16), ("static", 64), ("dynamic", 16), ("dynamic", 64)})
        self.assertEqual(len({row["checksum"] for row in document["polyloop"]["rows"]}), 1)

    def test_the_forms_of_google_benchmark(self):
        document = json.loads(self.ended(0, BENCH, *ONE_KERNEL, "--benchmark_format=json").stdout)
        self.assertIn("polyloop", document)
        lines = list(csv.reader(io.StringIO(self.ended(0, BENCH, *ONE_KERNEL, "--benchmark_format=csv").stdout)))
        self.assertEqual(lines[0][:3], ["name", "iterations", "real_time"])
        out = self.folder / "out.json"
        self.ended(0, BENCH, *ONE_KERNEL, f"--benchmark_out={out}", "--benchmark_report_aggregates_only=true")
        kinds = {one["run_type"] for one in json.loads(out.read_text())["benchmarks"]}
        self.assertEqual(kinds, {"aggregate"})

    @unittest.skipUnless(COMPARE, "Google Benchmark's tools (libbenchmark-tools, python3-scipy) are not here")
    def test_the_tools_of_google_benchmark_read_the_results(self):
        document, path = self.measured()
        told = self.ended(0, *COMPARE, "--no-color", "benchmarks", path, path).stdout
        for row in document["polyloop"]["rows"]:
            self.assertRegex(told, re.compile(rf"^{row['name']}\s+\+0\.0000\s", re.M))

    def scaled(self, document, factor):
        for row in document["polyloop"]["rows"]:
            row["samples"] = [factor * sample for sample in row["samples"]]
        path = self.folder / "scaled.json"
        path.write_text(json.dumps(document))
        return path

    def test_slower_than_the_baseline_is_status_5(self):
        document, _ = self.measured()
        slow = self.ended(5, BENCH, *ONE_KERNEL, "--baseline", self.scaled(document, 0.1))
        self.assertIn("slower: saxpy/1000/", slow.stdout)
        document, _ = self.measured()
        fast = self.ended(0, BENCH, *ONE_KERNEL, "--baseline", self.scaled(document, 10))
        self.assertIn("faster: saxpy/1000/", fast.stdout)

    def test_the_threshold_decides(self):
        document, _ = self.measured()
        self.ended(0, BENCH, *ONE_KERNEL, "--threshold", "99", "--baseline", self.scaled(document, 0.1))

    def test_a_failed_run_leaves_no_file(self):
        self.ended(2, BENCH, "--quick", "--json", self.folder / "results.json", "--csv", "/nowhere.csv")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_right_kernel_passes(self):
        self.ended(0, WRONG, *SHORT, "--benchmark_filter=^right/")

    def test_one_wrong_element_in_ten_million_fails_the_run(self):
        for kernel, expected in (("wrong-backend", r"^wrong-backend/10000000/backend:(tbb|openmp)/.*expected the checksum \w{16}.*found \w{16}"),
                                 ("wrong-everywhere", r"^wrong-everywhere/10000000/backend:serial/.*expected the checksum \w{16}, found \w{16}"),
                                 ("wrong-beside-twin", r"^wrong-beside-twin/10000000/raw:serial/.*number 7654321: expected \S+ as ours has, found \S+")):
            path = self.folder / "results.json"
            done = self.ended(4, WRONG, *SHORT, f"--benchmark_filter=^{kernel}/", "--json", path)
            self.assertRegex(done.stderr, re.compile(expected, re.M))
            self.assertIn("WRONG", done.stdout)
            rows = json.loads(path.read_text())["polyloop"]["rows"]
            self.assertIn(False, [row["checksum_holds"] for row in rows])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
