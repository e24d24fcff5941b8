"""A run killed at random moments, started again by the same command, ends with the same bytes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import small
import yaml
from paths import ROOT

KILLS = 3


def command(experiment: Path, out: Path, workers: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "sim",
        "run",
        str(experiment),
        "--out",
        str(out),
        "--no-charts",
        "--workers",
        str(workers),
        "--lang",
        "en",
        "--block-draws",
        "6",
    ]


def finished(arguments: list[str]) -> tuple[Path, str]:
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
    return Path(done.stdout.strip().splitlines()[-1]), done.stderr


def killed_after(arguments: list[str], seconds: float) -> bool:
    """Start, wait, kill -9 the run itself (its workers must end by themselves)."""
    process = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_killed_runs_end_with_the_bytes_of_an_undisturbed_one(tmp_path: Path, workers: int):
    experiment = small.experiment(tmp_path, 60, end=2022)
    start = time.perf_counter()
    whole, _ = finished(command(experiment, tmp_path / "whole", workers))
    took = time.perf_counter() - start
    chance = random.Random(workers)
    out = tmp_path / "killed"
    before = 0
    for _ in range(KILLS):
        if not killed_after(command(experiment, out, workers), chance.uniform(0.25, 0.95) * took):
            break  # it was quick enough to finish
        kept = len(list((out / "small" / ".unfinished").rglob("*.npz")))
        if kept < before:  # nothing is ever lost: it was killed after its folder appeared
            assert list((out / "small").glob("2*"))
        before = kept
    before = len(list((out / "small" / ".unfinished").rglob("*.npz")))
    done = list((out / "small").glob("2*"))
    again, messages = finished(command(experiment, out, workers))
    assert small.contents(again) == small.contents(whole)
    lines = [line for line in messages.splitlines() if line.startswith("block ")]
    assert done or len(lines) <= 11 - before  # only what was missing
    assert small.leftovers(out) == []
    runs = [p for p in (out / "small").iterdir() if p.name != ".unfinished"]
    assert all((p / "timeseries.csv").is_file() for p in runs)  # whole or not at all


@pytest.mark.slow
def test_a_run_with_parts_killed_among_them_ends_with_the_same_bytes(tmp_path: Path):
    """Killed when some blocks of the parts are there and others not: only those are computed again."""
    experiment = small.experiment(tmp_path, 210, end=2021, parts="counties")
    call = command(experiment, tmp_path / "killed", 1)[:-2]
    process = subprocess.Popen(call, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if " parts, draws 0.." in line:
            break
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stderr.close()
    assert not list((tmp_path / "killed/small").glob("2*"))
    assert list((tmp_path / "killed/small/.unfinished").rglob("*.npz"))
    again, messages = finished(call)
    lines = [line for line in messages.splitlines() if line.startswith("block ")]
    assert lines
    assert all(" parts, draws " in line for line in lines)
    assert not any(" parts, draws 0.." in line for line in lines)
    whole, _ = finished([str(tmp_path / "whole") if a == str(tmp_path / "killed") else a for a in call])
    names = (*small.FILES, "parts.nc", "parts_alone.nc", "parts.csv", "parts_gap.csv")
    assert {n: (again / n).read_bytes() for n in names} == {n: (whole / n).read_bytes() for n in names}
    assert small.leftovers(tmp_path / "killed") == []


PARTS = ("parts.nc", "parts_alone.nc", "parts.csv", "parts_gap.csv")


def by_counties(folder: Path) -> tuple[Path, tuple[str, ...]]:
    """A city with its counties: file, and the tables beside those of every run."""
    return small.experiment(folder, 24, end=2022, parts="counties"), PARTS


def few_of_the_country(folder: Path) -> tuple[Path, tuple[str, ...]]:
    """The country's experiment, but for years and draws, with one in four hundred of its places."""
    content = yaml.safe_load((ROOT / "experiments" / "china_counties.yaml").read_text("utf-8"))
    shorter = {"years": {"base": 2020, "end": 2022}, "draws": {"n": 24, "seed": 1}}
    few = {"regions": content["regions"][::400], "results": content["results"] | {"years": [2020, 2022]}}
    path = small.experiment(folder)
    path.write_text(
        yaml.safe_dump(content | few | shorter | {"name": "small", "test_years": []}), encoding="utf-8"
    )
    return path, ()


@pytest.mark.slow  # about a minute of processor: each is begun six times
@pytest.mark.parametrize("kind", [by_counties, few_of_the_country], ids=lambda kind: kind.__name__)
def test_runs_of_many_places_killed_at_random_lose_nothing(
    tmp_path: Path, kind: Callable[[Path], tuple[Path, tuple[str, ...]]]
) -> None:
    """Killed from setting up to writing tables: blocks that are there stay, the bytes are the same."""
    experiment, more = kind(tmp_path)
    start = time.perf_counter()
    whole, said = finished(command(experiment, tmp_path / "whole", 1))
    took = time.perf_counter() - start
    chance, out = random.Random(13), tmp_path / "killed"
    held: dict[Path, bytes] = {}
    kills = 0
    for part in (0.5, 0.75, 0.9):
        if not killed_after(command(experiment, out, 1), chance.uniform(part - 0.15, part + 0.15) * took):
            break
        kills += 1
        now = {p: p.read_bytes() for p in (out / "small" / ".unfinished").rglob("*.npz")}
        if not list((out / "small").glob("2*")):
            assert {p: now.get(p) for p in held} == held
        held = now
    assert kills > 1
    ended = list((out / "small").glob("2*"))  # its blocks are no longer wanted
    again, messages = finished(command(experiment, out, 1))
    names = (*small.FILES, *more)
    assert {n: (again / n).read_bytes() for n in names} == {n: (whole / n).read_bytes() for n in names}
    blocks, computed = (text.count("\nblock ") + text.startswith("block ") for text in (said, messages))
    assert ended or computed <= blocks - len(held)  # only what was missing
    assert small.leftovers(out) == []


@pytest.mark.slow
def test_workers_do_not_outlive_a_killed_run(tmp_path: Path):
    experiment = small.experiment(tmp_path, 400, end=2030)
    process = subprocess.Popen(
        command(experiment, tmp_path / "out", 2),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    process.stderr.readline()  # the first block is done: workers are there
    workers = _descendants(process.pid)
    assert workers
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stderr.close()
    deadline = time.monotonic() + 10
    while any(map(_alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(_alive, workers))


def _descendants(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    if not path.exists():
        pytest.skip("needs /proc")
    own = [int(c) for c in path.read_text().split()]
    return own + [d for c in own for d in _descendants(c)]


def _alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
