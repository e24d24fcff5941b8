"""Fertility of a saved run beside WPP's and beside constant rates, from parameters.csv.

Women of childbearing age to 15 years ahead are born already: births of another fertility are those of
the run times the ratio of the total fertilities, but for a shift of the age at birth (0.4 % by 2035).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import xarray as xr

from sim.arrays import Floats

FOLDER = "folder"  # attribute of a saved run: where it lies
PATHS = ("wpp", "constant")
"""WPP's total fertility times the region's ratio; the total fertility of the last counted year."""
_WPP, _RATIO, _COUNTED = "fertility.tfr", "fertility.tfr_ratio", "fertility.tfr_counted"


def has_paths(run: xr.Dataset) -> bool:
    """Whether the run says all that the paths take, for each of its places and scenarios."""
    if not {"tfr", "births"} <= set(run) or "newborn_sex" not in run["births"].dims:
        return False
    return all(
        {_WPP, _RATIO, _COUNTED} <= set(_own(run, str(s), str(r)))
        for s in run["scenario"].values
        for r in run["region"].values
    )


def last_count(run: xr.Dataset, scenario: str, region: str) -> int:
    """The last year whose national fertility is counted."""
    _, year = _own(run, scenario, region)[_COUNTED]
    return int(year.rpartition("-")[2])


def other_fertility(run: xr.Dataset, scenario: str, region: str) -> xr.DataArray:
    """Total fertility of a region by the other paths, children per woman, dims path, year."""
    stated = _own(run, scenario, region)
    years = np.asarray(run["year"].values, dtype=float)
    own = run["tfr"].sel(scenario=scenario, region=region).isel(draw=0)
    last = min(max(last_count(run, scenario, region), int(years[0])), int(years[-1]))
    wpp, ratio = (_by_year(stated[name][0], years) for name in (_WPP, _RATIO))
    constant = np.where(years <= last, own.values, float(own.sel(year=last)))
    return xr.DataArray(
        [wpp * ratio, constant], {"path": list(PATHS), "year": run["year"].values}, ("path", "year")
    )


def other_births(run: xr.Dataset, scenario: str, region: str) -> xr.DataArray:
    """Births a year by the other paths, persons, dims path, year."""
    births, own = (run[n].sel(scenario=scenario, region=region).isel(draw=0) for n in ("births", "tfr"))
    ratio = other_fertility(run, scenario, region) / own.drop_vars(["draw"], errors="ignore")
    return ratio * births.sel(newborn_sex="total").drop_vars(["draw", "newborn_sex"], errors="ignore")


def _own(run: xr.Dataset, scenario: str, region: str) -> Mapping[str, tuple[str, str]]:
    """The parameters of a place; a scenario states those alone that it changes of the first one's."""
    stated = _stated(run.attrs.get(FOLDER, ""))
    first = str(run["scenario"].values[0])
    return {**stated.get((first, region), {}), **stated.get((scenario, region), {})}


def _by_year(text: str, years: Floats) -> Floats:
    """A value, or a path `year: value; ..` by year, held before and after."""
    if ":" not in text:
        return np.full(years.shape, float(text))
    found = {int(y): float(v) for y, v in (part.split(":") for part in text.split(";"))}
    return np.interp(years, sorted(found), [found[y] for y in sorted(found)])


@lru_cache(maxsize=2)
def _stated(folder: str) -> Mapping[tuple[str, str], Mapping[str, tuple[str, str]]]:
    """Value and year of each of the three parameters, as text, by scenario and region."""
    path = Path(folder) / "parameters.csv"
    if not folder or not path.is_file():
        return {}
    found: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            if line["parameter"] in (_WPP, _RATIO, _COUNTED):
                own = found.setdefault((line["scenario"], line["region"]), {})
                own[line["parameter"]] = line["value"], line["year"]
    return found
