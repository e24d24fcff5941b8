"""A few series of a run, a target and a case of them, made in a line each: for laws of the verdicts."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import xarray as xr

from sim.adequacy.case import Case, Reading, Swings
from sim.adequacy.series import Measures
from sim.adequacy.verdict import Thresholds
from sim.plan.targets import Target

YEARS, DRAWS = [2020, 2025, 2030], 6
RISE = np.arange(1.0, DRAWS + 1)
"""Another value in every draw, draw 0 the lowest."""
ONE = np.ones(DRAWS)
AT = Thresholds(adequate=0.9, tight=0.5, surplus_ratio=1.2, surplus_probability=0.9)


def series(name: str, dim: str = "", times: Any = RISE, **groups: Any) -> dict[str, xr.DataArray]:
    """A series by year, times the draw's own factor; groups: name -> figures of the years."""
    coords: dict[str, Any] = {"year": YEARS, "draw": range(DRAWS)}
    if not dim:
        values = np.array(groups["by_year"], float)[:, None] * times
        return {name: xr.DataArray(values, coords, ("year", "draw"))}
    values = np.stack([np.array(v, float)[:, None] * times for v in groups.values()], axis=1)
    labels = [g.replace("plus", "+").replace("to", "-") if g[0].isdigit() else g for g in groups]
    return {name: xr.DataArray(values, coords | {dim: labels}, ("year", dim, "draw"))}


PEOPLE = series("population_group", "age_group", ONE, total=[1e6, 1.2e6, 1e6]) | series(
    "population_basis",
    "basis",
    ONE,
    resident=[1e6, 1.1e6, 0.9e6],
    registered=[1.2e6, 1.3e6, 1.1e6],
    county=[4e5, 4e5, 3e5],
)


def reading(*given: dict[str, xr.DataArray], **how: Any) -> Reading:
    """These series beside a million people."""
    return Reading(Measures(PEOPLE | {n: a for some in given for n, a in some.items()}), **how)


def target(**changes: Any) -> Target:
    """Beds per 1000 residents in 2025."""
    known: dict[str, Any] = {"indicator": "x", "scope": "", "test": "ratio", "variable": "beds"}
    known |= {"group": "total", "scale": "", "goal": 0.005, "year": 2025, "sense": ">="}
    known |= {"unit": "per 1000", "factor": 0.001, "basis": "resident", "since": 2020}
    return Target(**(known | changes))


def case(there: Reading, **more: Any) -> Case:
    """A case of a reading in which nothing moves alone."""
    known: dict[str, Any] = {"plan": SimpleNamespace(id="p", target_year=2025), "region": "410500"}
    known |= {"scenario": "reference", "rules": {}, "reading": there, "swings": Swings("410500", (), (), {})}
    known |= {"thresholds": AT, "influence": 0.01, "norm_gap": 0.1, "same_within": 0.05}
    return cast(Any, Case)(**(known | more))
