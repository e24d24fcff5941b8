"""Jobs on processes of their own: begun before results stand they wait, and end where results never will."""

from __future__ import annotations

import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from sim.errors import RunError
from sim.run.jobs import Jobs, WithdrawnError, results_stand, side_by_side


def told(done: int, total: int) -> None:
    """Nobody listens."""


def write(path: Path, text: str) -> str:
    path.with_name("begun").touch()
    results_stand()
    found = path.with_name("results").read_text() + text
    path.write_text(found)
    return found


def fail() -> None:
    raise OSError(28, "No space left on device")


def begun(folder: Path) -> None:
    end = time.monotonic() + 60
    while not (folder / "begun").exists():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_job_begins_before_the_results_and_goes_on_when_they_stand(tmp_path: Path):
    with Jobs([partial(write, tmp_path / "table", " told"), os.getpid], 2) as jobs:
        begun(tmp_path)
        time.sleep(0.2)
        assert not (tmp_path / "table").exists()
        (tmp_path / "results").write_text("results")
        jobs.stand()
        table, process = jobs.found(told)
    assert table == "results told" == (tmp_path / "table").read_text()
    assert process != os.getpid()


def results_fail(folder: Path, jobs: Jobs) -> None:
    with jobs:
        begun(folder)
        raise OSError("the disk is full")


def test_jobs_end_where_what_they_wait_for_fails(tmp_path: Path):
    jobs = Jobs([partial(write, tmp_path / "table", "")], 2)
    with pytest.raises(OSError, match="the disk is full"):
        results_fail(tmp_path, jobs)
    assert not (tmp_path / "table").exists()
    (job,) = jobs._running
    assert isinstance(job.exception(), WithdrawnError)


def test_what_a_job_raises_is_raised_here(tmp_path: Path):
    (tmp_path / "results").touch()
    with pytest.raises(OSError, match="No space left"):
        side_by_side([partial(write, tmp_path / "table", ""), fail], 2, told)


@pytest.mark.parametrize("workers", [1, 3])
def test_nobody_waits_where_results_stand(tmp_path: Path, workers: int):
    (tmp_path / "results").write_text("r")
    jobs = [partial(write, tmp_path / f"{i}", str(i)) for i in range(4)]
    assert side_by_side(jobs, workers, told) == ["r0", "r1", "r2", "r3"]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_was_killed_is_told():
    with pytest.raises(RunError, match=r"a process was killed \(out of memory\?\) \| try --workers 1"):
        side_by_side([die, os.getpid], 2, told)
