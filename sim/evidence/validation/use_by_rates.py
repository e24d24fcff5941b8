"""How well use is reproduced: rates by age against counts by year, and bed identities.

Checks that do not use the counts they are compared with (but for the nation, whose counts set the
level of rates): use at national rates by age on the region's people; the use of the region's own
base year carried to other years with the nation's level; the bed identity occupancy = admissions x
stay / (365 x open beds); a stock of beds carried on with the growth of its province.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.burden import utilisation
from sim.year import DAYS_PER_YEAR

MOTHERS_AGE = 30

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


def people_between(
    earlier: xr.DataArray, later: xr.DataArray, year: int, dates: tuple[float, float]
) -> xr.DataArray:
    """People in the middle of `year`, each age and sex on the line between two counts.

    earlier, later: persons by sex and age.  dates: of the two, in years.  Returns dims year, sex,
    age, draw.  Standard intercensal interpolation; ages do not follow cohorts.
    """
    share = (year + 0.5 - dates[0]) / (dates[1] - dates[0])
    people = earlier * (1.0 - share) + later * share
    return people.expand_dims(year=[year]).expand_dims(draw=[0]).transpose("year", "sex", "age", "draw")


def births_behind(people: xr.DataArray, at_end_of: int, year: int) -> xr.DataArray:
    """Births of `year` by mother's age, from those alive at the end of a later year.

    people: persons by sex and age at the end of `at_end_of`.  The few who died or moved since are
    not counted.  All are put on one age of mother, as only their number counts here.
    """
    born = people.sel(age=at_end_of - year).sum("sex", skipna=False)
    mothers = xr.zeros_like(people.isel(sex=0, drop=True))
    mothers.loc[{"age": MOTHERS_AGE}] = born
    return mothers.expand_dims(year=[year]).expand_dims(draw=[0]).transpose("year", "age", "draw")


def use_by_rates(
    people: xr.DataArray, births_by_age: xr.DataArray, params: Params, *, counted: bool = True
) -> dict[str, dict[int, float]]:
    """Admissions and visits by year at national rates by age, central values.

    people, births_by_age: dims year, sex, age, draw and year, age, draw; the first draw counts.
    params: those of the burden stage for these years.  counted: with the epidemic's dip and rise,
    else as in normal years.
    """
    other, obstetric = utilisation.expected_admissions(people, births_by_age, params)
    word = xr.DataArray("counted" if counted else "normal")
    own = {"outpatient.calibration": xr.DataArray("national_rates")}
    own |= {f"{topic}.epidemic_years": word for topic in ("inpatient", "outpatient")}
    plain = dict(params) | own
    other = other * utilisation.epidemic_factor(plain, "inpatient")
    admissions = other.sum(("sex", "age"), skipna=False) + obstetric.sum("age", skipna=False)
    visits = utilisation.visits(people, people, plain).sum("level", skipna=False)
    return {"admissions": _by_year(admissions), "visits": _by_year(visits)}


def _by_year(array: xr.DataArray) -> dict[int, float]:
    central = array.isel(draw=0) if "draw" in array.dims else array
    if not np.isfinite(central.values).all():
        raise ValueError("use is not finite")
    return dict(zip(central.year.values.tolist(), central.values.tolist(), strict=True))


def _known(observed: Sequence[Mapping[str, str]]) -> dict[tuple[str, int, str], dict[str, float]]:
    """Figures by indicator of each region, year and scope."""
    cells: dict[tuple[str, int, str], dict[str, float]] = {}
    for row in observed:
        key = (row["region"], int(row["year"]), row["scope"])
        cells.setdefault(key, {})[row["indicator"]] = float(row["value"])
    return cells


def bed_identities(observed: Sequence[Mapping[str, str]], open_share: Mapping[str, float]) -> list[Misfit]:
    """Occupancy from admissions, stay and beds against the occupancy stated, wherever all four are.

    observed: rows with region, year, scope, indicator, value.  open_share: open over year-end beds
    by scope (1 where the beds are open beds).
    """
    out = []
    for (region, year, scope), known in _known(observed).items():
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
            out.append(Misfit(region, last, "beds", beds[region, first] * growth, beds[region, last]))
    return out


def implied_by_identity(
    observed: Sequence[Mapping[str, str]], open_share: Mapping[str, float]
) -> list[tuple[str, int, str, float]]:
    """The fourth figure where three of beds, occupancy, stay and admissions are known.

    Returns rows of region, year, indicator and value, from the bed identity.
    """
    out = []
    for (region, year, scope), known in _known(observed).items():
        days = DAYS_PER_YEAR * open_share.get(scope, 1.0) * known.get("beds", 0.0)
        use = days * known.get("bed_occupancy", 0.0) / 100.0
        if not use:
            continue
        if "alos" in known and "admissions" not in known:
            out.append((region, year, f"admissions ({scope})", use / known["alos"]))
        if "admissions" in known and "alos" not in known:
            out.append((region, year, f"alos ({scope})", use / known["admissions"]))
    return out
