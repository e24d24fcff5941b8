"""`healthplan discover`: in which region of the parameter space does a target fail?

The draws' parameter values are made anew from run.json and the parameter files; PRIM then bounds
the draws in which the plan's target is not enough (or not reached).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.adequacy.asked import named
from sim.adequacy.kinds import kind_of
from sim.arrays import Floats
from sim.errors import ConfigError, fault
from sim.params import Sampler
from sim.plan.targets import stated_targets
from sim.run.again import setup_again
from sim.run.cases import cases
from sim.run.setup import Setup
from sim.store import open_run
from sim.sweeps.factors import used_parameters
from sim.sweeps.prim import Box, find_boxes, quasi_p
from sim.sweeps.steering import readable
from sim.textfile import did_you_mean, pick
from sim.writing import finite, number

COLUMNS = (
    "scenario",
    "region",
    "indicator_id",
    "year",
    "box",
    "coverage",
    "density",
    "mass",
    "base_rate",
    "lift",
    "chance",
    "parameter",
    "name_en",
    "name_zh",
    "unit",
    "quality",
    "low",
    "high",
    "central",
    "quasi_p",
)
_FEWEST = 20  # draws below which no box means anything


@dataclass(frozen=True)
class Question:
    """A target in one year, and the draws in which it fails."""

    scenario: str
    region: str
    indicator: str
    year: int
    fails: np.ndarray[Any, np.dtype[np.bool_]]
    """(draw), draws 1..N."""
    of_need: bool
    """Whether it fails by being less than is needed; else by not being reached."""


@dataclass(frozen=True)
class Inputs:
    """What was drawn for each uncertain parameter, (draw, parameter), in readable units."""

    names: tuple[str, ...]
    values: Floats
    central: Floats
    units: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """Boxes in which a target fails."""

    question: Question
    inputs: Inputs
    boxes: tuple[Box, ...]


def discover(
    path: Path,
    indicator: str,
    *,
    year: int | None = None,
    scenario: str | None = None,
    region: str | None = None,
    most: int = 2,
) -> tuple[Setup, Found, list[str]]:
    """Boxes for one indicator of a saved run.

    year: the indicator's last tested year by default; scenario, region: the run's first.
    Raises ConfigError for unknown names, for parameters that have changed since the run, and
    where the draws are too few or all alike.
    """
    run = open_run(path)
    setup, notes = setup_again(run)
    stale = [n for n in notes if n.startswith("parameter ")]
    if stale:
        wrong = f"the parameter files have changed since: {stale[0].removeprefix('parameter ')}"
        remedy = "run the experiment again, then discover"
        raise ConfigError(fault(str(path), wrong, remedy))
    scenario = pick("--scenario", scenario, setup.scenarios)
    region = pick("--region", region, [r.code for r in setup.regions])
    with run.results() as results:
        question = ask(setup, results, scenario, region, indicator, year)
    share = float(question.fails.mean()) if len(question.fails) else 0.0
    place = f"--indicator {indicator}"
    if len(question.fails) < _FEWEST:
        wrong = f"the run has {len(question.fails)} draws"
        raise ConfigError(fault(place, wrong, "run it with --draws 200 or more"))
    if share in (0.0, 1.0):
        never = "never" if share == 0.0 else "always"
        wrong = f"fails {never} in {question.year}: there is nothing to tell apart"
        raise ConfigError(fault(place, wrong, "choose another year or indicator"))
    inputs = drawn(setup, scenario, region, len(question.fails))
    boxes = find_boxes(inputs.values, question.fails, most=most)
    return setup, Found(question, inputs, tuple(boxes)), notes


def ask(
    setup: Setup, results: xr.Dataset, scenario: str, region: str, indicator: str, year: int | None
) -> Question:
    """In which draws does the indicator's target fail?"""
    place = f"--indicator {indicator}"
    known: dict[str, list[int]] = {}
    for context in cases(setup, results):
        if (context.scenario, context.region) != (scenario, region):
            continue
        stated = list(stated_targets(context.plan, context.rules, context.test_years))
        for name, one in named(stated).items():
            years = [y for y in one.years if y in context.measures.years()]
            known.setdefault(name, []).extend(years)
            at = years[-1] if year is None and years else year
            if name != indicator or at not in years:
                continue
            assert one.target is not None
            standing = kind_of(one.target).standing(context.reading, one.target, at)
            if standing is not None:
                of_need = standing.required is not None
                return Question(scenario, region, indicator, at, standing.fails[1:], of_need)
            wrong = f"the model has no {one.target.variable} {one.target.group}".rstrip()
            raise ConfigError(fault(place, wrong, "choose another indicator"))
    if indicator not in known:
        scoped = [n for n in known if n.startswith(f"{indicator}.")]
        remedy = f"write {' or '.join(scoped)}" if scoped else did_you_mean(indicator, [*known])
        raise ConfigError(fault(place, "is not a tested indicator", remedy))
    tested = ", ".join(str(y) for y in dict.fromkeys(known[indicator]))
    raise ConfigError(fault(place, f"is not tested in {year}", f"tested in {tested or 'no year'}"))


def drawn(setup: Setup, scenario: str, region: str, n: int) -> Inputs:
    """Values of every uncertain parameter in draws 1..n."""
    used = used_parameters(setup.parameters[scenario, region])
    parameters = {
        name: p
        for name, p in sorted(setup.parameters[scenario, region].items())
        if name in used and p.is_uncertain
    }
    sampler = Sampler(parameters, setup.years, setup.experiment.draws.seed)
    columns, central, units = [], [], []
    for name in parameters:
        values, label = readable(sampler, name, range(n + 1))
        columns.append(values[1:])
        central.append(values[0])
        units.append(label)
    return Inputs(tuple(parameters), np.column_stack(columns), np.array(central), tuple(units))


def rows(setup: Setup, found: Found) -> Iterator[dict[str, Any]]:
    """Rows of discover CSV: one for each bounded parameter of each box."""
    q, inputs = found.question, found.inputs
    parameters = setup.parameters[q.scenario, q.region]
    for b, box in enumerate(found.boxes, 1):
        for i in box.bounded:
            record = parameters[inputs.names[i]].record
            low, high = box.bounds[i]
            yield {
                "scenario": q.scenario,
                "region": q.region,
                "indicator_id": q.indicator,
                "year": q.year,
                "box": b,
                "coverage": number(box.coverage),
                "density": number(box.density),
                "mass": number(box.mass),
                "base_rate": number(float(q.fails.mean())),
                "lift": number(box.lift),
                "chance": number(box.chance),
                "parameter": inputs.names[i],
                "name_en": record.name.en,
                "name_zh": record.name.zh,
                "unit": inputs.units[i],
                "quality": record.quality,
                "low": finite(low),
                "high": finite(high),
                "central": number(inputs.central[i]),
                "quasi_p": number(quasi_p(inputs.values, q.fails, box, i)),
            }
