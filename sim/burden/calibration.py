"""How well use is reproduced: national rates against the region's own counts, and bed identities.

Two checks that do not use the counts they are compared with: use at national rates by age on the
region's population, and the bed identity occupancy = admissions x stay / (365 x open beds). A third
carries a stock of beds on with the growth of its province, as is done where 2020 is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.burden import utilisation

DAYS_PER_YEAR = 365.0

Params = Mapping[str, xr.DataArray]


@dataclass(frozen=True)
class Misfit:
    """One comparison: model over observed, less one."""

    region: str
    year: int
    indicator: str
    modelled: float
    observed: float

    @property
    def misfit(self) -> float:
        """Relative error of the model."""
        return self.modelled / self.observed - 1.0


def use_at_national_rates(
    population: xr.DataArray, births_by_age: xr.DataArray, params: Params
) -> dict[str, float]:
    """Admissions and visits of a normal year at national rates by age, central values.

    population, births_by_age: one year or more with dims year, sex, age, draw and year, age, draw;
    the first year and draw count.  params: those of the burden stage.
    """
    other, obstetric = utilisation.expected_admissions(population, births_by_age, params)
    first = {"year": 0, "draw": 0}
    plain = dict(params) | {"outpatient.calibration": xr.DataArray("national_rates")}
    visits = utilisation.visits(population, population, plain)
    return {
        "admissions": float(_pick(other, first).sum() + _pick(obstetric, first).sum()),
        "visits": float(_pick(visits, first).sum()),
    }


def bed_identities(
    observed: Sequence[Mapping[str, str]], open_share: Mapping[str, float]
) -> list[Misfit]:
    """Occupancy from admissions, stay and beds against the occupancy stated, wherever all four are.

    observed: rows with region, year, scope, indicator, value.  open_share: open over year-end beds
    by scope (1 where the beds are open beds).
    """
    cells: dict[tuple[str, int, str], dict[str, float]] = {}
    for row in observed:
        key = (row["region"], int(row["year"]), row["scope"])
        cells.setdefault(key, {})[row["indicator"]] = float(row["value"])
    out = []
    for (region, year, scope), known in cells.items():
        if {"admissions", "alos", "beds", "bed_occupancy"} <= set(known):
            open_days = DAYS_PER_YEAR * known["beds"] * open_share.get(scope, 1.0)
            use = known["admissions"] * known["alos"] / open_days
            stated = known["bed_occupancy"] / 100.0
            out.append(Misfit(region, year, f"bed_occupancy ({scope})", use, stated))
    return out


def carried_stocks(
    observed: Sequence[Mapping[str, str]], province: Mapping[str, str], first: int, last: int
) -> list[Misfit]:
    """Beds of `first` carried to `last` with the growth of the province, against the beds counted.

    province: code of the province by region code.
    """
    beds = {
        (row["region"], int(row["year"])): float(row["value"])
        for row in observed
        if row["indicator"] == "beds" and row["scope"] == "all"
    }
    out = []
    for region, parent in province.items():
        wanted = [(region, first), (region, last), (parent, first), (parent, last)]
        if region != parent and all(cell in beds for cell in wanted):
            growth = beds[parent, last] / beds[parent, first]
            out.append(
                Misfit(region, last, "beds", beds[region, first] * growth, beds[region, last])
            )
    return out


def _pick(array: xr.DataArray, where: Mapping[str, int]) -> xr.DataArray:
    found = array.isel({dim: i for dim, i in where.items() if dim in array.dims})
    if not np.isfinite(found.values).all():
        raise ValueError("use is not finite")
    return found
