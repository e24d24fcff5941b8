"""Commands ended at random moments: `python -m reliability.kills KILLS` (make reliability).

Of each command: kill -9, Ctrl-C and a full disk (a limit on the size of files) in turn, at random moments
of its course.  After each nothing half-written stands under the name of something finished; the same
command then ends with the bytes of an undisturbed one, and `clean` finds nothing more than it may take.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import small
from paths import ROOT
from reliability.measured import record
from working_folder import SMALL

from sim.errors import SimError
from sim.intact import intact
from sim.saved import open_saved

WAYS = ("kill -9", "Ctrl-C", "full disk")
_OUTPUT = "beds_required@2022"
EACH = 5  # ended so many times before the command is let to its end


@dataclass(frozen=True)
class Course:
    """A command that is ended again and again in one folder."""

    name: str
    arguments: Sequence[str]
    folder: Path
    """What it writes below."""
    fault: Callable[[Path], str]
    """What of the folder is half-written under a finished name; empty if nothing is."""
    bytes: Callable[[Path], dict[str, bytes]]
    """What must come out the same."""


def end(course: Course, way: str, after: float) -> bool:
    """Start the command and end it after so many seconds; whether it was still running."""

    def limited() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # what a shell starts behind its back ignores Ctrl-C
        if way == "full disk":
            resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    process = subprocess.Popen(
        [sys.executable, "-m", "sim", *course.arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=limited,
    )
    try:
        _, said = process.communicate(timeout=None if way == "full disk" else after)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL if way == "kill -9" else signal.SIGINT)
        _, said = process.communicate()
        if way == "Ctrl-C" and b"Traceback" in said:
            raise AssertionError(f"{course.name}: a traceback after Ctrl-C: {said[-400:]!r}") from None
        return process.returncode != 0  # 0: it came to its end in the same moment
    if way == "full disk" and process.returncode and (process.returncode != 3 or b"Traceback" in said):
        raise AssertionError(f"{course.name}: full disk: exit {process.returncode}, {said[-400:]!r}")
    return way == "full disk" and process.returncode != 0


def finish(course: Course) -> None:
    """Let the command to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "sim", *course.arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(
            f"{course.name}: exit {done.returncode} after it was ended: {done.stderr[-400:]}"
        )


def run_fault(folder: Path) -> str:
    """Of run folders: every one that has a name can be read and is what it was written as."""
    for path in (p for p in folder.glob("*/*") if p.is_dir() and not p.name.startswith(".")):
        try:
            meta = intact(path)
            if "seconds" not in meta["times"]:
                return f"{path.name} was not finished"
            open_saved(path)
        except SimError as error:
            return str(error)
    return ""


def sweep_fault(folder: Path) -> str:
    """Of sweep folders: every one that has a name holds its tables whole."""
    for path in (p for p in folder.glob("*/*") if p.is_dir() and not p.name.startswith(".")):
        if not ((path / "sweep.json").is_file() and (path / "sensitivity.csv").read_bytes().endswith(b"\n")):
            return f"{path.name} is not whole"
    return ""


def file_fault(folder: Path) -> str:
    """Of files of a run folder: documents that can be opened, tables that end with a line."""
    for path in folder.glob("report_*.docx"):
        try:
            with zipfile.ZipFile(path) as file:
                bad = file.testzip()
        except zipfile.BadZipFile:
            bad = "all of it"
        if bad:
            return f"{path.name}: {bad}"
    return next((p.name for p in folder.glob("stress*.csv") if not p.read_bytes().endswith(b"\n")), "")


def _named(*patterns: str) -> Callable[[Path], dict[str, bytes]]:
    def found(folder: Path) -> dict[str, bytes]:
        paths = [p for pattern in patterns for p in sorted(folder.glob(pattern))]
        return {p.name: p.read_bytes() for p in paths if not any(part.startswith(".") for part in p.parts)}

    return found


def courses(place: Path) -> list[Course]:
    """What is ended: run, sweep, stress, report."""
    file = small.experiment(place / "run", 60, end=2022)
    runs, sweeps = place / "runs", place / "sweeps"
    own = small.experiment(place / "own", 8, end=2025)
    own.write_text(SMALL.replace("2030", "2026").replace("test_years: [2025, 2026]", "test_years: [2025]"))
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "sim",
            "run",
            str(own),
            "--out",
            str(place / "saved"),
            "--no-charts",
            "--quiet",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    saved = Path(done.stdout.strip())
    tables = _named("*/*/results.nc", "*/*/timeseries.csv", "*/*/parameters.csv")
    common = ("--no-charts", "--workers", "1", "--quiet")
    sweep = ("sweep", str(file), "--out", str(sweeps), "--method", "lhs", "--n", "60", "--of", _OUTPUT)
    sweep += ("--over", "inpatient.alos", "--over", "fertility.tfr_ratio")
    stress = ("stress", str(saved), "--year", "2025", "--replications", "2", *common)
    return [
        Course(
            "run",
            ("run", str(file), "--out", str(runs), "--block-draws", "6", *common),
            runs,
            run_fault,
            tables,
        ),
        Course("sweep", (*sweep, *common), sweeps, sweep_fault, _named("*/*/sensitivity.csv")),
        Course("stress", stress, saved, file_fault, _named("stress*.csv", "hospital*.csv")),
        Course("report", ("report", str(saved), "--to", "docx"), saved, file_fault, _named("report_*.docx")),
    ]


def check(course: Course, kills: int, rng: random.Random) -> dict[str, int]:
    """End a command so many times; how often it was, and how often nothing was lost."""
    begun = time.monotonic()
    finish(course)
    took = time.monotonic() - begun
    wanted = course.bytes(course.folder)
    assert wanted, f"{course.name}: nothing was written"
    tally = dict.fromkeys(WAYS, 0)
    ended = survived = 0
    while ended < kills:
        _clear(course)
        here = 0
        for _ in range(EACH):
            way = rng.choice(WAYS)
            here += end(course, way, rng.uniform(0.2, 1.0) * took)
            tally[way] += 1
            wrong = course.fault(course.folder)
            if wrong:
                raise AssertionError(f"{course.name}: {way}: {wrong}")
        finish(course)
        if course.bytes(course.folder) != wanted:
            raise AssertionError(f"{course.name}: other bytes after it was ended")
        ended, survived = ended + here, survived + here
        print(f"{course.name}: {survived} survived of {ended}", flush=True)
    return {"kills": ended, "survived": survived}


def _clear(course: Course) -> None:
    """Take away what the command wrote, so that it begins anew."""
    if course.name in ("run", "sweep"):
        shutil.rmtree(course.folder, ignore_errors=True)
        return
    for path in [
        *course.folder.glob("report_*"),
        *course.folder.glob("stress*"),
        *course.folder.glob("hospital*"),
    ]:
        path.unlink() if path.is_file() else shutil.rmtree(path)
    shutil.rmtree(course.folder / ".hospital", ignore_errors=True)


def main() -> None:
    """KILLS [COMMAND]..."""
    kills, names, rng = int(sys.argv[1]), sys.argv[2:], random.Random()
    with tempfile.TemporaryDirectory() as place:
        for course in courses(Path(place)):
            if not names or course.name in names:
                record("kills", course.name, check(course, kills, rng))


if __name__ == "__main__":
    main()
