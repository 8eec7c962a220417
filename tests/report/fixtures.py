"""Results as polyloop-bench writes them, made up.

usage: fixtures.py FOLDER   writes a file for each of these

full     8 kernels, 3 backends, 1 and 2 workers, raw twins, every optional part
many     one kernel at 1, 2, 4 and 8 workers: the universal law can be fitted
extreme  one row; names that would be HTML, script or CSS if they were not text
holes    full, but a third of what may be missing is
bare     nothing but the version
"""

import json
import pathlib
import random
import sys

KERNELS = (  # name, size, input, seconds of the serial loop, share that is serial, bytes, operations, bound
    ("saxpy", 1_000_000, "", 5.4e-4, 0.12, 12e6, 2e6, "memory"),
    ("saxpy", 10_000_000, "", 9.9e-3, 0.36, 120e6, 20e6, "memory"),
    ("dot", 10_000_000, "", 6.1e-3, 0.31, 80e6, 20e6, "memory"),
    ("mandelbrot", 65_536, "", 3.2e-2, 0.005, 2.6e5, 4.1e8, "compute"),
    ("gaussian blur", 2_073_600, "big-buck-bunny-1080p-5s.mp4", 2.9e-3, 0.03, 8.3e6, 5.8e7, "compute"),
    ("sobel", 2_073_600, "big-buck-bunny-1080p-5s.mp4", 1.1e-3, 0.06, 6.2e6, 2.7e7, "memory"),
    ("group-by", 541_909, "online-retail.csv", 5.3e-2, 0.11, 4.5e7, 0, "memory"),
    ("copy", 10_000_000, "", 1.5e-2, 0.42, 160e6, 0, "memory"),
)
ROOFLINE = {"read_gb_s": {"1": 14.8, "2": 22.9}, "copy_gb_s": {"1": 11.2, "2": 15.9}, "triad_gb_s": {"1": 12.4, "2": 18.3},
            "peak_gflop_s": {"1": 37.1, "2": 73.9}, "peak_float_gflop_s": {"1": 74.2, "2": 147.9},
            "levels": [{"workers": workers, "bytes": size, "read_gb_s": rate * workers ** power, "copy_gb_s": rate * 0.8, "triad_gb_s": rate * 0.9}
                       for workers in (1, 2) for size, rate, power in ((24576, 148.0, 1), (393216, 61.0, 1), (25165824, 25.5, 1), (536870912, 14.8, 0.63))]}
OVERHEAD = {"serial": 0.0, "openmp": 0.012, "tbb": 0.008}


def interval(middle, width, key="median"):
    return {key: middle, "low": middle * (1 - width), "high": middle * (1 + width)}


def bandwidth(workers, size):
    levels = [level for level in ROOFLINE["levels"] if level["workers"] == min(workers, 2)]
    return max([level for level in levels if level["bytes"] <= size], key=lambda level: level["bytes"])["read_gb_s"]


def amdahl(serial, workers):
    return 1 / (serial + (1 - serial) / workers)


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def near(self, value, width):
        return value * (1 + self.random.uniform(-width, width))

    def row(self, kernel, backend, workers, raw):
        name, size, source, serial_seconds, share, count, operations, bound = kernel
        speed_up = 1.0 if backend == "serial" and not raw else self.near(amdahl(share + OVERHEAD[backend], workers), 0.02)
        seconds, width = serial_seconds / speed_up, self.random.uniform(0.004, 0.03)
        over_raw = None if raw else interval(self.near(1.0, 0.03), 0.012, "ratio")
        least = max(count / 1e9 / bandwidth(workers, count), operations / 1e9 / ROOFLINE["peak_float_gflop_s"][str(min(workers, 2))])
        variant = f"raw:{backend}" if raw else f"backend:{backend}"
        return {
            "name": f"{name}/{size}/{variant}/workers:{workers}" + ("" if raw else "/schedule:automatic"),
            "kernel": name, "size": size, "input": source, "kind": "raw" if raw else "ours", "backend": backend, "workers": workers,
            "schedule": "" if raw else "automatic", "grain": 0,
            "seconds": {**interval(seconds, width), "mad": seconds * width / 2},
            "samples": [self.near(seconds, 2 * width) for _ in range(9)], "outliers": self.random.choice((0, 0, 0, 1)),
            "bytes": count, "operations": operations, "gb_s": count / seconds / 1e9, "gflop_s": operations / seconds / 1e9,
            "roofline_fraction": least / seconds, "bound": bound,
            "checksum": f"{hash_of(name, size):016x}", "checksum_holds": True, "over_raw": over_raw,
            "speed_up": None if speed_up == 1.0 else interval(speed_up, width, "ratio"),
        }

    def rows(self, kernels, counts):
        for kernel in kernels:
            for raw in (False, True):
                yield self.row(kernel, "serial", 1, raw)
                for backend in ("openmp", "tbb"):
                    for workers in counts:
                        yield self.row(kernel, backend, workers, raw)

    def spans(self, chunks, cost, deal, workers):
        """Chunks whose cost grows, dealt in a block for each worker or to whoever is free."""
        clock = [self.random.uniform(0.5, 3.0) for _ in range(workers)]
        for chunk in range(chunks):
            worker = chunk * workers // chunks if deal == "static" else clock.index(min(clock))
            begin = clock[worker] + 0.2
            clock[worker] = begin + cost * (chunk + 0.5)
            yield {"worker": worker, "begin_us": begin, "end_us": clock[worker], "first": chunk * 16, "last": chunk * 16 + 16}

    def timeline(self, backend, schedule):
        return {"kernel": "triangular", "backend": backend, "schedule": schedule, "workers": 2,
                "spans": list(self.spans(8 if schedule == "static" else 32, 40 if schedule == "static" else 2.5, schedule, 2))}


def hash_of(name, size):
    return random.Random(f"{name} {size}").getrandbits(64)


def environment():
    return {
        "cpu": "AMD EPYC 7B13", "cpus": 2,
        "caches": [{"level": 1, "type": "Data", "bytes": 32768}, {"level": 2, "type": "Unified", "bytes": 524288},
                   {"level": 3, "type": "Unified", "bytes": 33554432}],
        "governor": "", "affinity": "0-1", "quota": "none", "compiler": "GCC 12.2.0", "flags": "-O3 -g1 -DNDEBUG",
        "libraries": {"oneTBB": "2021.8", "OpenMP": "201511", "Google Benchmark": "1.7.1"}, "commit": "cd5867bdeadbeef0123456789",
        "system": "Linux 6.1 x86_64", "date": "2026-01-15T10:00:00Z",
        "warnings": [{"what": "4 % of the time was stolen by other guests of this machine", "effect": "single samples are up to 1.3 times too long; medians hold"}],
    }


def launches():
    for backend, ns, raw in (("serial", 3, 2), ("openmp", 690, 640), ("tbb", 910, 1850)):
        for workers in (1, 2) if backend != "serial" else (1,):
            for kind, middle in (("ours", ns), ("raw", raw)):
                yield {"backend": backend, "workers": workers, "kind": kind, "ns": interval(middle * (1 if workers > 1 or backend == "serial" else 0.02), 0.06)}


def file_of(polyloop):
    return {"context": {"date": "2026-01-15T10:00:00+00:00"}, "benchmarks": [],
            "polyloop": {"version": 1, "confidence": {"median": 0.95, "ratio": 0.99}, **polyloop}}


def full():
    make = Maker(4)
    return file_of({"environment": environment(), "roofline": ROOFLINE, "rows": list(make.rows(KERNELS, (1, 2))), "launch": list(launches()),
                    "timelines": [make.timeline("tbb", schedule) for schedule in ("static", "dynamic")]})


def many():
    make = Maker(5)
    return file_of({"environment": environment(), "rows": list(make.rows(KERNELS[3:4], (1, 2, 4, 8)))})


HOSTILE = "</script><script>document.title='broken in'</script>{{data}} \"quoted\" 'too' <img src=x onerror=alert(1)> & \u2028 größe 網"


def extreme():
    row = {"name": HOSTILE, "kernel": HOSTILE, "backend": HOSTILE, "workers": 1, "seconds": {"median": 1e-9, "low": 1e-9, "high": 1e-9},
           "input": "javascript:alert(1)", "checksum": HOSTILE}
    return file_of({"environment": {"cpu": HOSTILE, "warnings": [{"what": HOSTILE}]}, "rows": [row]})


NEEDED = {"version", "rows", "kernel", "backend", "workers", "ns", "what", "worker", "begin_us", "end_us", "bytes"}


def without_some(value, chance):
    """The same, but for parts that are left out or null by lot."""
    if isinstance(value, list):
        return [without_some(each, chance) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {key: without_some(each, chance) for key, each in value.items() if key in NEEDED or chance.random() > 0.2}
    return {key: None if key not in NEEDED and chance.random() < 0.15 else each for key, each in kept.items()}


def holes():
    chance = random.Random(7)
    return file_of({name: without_some(part, chance) for name, part in full()["polyloop"].items()})


def bare():
    return file_of({})


FIXTURES = {made.__name__: made for made in (full, many, extreme, holes, bare)}


def write(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in FIXTURES.items():
        (folder / f"{name}.json").write_text(json.dumps(made(), indent=1))


if __name__ == "__main__":
    write(pathlib.Path(sys.argv[1]))
