"""Runs that several test files read: made once for all workers of a parallel test run, and kept on disk."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
import small

from sim.run.setup import Setup
from sim.run_folder import run_experiment

CITY = "420700"  # Ezhou: three districts, the fewest parts of a prefecture with all of its own counts
_T = TypeVar("_T")


def shared(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], _T]) -> _T:
    """What `make` gives for a new folder of that name; the worker that asks first makes it.

    What stands in the folder is not to be changed.
    """
    base = factory.getbasetemp()
    common = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, kept = common / f"shared_{name}", common / f"shared_{name}.pickle"
    with (common / f"shared_{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.is_file():
            folder.mkdir()
            made = make(folder)
            kept.write_bytes(pickle.dumps(made))
            return made
    found: _T = pickle.loads(kept.read_bytes())
    return found


def setup_with_parts(folder: Path) -> Setup:
    """A city and its districts, few draws."""
    return small.setup(folder, 9, end=2022, regions=[CITY], parts="counties")


def run_with_parts(factory: pytest.TempPathFactory) -> Path:
    """The run of it, without charts."""

    def made(folder: Path) -> Path:
        return run_experiment(setup_with_parts(folder), folder / "outputs", charts=False, workers=1)

    return shared(factory, "parts", made)
