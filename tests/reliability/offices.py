"""What an office's machine does to a command: what reliability.faults tries beside its own.

Streams that are closed, code pages, folders that may only be read, names of all kinds, files that another
program holds, a disk that fills while charts and workbook are written.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import small
from paths import ROOT

if TYPE_CHECKING:
    from reliability.faults import Place

_ODD = ("规划 2025 年 (最终版)", "a 😀 b", "x" * 250, "it's 100% & more; $HOME", "-dash")


def _ended(command: str, *, codes: tuple[int, ...] = (0,), **machine: str | None) -> str:
    """What a shell's command said, in bytes that are UTF-8; its exit code is one of those, no traceback."""
    env = {k: v for k, v in {**os.environ, **machine}.items() if v is not None}
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, env=env, capture_output=True, check=False)
    said = (done.stdout + done.stderr).decode("utf-8")
    assert done.returncode in codes, (command, done.returncode, said[-600:])
    assert "Traceback" not in said, said[-1200:]
    assert "Exception ignored" not in said, said[-1200:]
    return said


def _sim(*arguments: str | Path) -> str:
    quoted = ("'" + str(a).replace("'", "'\\''") + "'" for a in arguments)
    return f"'{sys.executable}' -m sim {' '.join(quoted)}"


def _finished(place: Place) -> Path:
    """A small finished run with its plan, made once."""
    from working_folder import SMALL

    out = place.folder / "finished"
    if not out.is_dir():
        file = small.experiment(place.folder / "office", 2, end=2021)
        text = SMALL.replace("2030", "2026").replace("[2025, 2026]", "[2025]")
        file.write_text(text.replace("n: 8", "n: 2"), encoding="utf-8")
        _ended(_sim("run", file, "--out", out, "--no-charts", "--workers", "1", "--quiet"))
    return next(p for p in out.glob("small/*") if p.is_dir() and not p.name.startswith("."))


def streams_closed(place: Place) -> None:
    """stdout or stderr closed, stdin closed, the reader of a pipe gone, a disk full behind `>`."""
    run = _finished(place)
    for command in (_sim("list", "indicators"), _sim("cost", run), _sim("compare", run, run)):
        for closed in (">&-", "2>&-", ">&- 2>&-", "<&-", "| head -1", "| true"):
            _ended(f"set -o pipefail; {command} {closed}")
    assert "No space left" in _ended(f"{_sim('list', 'plans')} > /dev/full", codes=(3,))


def code_pages(place: Place) -> None:
    """LANG=C, an ASCII and a Chinese code page, a dumb terminal, no HOME: a run is told in UTF-8."""
    machines: tuple[dict[str, str | None], ...] = (
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp936", "TERM": "dumb", "NO_COLOR": "1"},
        {"HOME": None, "TMPDIR": "/nonexistent"},
    )
    for machine in machines:
        said = _ended(_sim("revise", _finished(place), "--lang", "zh"), **machine)
        assert "指标" in said


def odd_names(place: Place) -> None:
    """Folders with spaces, Chinese letters, emoji, 250 letters, quotes: run, draw, write up, compare."""
    for name in _ODD:
        out = place.folder / name
        shutil.copytree(_finished(place), out / name)
        run = out / name
        for command in (
            ("plot", run, "--chart", "population_fan"),
            ("report", run, "--to", "docx"),
            ("compare", run, _finished(place), "--html"),
            ("revise", run),
            ("clean", out),
        ):
            _ended(_sim(*command))
        shutil.rmtree(out)
    link = place.folder / "link"
    link.symlink_to(_finished(place), target_is_directory=True)
    _ended(_sim("report", link, "--to", "html"))
    assert (_finished(place) / "report_zh.html").is_file() or list(_finished(place).glob("report_*.html"))


@contextmanager
def _mounted(*arguments: str | Path) -> Iterator[Path]:
    """Something mounted at the last of the arguments."""
    where = Path(arguments[-1])
    where.mkdir(exist_ok=True)
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, check=False)
    if done.returncode:
        raise NotImplementedError("no file system may be mounted here")
    try:
        yield where
    finally:
        subprocess.run(["umount", str(where)], check=False)


def read_only_media(place: Place) -> None:
    """A run on a disk that may only be read: what only reads does so, what writes says why it cannot."""
    run = _finished(place)
    with _mounted("--bind", run, place.folder / "media") as media:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(media)], check=True)
        for reads in (("compare", media, run), ("cost", media), ("explain", media, "beds_per_1000")):
            _ended(_sim(*reads))
        for writes in (("plot", media, "--chart", "population_fan"), ("report", media), ("revise", media)):
            said = _ended(_sim(*writes, "--lang", "en"), codes=(3,))
            assert "it may only be read: copy the folder to a disk of your own" in said, said
            assert ".part" not in said, said
        _ended(_sim("run", small.experiment(place.folder / "ro", 2), "--out", media), codes=(2,))


def parameters_read_only(place: Place) -> None:
    """Parameters and experiments that may only be read: a run needs no more; a new region says so."""
    work = place.folder / "office" / "work"
    _finished(place)
    with _mounted("--bind", ROOT / "parameters", place.folder / "office" / "shared") as shared:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(shared)], check=True)
        own = work / "parameters"
        own.unlink()
        own.symlink_to(shared, target_is_directory=True)
        out = place.folder / "from_shared"
        given = ("run", work / "experiments" / "small.yaml", "--out", out, "--no-charts", "--workers", "1")
        _ended(f"cd '{work}' && PYTHONPATH='{ROOT}' {_sim(*given, '--quiet')}")
        begun = _sim("plan", "new", "begun", "--region", "410500", "--lang", "en")
        said = _ended(f"cd '{work}' && PYTHONPATH='{ROOT}' {begun}", codes=(2, 3))
        assert "read" in said or "written" in said, said
        own.unlink()
        own.symlink_to(ROOT / "parameters", target_is_directory=True)


def held_by_excel(place: Place) -> None:
    """A workbook that another program holds: named, with what to do, and it stays as it is."""
    run = _finished(place)
    _ended(_sim("report", run, "--to", "xlsx", "--lang", "en"))
    book = run / "report_en.xlsx"
    kept = book.read_bytes()
    done = subprocess.run(["mount", "--bind", str(book), str(book)], capture_output=True, check=False)
    if done.returncode:
        raise NotImplementedError("no file may be held here")
    try:
        said = _ended(_sim("report", run, "--to", "xlsx", "--lang", "en"), codes=(3,))
        assert "report_en.xlsx | " in said, said
        assert "close it if Excel or WPS holds it" in said, said
    finally:
        subprocess.run(["umount", str(book)], check=True)
    assert book.read_bytes() == kept
    assert not list(run.glob("*.part"))


def temporary_files_full(place: Place) -> None:
    """Little room for temporary files, then no place for any: what needs them names that place and TMPDIR."""
    run, work = _finished(place), place.folder / "office" / "work"
    written = sorted(p.name for p in run.iterdir())
    with _mounted("-t", "tmpfs", "-o", "size=16k", "tmpfs", place.folder / "little") as little:
        for needs in (("report", run, "--to", "docx"), ("reproduce", run)):
            said = _ended(_sim(*needs, "--lang", "en"), codes=(3,), TMPDIR=str(little))
            assert (
                f"{little} | the folder for temporary files is full | make room there, or set TMPDIR" in said
            )
            assert "the same command" not in said, said
            assert not list(little.iterdir())
        out = place.folder / "little_room"
        given = ("run", work / "experiments" / "small.yaml", "--out", out, "--no-charts", "--workers", "2")
        _ended(f"cd '{work}' && PYTHONPATH='{ROOT}' {_sim(*given, '--quiet')}", TMPDIR=str(little))
    nowhere = "import tempfile, sim.cli; tempfile._candidate_tempdir_list = lambda: ['/proc']; sim.cli.main()"
    for needs in ("report", "reproduce"):
        given = f"{needs} '{run}' --lang en"
        said = _ended(f"'{sys.executable}' -c \"{nowhere}\" {given}", codes=(3,))
        assert "set TMPDIR (Windows: TEMP) to a folder that can be written to and has room" in said, said
    assert sorted(p.name for p in run.iterdir()) == written


def disk_full_of_charts(place: Place) -> None:
    """A disk of growing size that fills while results, tables, charts, workbook or run.json are written."""
    file = small.experiment(place.folder / "charts", 2, end=2021)
    disk, ends = place.folder / "small_disk", []
    for size in (60, 300, 700, 1200, 2500, 40_000):
        with _mounted("-t", "tmpfs", "-o", f"size={size}k", "tmpfs", disk) as out:
            said = _ended(_sim("run", file, "--out", out, "--workers", "1", "--lang", "en"), codes=(0, 3))
            named = [p for p in out.glob("*/*") if not p.name.startswith(".")]
            ends.append(bool(named))
            full = "No space left on device" in said or "is the disk full?" in said  # the netCDF library's
            assert bool(named) or full, said[-600:]
    assert not ends[0]
    assert ends[-1]


FAULTS: Mapping[str, Callable[[Place], None]] = {
    "stdout, stderr or stdin is closed, a pipe's reader goes": streams_closed,
    "code pages, a dumb terminal, no HOME, no TMPDIR": code_pages,
    "folders of any name, and behind a link": odd_names,
    "a run on a disk that may only be read": read_only_media,
    "parameters that may only be read": parameters_read_only,
    "a workbook is held by another program": held_by_excel,
    "temporary files have no room, then no place": temporary_files_full,
    "the disk fills at results, tables, charts, workbook": disk_full_of_charts,
}
