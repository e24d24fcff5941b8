"""`healthplan sweep`: which assumption decides an output, over many runs of the model."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from sim import turns
from sim.argument_kinds import looked_at
from sim.arguments import choice_faults, refuse, whole_faults
from sim.arrays import Floats
from sim.catalogue.language import LANGS
from sim.errors import ConfigError, collected, fault, raise_all
from sim.folders import usable
from sim.params import Parameter
from sim.run import blockfile
from sim.run.given import cited
from sim.run.pool import Phase, Progress, compute_all, unsaid
from sim.run.runner import check_set
from sim.run.setup import Setup
from sim.run.tasks import stored
from sim.run.version import source_hash, versions
from sim.run.work import WorkFolder
from sim.store import RunFolder
from sim.sweeps import folder as sweepfile
from sim.sweeps import sampling, sensitivity
from sim.sweeps.factors import Factor, check_groups, parse_factors, parse_groups, taken
from sim.sweeps.names import factor_name, output_name
from sim.sweeps.output_names import parse_outputs
from sim.sweeps.outputs import default_outputs, known_series
from sim.sweeps.plan_rows import asked_of
from sim.sweeps.resolved import Result, Sweep
from sim.sweeps.steered import SweepBlock, series
from sim.sweeps.steering import choose, fixed_choices
from sim.writing import write_json

BLOCK_RUNS = 256


@looked_at
def plan_sweep(
    setup: Setup,
    *,
    method: str | None = None,
    over: Sequence[str] = (),
    of: Sequence[str] = (),
    n: int | None = None,
    groups: Sequence[str] = (),
    seed: int | None = None,
) -> Sweep:
    """Resolve a sweep; what is not given comes from the experiment's own `sweep` settings.

    Raises ConfigError for unknown parameters, outputs, reversed ranges, sizes that do not fit.
    """
    check_set(setup)
    own = setup.experiment.sweep
    method = own.method if method is None else method
    refuse(whole_faults("seed", 0 if seed is None else seed, 0))
    if n is None:
        stated = "n" in own.model_fields_set and method == own.method
        n = own.n if stated else sampling.DEFAULT_N[method]
    grouped = parse_groups(groups) if groups else dict(own.groups)
    check_groups(grouped)
    parameters = next(iter(setup.parameters.values()))
    kept = series(parameters, (), np.empty((1, 0)), setup.years, setup.targets)
    known, asked = known_series(kept), asked_of(setup, parameters, kept)
    texts = tuple(of or own.of) or default_outputs(known)
    years, test_years = setup.years, setup.experiment.test_years
    faults: list[str] = []
    factors = collected(faults, lambda: parse_factors(over or own.over, parameters, grouped)) or ()
    outputs = collected(faults, lambda: parse_outputs(texts, known, years, test_years, asked)) or ()
    raise_all(ConfigError, faults)
    for place in setup.parameters.values():
        parse_factors([f.name for f in factors if f.kind == "range"], place, {})
    columns = [f.name for f in factors]
    levels = {f.name: len(f.choices) for f in factors if f.kind == "choice"}
    grouped = {g: tuple(m for m in ms if m in columns) for g, ms in grouped.items()}
    listed = [m for ms in grouped.values() for m in ms if m in levels]
    if listed and method in sampling.LISTED:
        wrong = f"{listed[0]} takes a list of values, the others of its group a range"
        raise ConfigError(fault("--group", wrong, "leave it out, or --method lhs, morris or sobol"))
    chosen_seed = setup.experiment.draws.seed if seed is None else seed
    design = sampling.design(method, columns, n, chosen_seed, groups=grouped, levels=levels)
    notes = _notes(factors, parameters, grouped)
    return Sweep(setup, design, factors, outputs, grouped, notes)


def _notes(
    factors: Sequence[Factor],
    parameters: Mapping[str, Parameter],
    groups: Mapping[str, Sequence[str]],
) -> tuple[str, ...]:
    linked: dict[str, list[str]] = {}
    for factor in factors:
        spread = parameters[factor.parameter].record.range
        if factor.kind == "range" and spread is not None and spread.correlate is not None:
            linked.setdefault(spread.correlate.group, []).append(factor.name)
    together = [set(members) for members in groups.values()]
    return tuple(
        f"{', '.join(names)} are drawn together in a run (group {group}) but moved apart here; "
        f"--group {group}={','.join(names)} takes them as one"
        for group, names in linked.items()
        if len(names) > 1 and not any(set(names) <= t for t in together)
    )


@looked_at
@turns.one_run
def sweep(
    plan: Sweep,
    out: Path | str,
    *,
    workers: int = 1,
    block_runs: int = BLOCK_RUNS,
    progress: Progress | None = None,
    executor: Executor | None = None,
    charts: bool = True,
    lang: str = "zh",
    phase: Phase = unsaid,
) -> Path:
    """Run a sweep and return its folder, `out/<experiment>/sweep-<time>-<hash>`.

    phase: told of what follows the runs, `tables` and `charts`.

    Raises RunError that lists the failed blocks; finished ones are kept for the next try.  Raises
    ConfigError for a folder that cannot be written to, and ParameterError for an unknown language and for
    blocks or workers below 1.
    """
    usable(out, "out")
    refuse(choice_faults("lang", lang, LANGS))
    refuse(whole_faults("workers", workers, 1), whole_faults("block_runs", block_runs, 1))
    started, clock = datetime.now(UTC), time.perf_counter()
    todo = blocks_of(plan, block_runs)
    parent = Path(out) / plan.setup.experiment.name
    key = sweep_key(plan)
    with WorkFolder(parent, f"sweep-{key}") as work:
        tasks = [block for block, _ in todo]
        compute_all(tasks, work.path, workers=workers, progress=progress, executor=executor)
        ran = time.perf_counter() - clock
        phase("tables", 0, 1)
        results = tuple(_results(plan, todo, work.path))
        folder = RunFolder(parent, f"sweep-{started:%Y%m%d-%H%M%S}-{key[:8]}", inside=work.path)
        with folder.written():
            sweepfile.write(plan, results, folder.path)
            seconds = {"runs": ran, "analysis": time.perf_counter() - clock - ran}
            meta = describe(plan, started, workers)
            meta["constant"] = list(sweepfile.constants(plan, results))
            meta["times"] |= {k: round(v, 3) for k, v in seconds.items()}
            write_json(folder.path / "sweep.json", meta)
            phase("tables", 1, 1)
            if charts:
                from sim.charts.sweep import draw_sweep

                phase("charts", 0, 1)
                draw_sweep(folder.path, lang=lang)
                phase("charts", 1, 1)
            final = folder.publish()
        work.done()
    return final


def first_scenario(setup: Setup) -> Setup:
    """The setup with its first scenario alone."""
    name = setup.scenarios[0]
    own = {key: value for key, value in setup.parameters.items() if key[0] == name}
    return replace(setup, scenarios=(name,), parameters=own)


def seconds_of(plan: Sweep, workers: int) -> float:
    """Seconds that all runs take on so many workers, from one block computed twice."""
    todo = blocks_of(plan, BLOCK_RUNS)
    block, own = max(todo, key=lambda each: len(each[1]))
    for _ in range(2):  # the first one warms caches up
        start = time.perf_counter()
        block.compute()
        seconds = time.perf_counter() - start
    runs = sum(len(rows) for _, rows in todo)
    return seconds / len(own) * runs / min(workers, len(todo))


def blocks_of(plan: Sweep, block_runs: int) -> list[tuple[SweepBlock, np.ndarray[Any, Any]]]:
    """Blocks with the rows of the design that each computes; one set of choices in a block."""
    design = plan.design
    points = taken(design, plan.factors)
    size = block_runs
    if design.method in ("sobol", "morris"):  # rows that belong together share their populations
        whole = len(design.factors) + (2 if design.method == "sobol" else 1)
        size = max(block_runs // whole, 1) * whole
    kinds: dict[tuple[tuple[str, str], ...], list[int]] = {}
    if any(f.kind == "choice" for f in plan.factors):
        for i, row in enumerate(points):
            kinds.setdefault(fixed_choices(plan.factors, row), []).append(i)
    else:
        kinds[()] = list(range(len(points)))
    found = []
    for (scenario, region), parameters in plan.setup.parameters.items():
        for choices, rows in kinds.items():
            chosen = choose(parameters, choices)
            for start in range(0, len(rows), size):
                at = np.array(rows[start : start + size])
                block = SweepBlock(
                    scenario,
                    region,
                    tuple(at.tolist()),
                    chosen,
                    plan.factors,
                    points[at],
                    plan.outputs,
                    plan.setup.years,
                    plan.setup.targets,
                )
                found.append((block, at))
    return found


def _results(
    plan: Sweep, todo: Sequence[tuple[SweepBlock, np.ndarray[Any, Any]]], folder: Path
) -> Iterator[Result]:
    shape = len(plan.design.points), len(plan.outputs)
    values: dict[tuple[str, str], Floats] = {}
    for block, rows in todo:
        own = values.setdefault((block.scenario, block.region), np.empty(shape))
        own[rows] = blockfile.read(stored(folder, block))["values"].values
    for (scenario, region), array in values.items():
        measures = sensitivity.analyse(plan.design, array, plan.design.seed + 1)
        yield Result(scenario, region, array, tuple(measures))


def sweep_key(plan: Sweep) -> str:
    """Hash of the resolved sweep: the same command finds its unfinished work again."""
    setup = plan.setup
    hashes = {"|".join(k): {n: p.hash for n, p in v.items()} for k, v in setup.parameters.items()}
    text = json.dumps(
        [
            hashes,
            list(setup.years),
            [asdict(f) for f in plan.factors],
            [asdict(o) for o in plan.outputs],
            plan.design.method,
            plan.design.n,
            plan.design.seed,
            {k: list(v) for k, v in plan.groups.items()},
        ],
        sort_keys=True,
    )
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def describe(plan: Sweep, started: datetime, workers: int) -> dict[str, Any]:
    """sweep.json: what was moved, how, and what was watched."""
    setup = plan.setup
    entries = {} if setup.plan is None else setup.plan.vocabulary.indicators
    return {
        "format": 1,
        "experiment": setup.experiment.model_dump(mode="json", by_alias=True),
        "experiment_file": str(setup.file),
        "settings": [list(pair) for pair in setup.settings],
        "scenarios": list(setup.scenarios),
        "regions": [r.labels for r in setup.regions],
        **cited(setup),
        "method": plan.design.method,
        "n": plan.design.n,
        "runs": len(plan.design.points),
        "seed": plan.design.seed,
        "over": [asdict(f) for f in plan.factors],
        "groups": {k: list(v) for k, v in plan.groups.items()},
        "names": {f.name: factor_name(f, next(iter(setup.parameters.values()))) for f in plan.factors},
        "output_names": {o.name: output_name(o, entries) for o in plan.outputs},
        "of": [o.label for o in plan.outputs],
        "units": {o.name: o.unit for o in plan.outputs},
        "notes": list(plan.notes),
        "parameters": {
            "|".join(key): {n: p.hash for n, p in sorted(parameters.items())}
            for key, parameters in setup.parameters.items()
        },
        "model": {"source_hash": source_hash()},
        "versions": versions(),
        "times": {"started": started.isoformat(timespec="seconds"), "workers": workers},
    }
