"""How fast in the large: the projection kernel, a whole run, and what a second worker brings."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.demography.kernel import project_block
from sim.evidence.bars import as_installed
from sim.lifetable import mx_to_sx
from sim.run.pool import compute_all
from sim.run.runner import BLOCK_DRAWS, plan_blocks, with_draws
from sim.run.setup import Setup
from sim.run.tasks import Task

_YEARS, _ROUNDS = 30, 10


@dataclass(frozen=True)
class Kernel:
    """Cohort-component projection of given rates, 30 years of 101 ages and two sexes."""

    draw_years_per_second: float
    bytes_per_second: float
    """Bytes that the memory moves, over the time: see `kernel`."""


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
    """The kernel on a block of draws, the shortest of some rounds.

    What it moves: rates are read, people and births written, whose lines are read first.
    """
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
    written = out.population.nbytes + out.births.nbytes + out.births_by_age.nbytes
    moved = sx.nbytes + asfr.nbytes + 2 * written
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


def speed_up(setup: Setup, root: Path, seconds: float, scheduler: bool = False) -> SpeedUp:
    """Two workers against one on blocks that take one worker about `seconds`, in turn, the shorter of two.

    Each time in a process of its own, as a command is.  scheduler: workers of a Dask scheduler in place of
    the pool's.
    """
    block = plan_blocks(with_draws(setup, BLOCK_DRAWS - 1))[0]
    block.compute()
    start = time.perf_counter()
    block.compute()
    blocks = max(round(seconds / (time.perf_counter() - start)), 2)
    draws = blocks * BLOCK_DRAWS - 1
    how = on_a_scheduler if scheduler else on_a_pool
    times: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(2):
        for workers, own in times.items():
            code = _SHARED.format(how=how.__name__, draws=draws, workers=workers)
            command = [sys.executable, "-c", code]
            done = subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE, text=True)
            own.append(float(done.stdout))
    return SpeedUp(draws, *map(min, times.values()))


_SHARED = """
from pathlib import Path
from sim.evidence.scale import {how}
from sim.run.runner import plan_blocks, with_draws
from sim.run.setup import set_up
if __name__ == "__main__":
    anyang = set_up(Path("experiments/anyang_14fyp.yaml"), scenarios=["reference"])
    print({how}(plan_blocks(with_draws(anyang, {draws})), {workers}))
"""


ARITHMETIC = """
import numpy as np
x, out = np.linspace(0.5, 1.5, 2048), np.empty(2048)
def work():
    for _ in range(1_000_000):
        np.exp(x, out=out)
"""
BLOCKS = """
from pathlib import Path
from sim.run.runner import BLOCK_DRAWS, plan_blocks, with_draws
from sim.run.setup import set_up
anyang = set_up(Path("experiments/anyang_14fyp.yaml"), scenarios=["reference"])
block = plan_blocks(with_draws(anyang, BLOCK_DRAWS - 1))[0]
block.compute()
def work():
    for _ in range(12):
        block.compute()
"""
_TOLD = """
import sys, time
print("ready", flush=True)
sys.stdin.readline()
start = time.perf_counter()
work()
print(time.perf_counter() - start)
"""


def unrelated(root: Path, code: str) -> float:
    """Times as much as one that two processes do at once which share nothing, in turn, the shorter of two.

    code: defines `work`.
    """
    times = [[max(_at_once(root, code, count)) for count in (1, 2)] for _ in range(2)]
    alone, both = (min(own[i] for own in times) for i in range(2))
    return 2.0 * alone / both


def _at_once(root: Path, code: str, count: int) -> list[float]:
    """Seconds of the work in each of some processes, begun when all of them are ready."""
    command = [sys.executable, "-c", code + _TOLD]
    how: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": root}
    started = [subprocess.Popen(command, **how) for _ in range(count)]
    for process in started:
        assert process.stdout is not None
        process.stdout.readline()
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    return [float(process.communicate()[0]) for process in started]


def on_a_pool(todo: Sequence[Task], workers: int) -> float:
    """Seconds that a pool of workers takes for tasks, from its beginning on."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        compute_all(todo, Path(folder), workers=workers)
        return time.perf_counter() - start


def on_a_scheduler(todo: Sequence[Task], workers: int) -> float:
    """The same of workers of a Dask scheduler, once they have loaded the model."""
    distributed: Any = importlib.import_module("distributed")
    how = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None, "silence_logs": 50}
    with (
        tempfile.TemporaryDirectory() as folder,
        distributed.LocalCluster(**how, local_directory=folder) as local,
        distributed.Client(local, set_as_default=False) as client,
    ):
        executor = client.get_executor(pure=False)
        for done in [executor.submit(todo[0].compute) for _ in range(workers)]:
            done.result()
        blocks = Path(folder) / "blocks"
        blocks.mkdir()
        start = time.perf_counter()
        compute_all(todo, blocks, executor=executor)
        return time.perf_counter() - start


def fast_tests(root: Path) -> tuple[float, float]:
    """Seconds of `make fast`'s tests on all cores, twice: the first time may compile the test files."""
    command = [sys.executable, "-m", "pytest", "-q", "--numprocesses", "auto", "--dist", "loadfile"]
    command += ["-m", "not slow"]
    times = []
    for _ in range(2):
        start = time.perf_counter()
        subprocess.run(command, cwd=root, env=as_installed(), check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return times[0], times[1]
