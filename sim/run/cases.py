"""The cases of a run, one for each scenario and region, with what their indicators are tested with."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path

import xarray as xr

from sim.adequacy.case import Case, Reading, Swings
from sim.adequacy.series import Measures
from sim.adequacy.verdict import Thresholds
from sim.known import count_names, read_indicators
from sim.known.condition import PREFIX
from sim.known.words import told_by
from sim.params import Parameter
from sim.places import Region
from sim.places.levels import PLACE, PREFECTURE, PROVINCE, level_of
from sim.plan import Plan
from sim.plan.verdict_rules import VerdictRule
from sim.run.setup import Setup


def cases(setup: Setup, results: xr.Dataset, swings: Mapping[str, Swings] | None = None) -> Iterator[Case]:
    """One for each scenario and region of an experiment with a plan.

    swings: of each region; without them nothing is said of what a verdict rests on.
    """
    if setup.plan is None:
        return
    book = setup.rulebook
    countable = frozenset(told_by(setup.root))
    for s, scenario in enumerate(setup.scenarios):
        for r, region in enumerate(setup.regions):
            parameters = setup.parameters[scenario, region.code]
            own = local(setup, region, parameters)
            yield Case(
                setup.plan,
                region.code,
                scenario,
                setup.rules,
                Reading.of(Measures.of(results, s, r), parameters),
                swings[region.code] if swings is not None else Swings(region.code, (), (), {}),
                Thresholds.of(parameters),
                _value(parameters, "influence"),
                _value(parameters, "norm_gap"),
                _value(parameters, "same_within"),
                parameters,
                _special(book.special, setup.plan, parameters, own),
                book.floors,
                book.needs,
                own,
                _around(parameters),
                countable,
                setup.experiment.test_years,
            )


def _special(
    rules: Mapping[str, tuple[VerdictRule, ...]],
    plan: Plan,
    parameters: Mapping[str, Parameter],
    own: Collection[str],
) -> dict[str, tuple[VerdictRule, ...]]:
    """Rules by indicator, but for those that what is known of the region itself lifts.

    own: the parameters that its own files give.
    """
    known = {name for name in own if parameters[name].record.basis in ("measured", "derived")}
    printed = {i.id for i in plan.indicators if i.kind == "baseline" and i.value is not None}
    return {name: tuple(r for r in each if not r.falls(known, printed)) for name, each in rules.items()}


def local(setup: Setup, region: Region, parameters: Mapping[str, Parameter]) -> frozenset[str]:
    """Parameters that the region's own files, its tables or its local counts give.

    A count stands for the level that it is of: who counted the beds knows the beds of the base year.  What
    is made for a place without a folder is the place's where its level says so; a province's is its own.
    """
    folder = (setup.root / "parameters" / region.folder).resolve()
    levels = {PLACE, PROVINCE} if region.code == region.province else {PLACE}
    filed = {n for n, p in parameters.items() if not p.level and _resolved(p.file).is_relative_to(folder)}
    own = {n for n, p in parameters.items() if level_of(p) in levels}
    counted = {n.removeprefix(PREFIX).rpartition("_")[0] for n in count_names(parameters)}
    of = {i.of for i in read_indicators(setup.root).values() if i.id in counted and i.of}
    return frozenset(filed | own | of)


def _around(parameters: Mapping[str, Parameter]) -> frozenset[str]:
    """Parameters made for a place of what was counted of its prefecture or province."""
    return frozenset(n for n, p in parameters.items() if p.level in (PREFECTURE, PROVINCE))


@cache
def _resolved(path: Path) -> Path:
    """A parameter file's own place: hundreds of parameters share one, scenario by scenario."""
    return path.resolve()


def _value(parameters: Mapping[str, Parameter], name: str) -> float:
    return float(parameters[f"adequacy.{name}"].data)
