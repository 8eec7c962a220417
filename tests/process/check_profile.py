"""Runs a program under POLYLOOP_PROFILE and looks at the trace, at the summary, and at what they leave alone.

usage: check_profile.py PROGRAM CASE   one of the cases below
       check_profile.py --self-test    breaks a good trace in each way that valid() looks for

valid() holds a trace to the Trace Event Format, as far as this is more than JSON, and to what its events say
of loops: spans of a thread are nested, chunks lie within their loop and cover it once.
"""

import collections
import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile

PHASES = {"X": {"ts", "dur"}, "C": {"ts", "args"}, "M": {"args"}}
CATEGORIES = {"X": {"loop", "chunk", "stage"}, "C": {"counter"}, "M": {"__metadata"}}
NANOSECOND = 1.5e-3  # times are written in microseconds, to the nanosecond: a sum of two may be off by one


def event_problems(event):
    """Each event alone."""
    phase = event.get("ph")
    if phase not in PHASES:
        yield f"unknown phase {phase}"
        return
    missing = ({"name", "cat", "pid", "tid"} | PHASES[phase]) - set(event)
    if missing:
        yield f"lacks {sorted(missing)}"
        return
    if not isinstance(event["name"], str) or not event["name"]:
        yield "has no name"
    if not all(isinstance(event[key], int) for key in ("pid", "tid")):
        yield "pid and tid are no integers"
    if not all(isinstance(event.get(key, 0), (int, float)) and event.get(key, 0) >= 0 for key in ("ts", "dur")):
        yield "ts and dur are no times"
    if event["cat"] not in CATEGORIES[phase]:
        yield f"has the category {event['cat']}"
    if phase == "C" and not all(isinstance(value, (int, float)) for value in event["args"].values()):
        yield "counts no numbers"


def nesting_problems(events):
    """Spans of a track: each is within the one around it, or after it."""
    tracks = collections.defaultdict(list)
    for event in events:
        if event["ph"] == "X":
            tracks[event["tid"]].append((event["ts"], event["ts"] + event["dur"]))
    for track, spans in tracks.items():
        if spans != sorted(spans, key=lambda span: (span[0], -span[1])):
            yield f"track {track}: not in the order of time"
        around = []
        for begin, end in spans:
            while around and around[-1] <= begin + NANOSECOND:
                around.pop()
            if around and end > around[-1] + NANOSECOND:
                yield f"track {track}: a span to {end} overlaps one to {around[-1]}"
            around.append(end)


def loop_problems(events):
    """Chunks: of a loop that is there, within its time, each iteration once."""
    loops = {event["args"]["loop"]: event for event in events if event["cat"] == "loop"}
    chunks = collections.defaultdict(list)
    for event in events:
        if event["cat"] == "chunk":
            chunks[event["args"]["loop"]].append(event)
    for number in set(chunks) - set(loops):
        yield f"chunks of loop {number}, which is not there"
    for number, loop in loops.items():
        begin, end = loop["ts"] - NANOSECOND, loop["ts"] + loop["dur"] + NANOSECOND
        if any(chunk["ts"] < begin or chunk["ts"] + chunk["dur"] > end for chunk in chunks[number]):
            yield f"loop {number}: a chunk is not within its time"
        if any(not 0 <= chunk["args"]["worker"] < loop["args"]["workers"] for chunk in chunks[number]):
            yield f"loop {number}: a worker that it does not have"
        position, failed = 0, loop["args"]["failed"]
        for first, last in sorted((chunk["args"]["first"], chunk["args"]["last"]) for chunk in chunks[number]):
            if first < position or first > position and not failed:  # a loop that fails leaves out what it has not begun
                yield f"loop {number}: {first} follows {position}"
            position = last
        if position != loop["args"]["iterations"] and not failed:
            yield f"loop {number}: ends with {position} of {loop['args']['iterations']}"


def problems_of(trace, whole=True):
    events = trace.get("traceEvents")
    if not isinstance(events, list) or not events:
        yield "has no traceEvents"
        return
    alone = [f"{event}: {problem}" for event in events for problem in event_problems(event)]
    yield from alone
    if alone:
        return
    named = {event["tid"] for event in events if event["name"] == "thread_name"}
    if {event["tid"] for event in events if event["ph"] == "X"} - named:
        yield "a track has no name"
    yield from nesting_problems(events)
    if whole:
        yield from loop_problems(events)


def valid(path, whole=True):
    trace = json.loads(path.read_text())
    problems = list(problems_of(trace, whole))
    if problems:
        sys.exit(f"{len(problems)} problems, such as: " + "\n".join(problems[:10]))
    return trace["traceEvents"]


def expect(holds, words):
    if not holds:
        sys.exit(words)


def run(program, *arguments, **environment):
    done = subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=100,
                          env={**os.environ, **environment})
    expect(done.returncode == 0, f"ended with {done.returncode}: {done.stderr}")
    return done


def labelled(events, label, category="loop"):
    return [event for event in events if event["name"] == label and event["cat"] == category]


def check_trace(program, folder):
    done = run(program, POLYLOOP_PROFILE=str(folder / "trace.json"))
    events = valid(folder / "trace.json")
    expect(len(labelled(events, "counted")) == int(done.stdout), "not every loop is there")
    expect(labelled(events, "destructor"), "the loop of a static object's destructor is not there")
    outer, inner = labelled(events, 'outer "quoted"'), labelled(events, "inner")
    expect(len(inner) == 6 * len(outer) > 0, "nested loops are not there")
    expect(labelled(events, "throws")[0]["args"]["failed"], "the loop that throws did not fail")
    expect(any(event["cat"] == "stage" for event in events), "no stage")
    counters = {event["name"] for event in events if event["ph"] == "C"}
    expect({"queue", "active workers"} <= counters, f"counters: {counters}")
    active = [event["args"]["value"] for event in events if event["name"] == "active workers"]
    expect(min(active) == active[-1] == 0, "active workers do not go home")
    expect(os.listdir(folder) == ["trace.json"], f"left behind: {os.listdir(folder)}")
    for word in ("efficiency", "imbalance", "counted", "polyloop profile:", "events in " + str(folder)):
        expect(word in done.stderr, f"the summary lacks {word}:\n{done.stderr}")


def check_off(program, folder):
    done = run(program, POLYLOOP_PROFILE="")
    expect(done.stderr == "", f"said something: {done.stderr}")
    expect(not os.listdir(folder), "left something behind")


def check_unwritable(program, folder):
    plain = run(program, POLYLOOP_PROFILE="")
    done = run(program, POLYLOOP_PROFILE=str(folder / "nowhere" / "trace.json"))
    expect(done.stdout == plain.stdout, "the program's own words have changed")
    said = [line for line in done.stderr.splitlines() if "cannot be written" in line]
    expect(len(said) == 1 and "nowhere/trace.json" in said[0], f"said: {done.stderr}")


def check_fork(program, folder):
    done = run(program, "fork", POLYLOOP_PROFILE=str(folder / "%p.json"))
    expect(len(os.listdir(folder)) == 1, f"one file for the parent, none for the child: {os.listdir(folder)}")
    events = valid(next(folder.iterdir()))
    expect(len(labelled(events, "counted")) == int(done.stdout), "not every loop of the parent is there")
    expect(not labelled(events, "child"), "a loop of the child is there")
    expect(done.stderr.count("events in") == 1, "said twice")


def check_endless(program, folder):
    for _ in range(5):
        run(program, "endless", POLYLOOP_PROFILE=str(folder / "trace.json"))
        valid(folder / "trace.json", whole=False)  # the last loops have not ended


def check_bounded(program, folder):
    done = run(program, "many", POLYLOOP_PROFILE=str(folder / "trace.json"), POLYLOOP_PROFILE_EVENTS="1024")
    events = valid(folder / "trace.json", whole=False)
    expect(0 < sum(event["cat"] in ("loop", "chunk") for event in events) <= 1024, "as many events as there is room for")
    expect("dropped for want of room" in done.stderr, f"not told: {done.stderr}")


def check_wrong_events(program, folder):
    done = run(program, POLYLOOP_PROFILE=str(folder / "trace.json"), POLYLOOP_PROFILE_EVENTS="lots")
    expect("POLYLOOP_PROFILE_EVENTS is lots: expected a number" in done.stderr, f"not told: {done.stderr}")
    valid(folder / "trace.json")


def check_counters(program, folder):
    done = run(program, POLYLOOP_PROFILE=str(folder / "trace.json"), POLYLOOP_PROFILE_COUNTERS="1")
    valid(folder / "trace.json")
    told = [words in done.stderr for words in ("hardware counted", "hardware counters not available")]
    expect(told.count(True) == 1, f"not told: {done.stderr}")


CASES = {"trace": check_trace, "off": check_off, "unwritable": check_unwritable, "fork": check_fork,
         "endless": check_endless, "bounded": check_bounded, "wrong_events": check_wrong_events, "counters": check_counters}


def good_trace():
    def span(category, tid, ts, dur, **args):
        return {"ph": "X", "pid": 1, "tid": tid, "name": "n", "cat": category, "ts": ts, "dur": dur, "args": args}

    return {"traceEvents": [
        *({"ph": "M", "pid": 1, "tid": tid, "name": "thread_name", "cat": "__metadata", "args": {"name": "t"}} for tid in (0, 1)),
        span("loop", 0, 0, 10, loop=1, iterations=4, workers=2, failed=False),
        span("chunk", 0, 1, 4, loop=1, first=0, last=2, worker=0), span("chunk", 0, 5, 4, loop=1, first=3, last=4, worker=0),
        span("chunk", 1, 2, 4, loop=1, first=2, last=3, worker=1),
        {"ph": "C", "pid": 1, "tid": 0, "name": "c", "cat": "counter", "ts": 1, "args": {"value": 2}}]}


def broken(change):
    trace = copy.deepcopy(good_trace())
    change(trace["traceEvents"])
    return trace


def failed_trace():
    """The chunk after the first has never begun, as another was quicker to throw."""
    def fail(events):
        events[2]["args"].update(failed=True)
        events.pop(5)

    return broken(fail)


def broken_traces():
    yield {}
    yield broken(lambda events: events[2].update(ph="Y"))
    yield broken(lambda events: events[2].pop("tid"))
    yield broken(lambda events: events[3].update(ts=-1))
    yield broken(lambda events: events[3].update(name=""))
    yield broken(lambda events: events[6]["args"].update(value="two"))
    yield broken(lambda events: events.pop(1))
    yield broken(lambda events: events[3].update(dur=6))  # overlaps the next
    yield broken(lambda events: events[4].update(dur=6))  # beyond its loop
    yield broken(lambda events: events[5].update(ts=7))  # of another track
    yield broken(lambda events: events[4].update(ts=0.5))  # not in order
    yield broken(lambda events: events[5]["args"].update(last=4))  # twice
    yield broken(lambda events: events.pop(5))  # never
    yield broken(lambda events: events[4]["args"].update(last=3))  # not to the end
    yield broken(lambda events: events[5]["args"].update(worker=2))
    yield broken(lambda events: events[5]["args"].update(loop=2))
    yield broken(lambda events: (events[2]["args"].update(failed=True), events[5]["args"].update(last=4)))  # twice, failed


def self_test():
    for name, trace in (("good", good_trace()), ("failed", failed_trace())):
        expect(not list(problems_of(trace)), f"a {name} trace has {list(problems_of(trace))}")
    for number, trace in enumerate(broken_traces()):
        expect(list(problems_of(trace)), f"broken trace {number} goes unseen")


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    program, case = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        CASES[case](program, pathlib.Path(folder))


main()
