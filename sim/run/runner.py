"""Run an experiment: blocks on an executor, each stored when done, the folder named at the end."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from sim.errors import RunError, SimError, fault
from sim.run import blocks, finish
from sim.run.setup import Setup
from sim.run.work import WorkFolder
from sim.store import ResultsWriter, RunFolder, Slice, write_json

BLOCK_DRAWS = 256


class Progress(Protocol):
    """Told about every finished block."""

    def __call__(self, done: int, total: int, label: str) -> None:
        """Blocks done of total; label of the last one."""


def plan_blocks(setup: Setup, block_draws: int = BLOCK_DRAWS) -> list[blocks.Block]:
    """The blocks of a run, in the order in which they are stored."""
    n = setup.experiment.draws.n + 1
    return [
        blocks.Block(
            scenario,
            region.code,
            first,
            min(first + block_draws, n),
            setup.parameters[scenario, region.code],
            setup.years,
            setup.experiment.draws.seed,
            setup.targets,
        )
        for scenario in setup.scenarios
        for region in setup.regions
        for first in range(0, n, block_draws)
    ]


def run(
    setup: Setup,
    out: Path,
    *,
    workers: int = 1,
    block_draws: int = BLOCK_DRAWS,
    progress: Progress | None = None,
    executor: Executor | None = None,
    charts: bool = True,
) -> Path:
    """Run an experiment and return its folder, `out/<experiment>/<run_id>`.

    workers: processes; the bytes of the results do not depend on it, nor on block_draws.
    executor: any concurrent.futures executor takes the place of the local processes.
    Raises RunError that lists the failed blocks; the finished ones are kept for the next try.
    """
    started = datetime.now(UTC)
    clock = time.perf_counter()
    todo = plan_blocks(setup, block_draws)
    parent = out / setup.experiment.name
    with WorkFolder(parent, run_key(setup)) as work:
        _compute(todo, work.path, workers, progress, executor)
        folder = RunFolder(parent, run_id(setup, started))
        try:
            _assemble(setup, todo, work.path, folder.path)
            meta = describe(setup, started, workers)
            write_json(folder.path / "run.json", meta)
            finish.write_tables(setup, folder.path)
            if charts:
                finish.draw(folder.path)
            meta["times"]["seconds"] = round(time.perf_counter() - clock, 3)
            write_json(folder.path / "run.json", meta)
            final = folder.publish()
        except BaseException:
            folder.discard()
            raise
        work.done()
    return final


def _compute(
    todo: Sequence[blocks.Block], folder: Path, workers: int, progress: Progress | None,
    executor: Executor | None,
) -> None:  # fmt: skip
    missing = [b for b in todo if not (folder / f"{b.key}.npz").is_file()]
    done = len(todo) - len(missing)
    failed: list[str] = []
    for block, error in _outcomes(missing, folder, workers, executor):
        if error is not None:
            failed.append(fault(block.label, f"{type(error).__name__}: {error}"))
            continue
        done += 1
        if progress is not None:
            progress(done, len(todo), block.label)
    if failed:
        kept = f"{done} of {len(todo)} blocks are kept; the same command computes the others"
        raise RunError("\n".join([*failed, kept]))


def _outcomes(
    missing: Sequence[blocks.Block], folder: Path, workers: int, executor: Executor | None
) -> Iterator[tuple[blocks.Block, BaseException | None]]:
    """Each block with None, or with what went wrong."""
    if executor is None and (workers <= 1 or len(missing) <= 1):
        for block in missing:
            try:
                blocks.compute_to_file(block, folder)
            except (SimError, ArithmeticError, ValueError, MemoryError) as error:
                yield block, error
            else:
                yield block, None
        return
    if executor is not None:  # its workers may be elsewhere: the results come back and are stored
        sent = {executor.submit(blocks.compute, block): block for block in missing}
        for future in as_completed(sent):
            failure = future.exception()
            if failure is None:
                blocks.write(folder / f"{sent[future].key}.npz", future.result())
            yield sent[future], failure
        return
    with ProcessPoolExecutor(workers) as pool:
        local = {pool.submit(blocks.compute_to_file, b, folder): b for b in missing}
        for done in as_completed(local):
            yield local[done], done.exception()


def _assemble(setup: Setup, todo: Sequence[blocks.Block], work: Path, folder: Path) -> None:
    codes = [r.code for r in setup.regions]
    writer = ResultsWriter(
        folder / "results.nc",
        setup.scenarios,
        [r.labels for r in setup.regions],
        setup.years,
        setup.experiment.draws.n,
    )
    try:
        for block in todo:
            series = blocks.read(work / f"{block.key}.npz")
            at = setup.scenarios.index(block.scenario), codes.index(block.region)
            writer.write(Slice(*at, block.first, series))
    finally:
        writer.close()


def run_key(setup: Setup) -> str:
    """Hash of the resolved experiment: the same command finds its unfinished work again."""
    hashes = {"|".join(k): {n: p.hash for n, p in v.items()} for k, v in setup.parameters.items()}
    text = json.dumps([setup.experiment.model_dump(mode="json"), hashes], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def run_id(setup: Setup, started: datetime) -> str:
    """Time of start and the hash of what is run."""
    return f"{started:%Y%m%d-%H%M%S}-{run_key(setup)[:8]}"


def describe(setup: Setup, started: datetime, workers: int) -> dict[str, Any]:
    """run.json: alone it tells what was run, from which figures, by which versions."""
    return {
        "format": 1,
        "experiment": setup.experiment.model_dump(mode="json", by_alias=True),
        "experiment_file": str(setup.file),
        "settings": [list(pair) for pair in setup.settings],
        "scenarios": list(setup.scenarios),
        "regions": [r.labels for r in setup.regions],
        "log": list(setup.log),
        "parameters": {
            "|".join(key): {
                name: {
                    "hash": p.hash,
                    "set": p.file.parent.name,
                    "source": p.record.source,
                    "quality": p.record.quality,
                }
                for name, p in sorted(parameters.items())
            }
            for key, parameters in setup.parameters.items()
        },
        "seed": setup.experiment.draws.seed,
        "model": {"source_hash": blocks.source_hash(), "commit": _commit(setup.root)},
        "versions": versions(),
        "times": {"started": started.isoformat(timespec="seconds"), "workers": workers},
    }


def versions() -> dict[str, str]:
    """Versions of what the numbers depend on."""
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": platform.python_version(), "platform": platform.platform()}
    for name in ("healthplan", "numpy", "scipy", "xarray", "netcdf4", "simpy", "matplotlib"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _commit(root: Path) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12"],
            capture_output=True, text=True, timeout=10, check=False,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return done.stdout.strip() or "unknown"
