"""Several runs in one process: what was read cannot be changed in place, and threads take turns."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from working_folder import make_workspace

import sim
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
