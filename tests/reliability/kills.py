"""Commands ended at random moments: `python -m reliability.kills KILLS [COMMAND]...` (make reliability).

Of each command: kill -9, Ctrl-C, SIGTERM and a full disk (a limit on the size of files) in turn, at random
moments of its course and, every other time, just when it begins to write.  After each nothing half-written
stands under the name of something finished, and `clean` lists all that is left; the same command then ends
with the bytes of an undisturbed one.  The first moments of the interpreter, before the command itself is
loaded, are Python's own: Ctrl-C then ends in its traceback.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from reliability.courses import PARTS, Course, courses
from reliability.measured import record

from sim.run.leftovers import leftovers

WAYS = ("kill -9", "Ctrl-C", "SIGTERM", "full disk")
_SIGNALS = {"kill -9": signal.SIGKILL, "Ctrl-C": signal.SIGINT, "SIGTERM": signal.SIGTERM}
EACH = 5  # ended so many times before the command is let to its end
_OURS = b"sim/cli/entry.py"  # in a traceback: the command was loaded
_LONG = 600.0  # seconds that anything may take on a busy machine


def end(course: Course, way: str, took: float, rng: random.Random) -> bool:
    """Start the command and end it; whether it was still running."""
    most = int(10 ** rng.uniform(2.0, 5.5))  # bytes of a file

    def limited() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # what a shell starts behind its back ignores Ctrl-C
        if way == "full disk":
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    before = _names(course.work)
    process = subprocess.Popen(
        course.command,
        cwd=course.work,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=limited,
    )
    place = f"{course.name}: {way}"
    if way == "full disk":
        _, said = process.communicate(timeout=_LONG)
        assert process.returncode in (0, 3), f"{place}: exit {process.returncode}, {said[-600:]!r}"
        assert b"Traceback" not in said, f"{place} at {most} bytes: a traceback: {said[-900:]!r}"
        return process.returncode != 0
    if rng.random() < 0.5:
        _wait_for_writing(course, process, before, took)
        time.sleep(rng.expovariate(1 / 0.03))
    else:
        time.sleep(rng.uniform(0.2, 1.0) * took)
    if process.poll() is None:
        os.kill(process.pid, _SIGNALS[way])
    _, said = process.communicate(timeout=_LONG)
    assert b"Traceback" not in said or _OURS not in said, f"{place}: a traceback: {said[-900:]!r}"
    if process.returncode == 0:  # it came to its end in the same moment
        return False
    # interrupted inside a text that it compiles, Python itself ends by SIGINT, whatever is asked of it
    wanted = (-signal.SIGKILL,) if way == "kill -9" else (3, -signal.SIGINT, -_SIGNALS[way])
    assert process.returncode in wanted, f"{place}: exit {process.returncode}, {said[-600:]!r}"
    return True


def _names(work: Path) -> set[str]:
    """What stands in the folders that commands write into, and where files lie."""
    return {os.path.join(root, name) for root, _, files in os.walk(work) for name in files}


def _wait_for_writing(
    course: Course, process: subprocess.Popen[bytes], before: set[str], took: float
) -> None:
    """Until the command writes anything, or ends."""
    until = time.monotonic() + 3 * took
    while process.poll() is None and time.monotonic() < until and _names(course.work) <= before:
        time.sleep(0.002)


def finish(course: Course, wanted: dict[str, bytes] | None = None) -> None:
    """Let the command to its end, unless it came there before and would be refused now."""
    if course.once and wanted is not None and course.bytes() == wanted:
        return
    done = subprocess.run(
        course.command, cwd=course.work, capture_output=True, text=True, check=False, timeout=_LONG
    )
    said = f"{course.name}: exit {done.returncode} after it was ended: {done.stderr[-600:]}"
    assert done.returncode == 0, said


def left(course: Course) -> list[Path]:
    """Half-written things that `clean` would not find."""
    found = [item.path for item in leftovers(course.work)]
    parts = [p for p in course.work.rglob("*") if p.name.endswith(PARTS)]
    return [p for p in parts if not any(f == p or p in f.parents or f in p.parents for f in found)]


def check(course: Course, kills: int, rng: random.Random) -> dict[str, int]:
    """End a command so many times; how often it was, and how often nothing was lost."""
    course.clear()
    begun = time.monotonic()
    finish(course)
    took = time.monotonic() - begun
    wanted = course.bytes()
    assert wanted, f"{course.name}: nothing was written"
    ended = 0
    while ended < kills:
        course.clear()
        for _ in range(EACH):
            way = rng.choice(WAYS)
            if course.once and course.bytes() == wanted:  # ended when all was done
                course.clear()
            ended += end(course, way, took, rng)
            wrong = course.fault(course.work)
            assert not wrong, f"{course.name}: {way}: {wrong}"
            assert not left(course), f"{course.name}: {way}: clean does not list {left(course)}"
        finish(course, wanted)
        found = course.bytes()
        other = sorted(n for n in wanted.keys() | found.keys() if wanted.get(n) != found.get(n))
        assert not other, f"{course.name}: after it was ended other bytes: {other}"
        for item in leftovers(course.work):
            assert not item.in_use, f"{course.name}: {item.path} is in use"
            item.remove()
        assert course.bytes() == wanted, f"{course.name}: clean took what was finished"
        print(f"{course.name}: {ended} survived", flush=True)
    return {"kills": ended, "survived": ended}


def main() -> None:
    """KILLS [COMMAND]..."""
    kills, names, rng = int(sys.argv[1]), sys.argv[2:], random.Random()
    failed = []
    with tempfile.TemporaryDirectory() as place:
        for course in courses(Path(place), names):
            try:
                record("kills", course.name, check(course, kills, rng))
            except AssertionError as error:
                failed.append(str(error))
                print(f"FELL: {error}", flush=True)
    sys.exit("\n".join(failed) or 0)


if __name__ == "__main__":
    main()
