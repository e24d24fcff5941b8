"""Faults while a command runs: `python -m reliability.faults [FAULT]...` (make reliability).

Each is done to a real process: its output folder vanishes or cannot be written, HOME and the cache of
matplotlib cannot be, a worker dies, the scheduler is lost, the same command runs twice at once, the clock
goes back, a run folder is renamed.  What must hold: an exit code that says so and no traceback, nothing
finished lost, and the same command then ends with the bytes of an undisturbed one.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import small
from paths import ROOT
from reliability import damage, offices
from reliability.measured import record

_TABLES = ("results.nc", "timeseries.csv", "parameters.csv")
_LONG = 300.0  # seconds that anything may take on a busy machine


class Place:
    """A folder with a small experiment, and the bytes that its run must have."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = small.experiment(folder, 60, end=2022)
        self.wanted = _bytes(self.ran("undisturbed"))

    def command(self, out: str, *more: str, workers: int = 1) -> list[str]:
        """The run, in blocks of a few draws."""
        own = ("run", str(self.file), "--out", str(self.folder / out), "--block-draws", "6", "--no-charts")
        return [sys.executable, "-m", "sim", *own, "--workers", str(workers), "--lang", "en", *more]

    def ran(self, out: str) -> Path:
        """The run let to its end; its folder."""
        done = subprocess.run(
            self.command(out), cwd=ROOT, capture_output=True, text=True, check=False, timeout=_LONG
        )
        assert done.returncode == 0, done.stderr[-600:]
        return Path(done.stdout.strip().splitlines()[-1])

    def blocks(self, out: str) -> list[Path]:
        """Finished blocks of an unfinished run."""
        return sorted((self.folder / out).glob("small/.unfinished/*/*.npz"))

    @contextmanager
    def begun(self, out: str, *more: str, workers: int = 1) -> Iterator[subprocess.Popen[str]]:
        """The run as a process, when its first block is stored."""
        process = subprocess.Popen(
            self.command(out, *more, workers=workers),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_heeds_ctrl_c,
        )
        try:
            until(lambda: bool(self.blocks(out)) or process.poll() is not None)
            assert process.poll() is None, "it ended before its first block was seen"
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()

    def ends_the_same(self, out: str) -> None:
        """The same command ends with the bytes of an undisturbed one, and leaves nothing behind."""
        assert _bytes(self.ran(out)) == self.wanted
        assert not list((self.folder / out).glob("small/.unfinished"))


def _heeds_ctrl_c() -> None:
    """What a shell starts in the background ignores Ctrl-C; Python takes that over."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def until(ready: Callable[[], bool]) -> None:
    """Wait for something."""
    deadline = time.monotonic() + _LONG
    while not ready():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.02)


def _bytes(run: Path) -> dict[str, bytes]:
    return {name: (run / name).read_bytes() for name in _TABLES}


def _told(process: subprocess.Popen[str], code: int, *says: str) -> str:
    """What a process said that ended with an exit code, without a traceback."""
    _, err = process.communicate(timeout=_LONG)
    assert process.returncode == code, (process.returncode, err[-600:])
    assert "Traceback" not in err, err[:2000]
    for text in says:
        assert text in err, (text, err[-600:])
    return err


def folder_vanishes(place: Place) -> None:
    """The whole output folder is removed in the middle of a run."""
    with place.begun("vanished") as process:
        shutil.rmtree(place.folder / "vanished")
        _told(process, 3, "run failed", "is gone", "0 of 11 blocks are kept")
    place.ends_the_same("vanished")


def folder_unwritable(place: Place) -> None:
    """A file system that takes no new file: known before the run."""
    done = subprocess.run(
        [*place.command("x")[:5], "--out", "/proc/healthplan", "--no-charts", "--lang", "en"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (2, 3), done.stderr
    assert "/proc/healthplan" in done.stderr
    assert "Traceback" not in done.stderr


def home_unwritable(place: Place) -> None:
    """No HOME, no cache folder that can be written: a run with its charts."""
    nowhere = {
        name: "/proc/nowhere" for name in ("HOME", "MPLCONFIGDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
    }
    file = small.experiment(place.folder / "home", 2, end=2021)
    done = subprocess.run(
        [sys.executable, "-m", "sim", "run", str(file), "--workers", "1", "--quiet"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **nowhere},
        timeout=_LONG,
    )
    assert done.returncode == 0, done.stderr[-600:]
    assert list(Path(done.stdout.strip()).glob("charts/*.png"))


def clock_back(place: Place) -> None:
    """The clock is set back by years between two runs: both stand, neither is taken for the other."""
    first = place.ran("clock")
    code = (
        "import sys, datetime, sim.run.runner as r\n"
        "class Back(datetime.datetime):\n"
        "    @classmethod\n"
        "    def now(cls, tz=None):\n"
        "        return datetime.datetime.now(tz) - datetime.timedelta(days=4000)\n"
        "r.datetime = Back\n"
        "from sim.cli import main\n"
        "main()\n"
    )
    arguments = place.command("clock")[3:]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-600:]
    second = Path(done.stdout.strip().splitlines()[-1])
    assert second.name < first.name
    assert _bytes(first) == _bytes(second) == place.wanted


def twice_at_once(place: Place) -> None:
    """The same command started twice at the same moment, into one folder."""
    both = [
        subprocess.Popen(
            place.command("twice"), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    runs = []
    for process in both:
        out, err = process.communicate(timeout=_LONG)
        assert process.returncode == 0, err[-600:]
        runs.append(Path(out.strip().splitlines()[-1]))
    assert runs[0] != runs[1]
    assert all(_bytes(run) == place.wanted for run in runs)
    assert not list((place.folder / "twice").glob("small/.*"))


def worker_dies(place: Place) -> None:
    """One of two workers is killed: said, what is done is kept, the same command goes on."""
    with place.begun("worker", workers=2) as process:
        os.kill(_workers(process.pid)[0], signal.SIGKILL)
        _told(process, 3, "its worker was killed", "blocks are kept")
    assert place.blocks("worker")
    place.ends_the_same("worker")


def scheduler_lost(place: Place) -> None:
    """The Dask scheduler is killed in the middle of a run."""
    if importlib.util.find_spec("distributed") is None:
        raise NotImplementedError("Dask is not installed")
    known = place.folder / "scheduler.json"
    given = ("--scheduler-file", str(known), "--host", "127.0.0.1", "--no-dashboard")
    started = [_dask("scheduler", "--port", "0", *given)]
    try:
        until(known.is_file)
        local = ("--local-directory", str(place.folder))
        started.append(_dask("worker", "--nthreads", "1", "--no-nanny", *local, *given))
        import json

        address = json.loads(known.read_text())["address"]
        time.sleep(5)
        with place.begun("scheduler", "--scheduler", address) as process:
            for each in started:
                each.kill()
            _told(process, 3, "the scheduler is gone", "blocks are kept")
    finally:
        for each in started:
            each.kill()
            each.wait(20)
    place.ends_the_same("scheduler")


def run_renamed(place: Place) -> None:
    """A run folder is moved and renamed, then reported on; a file of it is edited: said."""
    moved = place.folder / "elsewhere" / "our run 我们的"
    moved.parent.mkdir()
    shutil.move(place.ran("moved"), moved)
    command = [sys.executable, "-m", "sim", "plot", str(moved), "--chart", "population_fan", "--lang", "en"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-600:]
    with (moved / "timeseries.csv").open("a") as table:
        table.write("one,line,more\n")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "timeseries.csv | is not as the run wrote it" in done.stderr


def _dask(what: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _workers(pid: int) -> list[int]:
    """Processes below a run that compute: those that the fork server, or the run, has forked."""
    until(lambda: len(_below(pid)) >= 3)
    return [p for p in _below(pid) if not _below(p) and b"resource_tracker" not in _line(p)]


def _below(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if parent == pid:
            found += [int(entry.name), *_below(int(entry.name))]
    return found


def _line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


FAULTS: Mapping[str, Callable[[Place], None]] = {
    "its output folder vanishes": folder_vanishes,
    "its output folder cannot be written": folder_unwritable,
    "HOME and matplotlib's cache cannot be written": home_unwritable,
    "the clock is set back": clock_back,
    "the same command runs twice at once": twice_at_once,
    "a worker dies": worker_dies,
    "the Dask scheduler is lost": scheduler_lost,
    "a run folder is moved, renamed and edited": run_renamed,
    **damage.FAULTS,
    **offices.FAULTS,
}


def main() -> None:
    """[FAULT]..., by the beginnings of their names."""
    asked = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        for name, fault in FAULTS.items():
            if asked and not name.startswith(tuple(asked)):
                continue
            try:
                fault(place)
            except NotImplementedError as error:
                print(f"{name}: not tried: {error}", flush=True)
                continue
            record("faults", name, {"kills": 1, "survived": 1})
            print(f"{name}: holds", flush=True)


if __name__ == "__main__":
    main()
