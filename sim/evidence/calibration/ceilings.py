"""Ceilings of a stock per resident: the one at which the provinces' growth comes to a stand.

Verhulst's logistic growth, g = r (1 - d/K), d the stock per resident before the year: g on d over all
provinces and years together is a line that crosses 0 at K (least squares).  Where the stock is denser it
has grown less, and it has grown less as it became denser; how much of that is the one and how much the
other is not told apart.
Tsoularis & Wallace (2002), Analysis of logistic growth models, Mathematical Biosciences 179(1), 21-55, eq. 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.evidence.calibration.pooling import LEVEL_YEARS, drawn_in, level

_MOST = 50.0  # times the densest region: growth that does not slow has no ceiling nearer


@dataclass(frozen=True)
class Ceiling:
    """Stock per resident at which growth ends."""

    value: float
    sd: float
    """Standard error over regions, by leaving out one at a time (jackknife)."""
    n: int
    """Region-years behind it."""


@dataclass(frozen=True)
class Slowing:
    """How the nation's growth goes on below a ceiling.

    ceiling: stock per resident.  density: the nation's by year, dim year; as last known, held.
    """

    ceiling: float
    density: xr.DataArray

    def ahead(self, growth: xr.DataArray, origin: int, horizon: int) -> Floats:
        """Growth of each of the years after `origin`, of the middle of what may come.

        growth: the nation's by year; its residents are held at the origin's number.
        """
        now, dense = self.level(growth, origin), self.at(origin)
        out = np.empty(horizon)
        for i in range(horizon):
            out[i] = now * self.room(dense) / self.room(self.at(origin))
            dense *= np.exp(out[i])
        return out

    def level(self, growth: xr.DataArray, origin: int) -> float:
        """Growth at the density of `origin`: the last years' mean, slowed by what has been added since."""
        before = np.mean([self.room(self.at(origin - i)) for i in range(1, LEVEL_YEARS + 1)])
        return level(growth, origin) * self.room(self.at(origin)) / float(before)

    def room(self, density: float) -> float:
        """Share of the way to the ceiling that is left."""
        return max(1.0 - density / self.ceiling, 0.0)

    def at(self, year: int) -> float:
        """Density of the nation at a year's end."""
        known = self.density.dropna("year")
        return float(np.exp(np.interp(year, known.year, np.log(known.values))))


def ceiling(growth: xr.DataArray, nation: xr.DataArray, density: xr.DataArray) -> Ceiling:
    """The ceiling of one resource.

    growth: log growth, dims region, year; NaN where unknown.  nation: that of the whole, dim year.
    density: stock per resident, dims region, year.
    """
    growth, whole = xr.align(growth, nation, join="inner")
    apart = (growth - whole).transpose("region", "year").values
    middle = np.nanmean(apart)
    kept = drawn_in(apart - middle)[0] + middle + whole.values  # breaks of definition are no growth
    years = [y - 1 for y in growth.year.values]
    before = density.sel(region=growth.region, year=years).transpose("region", "year").values
    found = _crossing(kept, before)
    left = np.array([_crossing(np.delete(kept, i, 0), np.delete(before, i, 0)) for i in range(len(kept))])
    many = len(left)
    sd = float(np.sqrt((many - 1) / many * ((left - left.mean()) ** 2).sum()))
    return Ceiling(found, sd, int((np.isfinite(kept) & np.isfinite(before)).sum()))


def _crossing(growth: Floats, density: Floats) -> float:
    """Where the line of growth on density is 0."""
    known = np.isfinite(growth) & np.isfinite(density)
    slope, start = np.polyfit(density[known], growth[known], 1)
    farthest = _MOST * float(density[known].max())
    return min(float(-start / slope), farthest) if slope < 0.0 else farthest
