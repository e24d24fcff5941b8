"""Levels of admissions and visits by year: the nation's counts over the pattern by age on its people.

Years of the epidemic lie beside the line between the counts before and after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

import sim.burden
import sim.demography
from sim.arrays import exact_arithmetic
from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.evidence.validation.use_by_rates import births_behind, people_between, use_by_rates
from sim.params import central, override
from sim.places import read_place
from sim.places.region import NATION
from sim.places.tables import national_censuses
from sim.places.used import read_use
from sim.schema import AGES, SEXES, person_years

_BASE, _BEFORE, _AFTER = 2020, 2019, 2025  # base year; last years before and after the epidemic
_DATES = (2010 + 10 / 12, 2021.0)  # of the two counts between which people are interpolated
_EARLY, _LATE = 2015, 2  # first year of the growth before the epidemic; years of the newest
_DIGITS = 4
_TOPICS = {"admissions": ("inpatient", "admission"), "visits": ("outpatient", "visit")}
_LAST_AGE = max(AGES)
Levels = dict[str, dict[int, float]]
"""Indicator -> year -> figure."""


def counts(root: Path) -> Levels:
    """The nation's counts of all institutions by indicator and year."""
    found: Levels = {name: {} for name in _TOPICS}
    for used in read_use(root):
        if (used.region, used.scope) == (NATION, "all") and used.indicator in found:
            found[used.indicator][used.year] = used.value
    return found


def levels(root: Path) -> Levels:
    """What the level of rates must be in each year for the counts to come out."""
    held, own = counts(root), read_place(root, NATION)
    for name, (topic, kind) in _TOPICS.items():
        flat = dict.fromkeys(sorted(held[name]), 1.0)
        own = override(own, f"{topic}.{kind}_level", flat, "calibration")
    years = range(_BASE, max(max(by_year) for by_year in held.values()) + 1)
    params = central(own, list(years))
    with exact_arithmetic():
        done = sim.demography.project(xr.Dataset(), {n: params[n] for n in sim.demography.PARAMETERS})
        plain, rest = _used(person_years(done["population"]), done["births_by_age"], params)
        for year in sorted({y for by_year in held.values() for y in by_year if y < _BASE}):
            people, births = _past(root, done["population"], year)
            names = [n for n in sim.burden.PARAMETERS if n.startswith(("inpatient.", "outpatient."))]
            one, obstetric = _used(people, births, central({n: own[n] for n in names}, [year]))
            plain = {name: plain[name] | one[name] for name in plain}
            rest |= obstetric
    return {
        name: {
            year: (count - (rest[year] if name == "admissions" else 0.0)) / plain[name][year]
            for year, count in by_year.items()
        }
        for name, by_year in held.items()
    }


def _used(
    people: xr.DataArray, births: xr.DataArray, params: Mapping[str, xr.DataArray]
) -> tuple[Levels, dict[int, float]]:
    """Use at the pattern's own level: admissions without deliveries, visits; and deliveries."""
    whole = use_by_rates(people, births, params, counted=False)
    nobody = use_by_rates(people * 0.0, births, params, counted=False)["admissions"]
    other = {year: value - nobody[year] for year, value in whole["admissions"].items()}
    return {"admissions": other, "visits": whole["visits"]}, nobody


def _past(root: Path, population: xr.DataArray, year: int) -> tuple[xr.DataArray, xr.DataArray]:
    """People of a year between the censuses, and births by those who lived at the base."""
    now = population.isel(year=0, draw=0, drop=True)
    then = xr.zeros_like(now)
    first = national_censuses(root / "parameters")[2010]
    ends = [*(start - 1 for start in first.starts[1:]), _LAST_AGE]
    for i, sex in enumerate(SEXES):
        for j, (start, end) in enumerate(zip(first.starts, ends, strict=True)):
            ages = {"sex": sex, "age": slice(start, end)}
            part = now.sel(ages)
            then.loc[ages] = float(first.counts[i, j]) * part / part.sum()
    return people_between(then, now, year, _DATES), births_behind(now, _BASE, year)


def estimate(root: Path) -> Sequence[Estimate]:
    """Level of normal years, counted over normal in the years of the epidemic, and how it may go on."""
    found, held, out = levels(root), counts(root), []
    for name, (topic, kind) in _TOPICS.items():
        by_year = found[name]
        line = {y: v for y, v in by_year.items() if y <= _BEFORE or y >= _AFTER}
        over = {_BEFORE: 1.0}
        for year in range(_BEFORE + 1, _AFTER):
            share = (year - _BEFORE) / (_AFTER - _BEFORE)
            logs = np.log([by_year[_BEFORE], by_year[_AFTER]])
            line[year] = float(np.exp(logs[0] * (1 - share) + logs[1] * share))
            over[year] = by_year[year] / line[year]
        over[_AFTER] = 1.0
        file, last = f"national/{topic}.yaml", max(held[name])
        out += [
            Estimate(file, f"{kind}_level", _fields(line, held[name]), len(line), _LINE),
            Estimate(file, "epidemic_factor", _fields(over, held[name]), len(over), _OVER),
            Estimate(file, "last_count", {"value": last, "year": last}, len(line), "the last year counted"),
            Estimate(file, f"{kind}_growth", _growth(name, by_year), len(line), _ENDS[name]),
        ]
    return out


def _growth(name: str, level: Mapping[int, float]) -> dict[str, Any]:
    """Growth after the last count: its middle and the ends of its range, per year."""

    def rate(first: int, last: int) -> float:
        return rounded(float((level[last] / level[first]) ** (1 / (last - first)) - 1), 2)

    last = max(level)
    ends = (
        (rate(_BEFORE, last), rate(last - _LATE, last))
        if name == "admissions"
        else (0.0, rate(_BEFORE, last))
    )
    middle = 0.0 if name == "admissions" else rate(_EARLY, _BEFORE)
    low, high = min(*ends, middle), max(*ends, middle)
    spread = {"distribution": "pert", "low": low, "high": high, "scale": "value"}
    return {"value": middle, "range": spread, "year": f"{_EARLY}-{last}"}


def _fields(path: Mapping[int, float], held: Mapping[int, float]) -> dict[str, Any]:
    shown = {year: round(path[year], _DIGITS) for year in sorted(path)}
    ends = " to ".join(f"{held[y] / 1e6:.2f} million ({y})" for y in (min(path), max(path)))
    return {"path": shown, "beyond": "hold", "year": f"{min(path)}-{max(path)}", "locator": ends}


_LINE = "count without deliveries over the pattern on the nation's people; 2020-2024 by 2019 and 2025"
_ENDS = {
    "admissions": "none; ends: since 2019 and of the last two years (payment by case)",
    "visits": "that of 2015-2019; ends: none, and since 2019",
}
_OVER = "level counted over that of a year without an epidemic"


PART = Part(
    "use_levels",
    "levels of admissions and visits by year",
    estimate,
    ("observed_use.csv", "national/census_2010.csv"),
    ("nation_births",),
)
