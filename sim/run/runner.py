"""Run an experiment: blocks on an executor, each stored when done, the folder named at the end."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.argument_kinds import looked_at
from sim.arguments import refuse, whole_faults
from sim.errors import ConfigError, ParameterError, fault, raise_all
from sim.folders import usable
from sim.intact import RESULTS, RUN_FORMAT, fingerprints, write_meta
from sim.params import Packed, Parameter, hashes
from sim.places import level_of
from sim.run import blockfile, blocks
from sim.run.acting import early_faults
from sim.run.given import cited
from sim.run.held import Held
from sim.run.part_files import assemble_parts, describe_parts
from sim.run.parts import plan_parts
from sim.run.pool import Progress, compute_all
from sim.run.rule_tables import rule_tables
from sim.run.setup import Setup
from sim.run.tasks import stored
from sim.run.version import source_hash, versions
from sim.run.work import WorkFolder
from sim.saved.row_table import read as read_rows
from sim.store import DRAW_CHUNK, ResultsWriter, RunFolder, Slice

BLOCK_DRAWS = 512
MOST_DRAWS = 1_000_000

Tables = Callable[[Setup, Path, int], Mapping[str, Any] | None]  # returns what run.json says of them
Charts = Callable[[Path, int], None]
Early = Callable[[Setup, Path, int], AbstractContextManager[object]]


def nothing_early(setup: Setup, folder: Path, workers: int) -> AbstractContextManager[object]:
    """Nothing is begun while results.nc is put together."""
    return nullcontext()


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
            setup.experiment.results.series,
            setup.experiment.results.digits,
        )
        for scenario in setup.scenarios
        for region in setup.regions
        for first in range(0, n, block_draws)
    ]


@looked_at
def run(
    setup: Setup,
    out: Path | str,
    *,
    workers: int = 1,
    block_draws: int = BLOCK_DRAWS,
    progress: Progress | None = None,
    executor: Executor | None = None,
    early: Early = nothing_early,
    tables: Tables | None = None,
    charts: Charts | None = None,
    until_mcse: float | None = None,
) -> Path:
    """Run an experiment and return its folder, `out/<experiment>/<run_id>`.

    workers: processes; the bytes of the results do not depend on it, nor on block_draws.
    executor: any concurrent.futures executor takes the place of the local processes.
    early: what is begun in the folder while results.nc is put together, in a `with` of its own.
    tables, charts: what is written into the folder once results.nc stands, and drawn from it.
    until_mcse: double the draws until no probability of the verdicts has a larger Monte-Carlo
    standard error; run.json says how many it took.  It starts from adequacy.fewest_draws or more.
    Raises RunError that lists the failed blocks; the finished ones are kept for the next try.  Raises
    ConfigError for a folder that cannot be written to, ParameterError for blocks or workers below 1.
    """
    started = datetime.now(UTC)
    clock = time.perf_counter()
    usable(out, "out")
    _check(setup, workers, block_draws, until_mcse)
    parent = Path(out) / setup.experiment.name
    with WorkFolder(parent, work_key(setup, until_mcse)) as work:
        while True:
            todo, of_parts = plan_blocks(setup, block_draws), plan_parts(setup)
            compute_all([*todo, *of_parts], work.path, workers=workers, progress=progress, executor=executor)
            folder = RunFolder(parent, run_id(setup, started), inside=work.path)
            with folder.written(), early(setup, folder.path, workers):
                _assemble(setup, todo, work.path, folder.path)
                assemble_parts(setup, of_parts, work.path, folder.path)
                meta = describe(setup, started, workers) | {"files": fingerprints(folder.path, [RESULTS])}
                write_meta(folder.path, meta)
                if tables is not None:
                    meta |= tables(setup, folder.path, workers) or {}
                if until_mcse is not None:
                    error = largest_mcse(folder.path)
                    more = 2 * setup.experiment.draws.n
                    if error > until_mcse and more <= MOST_DRAWS:
                        folder.discard()
                        setup = with_draws(setup, more)
                        continue
                    meta["stop_rule"] = stop_rule(until_mcse, error, setup.experiment.draws.n)
                if charts is not None:
                    charts(folder.path, workers)
                meta["times"]["seconds"] = round(time.perf_counter() - clock, 3)
                write_meta(folder.path, meta)
                final = folder.publish()
            work.done()
            return final


def _check(setup: Setup, workers: int, block_draws: int, until_mcse: float | None) -> None:
    """What a run cannot be cut into, stop at, or show the effect of."""
    refuse(whole_faults("workers", workers, 1), whole_faults("block_draws", block_draws, 1))
    check_set(setup)
    if until_mcse is not None:
        check_stop_rule(setup, until_mcse)


def check_set(setup: Setup) -> None:
    """Raise ParameterError for what is set of a run and was read before it could be."""
    raise_all(ParameterError, early_faults(setup.experiment, setup.file, setup.settings, setup.parameters))


def stop_rule(limit: float, error: float, draws: int) -> dict[str, Any]:
    """What run.json says of it: the limit, the largest error, the draws that it took."""
    return {"until_mcse": limit, "largest_mcse": error, "draws": draws, "reached": error <= limit}


def check_stop_rule(setup: Setup, limit: float) -> None:
    """Raise ConfigError for a limit that no run of a sensible size can meet."""
    least = 0.5 / MOST_DRAWS**0.5
    if not least <= limit < 0.5:
        wrong = f"{limit:g} is outside {least:.4f}..0.5"
        remedy = f"0.01 takes about {0.25 / 0.01**2:,.0f} draws where a probability is near 0.5"
        raise ConfigError(fault("--until-mcse", wrong, remedy))
    if setup.experiment.plan is None:
        wrong = "the experiment has no plan, so no probability to be sure of"
        raise ConfigError(fault("--until-mcse", wrong, "give --draws"))
    fewest, draws = fewest_draws(setup), setup.experiment.draws.n
    if draws < fewest:
        remedy = f"write --draws {fewest}: fewer may all agree by chance (adequacy.fewest_draws)"
        raise ConfigError(fault("--until-mcse", f"starts from {draws} draws", remedy))


def fewest_draws(setup: Setup) -> int:
    """Draws from which probabilities bear a verdict: the most that a scenario's parameters ask for."""
    found = [
        p["adequacy.fewest_draws"].data for p in setup.parameters.values() if "adequacy.fewest_draws" in p
    ]
    return max((int(data) for data in found), default=0)


def largest_mcse(folder: Path) -> float:
    """Largest Monte-Carlo standard error of p_enough and p_reached in a run's rows."""
    errors = [e for row in read_rows(folder) for e in (row.p_enough_mcse, row.p_reached_mcse)]
    return max((e for e in errors if e is not None), default=0.0)


def with_draws(setup: Setup, n: int | None = None, seed: int | None = None) -> Setup:
    """The setup with another number of draws or another seed, as far as they are given."""
    new = {key: value for key, value in (("n", n), ("seed", seed)) if value is not None}
    draws = setup.experiment.draws.model_copy(update=new)
    return replace(setup, experiment=setup.experiment.model_copy(update={"draws": draws}))


def work_key(setup: Setup, until_mcse: float | None) -> str:
    """Name of the folder of unfinished work: the same command finds it again."""
    if until_mcse is None:
        return run_key(setup)
    return f"{run_key(setup)}-until-{until_mcse:g}"


def _assemble(setup: Setup, todo: Sequence[blocks.Block], work: Path, folder: Path) -> None:
    """results.nc from the stored blocks.

    Draws are regrouped to the file's own chunks first: the same bytes at any block size.
    """
    codes = [r.code for r in setup.regions]
    n = setup.experiment.draws.n
    labels = [r.labels for r in setup.regions]
    try:
        path, small = folder / "results.nc", setup.experiment.results.digits is not None
        with closing(ResultsWriter(path, setup.scenarios, labels, setup.years, n, small=small)) as writer:
            for (scenario, region), own in _by_place(todo).items():
                at = setup.scenarios.index(scenario), codes.index(region)
                held = Held()
                for block in own:
                    held.add(blockfile.read(stored(work, block)))
                    while held.size >= DRAW_CHUNK:
                        writer.write(Slice(*at, held.first, held.take(DRAW_CHUNK)))
                if held.size:
                    writer.write(Slice(*at, held.first, held.take(held.size)))
    except RuntimeError as error:  # how the netCDF library says that the disk is full
        raise OSError(f"results.nc: {error}; is the disk full?") from error


def _by_place(todo: Sequence[blocks.Block]) -> dict[tuple[str, str], list[blocks.Block]]:
    found: dict[tuple[str, str], list[blocks.Block]] = {}
    for block in todo:
        found.setdefault((block.scenario, block.region), []).append(block)
    return found


def run_key(setup: Setup) -> str:
    """Hash of the resolved experiment: the same command finds its unfinished work again."""
    digest = hashlib.sha256(json.dumps(setup.experiment.model_dump(mode="json"), sort_keys=True).encode())
    for key, own in sorted({**setup.parameters, **setup.part_parameters}.items()):
        digest.update(json.dumps([key, hashes(own)]).encode())
    return digest.hexdigest()[:12]


def run_id(setup: Setup, started: datetime) -> str:
    """Time of start and the hash of what is run."""
    return f"{started:%Y%m%d-%H%M%S}-{run_key(setup)[:8]}"


def describe(setup: Setup, started: datetime, workers: int) -> dict[str, Any]:
    """run.json: alone it tells what was run, from which figures, by which versions."""
    return {
        "format": RUN_FORMAT,
        "run_id": run_id(setup, started),
        "experiment": setup.experiment.model_dump(mode="json", by_alias=True),
        "experiment_file": str(setup.file),
        "settings": [list(pair) for pair in setup.settings],
        "scenarios": list(setup.scenarios),
        "regions": [r.labels for r in setup.regions],
        "log": list(setup.log),
        "history": list(setup.history),
        "known": [entry.record for entry in setup.counted],
        "parameters": _recorded(setup),
        **({"parts": describe_parts(setup)} if setup.parts else {}),
        **cited(setup),
        "tables": rule_tables(setup),
        "seed": setup.experiment.draws.seed,
        "precision": {
            "draws": setup.experiment.draws.n,
            "fewest_draws": fewest_draws(setup),
            "digits": setup.experiment.results.digits,
            "enough_draws": setup.experiment.draws.n >= fewest_draws(setup),
        },
        "model": {"source_hash": source_hash(), "commit": _commit(setup.root)},
        "versions": versions(),
        "times": {"started": started.isoformat(timespec="seconds"), "workers": workers},
    }


def _recorded(setup: Setup) -> dict[str, Any]:
    """Where each figure comes from: `shared` by all scenarios and places, of each its `own` besides."""
    places = {**setup.parameters, **setup.part_parameters}
    first = {n: _entry(p) for n, p in sorted(next(iter(places.values())).items())}
    differ, seen = set[str](), set[str]()
    for own in places.values():
        differ |= first.keys() - own.keys()
        known = isinstance(own, Packed) and own.shared.key in seen
        for name, parameter in (own.own if isinstance(own, Packed) and known else own).items():
            if name not in differ and first.get(name) != _entry(parameter):
                differ.add(name)
        if isinstance(own, Packed):
            seen.add(own.shared.key)
    rest = {
        "|".join(key): {n: _entry(own[n]) for n in sorted(differ) if n in own} for key, own in places.items()
    }
    return {"shared": {n: e for n, e in first.items() if n not in differ}, "own": rest}


def _entry(parameter: Parameter) -> dict[str, str]:
    made = parameter.made
    return {
        "hash": parameter.hash,
        "set": parameter.file.parent.name,
        "source": parameter.record.source,
        "quality": parameter.record.quality,
        "level": level_of(parameter),
        **({"made_zh": made.zh, "made_en": made.en} if made is not None else {}),
    }


def _commit(root: Path) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12"],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return done.stdout.strip() or "unknown"
