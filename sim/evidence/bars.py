"""How fast beside another version and beside what the work must cost: the first table of docs/performance.md.

The same probe runs in this version and, with `--against FOLDER`, in a checkout of another, in turn on
the same machine and in the same minutes, so that the ratio stands where seconds do not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.config import read_experiment
from sim.places import list_places
from sim.run.runner import BLOCK_DRAWS, plan_blocks, with_draws
from sim.run.setup import Setup, set_up
from sim.store import ResultsWriter, Slice

KEY_NEEDS = ("beds_required", "doctors_required", "care_beds_required", "childcare_slots_required")
SAMPLED = 24  # places whose set-up and blocks are timed, of all
MANY = 100_000
RUNS = 22_528  # of a Sobol' sweep: 20 parameters, N = 1024
_YEARS, _EXPS, _OTHER = 16, 5_000, 20_000  # to 2035; what the arithmetic of the model takes a draw-year
_CACHED = 8_192  # numbers of an array that stays in the cache

PROBE = """
import json, sys
from dataclasses import replace
from pathlib import Path
from sim.evidence import performance as p
from sim.run import blocks
from sim.run.runner import plan_blocks
from sim.run.setup import set_up
from sim.sweeps import sweep
root = Path.cwd()
anyang = set_up(root / "experiments" / "anyang_14fyp.yaml", scenarios=["reference"])
block = plan_blocks(anyang, 256)[0]
few, many = (p.best(lambda b=replace(block, stop=n): blocks.compute(b), 5) for n in (8, 256))
plan = sweep.plan_sweep(anyang, method="sobol", over=p.uncertain(anyang)[:20], n=64,
    of=["beds_required@2035", "doctors_ratio@2035", "nurses_ratio@2035", "childcare_slots_ratio@2035"])
todo = [b for b, _ in sweep.blocks_of(plan, sweep.BLOCK_RUNS)]
runs = p.best(lambda: [b.compute() for b in todo], 2) / len(plan.design.points)
print(json.dumps({"fixed": few, "draw": (many - few) / 248, "sweep": runs}))
"""


def probe(folder: Path) -> dict[str, float]:
    """Seconds of a block's fixed cost, of a draw more and of a run of a sweep, and of whole commands."""
    found: dict[str, float] = json.loads(_python(folder, "-c", PROBE).stdout)
    with tempfile.TemporaryDirectory() as out:
        run = ("run", "experiments/anyang_14fyp.yaml", "--out", out, "--quiet", "--workers", "2")
        commands = {"run": run, "help": ("--help",), "list": ("list", "scenarios")}
        for name, arguments in commands.items():
            start = time.perf_counter()
            _python(folder, "-m", "sim", *arguments)
            found[name] = time.perf_counter() - start
    return found


def _python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    own = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=own, check=True, capture_output=True, text=True)


@dataclass(frozen=True)
class Places:
    """Seconds that some places take on one worker, of them so many timed."""

    count: int
    timed: int
    set_up: float
    blocks: float

    @property
    def two(self) -> float:
        """Seconds on two workers: places are set up one after the other, blocks are shared."""
        return self.set_up + self.blocks / 2

    @property
    def said(self) -> str:
        """How long, and whether it was measured."""
        how = "measured" if self.timed == self.count else f"extrapolated from {self.timed} places"
        return f"{self.two:.0f} s ({how})"


def places(root: Path, codes: Sequence[str], whole: bool, draws: int = 100) -> Places:
    """Population and key needs of many places; all of them are timed, or a sample."""
    chosen = list(codes) if whole else list(codes)[:: max(1, len(codes) // SAMPLED)][:SAMPLED]
    experiment = root / "experiments" / "china_prefectures.yaml"
    what = {"series": KEY_NEEDS, "digits": 5}
    # tables of the nation and the provinces are read once, however many places there are
    set_up(experiment, changes={"regions": tuple(chosen[:2]), "results": what})
    start = time.perf_counter()
    setup = with_draws(set_up(experiment, changes={"regions": tuple(chosen), "results": what}), draws)
    ready = time.perf_counter()
    for block in plan_blocks(setup):
        block.compute()
    scale = len(codes) / len(chosen)
    done = time.perf_counter()
    return Places(len(codes), len(chosen), (ready - start) * scale, (done - ready) * scale)


def large(setup: Setup, folder: Path, digits: int = 5) -> tuple[float, float]:
    """(seconds on two workers, bytes of results.nc) of 100,000 draws, from one block of each region."""
    seconds, size, path = 0.0, 0, folder / "x.nc"
    todo = plan_blocks(with_draws(setup, BLOCK_DRAWS - 1))
    for block in [replace(b, digits=digits, series=KEY_NEEDS) for b in todo]:
        start = time.perf_counter()
        kept = block.compute()
        place = [r.labels for r in setup.regions if r.code == block.region]
        writer = ResultsWriter(path, [block.scenario], place, setup.years, BLOCK_DRAWS - 1)
        writer.write(Slice(0, 0, 0, kept))
        writer.close()
        seconds += time.perf_counter() - start
        size += path.stat().st_size
    return seconds * MANY / BLOCK_DRAWS / 2, size * MANY / BLOCK_DRAWS


def least(exp_seconds: float, best: Callable[[Callable[[], object]], float]) -> float:
    """Seconds of a draw to 2035 if nothing but the arithmetic took time."""
    a: Floats = np.linspace(0.5, 1.5, _CACHED)
    out = np.empty_like(a)
    other = best(lambda: [np.multiply(a, a, out=out) for _ in range(100)]) / (100 * _CACHED)
    return _YEARS * (_EXPS * exp_seconds + _OTHER * other)


def rows(root: Path, bound: float, against: Path | None, whole: bool) -> list[tuple[str, ...]]:
    """Work, the other version, this one, their ratio, the arithmetic alone, and where the rest goes.

    bound: seconds of a draw's arithmetic, of `least`.
    """
    now, then = probe(root), probe(against) if against is not None else {}
    found = [_beside(bar, now, then, bound) for bar in BARS]
    experiment = read_experiment(root / "experiments" / "china_prefectures.yaml")
    counties = [p.code for p in list_places(root).values() if p.level == "county"]
    for name, codes in (("prefectures", experiment.regions), ("counties", counties)):
        own = places(root, codes, whole)
        work = f"{own.count:,} {name} x 100 draws, people and key needs, two workers"
        alone = f"{own.count * 100 * bound / 2:.0f} s"
        rest = f"set-up {own.set_up:.0f} s, one after the other; blocks {own.blocks:.0f} s of one worker"
        found.append((work, "-", own.said, "-", alone, rest))
    with tempfile.TemporaryDirectory() as folder:
        setup = set_up(root / "experiments" / "five_regions_2050.yaml")
        seconds, size = large(setup, Path(folder))
    work = f"{MANY:,} draws of five regions to 2050, key needs to five digits, two workers"
    said = f"{seconds / 60:.1f} min, {size / 1e9:.1f} GB (extrapolated from {BLOCK_DRAWS} draws of each)"
    alone = f"{MANY * 5 * bound * len(setup.years) / _YEARS / 2 / 60:.1f} min"
    found.append((work, "-", said, "-", alone, "tables and charts come on top"))
    return found


@dataclass(frozen=True)
class Bar:
    """A work that is probed in both versions."""

    key: str
    work: str
    unit: str
    scale: float
    """Units a second."""
    draws: float
    """Draws whose arithmetic it holds, two workers' shared; 0 for none."""
    rest: str


BARS = (
    Bar("fixed", "a block of 8 draws", "ms", 1e3, 8, "NumPy's calls, labels and checks"),
    Bar("draw", "a draw more, to 2035", "ms", 1e3, 1, "arrays by age pass through memory"),
    Bar("run", "run of Anyang, 4 x 200, all, two workers", "s", 1, 400, "charts and the workbook"),
    Bar("sweep", f"{RUNS:,} Sobol' runs of beds, staff, slots", "s", RUNS, 1, "supply's staff by age"),
    Bar("help", "`healthplan --help`", "s", 1, 0, "Python and click"),
    Bar("list", "`healthplan list scenarios`", "s", 1, 0, "files that are read"),
)


def _beside(bar: Bar, now: Mapping[str, float], then: Mapping[str, float], bound: float) -> tuple[str, ...]:
    before = f"{then[bar.key] * bar.scale:.2f} {bar.unit}" if then else "-"
    ratio = f"{now[bar.key] / then[bar.key]:.2f}" if then else "-"
    alone = f"{bar.draws * bound * bar.scale:.2f} {bar.unit}" if bar.draws else "-"
    return bar.work, before, f"{now[bar.key] * bar.scale:.2f} {bar.unit}", ratio, alone, bar.rest
