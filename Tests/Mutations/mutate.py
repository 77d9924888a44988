#!/usr/bin/env python3
"""Plants one-line mistakes in a copy of the sources and tells which of them no test notices.

    Tests/Mutations/mutate.py                      all mistakes, within an hour on two cores; ends with 1 when fewer than 95 % are noticed
    Tests/Mutations/mutate.py --only Optim         those of the lists, files or kinds that hold this text; --only 12,40-45 by number
    Tests/Mutations/mutate.py --check              only whether each row still fits its source (seconds; .ci/run does this)

The mistakes are rows of the .toml files beside this script, a file a room:

    [[mutation]]
    kind = "tail"                      # operator, bound, tail, axis, dropped term, stale state, missing check, swapped arguments, threads
    file = "Sources/CTapestry/kernels/scan.inc"
    old = 'j < b->lanes'               # occurs once in the file
    new = 'j < b->lanes - MUTANT'      # MUTANT is true when this mistake is switched on; without it the code does what it did
    tests = "CTapestryTests"           # what should notice it: a regular expression for `swift test --filter`

All are compiled into one build, each behind a switch, so a mistake costs a run of some tests and no build. What its own
tests do not notice is run against all tests. A crash and a run that does not end count as noticed.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import tomllib

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent


def rows():
    found = []
    for path in sorted(here.glob("*.toml")):
        for row in tomllib.loads(path.read_text())["mutation"]:
            found.append(dict(row, room=path.stem, number=len(found)))
    return found


def faults(mutations):
    """What is wrong with the rows themselves."""
    kinds = {
        "operator",
        "bound",
        "tail",
        "axis",
        "dropped term",
        "stale state",
        "missing check",
        "swapped arguments",
        "threads",
    }
    for m in mutations:
        place = f"{m['room']}.toml, number {m['number']} ({m.get('file')})"
        missing = {"kind", "file", "old", "new", "tests"} - m.keys()
        if missing:
            yield f"{place}: no {', '.join(sorted(missing))}"
            continue
        source = root / m["file"]
        count = source.read_text().count(m["old"]) if source.exists() else None
        if count is None:
            yield f"{place}: there is no such file"
        elif count != 1:
            yield f"{place}: occurs {count} times instead of once: {m['old']!r}"
        if "MUTANT" not in m["new"]:
            yield f"{place}: no MUTANT in {m['new']!r}"
        if m["kind"] not in kinds:
            yield f"{place}: the kind {m['kind']!r} is none of {', '.join(sorted(kinds))}"


def planted(name, text, mutations):
    """The text of a file with its mistakes; a fault where two of them touch the same words."""
    for m in (m for m in mutations if m["file"] == name):
        if text.count(m["old"]) != 1:
            return None, f"{name}: number {m['number']} overlaps another row: {m['old']!r}"
        text = text.replace(m["old"], m["new"].replace("MUTANT", f"tp_mutant({m['number']})"))
    return text, None


def copy_sources(mutations, copy):
    """The tracked files with all mistakes in them, only what changed is written, so that a second build is short."""
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    wanted = {}
    for name in filter(None, names):
        if (root / name).is_file():
            wanted[name] = (root / name).read_bytes()
    for name in {m["file"] for m in mutations}:
        text, _ = planted(name, wanted[name].decode(), mutations)
        start = '#include "CMutants.h"\n' if not name.endswith(".swift") else "import CMutants\n"
        wanted[name] = (start + text).encode()
    package = wanted["Package.swift"].decode()
    for old, new in [
        ("dependencies: imports", 'dependencies: imports + ["CMutants"]'),
        ('name: "CTapestry", exclude', 'name: "CTapestry", dependencies: ["CMutants"], exclude'),
        ('name: "CTapestryData", exclude', 'name: "CTapestryData", dependencies: ["CMutants"], exclude'),
        ("  targets: [\n", '  targets: [\n    .target(name: "CMutants", path: "Tests/Mutations/CMutants"),\n'),
    ]:
        if old not in package:
            sys.exit(f"Package.swift has no {old!r} any more: mend copy_sources")
        package = package.replace(old, new)
    wanted["Package.swift"] = package.encode()
    for path in [p for p in copy.rglob("*") if p.is_file() and ".build" not in p.relative_to(copy).parts]:
        if str(path.relative_to(copy)) not in wanted:
            path.unlink()
    for name, data in wanted.items():
        path = copy / name
        if not path.exists() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


class Runner:
    # These read the sources themselves, or compile programs of their own: neither sees a switch, and both see changed
    # lines.
    BLIND = "HiddenLimitTests|RoomTests|SlipTests|SnippetTests|TapeLengthTests"
    MOST = 8 << 30  # bytes of memory; a mistake may ask for everything

    def __init__(self, copy, configuration):
        products = pathlib.Path(
            subprocess.run(
                ["swift", "build", "--build-tests", "-c", configuration, "--show-bin-path"],
                cwd=copy,
                capture_output=True,
                text=True,
                check=True,
            ).stdout.strip()
        )
        self.copy, self.bundle = copy, products / "TapestryPackageTests.xctest"
        self.faults = []
        begin = time.time()
        sign = self.run(-1, None, 1800)
        if sign:
            sys.exit(f"without any mistake a test already fails: {sign}")
        self.limit = 120 + 4 * (
            time.time() - begin
        )  # any run takes less, unless it does not end; others may use the machine too

    def run(self, number, tests, limit):
        """The first sign that the mistake was noticed, or None."""
        command = [str(self.bundle), "--testing-library", "swift-testing"] + (
            ["--filter", tests] if tests else ["--skip", self.BLIND]
        )
        # A group of its own, so that everything it started ends.
        process = subprocess.Popen(
            command,
            cwd=self.copy,
            env=dict(os.environ, TAPESTRY_MUTANT=str(number)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        ended, reason = threading.Event(), []
        watch = threading.Thread(target=self.watch, args=(process, limit, ended, reason))
        watch.start()
        sign, last = None, ""
        for line in process.stdout:
            last = line.strip() or last
            if " recorded an issue" in line or "Fatal error" in line:
                sign = re.sub(r"\s+", " ", line.strip())
                break
        if sign is None:
            code = process.wait()
            if code != 0:
                sign = reason[0] if reason else f"ended with {code}: {last}"
            elif "passed" not in last or re.search(r"with 0 tests", last):
                self.faults.append(f"number {number}: no test ran for --filter {tests}: {last}")
        ended.set()
        watch.join()
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        return sign

    def watch(self, process, limit, ended, reason):
        """Ends a run that takes too long or too much."""
        begin, status = time.time(), pathlib.Path(f"/proc/{process.pid}/statm")
        while not ended.wait(0.2):
            try:
                memory = int(status.read_text().split()[1]) * 4096 if status.exists() else 0
            except (OSError, IndexError):
                memory = 0
            if memory > self.MOST or time.time() - begin > limit:
                reason.append(
                    f"takes more than {self.MOST >> 30} GiB"
                    if memory > self.MOST
                    else f"does not end within {limit:.0f} s"
                )
                os.killpg(process.pid, signal.SIGKILL)
                return

    def judge(self, m):
        begin = time.time()
        sign, by = self.run(m["number"], m["tests"], self.limit), m["tests"]
        if sign is None:
            sign, by = self.run(m["number"], None, self.limit), "all tests"
        return sign, by, time.time() - begin


def selected(mutations, only):
    if not only:
        return mutations
    if re.fullmatch(r"[\d,-]+", only):
        wanted = set()
        for part in only.split(","):
            low, _, high = part.partition("-")
            wanted.update(range(int(low), int(high or low) + 1))
        return [m for m in mutations if m["number"] in wanted]
    return [m for m in mutations if any(only in m[key] for key in ("room", "file", "kind"))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="look at the rows only")
    parser.add_argument("--only", default="", help="numbers (3,7-9) or a text in the list's name, the file or the kind")
    parser.add_argument(
        "--copy", type=pathlib.Path, default=root / ".build" / "mutants", help="where the changed copy is built"
    )
    parser.add_argument("--configuration", default="debug", choices=["debug", "release"])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--least", type=float, default=95, help="percent that must be noticed")
    options = parser.parse_args()

    mutations = rows()
    problems = list(faults(mutations))
    if not problems:
        overlaps = (planted(name, (root / name).read_text(), mutations)[1] for name in {m["file"] for m in mutations})
        problems = [overlap for overlap in overlaps if overlap]
    if problems:
        sys.exit("\n".join(problems))
    if options.check:
        print(f"{len(mutations)} planted mistakes fit their sources")
        return
    chosen = selected(mutations, options.only)
    options.copy.mkdir(parents=True, exist_ok=True)
    copy_sources(mutations, options.copy)
    begin = time.time()
    if subprocess.run(["swift", "build", "--build-tests", "-c", options.configuration], cwd=options.copy).returncode:
        sys.exit("the copy with the mistakes does not compile")
    runner = Runner(options.copy, options.configuration)
    print(f"built in {time.time() - begin:.0f} s; {len(chosen)} mistakes to try, {options.jobs} at a time")
    missed = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        tries = {pool.submit(runner.judge, m): m for m in chosen}
        for done, future in enumerate(concurrent.futures.as_completed(tries), 1):
            m, (sign, by, seconds) = tries[future], future.result()
            name = m["file"].removeprefix("Sources/")
            print(
                f"{done:4}/{len(chosen)}  {m['number']:4}  {m['kind']:17}  {name:48}  {seconds:5.0f} s  {sign[:120] if sign else 'NOT NOTICED'}",
                flush=True,
            )
            if sign and by == "all tests":
                print(f"{'':17}noticed by another test than {m['tests']}")
            if not sign:
                missed.append(m)
    if runner.faults:
        sys.exit("\n".join(runner.faults))
    print()
    for m in sorted(missed, key=lambda m: m["number"]):
        print(f"not noticed: {m['number']} ({m['kind']}) {m['file']}\n    {m['old'].strip()}\n  → {m['new'].strip()}")
    share = 100 * (len(chosen) - len(missed)) / max(1, len(chosen))
    print(
        f"{len(chosen) - len(missed)} of {len(chosen)} planted mistakes noticed ({share:.0f} %), {(time.time() - begin) / 60:.0f} minutes"
    )
    if share < options.least:
        sys.exit(1)


main()
