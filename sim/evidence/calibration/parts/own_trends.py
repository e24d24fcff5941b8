"""Cadres with a trend of their own: its yearly change, by the provinces that publish them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from sim.catalogue import cadres
from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.places import list_regions, read_yearly
from sim.places.region import province_set

_YEARS = 5  # steps of which the mean is taken, and over which it is to hold on
_TWO_SIDED = 1.96  # standard deviations of a normal's middle 95 %


def estimate(root: Path) -> Sequence[Estimate]:
    """Mean log change of the last trusted steps; its spread is that of two means of as many years."""
    yearly, out = read_yearly(root), []
    for cadre in (row.id for row in cadres.ROWS if row.trend == "own"):
        out += _of_cadre(root, cadre, yearly.of(cadre))
    return out


def _of_cadre(root: Path, cadre: str, counted: xr.DataArray) -> list[Estimate]:
    regions, out = list_regions(root), []
    for code in map(str, counted.region.values):
        known = counted.sel(region=code).dropna("year")
        steps = np.diff(np.log(known.values)) / np.diff(known.year.values)
        apart = np.diff(known.year.values) == 1
        sets = province_set(root / "parameters", regions[code]) if code in regions else []
        if apart.sum() < _YEARS or not sets:
            continue
        last = steps[apart][-_YEARS:]
        years = known.year.values[1:][apart][-_YEARS:]
        middle, spread = last.mean(), _TWO_SIDED * last.std(ddof=1) * np.sqrt(2 / _YEARS)
        fields = {
            "value": rounded(middle),
            "year": f"{years[0] - 1}-{years[-1]}",
            "source": "nbs_yearbook_staff",
            "basis": "derived",
            "quality": "D",
            "range": {
                "distribution": "normal",
                "low": rounded(middle - spread),
                "high": rounded(middle + spread),
                "scale": "value",
            },
        }
        method = "mean log change of the last five trusted years; spread of the difference of two such means"
        out.append(Estimate(f"{sets[0]}/supply.yaml", f"{cadre}_growth", fields, _YEARS, method))
    return out


PART = Part(
    "own_trends", "yearly change of cadres with a trend of their own", estimate, ("series/provinces.csv",)
)
