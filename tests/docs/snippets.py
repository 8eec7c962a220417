"""The code and the commands in the project's pages.

usage: snippets.py extract ROOT FOLDER   writes every ```cpp block as a program into FOLDER, one file each
       snippets.py commands ROOT         looks at every ```sh and ```console block
       snippets.py cmake ROOT            looks at every ```cmake block

A ```cpp block with `int main` is compiled as it is. Any other is the body of a
function: its #include lines go before it, <polyloop/polyloop.hpp> and the
standard headers below are there, and so is `using namespace polyloop;`. A
```console block shows a command on each line that begins with "$ ".
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HEADERS = ("algorithm", "array", "chrono", "cmath", "cstddef", "cstdint", "cstdio", "functional", "limits", "mutex",
           "numeric", "span", "stdexcept", "stop_token", "string", "string_view", "thread", "tuple", "vector")
BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```", re.M | re.S)


def pages(root):
    return sorted([*root.glob("*.md"), *root.glob("docs/**/*.md")])


def blocks(root, *languages):
    for page in pages(root):
        text = page.read_text()
        for block in BLOCK.finditer(text):
            if block[1] in languages:
                line = text.count("\n", 0, block.start(2)) + 1
                yield page.relative_to(root), line, block[1], block[2]


def program(page, line, code):
    here = f'#line {line} "{page}"\n'
    if re.search(r"\bint main\s*\(", code):
        return here + code
    includes = [f"#include <{header}>" for header in HEADERS] + ["#include <polyloop/polyloop.hpp>"]
    includes += re.findall(r"^\s*(#include .*)$", code, re.M)
    body = re.sub(r"^[ \t]*#include .*$", "", code, flags=re.M)
    return "\n".join(includes) + "\n\nint main() {\nusing namespace polyloop;\n" + here + body + "}\n"


def extract(root, folder):
    folder.mkdir(parents=True, exist_ok=True)
    written, numbers = {}, collections.Counter()
    for page, line, _, code in blocks(root, "cpp"):
        name = re.sub(r"\W+", "_", str(page.with_suffix("")).removeprefix("docs/")).lower()
        numbers[name] += 1
        written[folder / f"{name}_{numbers[name]}.cpp"] = program(page, line, code)
    for old in set(folder.glob("*.cpp")) - set(written):
        old.unlink()
    for path, code in written.items():
        if not path.exists() or path.read_text() != code:
            path.write_text(code)
    print(";".join(str(path) for path in written))


def commands(text, language):
    """The commands of a block, with lines that end in a backslash joined."""
    for line in text.replace("\\\n", " ").splitlines():
        if language == "console":
            if not line.startswith("$ "):
                continue
            line = line[2:]
        line = re.sub(r"(^|\s)#.*", "", line).strip()
        if line:
            yield line


def check_script(root, words):
    """A script of the project: it is there, and its --help knows the flags that the page shows."""
    script = root / words[0]
    if not os.access(script, os.X_OK):
        return f"there is no program {words[0]}"
    if words[0].startswith(".ci"):
        return None
    told = subprocess.run([script, "--help"], stdout=subprocess.PIPE, text=True)
    unknown = [word for word in words[1:] if word.startswith("--") and word.split("=")[0] not in told.stdout]
    if told.returncode != 0 or unknown:
        return f"--help ends with {told.returncode} and does not name {unknown}"
    return None


def check_preset(root, words):
    """A cmake or ctest command: the preset that it names, or whose build folder it names, is there."""
    presets = json.loads((root / "CMakePresets.json").read_text())
    kind = "workflowPresets" if "--workflow" in words else "testPresets" if words[0] == "ctest" else \
        "buildPresets" if "--build" in words else "configurePresets"
    known = {preset["name"] for preset in presets[kind]}
    named = [following for word, following in zip(words, words[1:]) if word == "--preset"]
    named += [word.split("=")[1] for word in words if word.startswith("--preset=")]
    named += [match[1] for word in words for match in [re.match(r"(?:\./)?build/([^/]+)", word)] if match]
    unknown = [name for name in named if name not in known]
    if unknown or not named:
        return f"names no preset that is there: {named}"
    return None


def check_built_program(root, words):
    """A program below build/PRESET: the preset is there, and some CMakeLists.txt makes the program."""
    name = words[0].split("/")[-1]
    stem = re.sub(r"[-_][^-_]+$", "", name)  # where a loop makes the targets: fuzz_${reader}
    pattern = re.compile(rf"\b{re.escape(name)}\b|\b{re.escape(stem)}[-_]\$\{{")
    if not any(pattern.search(path.read_text()) for path in root.glob("*/**/CMakeLists.txt") if "build" not in path.parts):
        return f"no CMakeLists.txt makes {name}"
    return check_preset(root, words)


def check_command(root, command):
    words = command.split()
    while re.match(r"[A-Z_]+=", words[0]):
        words.pop(0)
    if words[:2] == ["git", "clone"] or words[0] == "cd":
        return None
    if words[0].startswith(("./scripts/", "scripts/", ".ci/")):
        return check_script(root, words)
    if words[0] in ("cmake", "ctest"):
        return check_preset(root, words)
    if re.match(r"(\./)?build/", words[0]):
        return check_built_program(root, words)
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=root, env={**os.environ, "HOME": home},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return f"ended with {done.returncode}: {done.stdout}" if done.returncode else None


def check_commands(root):
    seen = 0
    for page, line, language, text in blocks(root, "sh", "bash", "shell", "console"):
        for command in commands(text, language):
            seen += 1
            problem = check_command(root, command)
            if problem:
                yield f"{page}:{line}: {command}: {problem}"
    if not seen:
        yield "no commands found"


def check_cmake(root):
    """A cmake block stands, line for line, in a project that a test builds."""
    built = "\n".join(path.read_text() for path in sorted((root / "tests/install").rglob("CMakeLists.txt")))
    lines = {line.strip() for line in built.splitlines()}
    for page, number, _, text in blocks(root, "cmake"):
        for line in text.splitlines():
            if line.strip() and line.strip() not in lines and not line.startswith("#"):
                yield f"{page}:{number}: no test builds a project with this line: {line}"


def main():
    what, root = sys.argv[1], pathlib.Path(sys.argv[2])
    if what == "extract":
        extract(root, pathlib.Path(sys.argv[3]))
        return
    problems = list({"commands": check_commands, "cmake": check_cmake}[what](root))
    sys.exit("\n".join(problems) if problems else 0)


main()
