"""From a place's code to its proposal: a projection, the table, and a plan folder that `run` takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from sim.adequacy.case import Case
from sim.adequacy.cost import Paths, is_costed, paths
from sim.arrays import Floats
from sim.catalogue.language import Lang
from sim.config import Experiment, check_name, is_region_code
from sim.config.experiment import Draws, Years
from sim.drivers import influence
from sim.errors import ConfigError, fault
from sim.intact import fingerprints
from sim.plan.rulebook import load_rulebook
from sim.plan.targets import Target
from sim.plan.tests import load_rules
from sim.propose import table
from sim.propose.listed import load_listed, probe
from sim.propose.plan_folder import check_free, write_plan
from sim.propose.province import Goals, asked_by
from sim.run import runner
from sim.run.cases import cases
from sim.run.costs import Options, write_costs
from sim.run.pool import Phase, unsaid
from sim.run.setup import Setup, set_up
from sim.run_folder import write_tables
from sim.store import open_results
from sim.writing import write_json

BASE = 2020  # of the censuses that a projection starts from


@dataclass(frozen=True)
class Asked:
    """What is asked for: years in rising order, the probability, the year that is today."""

    years: tuple[int, ...]
    p: float
    now: int


@dataclass(frozen=True)
class Proposed:
    """Where a proposal stands: the run's folder, and the plan and the experiment made of it."""

    folder: Path
    plan: Path
    experiment: Path


def propose(
    root: Path,
    code: str,
    asked: Asked,
    out: Path,
    *,
    name: str | None = None,
    draws: int = 200,
    seed: int = 1,
    settings: Sequence[tuple[str, Any]] = (),
    phase: Phase = unsaid,
    lang: Lang = "zh",
    **options: Any,
) -> Proposed:
    """Run a place's projection and write its proposal; options: workers, progress, charts, as of
    runner.run.

    root: the working folder.  name: of the plan folder, proposal_<code>_<year> unless given.  phase: told
    of what follows the projection.  lang: of the notes in the plan folder.
    Raises ConfigError for years out of order, a probability that is none, a plan folder of that
    name that `propose` did not make.
    """
    _check(asked)
    if not is_region_code(code):
        remedy = "write the six-digit code as text, such as '410500'"
        raise ConfigError(fault("REGION", f"{code!r}", remedy))
    name = check_name(name or f"proposal_{code}_{asked.years[0]}".lower(), "--name")
    check_free(root / "parameters" / "plans" / name)
    experiment = Experiment(
        schema=1,
        name=name,
        regions=(code,),
        years=Years(base=BASE, end=asked.years[-1]),
        test_years=asked.years,
        draws=Draws(n=draws, seed=seed),
    )
    setup = set_up(root / "experiments" / f"{name}.yaml", settings=settings, experiment=experiment)
    goals = asked_by(root / "parameters", setup.regions[0].province)
    written: dict[str, Path] = {}
    tables = partial(_write, asked, name, goals, written, phase, lang)
    folder = runner.run(setup, out, tables=tables, **options)
    return Proposed(folder, written["plan"], written["experiment"])


def _check(asked: Asked) -> None:
    first = asked.years[0]
    if not 0 < asked.p < 1:
        raise ConfigError(fault("--p", f"{asked.p:g} is no probability", "write one such as 0.9"))
    if list(asked.years) != sorted(set(asked.years)):
        raise ConfigError(fault("--to", f"{asked.years[-1]} is not after {first}", "write a later year"))
    if not BASE < asked.now < first:
        remedy = f"write a year from {BASE + 1} to {first - 1}"
        raise ConfigError(fault("--now", f"{asked.now} is not between {BASE} and {first}", remedy))


def _write(
    asked: Asked,
    name: str,
    goals: Goals,
    written: dict[str, Path],
    phase: Phase,
    lang: Lang,
    setup: Setup,
    folder: Path,
    workers: int = 1,
) -> Mapping[str, Any]:
    """The tables of the projection, propose.csv, the plan folder and its experiment."""
    said = write_tables(setup, folder, workers, phase)
    listed, region = load_listed(setup.root / "parameters"), setup.regions[0]
    plan = probe(setup.root / "parameters", listed, region.code, asked.years, asked.now)
    book = load_rulebook(setup.root / "parameters", plan.id)
    probed = replace(setup, plan=plan, rules=load_rules(setup.root), rulebook=book)
    with open_results(folder / "results.nc") as results:
        case = next(iter(cases(probed, results, influence.measure(setup))))
        made = list(table.proposals(case, listed, asked.now, asked.p))
        rows = [table.row_of(case, one, region, setup.root, goals, asked.now, asked.p) for one in made]
        write_costs(probed, folder, [case], _options(made, asked.now))
    table.write(folder, rows)
    made_of = write_plan(setup, name, rows, asked.years, asked.now, lang)
    written["plan"], written["experiment"] = made_of
    write_json(folder / "propose.json", {"years": list(asked.years), "p": asked.p, "now": asked.now})
    stated = fingerprints(folder, ("costs.csv", "propose.csv", "propose.json"))
    return {**said, "files": {**said["files"], **stated}}


def _options(made: Sequence[table.Made], now: int) -> Options:
    """Stocks by trend, and those of the proposal: by trend to today, then evenly to the first target."""
    targets: dict[str, Target] = {}
    for _, _, proposal in made:
        if proposal is not None and is_costed(proposal.target):
            targets.setdefault(proposal.target.variable, proposal.target)

    def options(case: Case) -> dict[str, Paths]:
        trend, years = paths(case.reading, "projected"), case.measures.years()
        planned = paths(case.reading, "projected", targets)
        bent = {
            item: _from_now(trend[item], planned[item], years.index(now), years.index(target.year))
            for item, target in targets.items()
            if item in trend
        }
        return {"trend": trend, "proposal": {**trend, **bent}}

    return options


def _from_now(trend: Floats, planned: Floats, now: int, then: int) -> Floats:
    """(year, draw): the trend up to `now`, the plan from `then` on, a straight line between them."""
    part = np.linspace(0.0, 1.0, then - now + 1)[:, None]
    line = (1.0 - part) * trend[now] + part * planned[then]
    return np.concatenate([trend[:now], line, planned[then + 1 :]])
