"""Faults of the disk and of files, done to a real run: what reliability.faults tries beside its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from paths import ROOT

if TYPE_CHECKING:
    from reliability.faults import Place

_BLOCKS_THAT_FIT = 4


def _sim(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sim", *map(str, arguments), "--lang", "en"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def _ended(process: subprocess.Popen[str], by: signal.Signals) -> str:
    """What a process said that a signal ended."""
    process.send_signal(by)
    _, said = process.communicate()
    assert "Traceback" not in said, said[:2000]
    return said


def cut(path: Path) -> None:
    """Half of a file lost."""
    os.truncate(path, path.stat().st_size // 2)


def turned(path: Path) -> None:
    """One bit in the middle of a file turned."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 16]))


def ctrl_c(place: Place) -> None:
    """Ctrl-C in the middle of a run, with one worker and with two."""
    for workers in (1, 2):
        out = f"stopped{workers}"
        with place.begun(out, workers=workers) as process:
            said = _ended(process, signal.SIGINT)
            assert process.returncode == 3, said
            assert "stopped; finished blocks are kept" in said
        assert place.blocks(out)
        place.ends_the_same(out)


def blocks_damaged(place: Place) -> None:
    """Of a killed run one block is cut, of another a bit is turned: both are computed again."""
    with place.begun("blocks") as process:
        until_blocks(place, "blocks", 3)
        _ended(process, signal.SIGKILL)
    first, second, *_ = place.blocks("blocks")
    cut(first)
    turned(second)
    place.ends_the_same("blocks")


def results_damaged(place: Place) -> None:
    """results.nc cut, then a bit of it turned: whatever reads the run says so and writes nothing."""
    run = place.ran("damaged")
    kept = (run / "results.nc").read_bytes()
    for harm in (cut, turned):
        harm(run / "results.nc")
        before = sorted(run.rglob("*"))
        for command in (("report", run, "--to", "html"), ("plot", run, "--chart", "population_fan")):
            done = _sim(*command)
            assert done.returncode == 2, done.stderr
            assert "results.nc | is not as the run wrote it" in done.stderr, done.stderr
            assert "Traceback" not in done.stderr
        assert sorted(run.rglob("*")) == before
        (run / "results.nc").write_bytes(kept)
    assert _sim("plot", run, "--chart", "population_fan").returncode == 0


def disk_full(place: Place) -> None:
    """A file system of its own that fills in the middle of a run; then it is made larger."""
    disk = place.folder / "disk"
    disk.mkdir()
    with place.begun("sized") as process:
        until_blocks(place, "sized", 1)
        size = max(path.stat().st_size for path in place.blocks("sized"))
        _ended(process, signal.SIGKILL)
    room = size * _BLOCKS_THAT_FIT
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        raise NotImplementedError("no file system may be mounted here")
    try:
        done = subprocess.run(place.command("disk"), cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 3, done.stderr
        assert "No space left on device" in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
        assert place.blocks("disk")
        assert not [p for p in disk.glob("*/*") if not p.name.startswith(".")]  # no finished name
        subprocess.run(["mount", "-o", "remount,size=500m", str(disk)], check=True)
        place.ends_the_same("disk")
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def cleaned(place: Place) -> None:
    """`clean --yes` while a run goes on takes nothing of it; of a killed one everything."""
    out = place.folder / "cleaned"
    with place.begun("cleaned") as process:
        done = _sim("clean", out, "--yes")
        assert done.returncode == 0, done.stderr
        assert "in use, left alone" in done.stdout
        assert place.blocks("cleaned")
        _ended(process, signal.SIGKILL)
    assert "blocks of an unfinished run" in _sim("clean", out).stdout
    assert place.blocks("cleaned")  # only listed
    assert "removed" in _sim("clean", out, "--yes").stdout
    assert not list(out.rglob("*.npz"))
    assert "nothing left behind" in _sim("clean", out).stdout
    place.ends_the_same("cleaned")
    run = next(p for p in out.glob("small/*") if p.is_dir())
    assert "nothing left behind" in _sim("clean", out, "--yes").stdout
    assert (run / "results.nc").is_file()
    shutil.rmtree(out)


def until_blocks(place: Place, out: str, number: int) -> None:
    """Wait until so many blocks of a run are stored."""
    from reliability.faults import until

    until(lambda: len(place.blocks(out)) >= number)


FAULTS: Mapping[str, Callable[[Place], None]] = {
    "Ctrl-C": ctrl_c,
    "stored blocks are cut or a bit of them is turned": blocks_damaged,
    "results.nc is cut or a bit of it is turned": results_damaged,
    "the disk is full, then it is not": disk_full,
    "`clean` beside a run, and after a killed one": cleaned,
}
