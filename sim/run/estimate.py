"""`run --dry-run`: how many blocks, how long, how much disk, before anything is written."""

from __future__ import annotations

import time
from dataclasses import replace

from sim.run import blocks
from sim.run.runner import plan_blocks
from sim.run.setup import Setup

_TRIAL_DRAWS = 16


def estimate(setup: Setup, workers: int) -> str:
    """Text with blocks, time and disk, from one small block computed twice."""
    todo = plan_blocks(setup)
    block = todo[0]
    times = []
    for _ in range(2):  # the first one warms caches up
        start = time.perf_counter()
        kept = blocks.compute(replace(block, first=0, stop=_TRIAL_DRAWS))
        times.append(time.perf_counter() - start)
    fixed = times[-1]
    start = time.perf_counter()
    kept = blocks.compute(replace(block, first=0, stop=8 * _TRIAL_DRAWS))
    slope = max(time.perf_counter() - start - fixed, 0.0) / (7 * _TRIAL_DRAWS)
    draws = sum(b.stop - b.first for b in todo)
    seconds = (len(todo) * fixed + slope * draws) / min(workers, len(todo))
    cells = sum(a.size / a.sizes["draw"] for a in kept.values() if "draw" in a.dims)
    stored = 4 * cells * draws
    return (
        f"{len(setup.scenarios)} scenarios x {len(setup.regions)} regions x "
        f"{setup.experiment.draws.n + 1} draws, {len(setup.years)} years: {len(todo)} blocks\n"
        f"about {seconds:.0f} s of computing on {workers} workers (tables and charts not counted)\n"
        f"at most {stored / 1e6:.0f} MB for results.nc, {stored / 1e6:.0f} MB more until the run is done"
    )
