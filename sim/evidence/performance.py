"""How fast: the chain by stage, growth with draws, regions, years and parameters, sweep, storage.

`python -m sim.evidence.performance docs/performance.md` measures and writes the page, and the plot of
growth beside it.  `--against FOLDER`: a checkout of another version, measured in the same minutes;
`--whole`: all prefectures and counties are run, where a sample else stands for them; `--tests`: the fast
tests are run too; `--extra FOLDER`: what numba brings, where `pip install --target FOLDER numba` put it
(the rest is measured without it: it must not stand in the environment itself).  Times are stated beside
two bounds of the same machine and minute, so that machines can be compared: the memory bandwidth of a
triad (a = b + s c) and the time of one exponential.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import netCDF4
import numpy as np
import xarray as xr

from sim.evidence import bars, scale
from sim.params import Parameter, Sampler
from sim.run import blockfile, blocks, lanes, pipeline
from sim.run.kept import reduce
from sim.run.runner import plan_blocks
from sim.run.setup import Setup, set_up
from sim.run.version import versions
from sim.sweeps import sampling, sensitivity
from sim.sweeps import sweep as sweeps

_TRIAD = 10_000_000  # float64 values of each array: far more than a cache holds
_EXPS = 4_000_000
_MB = 1e6
_SHARED = 40.0  # seconds that the shared work takes one worker


@dataclass(frozen=True)
class Bounds:
    """What the machine can do at best, measured now."""

    triad_bytes: float
    """Bytes a second that the memory moves in a = b + s c."""
    in_place: float
    """The same of a = s a: what is written was read before."""
    elsewhere: float
    """The same of a = s b: the lines that are written are read first."""
    exp_seconds: float
    """Seconds of one exponential of a float64."""


def bounds() -> Bounds:
    """Memory bandwidth and exponentials of one core."""
    b, c, a = (np.full(_TRIAD, float(k)) for k in range(3))

    def triad() -> None:
        np.multiply(c, 1.5, out=a)
        np.add(a, b, out=a)

    x = np.linspace(-1.0, 1.0, _EXPS)
    out = np.empty_like(x)
    each = 8 * _TRIAD
    return Bounds(
        triad_bytes=6 * each / best(triad),  # of the first pass three arrays, of the second three
        in_place=2 * each / best(lambda: np.multiply(a, 1.0, out=a)),
        elsewhere=3 * each / best(lambda: np.multiply(b, 1.0, out=a)),
        exp_seconds=best(lambda: np.exp(x, out=out)) / _EXPS,
    )


def best(work: Callable[[], object], rounds: int = 3) -> float:
    """Shortest of some rounds, seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def stage_times(setup: Setup, draws: int, rounds: int = 3) -> dict[str, float]:
    """Seconds of each part of the chain for one block, the shortest of some rounds."""
    block = replace(plan_blocks(setup, draws)[0], stop=draws)
    found: dict[str, float] = {}
    for _ in range(rounds):
        for name, seconds in _one_pass(block):
            found[name] = min(found.get(name, np.inf), seconds)
    return found


def _one_pass(block: blocks.Block) -> Iterator[tuple[str, float]]:
    draws = list(range(block.stop))
    clock = time.perf_counter
    start = clock()
    params = Sampler(block.parameters, block.years, block.seed).block(draws)
    yield "draws", clock() - start
    state = xr.Dataset(coords={"year": list(block.years), "draw": draws})
    for stage in pipeline.STAGES:
        start = clock()
        state = pipeline.step(stage, state, params)
        yield stage.__name__.removeprefix("sim."), clock() - start
    start = clock()
    pipeline.check_balance(state)
    kept = reduce(state, params, block.targets)
    yield "reduce", clock() - start
    with tempfile.TemporaryDirectory() as folder:
        single = {name: array.astype(np.float32) for name, array in kept.items()}
        start = clock()
        blockfile.write(Path(folder) / "x.npz", single)
        yield "store", clock() - start


def chain(setup: Setup, draws: int) -> float:
    """Seconds of one block through the whole chain."""
    block = replace(plan_blocks(setup, draws)[0], stop=draws)
    return best(lambda: blocks.compute(block), 2)


def steered_chain(setup: Setup, factors: int, runs: int) -> float:
    """Seconds of a Latin hypercube over so many parameters, without analysis."""
    plan = sweeps.plan_sweep(
        setup, method="lhs", over=uncertain(setup)[:factors], of=["beds_required"], n=runs
    )
    todo = [block for block, _ in sweeps.blocks_of(plan, runs)]
    return best(lambda: [block.compute() for block in todo], 2)


def uncertain(setup: Setup) -> list[str]:
    """Parameters with a range that some stage reads."""
    used = set(pipeline.parameter_names())
    parameters: Mapping[str, Parameter] = next(iter(setup.parameters.values()))
    return [n for n, p in sorted(parameters.items()) if n in used and p.is_uncertain]


def analysis_seconds(factors: int = 20, n: int = 1024, outputs: int = 600) -> float:
    """Seconds of first-order and total indices with intervals for so many outputs."""
    plan = sampling.design("sobol", [f"x{i}" for i in range(factors)], n, 1)
    weights = np.random.default_rng(1).random((factors, outputs))
    values = np.exp(plan.points @ weights / factors)
    return best(lambda: sensitivity.sobol(plan, values), 2)


def storage(draws: int = 4096, cells: int = 256) -> tuple[float, float]:
    """Bytes a second written to and read from a file laid out as results.nc."""
    values = np.random.default_rng(1).lognormal(size=(cells, draws)).astype("f4")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.nc"

        def write() -> None:
            with netCDF4.Dataset(path, "w") as file:
                file.createDimension("cell", cells)
                file.createDimension("draw", draws)
                v = file.createVariable(
                    "v",
                    "f4",
                    ("cell", "draw"),
                    zlib=True,
                    complevel=1,
                    shuffle=True,
                    chunksizes=(cells, 1024),
                )
                for first in range(0, draws, 1024):
                    v[:, first : first + 1024] = values[:, first : first + 1024]

        def read() -> None:
            with netCDF4.Dataset(path) as file:
                file["v"][:]

        written = values.nbytes / best(write)
        return written, values.nbytes / best(read)


def start_up() -> float:
    """Seconds of `healthplan --help` in a new process."""
    command = [sys.executable, "-m", "sim", "--help"]
    return best(lambda: subprocess.run(command, check=True, capture_output=True))


@dataclass(frozen=True)
class Asked:
    """What is measured besides."""

    against: Path | None = None
    """A checkout of another version."""
    extra: Path | None = None
    """A folder with numba."""
    whole: bool = False
    """All places, not a sample."""
    tests: bool = False
    """The fast tests."""


_SHARED_MACHINE = (
    "Bytes of the kernel and of the triad are those that the memory moves, on one core: a line that is "
    "written is read into the cache first (the bounds above show it: reading here and writing there is as "
    "fast as in place only so). Counted once, as they were here before, the lines that the kernel writes "
    "make a fifth less of the triad. What a second worker can bring at best is what two processes bring "
    "that know nothing of each other: they share the memory, the last cache and the processor's heat.\n"
)


def page(root: Path, picture: Path, asked: Asked) -> str:
    """docs/performance.md; the plot of growth is written to `picture`."""
    anyang = set_up(root / "experiments" / "anyang_14fyp.yaml", scenarios=["reference"])
    limits = bounds()
    least = bars.least(limits.exp_seconds, best)
    info = versions()
    parts = [
        "# How fast it is\n",
        "Made by `make docs` (`python -m sim.evidence.performance docs/performance.md`); "
        "one process, "
        f"{os.cpu_count()} cores ({platform.machine()}), Python {info['python']}, "
        f"NumPy {info['numpy']}, xarray {info['xarray']}, numba {info['numba']}. "
        "The shortest of a few rounds each.\n",
        "## Bounds of this machine\n",
        _table(
            ("bound", "measured"),
            [
                ("memory bandwidth, triad", f"{limits.triad_bytes / 1e9:.1f} GB/s"),
                ("the same, read and written in place", f"{limits.in_place / 1e9:.1f} GB/s"),
                ("the same, read here and written there", f"{limits.elsewhere / 1e9:.1f} GB/s"),
                ("one exponential", f"{limits.exp_seconds * 1e9:.2f} ns"),
            ],
        ),
        "## Beside what it must cost\n",
        "*before*: another version, named by `--against`, measured in turn with this one; *arithmetic "
        "alone*: 5,000 exponentials and 20,000 other operations a draw-year, at this machine's pace.\n",
        _table(_BARS, bars.rows(root, least, asked.against, asked.whole, asked.extra)),
        "## Where the time goes\n",
        "Anyang to 2035, one block of 256 draws. *exps*: how many exponentials of one core the "
        "same time would hold, for each draw; a figure to compare machines by.\n",
        _stages(anyang, root, limits, asked.extra),
        "## How cost grows\n",
        "Each is to grow no faster than its size. Regions are lanes of one block.\n",
        _growth(anyang, root, picture),
        f"![time of a block against its size]({picture.name})\n",
        "## The kernel, a whole run, a second worker\n",
        _SHARED_MACHINE,
        _large(anyang, root, limits, asked),
        "## Sweeps\n",
        _sweeps(anyang),
        "## Storage and start-up\n",
        _storage(),
    ]
    return "\n".join(parts)


def _stages(setup: Setup, root: Path, limits: Bounds, extra: Path | None) -> str:
    times = stage_times(setup, bars.STAGED)
    beside = bars.stages(root, extra) if extra is not None else {}
    total, least = sum(times.values()), sum(beside.values())
    rows = [
        (
            name,
            f"{1e3 * t:.0f} ms",
            f"{t / total:.0%}",
            f"{t / bars.STAGED / limits.exp_seconds:,.0f}",
            f"{1e3 * with_numba:.0f} ms" if beside else "-",
        )
        for name, t, with_numba in (
            *((name, t, beside.get(name, 0.0)) for name, t in times.items()),
            ("whole chain", total, least),
        )
    ]
    return _table(("part", "time", "share", "exps per draw", "with numba"), rows)


_BARS = ("work", "to reach", "before", "now", "ratio", "arithmetic alone", "where the rest goes")


def _growth(setup: Setup, root: Path, picture: Path) -> str:
    lines: dict[str, list[tuple[int, float]]] = {"draws": [], "years": [], "regions": []}
    lines["draws"] = [(n, chain(setup, n)) for n in (16, 64, 256, 512)]
    rows = [("draws", f"{n} draws", f"{t:.2f} s", f"{1e3 * t / n:.2f} ms") for n, t in lines["draws"]]
    for end in (2025, 2035, 2050):
        years = setup.experiment.years.model_copy(update={"end": end})
        own = set_up(
            root / "experiments" / "anyang_14fyp.yaml",
            scenarios=["reference"],
            changes={"years": years, "test_years": ()},
        )
        t = chain(own, 128)
        lines["years"].append((end - own.years[0], t))
        rows.append(("years", f"to {end}", f"{t:.2f} s", f"{1e3 * t / 128:.2f} ms"))
    five = set_up(root / "experiments" / "five_regions_2050.yaml")
    for count in (1, 3, 5):
        todo = [replace(b, stop=64) for b in plan_blocks(five, 64) if b.first == 0][:count]
        t = best(lambda todo=todo: [lanes.compute(own) for own in lanes.grouped(todo, 1)], 2)  # type: ignore[misc]
        lines["regions"].append((count, t))
        rows.append(("regions", f"{count}, to 2050", f"{t:.2f} s", f"{1e3 * t / 64:.2f} ms"))
    for count in (1, 20, len(uncertain(setup))):
        t = steered_chain(setup, count, 256)
        rows.append(("parameters", f"{count} moved", f"{t:.2f} s", f"{1e3 * t / 256:.2f} ms"))
    _plot(lines, picture)
    return _table(("of", "size", "time", "per draw"), rows)


def _plot(lines: Mapping[str, Sequence[tuple[int, float]]], picture: Path) -> None:
    """Time against size, a panel for each of what grows, from nought."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    fig = Figure(figsize=(9, 2.8), layout="constrained")
    for axes, (name, points) in zip(fig.subplots(1, len(lines)), lines.items(), strict=True):
        axes.plot(*zip(*points, strict=True), marker="o", color="#1f77b4")
        axes.set(xlabel=name, ylabel="s", xlim=(0, None), ylim=(0, None))
        axes.spines[["top", "right"]].set_visible(False)
    with mpl.rc_context({"svg.hashsalt": "performance"}):
        fig.savefig(picture, format="svg", metadata={"Date": None})


def _kernel(draws: int) -> tuple[float, float]:
    """Draw-years and bytes a second of the kernel."""
    own = scale.kernel(draws)
    return own.draw_years_per_second, own.bytes_per_second


def _large(setup: Setup, root: Path, limits: Bounds, asked: Asked) -> str:
    extra, tests = asked.extra, asked.tests
    found = [(n, "", *_kernel(n), limits.triad_bytes) for n in bars.KERNELS]
    if extra is not None:
        beside = zip(bars.KERNELS, bars.kernels(root, extra), strict=True)
        found += [(n, ", with numba", *own) for n, own in beside]
    rows = [
        (
            f"kernel, given rates, {n} draws{how}",
            "70%",
            f"{pace / 1e6:.1f} million draw-years/s, {moved / triad:.0%} of the triad",
        )
        for n, how, pace, moved, triad in found
    ]
    experiment = root / "experiments" / "anyang_14fyp.yaml"
    alone = scale.whole_run(experiment, 1)
    work = "`run` of Anyang, 4 scenarios x 200 draws, tables and charts, one worker"
    rows.append((work, "-", f"{alone:.1f} s"))
    for work, code in (
        ("of arithmetic in the first cache", scale.ARITHMETIC),
        ("of such blocks", scale.BLOCKS),
    ):
        rows.append(
            (f"two unrelated processes {work}, against one", "-", f"{scale.unrelated(root, code):.2f} times")
        )
    for scheduler, reach in ((False, "1.8 times"), (True, "1.6 times")):
        gain = scale.speed_up(setup, root, _SHARED, scheduler)
        where = ", workers of a Dask scheduler" if scheduler else ""
        work = f"blocks of {gain.draws:,} draws, 1 and 2 workers{where}"
        rows.append((work, reach, f"{gain.one:.1f} s and {gain.two:.1f} s: {gain.ratio:.2f} times"))
    said = "not measured here: `--tests`"
    if tests:
        rounds = scale.fast_tests(root)
        said = f"{min(rounds):.0f} s (two rounds: {' and '.join(f'{took:.0f}' for took in rounds)} s)"
    rows.append(("the fast tests, on all cores", "90 s", said))
    return _table(("what", "to reach", "measured"), rows)


def _sweeps(setup: Setup) -> str:
    factors, n, sample = 20, 1024, 64
    plan = sweeps.plan_sweep(
        setup, method="sobol", over=uncertain(setup)[:factors], of=["*_required@2035"], n=sample
    )
    todo = [block for block, _ in sweeps.blocks_of(plan, sweeps.BLOCK_RUNS)]
    start = time.perf_counter()
    for block in todo:
        block.compute()
    each = (time.perf_counter() - start) / len(plan.design.points)
    runs = n * (factors + 2)
    analysis = analysis_seconds(factors, n, 600)
    rows = [
        ("one model run in a Sobol' sweep", f"{1e3 * each:.2f} ms"),
        (f"{runs:,} runs ({factors} parameters, N = {n}) on one core", f"{runs * each:.0f} s"),
        ("analysis of 600 outputs of these, with intervals", f"{analysis:.1f} s"),
        ("analysis / runs", f"{analysis / (runs * each):.3f}"),
    ]
    return _table(("what", "measured"), rows)


def _storage() -> str:
    written, read = storage()
    rows = [
        ("written as results.nc is (float32, deflate 1)", f"{written / _MB:.0f} MB/s"),
        ("read back", f"{read / _MB:.0f} MB/s"),
        ("`healthplan --help`", f"{start_up():.2f} s"),
    ]
    return _table(("what", "measured"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m sim.evidence.performance")
    parser.add_argument("page", type=Path)
    parser.add_argument("--against", type=Path, help="a checkout of another version")
    parser.add_argument("--whole", action="store_true", help="compute all places, not a sample")
    parser.add_argument("--extra", type=Path, help="a folder with numba: what it brings is measured too")
    parser.add_argument("--tests", action="store_true", help="run the fast tests too")
    given = parser.parse_args()
    picture = given.page.with_name("performance.svg")
    against = given.against and given.against.resolve()
    extra = given.extra and given.extra.resolve()
    text = page(Path.cwd(), picture, Asked(against, extra, given.whole, given.tests))
    given.page.write_text(text, encoding="utf-8")
