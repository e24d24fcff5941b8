"""What is wrong with counts beside the projection: another unit, too many survivors, too few beds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from sim.arrays import Params
from sim.errors import fault
from sim.known.table import RARE, Count
from sim.magnitude import shifts, times_off
from sim.places.rare import SPREAD, ends_by_chance
from sim.schema import AGE_GROUPS
from sim.year import DAYS_PER_YEAR

_OLD = {"population_60": "60+", "population_65": "65+"}
_CHANCE = 0.05  # of a count beyond its end, in a place already at the end of what rates may be
_YEARS = 20  # a figure so near its year, and wrong, is likely to be one
_SURE = 3.0  # standard deviations beyond which a contradiction is no chance
_BEDS = ("beds", "admissions", "alos", "occupancy")


def unit_faults(counts: Sequence[Count], projected: Callable[[str, int], float], params: Params) -> list[str]:
    """Counts that are `known.most` times what the projection without them has, or as many times fewer.

    Deaths of children and mothers are few: chance is allowed them on top of it.
    """
    first = int(params["mortality.mx"].year.values[0])
    faults = []
    for count in counts:
        most = float(params["known.most"].sel(count=count.indicator.id))
        there = projected(count.indicator.id, count.year)
        ratio = count.value / there if there > 0 else math.inf
        rare = count.indicator.id in RARE
        low, high = _ends(there, most, params) if rare else (there / most, there * most)
        if low <= count.value <= high:
            continue
        shown = f"{count.value:.10g} {count.indicator.unit} of {count.indicator.id} in {count.year}"
        wrong = f"{shown}, where {there:.4g} is projected without it"
        remedy = _remedy(count.value, ratio, most)
        as_year = (
            count.value == int(count.value) and abs(count.value - count.year) < count.year - first + _YEARS
        )
        faults.append(
            fault(count.place, wrong, f"{remedy}; is {count.value:.0f} a year?" if as_year else remedy)
        )
    return faults


def _ends(there: float, most: float, params: Params) -> tuple[float, float]:
    """Fewest and most events that chance leaves of a place with `most` times fewer or more than `there`.

    Quantiles of the Poisson distribution: a few deaths are many times their mean by chance alone; and no
    more than places as they differ have but seldom.
    """
    from scipy import stats  # slow to load, and few runs have counts

    low, high = (
        float(stats.poisson.ppf(p, m)) for p, m in ((_CHANCE, there / most), (1 - _CHANCE, there * most))
    )
    fewest, seldom = ends_by_chance(there, float(params[SPREAD].values)) if there > 0 else (0.0, high)
    return max(low, fewest), min(high, seldom)


def _remedy(value: float, ratio: float, most: float) -> str:
    for shift in shifts(ratio, 1 / most, most)[:1]:
        return f"{times_off([shift])}? write {shift.mended(value):.10g}, or mend the unit"
    return f"a figure within {most:g} times of it: is it of this place, this year, this definition?"


def survivor_faults(counts: Sequence[Count], params: Params) -> list[str]:
    """Older people of whom more are counted than lived at their ages at the base, newcomers apart.

    Newcomers are allowed in proportion to the growth of all people, where these are counted too.
    """
    base = params["population.base"].transpose("sex", "age").values.sum(axis=0)
    first = int(params["mortality.mx"].year.values[0])
    people = {c.year: c.value for c in counts if c.indicator.id == "population"}
    faults = []
    for count in counts:
        if count.indicator.id not in _OLD:
            continue
        age = AGE_GROUPS[_OLD[count.indicator.id]][0] - (count.year - first)
        grown = max(people.get(count.year, base.sum()) / base.sum(), 1.0)
        there = float(base[age:].sum()) * grown
        if count.value > there:
            wrong = f"{count.value:.0f} people in {count.year}; {there:.0f} were {age} and over in {first}"
            faults.append(fault(count.place, wrong, "no more than have come to that age; check age and year"))
    return faults


def step_faults(counts: Sequence[Count], params: Params, step: tuple[float, float]) -> list[str]:
    """Totals that part from the one before (the census first) by more than cohorts and migration allow.

    step: least and most of a total over that of the year before.
    """
    base = float(params["population.base"].values.sum())
    before, at, where = base, int(params["mortality.mx"].year.values[0]), "the census"
    faults = []
    for count in sorted((c for c in counts if c.indicator.id == "population"), key=lambda c: c.year):
        low, high = (before * end ** (count.year - at) for end in step)
        if count.year > at and not low <= count.value <= high:
            wrong = f"{count.value:.0f} people in {count.year}, {before:.0f} in {at} ({where})"
            faults.append(fault(count.place, wrong, _step_remedy(low, high)))
        before, at, where = count.value, count.year, count.place
    return faults


def _step_remedy(low: float, high: float) -> str:
    revised = "where a register or borders were revised, write under old_basis the year's figure before"
    return f"want {low:.0f} to {high:.0f}: check year and area; {revised}"


def infant_faults(counts: Sequence[Count], params: Params, sd: Callable[[Count], float]) -> list[str]:
    """Births of the base year that are fewer than those of age 0 who lived at its end."""
    base = params["population.base"].sel(age=0)
    infants, first = float(base.sum()), int(params["mortality.mx"].year.values[0])
    return [
        fault(
            count.place,
            f"{count.value:.0f} births in {first}; {infants:.0f} of age 0 lived at the end of it",
            f"{infants:.0f} or more, but for an error of {_SURE * sd(count):.0%}; check place and year",
        )
        for count in counts
        if count.indicator.id == "births"
        and count.year == first
        and infants > count.value * (1.0 + _SURE * sd(count))
    ]


def bed_faults(counts: Sequence[Count], params: Params, sd: Callable[[Count], float]) -> list[str]:
    """Years whose beds, admissions, stays and occupancy do not agree: beds x 365 x open x occupancy."""
    faults = []
    by_year: dict[int, dict[str, Count]] = {}
    for count in counts:
        by_year.setdefault(count.year, {})[count.indicator.id] = count
    open_share = float(np.asarray(params["inpatient.open_share"].values).reshape(-1)[0])
    for year, found in sorted(by_year.items()):
        if not all(name in found for name in _BEDS):
            continue
        beds, admissions, stay, used = (found[name] for name in _BEDS)
        implied = admissions.value * stay.value / (beds.value * open_share * DAYS_PER_YEAR)
        width = _SURE * math.hypot(*(sd(c) for c in (beds, admissions, stay, used))) + 1.0 - open_share
        ratio = implied / (used.value / 100.0)
        if abs(math.log(ratio)) > width:
            wrong = f"{used.value:g} % in {year}; admissions x stay over the beds is {100 * implied:.1f} %"
            remedy = "one of beds, admissions, stay and occupancy is wrong, or of other institutions"
            faults.append(fault(used.place, wrong, remedy))
    return faults
