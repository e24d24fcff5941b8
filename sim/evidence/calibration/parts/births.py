"""What marriages foretell of the nation's fertility, and how a region's births leave the nation's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.params import read_set
from sim.places.yearly import read_yearly, yearly_events

_FILE = "national/fertility.yaml"
_FIRST = 2011  # first year of the series as revised after the census of 2020
_LAGS = 10
_Q80 = 2.5631  # width of a normal's middle 80 %, in standard deviations
_STARTED = {2020: 0.02, 2021: 1, 2022: 2, 2025: 5, 2030: 10, 2035: 15}


def _estimate(root: Path) -> Sequence[Estimate]:
    own = read_set(root / "parameters" / "national", root / "parameters")
    counted, marriages = (_by_year(own[f"fertility.{n}"].data) for n in ("tfr_counted", "marriages"))
    years = [year for year in sorted(counted)[1:] if {year - 1, year - 2} <= marriages.keys()]
    tfr = np.array([np.log(counted[year] / counted[year - 1]) for year in years])
    wed = np.array([np.log(marriages[year - 1] / marriages[year - 2]) for year in years])
    effect = float((wed * tfr).sum() / (wed**2).sum())
    step = yearly_step(relative_births(root))
    sd = {y: v if isinstance(v, float) else rounded(0.9 * step * v**0.5, 2) for y, v in _STARTED.items()}
    spread: dict[str, Any] = {"distribution": "ar1", "rho": 0.97, "sd": sd}
    method = "through the origin; yearly changes of logs"
    walk = "random walk: spread of log births over the nation's, one to ten years apart"
    return [
        Estimate(_FILE, "marriage_effect", {"value": rounded(effect, 2)}, len(tfr), method),
        Estimate(_FILE, "tfr_ratio", {"range": spread}, 31, f"{walk}; nine tenths of it fertility"),
    ]


def _by_year(array: xr.DataArray) -> dict[int, float]:
    return {int(y): float(v) for y, v in zip(array.at_year.values, array.values, strict=True)}


def relative_births(root: Path) -> Floats:
    """Log of the provinces' births over all provinces' (place, year) since 2011."""
    births = (
        yearly_events(read_yearly(root), "births").sel(year=slice(_FIRST, None)).dropna("year", how="all")
    )
    logs = np.log(births.transpose("region", "year").values)
    return np.asarray(logs - np.log(np.nansum(np.exp(logs), axis=0)))


def yearly_step(logs: Floats) -> float:
    """Standard deviation of one year's step of a random walk, from steps over one to ten years."""
    steps = []
    for lag in range(1, min(_LAGS, logs.shape[1] - 1) + 1):
        moved = logs[:, lag:] - logs[:, :-lag]
        low, high = np.nanquantile(moved, (0.1, 0.9))
        steps.append((high - low) / _Q80 / lag**0.5)
    return float(np.mean(steps))


PART = Part(
    "births",
    "what marriages foretell, and how a region's births leave the nation's",
    _estimate,
    ("national/fertility.yaml", "series/provinces.csv"),
    ("nation_births",),
)
