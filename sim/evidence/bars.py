"""How fast beside another version and beside what the work must cost: the first table of docs/performance.md.

The same probe runs in this version and, with `--against FOLDER`, in a checkout of another, in turn on
the same machine and in the same minutes, so that the ratio stands where seconds do not.
"""

from __future__ import annotations

import json
import os
import resource
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
from sim.run.runner import BLOCK_DRAWS, plan_blocks, with_draws
from sim.run.setup import Setup, set_up
from sim.run_folder import run_experiment
from sim.store import ResultsWriter, Slice

KEY_NEEDS = ("beds_required", "doctors_required", "care_beds_required", "childcare_slots_required")
SAMPLED = 96  # places of many that are run for the rest
_NEIGHBOURS = 12  # of one province or the next: they share what is read, as all of China's do
MANY = 100_000
RUNS = 22_528  # of a Sobol' sweep: 20 parameters, N = 1024
_YEARS, _EXPS, _OTHER = 16, 5_000, 20_000  # to 2035; what the arithmetic of the model takes a draw-year
_ROUNDS = 3  # of a command
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

STAGED = 256  # draws of the block whose parts are timed
STAGES = f"""
import json
from pathlib import Path
from sim.evidence import performance as p
from sim.run.setup import set_up
anyang = set_up(Path("experiments/anyang_14fyp.yaml"), scenarios=["reference"])
print(json.dumps(p.stage_times(anyang, {STAGED})))
"""


KERNELS = (256, 2048)
"""Draws that the kernel is timed with."""
KERNEL = f"""
import json
from sim.evidence import performance as p, scale
found = [scale.kernel(n) for n in {KERNELS}]
print(json.dumps([[k.draw_years_per_second, k.bytes_per_second, p.bounds().triad_bytes] for k in found]))
"""


def probe(folder: Path) -> dict[str, float]:
    """Seconds of a block's fixed cost, of a draw more and of a run of a sweep, and of whole commands."""
    found: dict[str, float] = json.loads(_python(folder, "-c", PROBE).stdout)
    with tempfile.TemporaryDirectory() as out:
        run = ("run", "experiments/anyang_14fyp.yaml", "--out", out, "--quiet", "--workers", "2")
        commands = {"run": run, "help": ("--help",), "list": ("list", "scenarios")}
        for name, arguments in commands.items():
            found[name] = min(_seconds(folder, *arguments) for _ in range(_ROUNDS))
    return found


def _seconds(folder: Path, *arguments: str) -> float:
    """Of a command in a new process."""
    start = time.perf_counter()
    _python(folder, "-m", "sim", *arguments)
    return time.perf_counter() - start


def as_installed() -> dict[str, str]:
    """The environment of a command that may keep its compiled modules, as an installed one does."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def probe_extra(folder: Path, extra: Path) -> float:
    """Seconds of a draw more where numba stands in the folder `extra`."""
    found: dict[str, float] = json.loads(_python(folder, "-c", PROBE, more=extra).stdout)
    return found["draw"]


def stages(folder: Path, extra: Path) -> dict[str, float]:
    """Seconds of each part of a block's chain where numba stands in the folder `extra`."""
    found: dict[str, float] = json.loads(_python(folder, "-c", STAGES, more=extra).stdout)
    return found


def kernels(folder: Path, extra: Path) -> list[tuple[float, float, float]]:
    """Draw-years and bytes a second of the kernel with numba, and of the triad bytes; by KERNELS."""
    return [tuple(row) for row in json.loads(_python(folder, "-c", KERNEL, more=extra).stdout)]


def _python(folder: Path, *arguments: str, more: Path | None = None) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(str(p) for p in (folder, more) if p is not None)
    own = {**as_installed(), "PYTHONPATH": path}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=own, check=True, capture_output=True, text=True)


@dataclass(frozen=True)
class Places:
    """What a run of many places takes on two workers, from set-up to its tables."""

    count: int
    timed: int
    """So many of them were run."""
    seconds: float
    peak: float
    """Bytes of memory that this process and two workers held at most, as they were run."""

    @property
    def said(self) -> str:
        """How long, and whether it was measured."""
        if self.timed == self.count:
            return f"{self.seconds:.0f} s, {self.peak / 1e9:.1f} GB (measured)"
        return f"{self.seconds:.0f} s (extrapolated from runs of {self.timed // 3} and {self.timed} places)"


def places(root: Path, codes: Sequence[str], whole: bool, draws: int = 100) -> Places:
    """Population and key needs of many places: all of them are run, or a sample of neighbours.

    A sample is run at a third of its size and whole: what a run costs whatever its size is in both.
    """
    if whole:
        return Places(len(codes), len(codes), _run_of(root, codes, draws), _peak())
    step = len(codes) // (SAMPLED // _NEIGHBOURS)
    groups = [codes[i : i + _NEIGHBOURS] for i in range(0, len(codes) - _NEIGHBOURS, step)]
    chosen = [code for group in groups[: SAMPLED // _NEIGHBOURS] for code in group]
    few = len(chosen) // 3
    short, long = (_run_of(root, own, draws) for own in (chosen[:few], chosen))
    each = (long - short) / (len(chosen) - few)
    return Places(len(codes), len(chosen), long + each * (len(codes) - len(chosen)), _peak())


def _run_of(root: Path, codes: Sequence[str], draws: int) -> float:
    """Seconds of a run of places with its tables, on two workers."""
    experiment = root / "experiments" / "china_prefectures.yaml"
    what = {"series": KEY_NEEDS, "digits": 5}
    changes = {"regions": tuple(codes), "results": what}
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        setup = with_draws(set_up(experiment, changes=changes, workers=2), draws)
        run_experiment(setup, out, workers=2, charts=False)
        return time.perf_counter() - start


def _peak() -> float:
    own, workers = (resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return 1024.0 * (own + 2 * workers)


def large(setup: Setup, folder: Path, digits: int = 5) -> tuple[float, float]:
    """(seconds on two workers, bytes of results.nc) of 100,000 draws, from one block of each region."""
    seconds, size, path = 0.0, 0, folder / "x.nc"
    todo = plan_blocks(with_draws(setup, BLOCK_DRAWS - 1))
    for block in [replace(b, digits=digits, series=KEY_NEEDS) for b in todo]:
        start = time.perf_counter()
        kept = block.compute()
        place = [r.labels for r in setup.regions if r.code == block.region]
        writer = ResultsWriter(path, [block.scenario], place, setup.years, BLOCK_DRAWS - 1, small=True)
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


def rows(
    root: Path, bound: float, against: Path | None, whole: bool, extra: Path | None = None
) -> list[tuple[str, ...]]:
    """A row of each work: what it is to reach, before, now, their ratio, the arithmetic, where the rest goes.

    bound: seconds of a draw's arithmetic, of `least`.  extra: a folder with numba.
    """
    now, then = probe(root), probe(against) if against is not None else {}
    found = [_beside(bar, now, then, bound) for bar in BARS]
    work, reach = "a draw more, to 2035, with numba (`healthplan[fast]`)", "0.3 ms"
    if extra is not None:
        before = {"fast": probe_extra(against, extra)} if against is not None else {}
        bar = Bar("fast", work, "ms", 1e3, reach, 1, "what is not compiled: draws, demand, sums over ages")
        found.insert(2, _beside(bar, {"fast": probe_extra(root, extra)}, before, bound))
    else:
        found.insert(2, (work, reach, "-", "not measured here: `--extra`", "-", "-", "-"))
    for name, reach in (("prefectures", "60 s"), ("counties", "360 s, 3 GB")):
        own = places(root, read_experiment(root / "experiments" / f"china_{name}.yaml").regions, whole)
        work = f"{own.count:,} {name} x 100 draws, people and key needs, tables, two workers"
        alone = f"{own.count * 100 * bound / 2:.0f} s"
        found.append((work, reach, "-", own.said, "-", alone, "half set-up, half blocks of few draws"))
    with tempfile.TemporaryDirectory() as folder:
        setup = set_up(root / "experiments" / "five_regions_2050.yaml")
        seconds, size = large(setup, Path(folder))
    work = f"{MANY:,} draws of five regions to 2050, key needs to five digits, two workers"
    said = f"{seconds / 60:.1f} min, {size / 1e9:.1f} GB (extrapolated from {BLOCK_DRAWS} draws of each)"
    alone = f"{MANY * 5 * bound * len(setup.years) / _YEARS / 2 / 60:.1f} min"
    found.append((work, "12 min, 4 GB", "-", said, "-", alone, "tables and charts come on top"))
    return found


@dataclass(frozen=True)
class Bar:
    """A work that is probed in both versions."""

    key: str
    work: str
    unit: str
    scale: float
    """Units a second."""
    reach: str
    draws: float
    """Draws whose arithmetic it holds, two workers' shared; 0 for none."""
    rest: str


BARS = (
    Bar("fixed", "a block of 8 draws", "ms", 1e3, "110 ms", 8, "NumPy's calls, labels and checks"),
    Bar("draw", "a draw more, to 2035", "ms", 1e3, "0.5 ms", 1, "arrays by age pass through memory"),
    Bar("run", "run of Anyang, 4 x 200, all, two workers", "s", 1, "6 s", 400, "charts and the workbook"),
    Bar(
        "sweep", f"{RUNS:,} Sobol' runs of beds, staff, slots", "s", RUNS, "20 s", 1, "supply's staff by age"
    ),
    Bar("help", "`healthplan --help`", "s", 1, "0.1 s", 0, "Python and click"),
    Bar("list", "`healthplan list scenarios`", "s", 1, "0.4 s", 0, "files that are read"),
)


def _beside(bar: Bar, now: Mapping[str, float], then: Mapping[str, float], bound: float) -> tuple[str, ...]:
    before = f"{then[bar.key] * bar.scale:.2f} {bar.unit}" if then else "-"
    ratio = f"{now[bar.key] / then[bar.key]:.2f}" if then else "-"
    alone = f"{bar.draws * bound * bar.scale:.2f} {bar.unit}" if bar.draws else "-"
    return bar.work, bar.reach, before, f"{now[bar.key] * bar.scale:.2f} {bar.unit}", ratio, alone, bar.rest
