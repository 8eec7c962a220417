"""Builds and runs the program in consumer/ and looks at what reached its compile and link lines.

package       cmake --install into an empty folder, then find_package(polyloop CONFIG)
subdirectory  add_subdirectory; nothing that is for Polyloop's developers may be built
shared        the same with BUILD_SHARED_LIBS
"""

import argparse
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

RUNTIMES = {"openmp": ("libgomp", "libomp", "libiomp"), "tbb": ("libtbb",)}
DEVELOPERS_OPTIONS = ("POLYLOOP_BUILD_TESTS", "POLYLOOP_BUILD_BENCH", "POLYLOOP_BUILD_APPS", "POLYLOOP_BUILD_FUZZERS",
                      "POLYLOOP_INSTALL")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("way", choices=("package", "subdirectory", "shared"))
    for name in ("source", "build", "scratch", "cache"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--generator", required=True)
    parser.add_argument("--cmake", required=True)
    parser.add_argument("--default", required=True)
    parser.add_argument("--backends", nargs="+", required=True)
    parser.add_argument("--bench", action="store_true", help="the bench suite was built and is installed")
    return parser.parse_args()


def run(*command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(str(word) for word in command)}\nended with {done.returncode}\n{done.stdout}")
    return done.stdout


def programs_of(given):
    return ["consumer"] if given.way == "shared" else ["consumer", "kernel_consumer"]


def configure_and_build(given):
    folder, flags = given.scratch, []
    if given.way == "package":
        prefix, folder = given.scratch / "prefix", given.scratch / "build"
        run(given.cmake, "--install", given.build, "--prefix", prefix)
        flags.append(f"-DCMAKE_PREFIX_PATH={prefix}")
    else:
        flags.append(f"-DCONSUMER_POLYLOOP_SOURCE={given.source}")
    if given.way == "shared":
        flags.append("-DBUILD_SHARED_LIBS=ON")
    run(given.cmake, "-S", given.source / "tests/install/consumer", "-B", folder, "-G", given.generator,
        "-C", given.cache, "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *flags)
    # Shared kernels differ from static ones in nothing that core's library does not show, and cost a build.
    run(given.cmake, "--build", folder, "--target", *programs_of(given))
    return [folder / name for name in programs_of(given)]


def check_run(given, program):
    backend = run(program).split()[0]
    if backend != given.default:
        yield f"{program.name} ran on {backend}, not on {given.default}"


def check_compile_lines(folder):
    """A runtime's flags, definitions and headers stay inside the backends."""
    entries = [entry for entry in json.loads((folder / "compile_commands.json").read_text())
               if "consumer" in pathlib.Path(entry["file"]).parts]
    if not entries:
        yield "compile_commands.json does not name the consumer's sources"
    for entry in entries:
        words = shlex.split(entry["command"])
        for word, following in zip(words, words[1:] + [""]):
            directory = following if word in ("-I", "-isystem") else word[2:] if word.startswith("-I") else ""
            if word.startswith("-fopenmp") or word.startswith("-D") and re.search("TBB|OPENMP|_OMP", word, re.I):
                yield f"the consumer is compiled with {word}"
            if directory and any((pathlib.Path(directory) / header).exists() for header in ("tbb/tbb.h", "omp.h")):
                yield f"the consumer is compiled with the headers of a runtime: {directory}"


def needed_libraries(program):
    return re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", program))


def check_link(given, binaries):
    """Exactly the runtimes of the backends that are compiled in are linked, and no other."""
    needed = [library for binary in binaries for library in needed_libraries(binary)]
    for backend, libraries in RUNTIMES.items():
        found = [library for library in needed if library.startswith(libraries)]
        if found and backend not in given.backends:
            yield f"built without {backend}, yet links {found[0]}"
        if not found and backend in given.backends:
            yield f"built with {backend}, yet links none of {', '.join(libraries)}"


def check_benchmark(given, folder):
    """A kernel of somebody else's in the installed suite: a row for each backend and size, with the right result."""
    run(given.cmake, "--build", folder, "--target", "halve-bench")
    results = folder / "halve.json"
    run(folder / "halve-bench", "--quick", "--no-roofline", "--json", results)
    rows = json.loads(results.read_text())["polyloop"]["rows"]
    seen = {(row["backend"], row["size"]) for row in rows if row["kernel"] == "halve" and row["checksum_holds"]}
    expected = {(backend, size) for backend in given.backends for size in (1000, 100000)}
    if seen != expected:
        yield f"the suite measured {sorted(seen)}, not {sorted(expected)}"


def check_options(folder):
    """What only a developer of Polyloop needs is off in somebody else's project."""
    cache = (folder / "CMakeCache.txt").read_text()
    for option in DEVELOPERS_OPTIONS:
        if not re.search(rf"^{option}:BOOL=OFF$", cache, re.M):
            yield f"{option} is not off"
    for name in ("tests", "bench", "apps", "examples"):
        if (folder / "polyloop" / name).exists():
            yield f"the folder {name} became a part of the consumer's build"


def main():
    given = arguments()
    shutil.rmtree(given.scratch, ignore_errors=True)
    programs = configure_and_build(given)
    folder = programs[0].parent
    problems = list(check_compile_lines(folder))
    for program in programs:
        problems += check_run(given, program)
        problems += check_link(given, [program, *folder.rglob("libpolyloop.so")])
    if given.way == "package" and given.bench:
        problems += check_benchmark(given, folder)
    if given.way != "package":
        problems += check_options(folder)
    if given.way == "shared" and not any(name.startswith("libpolyloop.so") for name in needed_libraries(programs[0])):
        problems.append("the consumer does not link a shared libpolyloop")
    sys.exit("\n".join(problems) if problems else 0)


main()
