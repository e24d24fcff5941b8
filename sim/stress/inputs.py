"""From a saved run to the hospital model's pools: whose beds, how many patients, which wave."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from sim.catalogue.bed_groups import BED_GROUPS, GENERAL, KINDS, LEVELS, POOLS, TYPES
from sim.errors import ConfigError, ParameterError, fault
from sim.hospital import Clock, Pattern, PoolSpec, System
from sim.hospital.ems import Fleet
from sim.params import Parameter
from sim.plan.targets import PlanTarget
from sim.saved.row_table import read as read_rows
from sim.schema import RESOURCES
from sim.stress.rules import Rule, read_rules
from sim.textfile import did_you_mean
from sim.year import DAYS_PER_YEAR

_STATED = ("beds", "ambulances")
HOSPITALS = ("tertiary", "secondary")
_FEWEST_BEDS = 1.0
Parameters = Mapping[str, Parameter]


@dataclass(frozen=True)
class Place:
    """One region, scenario and year of a saved run."""

    results: xr.Dataset  # already at scenario and region
    planned: Mapping[str, float]  # bed group, or ambulances.<group> -> count of the plan
    parameters: Parameters
    year: int

    def central(self, name: str, **at: str) -> float:
        """Central value (draw 0) of a variable in the year.

        Raises ConfigError where the run does not hold it.
        """
        if name not in self.results:
            raise ConfigError(fault("results.nc", f"no variable {name}", "run the model again"))
        years = self.results.year.values.tolist()
        if self.year not in years:
            wrong = f"year {self.year} is not in the run"
            raise ConfigError(fault("--year", wrong, f"{years[0]} to {years[-1]}"))
        value = self.results[name].sel({"year": self.year, **at})
        return float(value.isel(draw=0) if "draw" in value.dims else value)

    def number(self, name: str, **at: str) -> float:
        """Value of a parameter in the year.

        Raises ParameterError for a name or a year that is not there.
        """
        if name not in self.parameters:
            remedy = did_you_mean(name, list(self.parameters))
            raise ParameterError(fault("parameters", f"no parameter '{name}'", remedy))
        data = self.parameters[name].data
        if at:
            data = data.sel(at)
        if "year" in data.dims:
            known = data.year.values
            inside = np.clip(self.year, known.min(), known.max())
            data = data.interp(year=inside)
        return float(data)


def loads(place: Place) -> dict[str, float]:
    """Mean beds in use by pool (erlang): the bed-days that the annual model gives each kind, over 365.

    Special beds have their own; the general bed-days are those of the levels' general wards, by the
    levels' share of all bed-days.
    """
    every = {name: place.central("bed_days_type", bed_type=name) for name in TYPES}
    general = place.central("bed_days_type", bed_type=GENERAL)
    every |= {level: share * general for level, share in _shares(place).items()}
    return {name: every[name] / DAYS_PER_YEAR for name in POOLS}


def _shares(place: Place) -> dict[str, float]:
    """Share of each level in all bed-days."""
    days = {level: place.central("bed_days", level=level) for level in LEVELS}
    return {level: d / sum(days.values()) for level, d in days.items()}


def need(place: Place) -> dict[str, float]:
    """Year-end beds that the annual model gives each pool in a year without an epidemic.

    At its own occupancies: nothing is computed anew here.
    """

    def beds(group: str) -> float:
        return place.central("beds_required", bed_group=group)

    def days(name: str) -> float:
        return place.central("bed_days_type", bed_type=name)

    general = days(GENERAL) / sum(days(name) for name in KINDS)
    typed = {name: beds(BED_GROUPS[name].normal) for name in TYPES}
    return {n: typed[n] if n in typed else beds(n) * general for n in POOLS}


def plan_beds(place: Place) -> dict[str, float]:
    """Open beds by pool: the plan's total shared out by need, typed targets kept as stated.

    Without a plan total, the beds that the trend of supply brings.
    """
    total = place.central("beds_available", bed_group="total")
    opened = place.number("inpatient.open_share")
    needed = need(place)
    fixed = {name: beds for name, beds in place.planned.items() if name in needed}
    rest = sum(beds for name, beds in needed.items() if name not in fixed)
    left = total - sum(fixed.values())
    if left <= 0:
        wrong = f"beds by kind ({sum(fixed.values()):g}) exceed all beds ({total:g})"
        raise ParameterError(fault("the plan", wrong, "typed beds are part of the total"))
    beds = {n: fixed[n] if n in fixed else left * needed[n] / rest for n in needed}
    return {name: max(_FEWEST_BEDS, b * opened) for name, b in beds.items()}


def build_system(place: Place, rules: Path) -> System:
    """The pools of a region in a year, with the plan's beds.  Raises ConfigError as `read_rules`."""
    load, beds = loads(place), plan_beds(place)
    pools = []
    for rule in read_rules(rules):
        pools.append(_pool(place, rule, load[rule.pool], beds[rule.pool]))
    hours = (place.number("hospital.discharge_hour"), place.number("hospital.discharge_spread"))
    tight = place.number("hospital.tight_occupancy")
    return System(tuple(pools), Clock(place.year), hours, tight, allow_unsettled=True)


def _pool(place: Place, rule: Rule, load: float, beds: float) -> PoolSpec:
    name = rule.pool

    def of(key: str) -> float:
        return place.number(f"hospital.{key}", bed_group=name)

    size = max(1, min(round(of("unit_beds")), round(beds)))
    return PoolSpec(
        name=name,
        beds=beds,
        admissions=load * DAYS_PER_YEAR / of("stay"),
        mean_stay=of("stay"),
        cv=of("stay_cv"),
        unit_beds=size,
        elective_share=min(1.0, of("elective_share")),
        reserve_share=place.number("hospital.reserve_share"),
        overflow=rule.overflow,
        transfers=rule.transfers,
        boards=rule.boards,
        patience=place.number("hospital.patience"),
        emergency=pattern_of(place.parameters, "emergency"),
        elective=pattern_of(place.parameters, "elective"),
    )


def pattern_of(parameters: Parameters, kind: str) -> Pattern:
    """Season and week of emergency or elective admissions, as the parameters state them."""
    season = parameters["hospital.season"].data
    week = parameters["hospital.weekday"].data.sel(admission_class=kind)
    months = tuple(float(season.sel(month=m)) for m in _labels(season, "month", 12))
    days = tuple(float(week.sel(weekday=d)) for d in _labels(week, "weekday", 7))
    day = parameters["hospital.hour"].data.sel(admission_class=kind)
    return Pattern(months, days, tuple(float(day.sel(hour=h)) for h in _labels(day, "hour", 24)))


def _labels(data: xr.DataArray, dim: str, size: int) -> list[str | int]:
    """The coordinate's labels 1..size, as it holds them (numbers or text)."""
    texts = data[dim].dtype.kind not in "iu"
    return [str(k) if texts else k for k in range(1, size + 1)]


def service_level(place: Place, pool: str) -> float:
    """Largest share of emergencies that may find their unit of this pool full."""
    return place.number("hospital.service_level", bed_group=pool)


def fleet(place: Place) -> Fleet | None:
    """The ambulances of the year: the plan's, else the rule's; None if the run has none."""
    plan = place.planned
    parts = [plan[f"ambulances.{g}"] for g in ("urban", "county") if f"ambulances.{g}" in plan]
    number = plan.get("ambulances.total", sum(parts) if len(parts) > 1 else None)
    if number is None:
        for name in ("ambulances_available", "ambulances_required"):
            groups = place.results[name].ambulance_group.values if name in place.results else ()
            if "total" in groups:
                number = place.central(name, ambulance_group="total")
                break
    if number is None or not math.isfinite(number) or number < 1:
        return None
    people = float(place.results["population_central"].sel(year=place.year).sum())
    return Fleet(
        people,
        round(number),
        place.number("hospital.calls"),
        place.number("hospital.turnaround"),
        place.number("hospital.ride"),
        place.number("hospital.far_ride"),
        place.number("hospital.per_station"),
        place.number("hospital.on_duty"),
        place.number("hospital.peak_hour"),
    )


def planned(results: xr.Dataset, targets: Sequence[PlanTarget], year: int) -> dict[str, float]:
    """Beds and ambulances in a year on the plan's way to its targets, by group, as counts.

    results: at a scenario and region.
    """
    found = {}
    for target in targets:
        name = f"{target.variable}_available"
        if target.variable not in _STATED or name not in results:
            continue
        dim = RESOURCES[target.variable].group_dim
        series = results[name].sel({dim: target.group, "year": year})
        found[_key(target.variable, target.group)] = float(series.isel(draw=0))
    return _counted(found)


def reported(folder: Path, scenario: str, region: str, year: int) -> dict[str, float]:
    """Beds and ambulances of adequacy_detail.csv in a year that it tests, by group, as counts.

    By the plan's rules (one ambulance for so many people), or a level that the document reports
    where it states no target; empty where the run has no plan.
    """
    if not (folder / "adequacy_detail.csv").is_file():
        return {}
    found: dict[str, float] = {}
    # a level that the document only reports stands in where it states no target
    for row in sorted(read_rows(folder), key=lambda r: not r.target):
        mine = (row.scenario, row.region, row.year) == (scenario, region, year)
        count = row.available_count_p50
        if mine and row.variable in _STATED and row.operator != "change" and count is not None:
            found.setdefault(_key(row.variable, row.group), count)
    return _counted(found)


def _key(variable: str, group: str) -> str:
    return group if variable == "beds" else f"{variable}.{group}"


def _counted(found: Mapping[str, float]) -> dict[str, float]:
    return {group: n for group, n in found.items() if math.isfinite(n) and n > 0}
