"""The same blocks on a real Dask scheduler with two workers, on this machine."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import small
from paths import ROOT

from sim import run_folder
from sim.errors import ConfigError
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


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a scheduler with two workers of one thread each."""
    folder = tmp_path_factory.mktemp("dask")
    known = folder / "scheduler.json"
    file = ("--scheduler-file", str(known))
    host = ("--host", "127.0.0.1", "--no-dashboard")
    started = [start("scheduler", "--port", "0", *host, *file, folder=folder)]
    try:
        _until(known.is_file)
        worker = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
        for _ in range(2):
            started.append(start("worker", *worker, *host, *file, folder=folder))
        import json

        yield json.loads(known.read_text())["address"]
    finally:
        for process in reversed(started):
            process.kill()
            process.wait(20)


def _until(ready: object, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not ready():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise TimeoutError("the scheduler did not start")
        time.sleep(0.1)


@pytest.mark.slow
def test_a_cluster_gives_the_bytes_of_a_local_run(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(run_folder, "write_tables", small.only_series)
    setup = small.setup(tmp_path, 20, end=2022, regions=["420700"], parts="counties")  # three districts
    local = run_folder.run_experiment(setup, tmp_path / "local", charts=False)
    _wait_for_workers(scheduler, 2)
    with clusters.cluster(scheduler) as executor:
        away = run_folder.run_experiment(
            setup, tmp_path / "away", executor=executor, block_draws=7, charts=False
        )
    assert small.contents(away) == small.contents(local)
    for name in ("parts.nc", "parts_alone.nc"):
        assert (away / name).read_bytes() == (local / name).read_bytes()


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
