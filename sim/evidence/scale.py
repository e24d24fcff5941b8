"""How fast in the large: the projection kernel, a whole run, and what a second worker brings."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.demography.kernel import project_block
from sim.lifetable import mx_to_sx
from sim.run.pool import compute_all
from sim.run.runner import BLOCK_DRAWS, plan_blocks, with_draws
from sim.run.setup import Setup

_YEARS, _ROUNDS = 30, 10


@dataclass(frozen=True)
class Kernel:
    """Cohort-component projection of given rates, 30 years of 101 ages and two sexes."""

    draw_years_per_second: float
    bytes_per_second: float
    """Rates read once, people and births written once, over the time."""


@dataclass(frozen=True)
class SpeedUp:
    """The same blocks on one and on two workers."""

    draws: int
    one: float
    two: float

    @property
    def ratio(self) -> float:
        """Times as fast."""
        return self.one / self.two


def kernel(draws: int) -> Kernel:
    """The kernel on a block of draws, the shortest of some rounds."""
    age = np.arange(101)
    spread = np.random.default_rng(0).normal(1.0, 0.05, (_YEARS, 2, 1, draws))
    sx = mx_to_sx(np.minimum(5e-5 * np.exp(0.09 * age), 0.6)[None, None, :, None] * spread)
    asfr = 0.1 * np.exp(-(((np.arange(10, 55) - 28) / 6.0) ** 2))[None, :, None] * spread[:, 0]
    base = np.repeat(1e4 * np.exp(-age / 90)[None, :, None], 2, axis=0) * np.ones(draws)
    srb = np.full((1, 1), 1.06)
    out = project_block(base, sx=sx, asfr=asfr, srb=srb, deaths=False)
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        project_block(base, sx=sx, asfr=asfr, srb=srb, deaths=False, out=out)
        times.append(time.perf_counter() - start)
    moved = sx.nbytes + asfr.nbytes + out.population.nbytes
    moved += out.births.nbytes + out.births_by_age.nbytes
    return Kernel(draws * _YEARS / min(times), moved / min(times))


def whole_run(experiment: Path, workers: int) -> float:
    """Seconds of `healthplan run`, tables and charts and all, in a new process."""
    with tempfile.TemporaryDirectory() as out:
        command = [
            sys.executable,
            "-m",
            "sim",
            "run",
            str(experiment),
            "--out",
            out,
            "--quiet",
            "--workers",
            str(workers),
        ]
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - start


def speed_up(setup: Setup, seconds: float) -> SpeedUp:
    """Two workers against one on blocks that take one worker about `seconds`."""
    block = plan_blocks(with_draws(setup, BLOCK_DRAWS - 1))[0]
    block.compute()
    start = time.perf_counter()
    block.compute()
    blocks = max(round(seconds / (time.perf_counter() - start)), 2)
    draws = blocks * BLOCK_DRAWS - 1
    todo = plan_blocks(with_draws(setup, draws))
    times = []
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            compute_all(todo, Path(folder), workers=workers)
            times.append(time.perf_counter() - start)
    return SpeedUp(draws, *times)
