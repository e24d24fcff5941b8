"""The same blocks on a real Dask scheduler with two workers, on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import small
from paths import ROOT

from sim import run_folder
from sim.errors import ConfigError, RunError
from sim.run import away
from sim.run import cluster as clusters

pytest.importorskip("distributed")


def start(*arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    with (folder / f"{arguments[0]}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]],
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )


@dataclass(frozen=True)
class Cluster:
    """A scheduler and two workers of one thread each, as processes of this machine."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


@contextmanager
def _cluster(folder: Path) -> Iterator[Cluster]:
    known = folder / "scheduler.json"
    file = ("--scheduler-file", str(known))
    host = ("--host", "127.0.0.1", "--no-dashboard")
    started = [start("scheduler", "--port", "0", *host, *file, folder=folder)]
    try:
        _until(known.is_file)
        worker = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
        for _ in range(2):
            started.append(start("worker", *worker, *host, *file, folder=folder))
        address = json.loads(known.read_text())["address"]
        _wait_for_workers(address, 2)
        yield Cluster(address, started[0], started[1:])
    finally:
        for process in reversed(started):
            process.kill()
            process.wait(20)


@pytest.fixture
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster that a test may break."""
    with _cluster(tmp_path_factory.mktemp("dask")) as found:
        yield found


def _until(ready: object, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not ready():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise TimeoutError("the scheduler did not start")
        time.sleep(0.1)


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_gives_the_bytes_of_a_local_run(
    running: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A worker is killed once some blocks are there: the other takes over what it had."""
    monkeypatch.setattr(run_folder, "write_tables", small.only_series)
    setup = small.setup(tmp_path, 20, end=2022, regions=["420700"], parts="counties")  # three districts
    local = run_folder.run_experiment(setup, tmp_path / "local", charts=False)
    lost = []

    def lose(done: int, total: int, _: str) -> None:
        if done == 3 and not lost:
            running.workers[0].kill()
            lost.append(total)

    with clusters.cluster(running.address) as executor:
        away = run_folder.run_experiment(
            setup, tmp_path / "away", executor=executor, block_draws=2, charts=False, progress=lose
        )
    assert len(lost) == 1
    assert lost[0] > 6  # there was work left for the other
    assert running.workers[0].wait(20) < 0
    assert running.workers[1].poll() is None
    assert small.contents(away) == small.contents(local)
    for name in ("parts.nc", "parts_alone.nc"):
        assert (away / name).read_bytes() == (local / name).read_bytes()


@pytest.mark.slow
def test_a_lost_scheduler_is_said_and_the_finished_blocks_are_kept(
    running: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(run_folder, "write_tables", small.only_series)
    setup = small.setup(tmp_path, 40, end=2022)
    again: list[int] = []

    def lose(done: int, total: int, _: str) -> None:
        if done == 2:
            running.scheduler.kill()

    out = tmp_path / "away"
    with (
        pytest.raises(RunError, match="the scheduler is gone; start one again, or leave --scheduler out"),
        clusters.cluster(running.address) as executor,
    ):
        run_folder.run_experiment(setup, out, executor=executor, block_draws=3, charts=False, progress=lose)
    for worker in running.workers:  # what they were at they may still store
        worker.kill()
        worker.wait(20)
    kept = len(list((out / "small" / ".unfinished").rglob("*.npz")))
    assert kept >= 2
    assert not list((out / "small").glob("2*"))
    found = run_folder.run_experiment(
        setup, out, block_draws=3, charts=False, progress=lambda done, total, _: again.append(total - done)
    )
    assert len(again) == 14 - kept
    whole = run_folder.run_experiment(setup, tmp_path / "whole", charts=False)
    assert small.contents(found) == small.contents(whole)


class Silent(Executor):
    """An executor whose scheduler went as it was sent something: no future ever ends."""

    def __init__(self) -> None:
        self.futures: list[Future[object]] = []

    def submit(self, *_: object, **__: object) -> Future[object]:  # type: ignore[override]
        self.futures.append(Future())
        return self.futures[-1]

    def is_there(self) -> bool:
        return False


def test_a_scheduler_that_went_without_a_word_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(away, "_LOOK", 0.05)
    executor = Silent()
    with pytest.raises(RunError, match=r"the scheduler is gone[\s\S]*0 of 3 blocks are kept"):
        run_folder.run_experiment(
            small.setup(tmp_path, 20, end=2022), tmp_path, executor=executor, block_draws=7, charts=False
        )
    assert executor.futures
    assert all(future.cancelled() for future in executor.futures)


def _wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=40)


def test_no_scheduler_there_is_an_error_and_nothing_is_half_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(clusters, "_WAIT_SECONDS", 0.3)
    with (
        pytest.raises(ConfigError, match=r"no scheduler answers.*start one with `dask scheduler`"),
        clusters.cluster("tcp://127.0.0.1:9"),
    ):
        pass


@pytest.mark.parametrize("text", ["nonsense", "127.0.0.1:8786", "tcp://host", "tcp://a b:1"])
def test_what_is_no_address_is_said_at_once(text: str):
    with (
        pytest.raises(ConfigError, match=r"is not an address \| write tcp://HOST:PORT"),
        clusters.cluster(text),
    ):
        pass


def test_the_command_says_so_and_writes_nothing(cli: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clusters, "_WAIT_SECONDS", 0.3)
    path = small.experiment(tmp_path, 4, end=2022)
    out = tmp_path / "out"
    done = cli("run", path, "--out", out, "--scheduler", "tcp://127.0.0.1:9")  # type: ignore[operator]
    assert done.code == 2
    assert "no scheduler answers" in done.err
    assert not out.exists()
