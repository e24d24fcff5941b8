"""Error and level of yearly figures as they are published, beside what the model has of the same years.

Births, deaths and 65+ of the provinces: of births those of the census's year, which the census itself
says; of the others the first year after it.  Totals and broad ages: of the regions' communiques, each led
through its births and last total (that total says nothing of its own error).  What is left holds the
model's error too, so that these are upper bounds of the errors of publication.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.demography.calibrate import indicators
from sim.demography.stage import project
from sim.evidence.calibration.pairs import published
from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.evidence.calibration.regions import BASE, fitted, starts, stated
from sim.known.people import path_covariance
from sim.params import central, override, read_set
from sim.places import read_place

_FILE = "national/observation.yaml"
_Q80 = 2.5631  # width of a normal's middle 80 %, in standard deviations
_SURE = 2.0  # standard errors by which a level must differ from 1
_OF_PROVINCES = {"births": BASE, "deaths": BASE + 1, "population_65+": BASE + 1}
_ERROR = "middle 80 % of log published over projected; of totals less what net migration strays by"
_LEVEL = "mean of published over projected; 1 within two standard errors"
_TOGETHER: Mapping[str, tuple[str, ...]] = {
    "population_total": ("population_total",),
    "population_0-14": ("population_0-14", "population_0-15"),
    "population_0-15": ("population_0-14", "population_0-15"),
    "population_15-59": ("population_15-59", "population_16-59"),
    "population_16-59": ("population_15-59", "population_16-59"),
    "population_60+": ("population_60+",),
}
"""Indicator -> those of which its error is estimated together."""


def of_provinces(root: Path) -> dict[str, Floats]:
    """Log of published over projected from the census, by indicator, one of each province."""
    out: dict[str, list[float]] = {name: [] for name in _OF_PROVINCES}
    for code, observed in published(root).items():
        own = read_place(root, code)
        for name in ("fertility.tfr_ratio", "migration.level"):
            data = own[name].data
            first = float(data.sel(year=BASE)) if "year" in data.dims else float(data)
            lasts = first * float(own["migration.lasting"].data) if name == "migration.level" else first
            own = override(own, name, {BASE: first, BASE + 1: lasts}, "calibration")
        model = indicators(project(xr.Dataset(), central(own, [BASE, BASE + 1])))
        for o in observed:
            if _OF_PROVINCES.get(o.indicator) == o.year:
                out[o.indicator].append(np.log(o.value / float(model[o.indicator].sel(year=o.year)[0])))
    return {name: np.array(values) for name, values in out.items()}


def of_regions(root: Path) -> dict[str, Floats]:
    """The same of the regions' communiques, each led through its births and its last total."""
    regions = stated(root)
    out: dict[str, list[float]] = {name: [] for name in _TOGETHER}
    for code, begun in starts(root).items():
        found = fitted(root, regions[code], begun, None)
        for name, year, miss in found.misses():
            if name in out and (name, year) != ("population_total", found.total):
                out[name].append(miss)
    return {name: np.array([m for part in parts for m in out[part]]) for name, parts in _TOGETHER.items()}


def strays(root: Path) -> Floats:
    """Variance of the log of each total of `of_regions` by net migration alone, one of each.

    A path of moves that is led through the census and a last total strays in between as its deviations
    do: D_t - t/T D_T, D the sum of the yearly ones.
    """
    regions, found = stated(root), []
    spread = read_set(root / "parameters" / "national", root / "parameters")[
        "migration.level_error"
    ].record.range
    for code, begun in starts(root).items():
        fit = fitted(root, regions[code], begun, None)
        for name, year, _ in fit.misses():
            if name == "population_total" and fit.total is not None and year != fit.total:
                years = range(BASE + 1, fit.total + 1)
                weights = np.array([(y <= year) - (year - BASE) / (fit.total - BASE) for y in years])
                found.append(weights @ path_covariance(years, spread) @ weights)
    return np.array(found)


def spread(misses: Floats) -> float:
    """Standard deviation by the middle 80 %."""
    low, high = np.quantile(misses, (0.1, 0.9))
    return float((high - low) / _Q80)


def level(misses: Floats) -> float:
    """What is published over what is there; 1 where chance may have made the difference."""
    mean, error = float(misses.mean()), float(misses.std(ddof=1) / np.sqrt(misses.size))
    return float(np.exp(mean)) if abs(mean) > _SURE * error else 1.0


def estimate(root: Path) -> Sequence[Estimate]:
    """Errors and levels by indicator, in the order of the record."""
    found = of_regions(root) | of_provinces(root)
    names = ("births", "deaths", *_TOGETHER, "population_65+")
    n = sum(found[name].size for name in (*_OF_PROVINCES, "population_total", "population_60+"))
    said = "31 provinces: births of the census's year, deaths and 65+ of the year after; else communiques"
    common = {"year": "2020-2024", "locator": said, "source": "people_calibration"}
    widths = {name: spread(found[name]) for name in names}
    moved = float(strays(root).mean())
    widths["population_total"] = float(np.sqrt(max(widths["population_total"] ** 2 - moved, 0.0)))
    errors = {name: rounded(width, 2) for name, width in widths.items()}
    levels = {name: rounded(level(found[name])) for name in names}
    levels["population_total"] = 1.0  # to which net migration is fitted
    levels["deaths"] = 1.0  # told by year
    return [
        Estimate(_FILE, "error", {"values": errors, **common}, n, _ERROR),
        Estimate(_FILE, "level", {"values": levels, **common}, n, _LEVEL),
    ]


PART = Part(
    "observation",
    "error and level of published yearly figures",
    estimate,
    ("series/provinces.csv", "regions/*/observed.csv", "places/census_2020.csv.gz"),
    ("life_expectancy", "migration", "nation_births"),
)
