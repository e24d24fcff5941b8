"""Several runs in one process: what was read cannot be changed in place, and threads take turns."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from paths import ROOT
from working_folder import make_workspace
from xarray.backends.netCDF4_ import NETCDF4_PYTHON_LOCK

import sim
from sim import turns
from sim.run.setup import Setup

CASE = """\
schema: 1
name: case{seed}
regions: ["410500"]
years: {{base: 2020, end: 2023}}
test_years: [2023]
draws: {{n: 2, seed: {seed}}}
results: {{series: [births]}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("process") / "work")


def set_up(folder: Path, seed: int) -> Setup:
    path = folder / "experiments" / f"case{seed}.yaml"
    if not path.is_file():  # another thread may be reading it
        path.write_text(CASE.format(seed=seed), encoding="utf-8")
    return sim.set_up(path)


def births(setup: Setup, folder: Path, into: str) -> np.ndarray:
    saved = sim.open_run(sim.run_experiment(setup, folder / into, charts=False, workers=1))
    return saved.results().births.values


def test_the_cells_of_a_parameter_cannot_be_set(folder: Path):
    """The record of a run goes by what was read, and so does the next set-up."""
    setup = set_up(folder, 7)
    before = births(setup, folder, "before")
    for parameter in setup.parameters["reference", "410500"].values():
        if parameter.data.ndim:
            with pytest.raises(ValueError, match="read-only"):
                parameter.data.values[...] = 0
    rates = setup.parameters["reference", "410500"]["fertility.asfr_by_order"].data
    changed = rates * 2  # a copy is free, and leaves what was read
    changed.values[...] = 0
    np.testing.assert_array_equal(births(set_up(folder, 7), folder, "after"), before)


@pytest.mark.slow
def test_runs_of_several_threads_are_those_of_one(folder: Path):
    """Three at once, two of one seed: each as it is alone (the netCDF library takes one caller at a time)."""
    alone = {seed: births(set_up(folder, seed), folder, "alone") for seed in (7, 8)}
    found: dict[str, np.ndarray | Exception] = {}

    def go(name: str, seed: int) -> None:
        try:
            found[name] = births(set_up(folder, seed), folder, name)
        except Exception as error:
            found[name] = error

    seeds = {"one": 7, "two": 8, "three": 7}
    threads = [threading.Thread(target=go, args=pair) for pair in seeds.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name, seed in seeds.items():
        np.testing.assert_array_equal(found[name], alone[seed])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_ends_a_command_waits_until_the_library_has_written(number: int):
    def ended(*_: object) -> None:
        raise KeyboardInterrupt

    done: list[str] = []

    def write() -> None:
        with turns.writing():
            signal.raise_signal(number)
            done.append("the library")

    before = signal.signal(number, ended)
    try:
        with pytest.raises(KeyboardInterrupt):
            write()
        assert done == ["the library"]
        assert signal.getsignal(number) is ended
    finally:
        signal.signal(number, before)
    assert not NETCDF4_PYTHON_LOCK.locked()


LEFT = """
import threading
from xarray.backends.netCDF4_ import NETCDF4_PYTHON_LOCK
from sim import turns
NETCDF4_PYTHON_LOCK.acquire()  # by a reader that was interrupted
with turns.writing():
    print("written")
"""


def test_a_lock_that_an_interrupted_reader_left_does_not_hold_up_the_end():
    made = [sys.executable, "-c", LEFT]
    ended = subprocess.run(made, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout == "written\n"
