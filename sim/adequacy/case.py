"""What every target of one region and scenario is held against."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.adequacy.series import Measures, expression, median
from sim.adequacy.verdict import Thresholds
from sim.arrays import Floats
from sim.catalogue.bases import UNSTATED
from sim.catalogue.bed_groups import BED_GROUPS
from sim.params import Parameter, Record
from sim.places.region import NATION
from sim.plan import Plan
from sim.plan.floors import Floor, in_force
from sim.plan.needs import Need
from sim.plan.targets import Target
from sim.plan.tests import TestRule
from sim.plan.verdict_rules import VerdictRule

CONVENTIONS = "healthplan_conventions"
"""Source of what this model itself sets: thresholds of its verdicts, ways of reading a plan."""


@dataclass(frozen=True)
class Reading:
    """Series of a run, and how the plan's figures are read on them."""

    measures: Measures
    after_target: str = "hold_ratio"
    """What follows the target year: hold_ratio, hold_count or trend."""
    unstated_basis: str = "resident"
    """The population that a ratio without a stated basis is read on."""
    path: list[tuple[Target, Floats]] = field(default_factory=list, init=False, repr=False, compare=False)
    """What the plan brings by (year, draw) for the target that was asked for last; of this reading alone."""

    @classmethod
    def of(cls, measures: Measures, parameters: Mapping[str, Parameter]) -> Reading:
        """As these parameters say."""
        after, unstated = (
            str(parameters[f"adequacy.{name}"].data.item()) for name in ("after_target", "unstated_basis")
        )
        return cls(measures, after, unstated)

    def basis(self, target: Target) -> str:
        """The population that a ratio is read on; "" where it is none."""
        return self.unstated_basis if target.basis == UNSTATED else target.basis

    def people(self, target: Target, year: int) -> Floats:
        """Those people in a year, by draw."""
        return self.measures.population(self.basis(target), year)


@dataclass(frozen=True)
class Swings:
    """Outputs with each parameter moved alone, for one region."""

    region: str
    names: tuple[str, ...]
    qualities: tuple[str, ...]
    series: Mapping[str, xr.DataArray]
    """Kept series; draw 0 is central, 2i+1 and 2i+2 belong to parameter i."""
    scenario: str = ""
    """The scenario that they were measured under."""

    def at(self, name: str, group: str | None, year: int) -> npt.NDArray[np.float64]:
        """All draws of one series in one year."""
        array = self.series[name].sel(year=year)
        dims = [d for d in array.dims if d != "draw"]
        if dims:
            array = array.sel({dims[0]: group})
        return np.asarray(array.values, float)

    def relative(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Largest change of `values` (all draws) by each parameter, relative to the centre."""
        centre = abs(values[0]) or 1.0
        moved = values[1:].reshape(-1, 2)
        return np.asarray(np.abs(moved - values[0]).max(axis=1) / centre)


@dataclass(frozen=True)
class Case:
    """One region and scenario: the plan, the run's series, and how a verdict is made."""

    plan: Plan
    region: str
    scenario: str
    rules: Mapping[tuple[str, str], TestRule]
    reading: Reading
    swings: Swings
    thresholds: Thresholds
    influence: float
    norm_gap: float
    """Relative distance of need by use from the norm beyond which the reason says so."""
    same_within: float
    """Relative difference within which a ratio and a count state the same provision."""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    special: Mapping[str, tuple[VerdictRule, ...]] = field(default_factory=dict)
    """What may be said of an indicator: verdict_rules.csv, as far as it holds for this plan and region."""
    floors: Mapping[str, tuple[Floor, ...]] = field(default_factory=dict)
    """National floors by indicator, in the order of their years."""
    needs: tuple[Need, ...] = ()
    """What the plan asks in words."""
    local: frozenset[str] = frozenset()
    """Parameters that the region's own files, tables or counts give, by dotted name."""
    around: frozenset[str] = frozenset()
    """Parameters that are its province's or prefecture's, with the range by which places differ."""
    countable: frozenset[str] = frozenset()
    """Parameters whose doubt a local count of a year narrows, by dotted name."""
    test_years: tuple[int, ...] = ()
    """Years after the target year that the experiment asks about too."""
    swung: Reading = field(init=False)
    """The same with each parameter moved alone."""

    def __post_init__(self) -> None:
        swung = replace(self.reading, measures=Measures(dict(self.swings.series)))
        object.__setattr__(self, "swung", swung)

    @property
    def measures(self) -> Measures:
        """Series of the run."""
        return self.reading.measures

    def kind_of_evidence(self, name: str) -> str:
        """What a parameter is known by: a key of `evidence.KINDS`."""
        return self._kinds[name]

    @cached_property
    def _kinds(self) -> dict[str, str]:
        here = self.parameters if self.region == NATION else self.local
        return {name: evidence_of(p.record, here=name in here) for name, p in self.parameters.items()}

    def can_be_found(self, name: str) -> bool:
        """Whether somebody can find a parameter out: no norm, and not how far years to come will stray."""
        return name in self.countable or self._open[name]

    @cached_property
    def _open(self) -> dict[str, bool]:
        found = {}
        for name, parameter in self.parameters.items():
            record = parameter.record
            ahead = record.range is not None and record.range.distribution == "ar1"
            found[name] = not (ahead or record.basis == "standard")
        return found

    def knows_stock(self, text: str, group: str) -> bool:
        """Whether what is projected from a stock starts from a count of the place, or of the one around it.

        The latter has the range by which places differ from it; the nation's per head says nothing of a
        place.  text, group: series of a resource, as a rule or a need names them.  True where no stock
        stands behind it.
        """
        named = {name for name in stocks_behind(text, group) if name in self.parameters}
        return self.region == NATION or named <= self.local | self.around

    def floor(self, target: Target, year: int) -> float | None:
        """What no proposal may be worse than, in the target's unit; None where the nation sets nothing."""
        same = [f for f in self.floors.get(target.indicator, ()) if f.unit.base == target.unit_base]
        floor = in_force(same, year)
        return floor.fraction / target.factor if floor else None

    def rules_on(self, indicator: str, scope: str, year: int) -> list[VerdictRule]:
        """The rules that hold for an indicator in a year, as the run's own quotients say."""
        return [r for r in self.special.get(indicator, ()) if r.scope in ("", scope) and self._holds(r, year)]

    def _holds(self, rule: VerdictRule, year: int) -> bool:
        if rule.limit is None:
            return True
        value = expression(self.measures, rule.measure, "", year)
        return value is not None and median(value) < rule.limit


def nations_alone(rules: Iterable[VerdictRule]) -> bool:
    """Whether these rules say that nothing of the place stands behind an indicator: nothing is claimed."""
    return any(rule.effect == "decline" and rule.rule == "national_pattern" for rule in rules)


def stocks_behind(text: str, group: str) -> Iterator[str]:
    """Parameters that may hold the stocks which series of resources start from."""
    for term in text.split("/"):
        series, _, own = term.strip().partition(".")
        name = re.sub("_(required|available|projected)$", "", series)
        kind = BED_GROUPS.get(own or group) if name == "beds" else None
        yield f"supply.{kind.id}_beds_base" if kind is not None and kind.peak else f"supply.{name}_base"


def evidence_of(record: Record, *, here: bool) -> str:
    """What a figure is known by: a key of `evidence.KINDS`.

    here: whether the region's own files, tables or counts give it.
    """
    if record.basis == "standard":  # set, not counted: by this model's conventions, or by the nation
        return "judgement" if record.source == CONVENTIONS else "published"
    if record.basis in ("derived", "assumed"):
        return "derived" if record.basis == "derived" else "judgement"
    if here and record.basis == "measured":
        return "counted_here"
    return "counted_elsewhere" if record.quality == "A" else "published"
