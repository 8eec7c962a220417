"""That the check of the instruction counts can fail: against records made from what is counted here and now.

usage: self_test.py SCRIPT PROGRAM
Status 77 where there is no valgrind.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77


def run(*command, environment=None):
    return subprocess.run([sys.executable, *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=environment)


def scaled(record, factor):
    return {compiler: {figure: count * factor for figure, count in counts.items()} for compiler, counts in record.items()}


def problems(script, program, folder):
    counts, record, other = folder / "counts.json", folder / "record.json", folder / "other.json"
    done = run(script, "--program", program, "--variant", "ours", "--json", counts, "--record", record)
    if done.returncode != 0:
        yield f"the count ended with {done.returncode}: {done.stderr}"
        return
    right = json.loads(record.read_text())
    figures = len(next(iter(right.values())))

    def check(what, text, status, lines_out=0, lines_err=0):
        other.write_text(text)
        done = run(script, "--measured", counts, "--check", other)
        grown, cheaper = done.stdout.count("grown: "), done.stderr.count("cheaper, ")
        if (done.returncode, grown, cheaper) != (status, lines_out, lines_err):
            yield f"{what}: status {done.returncode}, {grown} grown, {cheaper} cheaper\n{done.stdout}{done.stderr}"

    yield from check("the same record", json.dumps(right), 0)
    yield from check("a record 10 % lower", json.dumps(scaled(right, 0.9)), 1, lines_out=figures)
    yield from check("a record 10 % higher", json.dumps(scaled(right, 1.1)), 0, lines_err=figures)
    yield from check("a record 3 % lower", json.dumps(scaled(right, 0.97)), 0)
    yield from check("a record of another compiler", json.dumps({"other 1": {}}), SKIPPED)
    yield from check("a record without figures", json.dumps({compiler: {} for compiler in right}), 2)
    yield from check("no record at all", "", 2)

    without = run(script, "--program", program, "--check", record, environment={**os.environ, "PATH": str(folder)})
    if without.returncode != SKIPPED or "no valgrind" not in without.stderr:
        yield f"without valgrind: status {without.returncode}: {without.stderr}"


def main():
    if shutil.which("valgrind") is None:
        print("skipped: there is no valgrind")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        found = list(problems(sys.argv[1], sys.argv[2], pathlib.Path(folder)))
    sys.exit("\n".join(found) if found else 0)


main()
