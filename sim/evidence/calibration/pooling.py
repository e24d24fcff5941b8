"""Growth of many regions together: what they share, what lasts of one's own, what a single year brings.

The log growth of region i in year t is

    g[i, t] = N[t] + a[i] + e[i, t],   a ~ (middle, lasting^2),  e ~ (0, swing^2)

N the nation's, a what lasts of a region's own, e what a single year brings.  The variances are
moments: the covariance of a region's deviations in different years is that of a alone.  A region's a
is estimated by partial pooling: of its mean deviation from the regions' middle a share lasting^2 /
(lasting^2 + swing^2 / n) (Gelman & Hill 2007, Data Analysis Using Regression, section 12.2; Morris 1983, JASA
78(381), 47-55).  N goes on from the mean of its last years and fades by a half-life.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from sim.arrays import Floats

LEVEL_YEARS = 3  # of whose mean the shared growth goes on
OWN_YEARS = 5  # of a region's own that count
_LAGS = 6  # years apart over which deviations are held against each other
_HORIZONS = 5  # years ahead over which the shared growth is judged
_FAR = 2.0  # standard deviations beyond which a year's deviation is a break
_Q80 = 2.5631  # width of a normal's middle 80 %, in standard deviations
_HALF_LIVES = (4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 17.0, 20.0, 25.0, 30.0, 40.0, 60.0)


@dataclass(frozen=True)
class Pooled:
    """What many regions' growth has in common.

    nation: N by year, dim year.  middle: of the regions' lasting differences from it.  lasting,
    swing: standard deviations, per year, breaks of definition drawn in.  n: region-years.
    """

    nation: xr.DataArray
    middle: float
    lasting: float
    swing: float
    n: int

    def with_lasting(self, lasting: float) -> Pooled:
        """The same with another standard deviation of what lasts; a single year brings the rest.

        For few regions, which stand for no others: their middle is not that of all.
        """
        swing = max(self.lasting**2 + self.swing**2 - lasting**2, 0.0) ** 0.5
        return replace(self, middle=0.0, lasting=lasting, swing=swing)

    def own(self, growth: xr.DataArray, last: int) -> tuple[float, float]:
        """Mean and standard deviation of what lasts of a region's own growth, known to a year.

        growth: its log growth, dim year.
        """
        own, nation = xr.align(growth, self.nation, join="inner")
        apart = (own - nation).sel(year=slice(last - OWN_YEARS + 1, last)).dropna("year")
        if not apart.size:
            return self.middle, self.lasting
        weight = self.lasting**2 / (self.lasting**2 + self.swing**2 / apart.size)
        mean = (1.0 - weight) * self.middle + weight * float(apart.mean())
        return mean, self.lasting * float(np.sqrt(1.0 - weight))


def yearly_growth(stock: xr.DataArray) -> xr.DataArray:
    """Log growth by region and year, NaN where this year or the one before is unknown.

    stock: dims region, year.
    """
    logs: xr.DataArray = xr.apply_ufunc(np.log, stock)
    return logs.diff("year")


def bridged(stock: xr.DataArray) -> xr.DataArray:
    """Log growth of one stock by year; a gap between two counts has their mean growth.

    stock: dim year.
    """
    known = stock.dropna("year")
    years = np.arange(int(known.year[0]), int(known.year[-1]) + 1)
    logs = np.interp(years, known.year.values, np.log(known.values))
    return xr.DataArray(np.diff(logs), {"year": years[1:]}, ("year",))


def pooled(growth: xr.DataArray, nation: xr.DataArray) -> Pooled:
    """What the growth of many regions has in common.

    growth: log growth, dims region, year; NaN where unknown.  nation: that of the whole, dim year.
    """
    growth, nation_then = xr.align(growth, nation, join="inner")  # the nation is counted for longer
    away = (growth - nation_then).transpose("region", "year")
    middle = float(away.mean())
    apart = _without_breaks(away.values - middle)
    pairs = [(apart[:, :-lag] * apart[:, lag:]) for lag in range(1, _LAGS + 1)]
    products = np.concatenate([p[np.isfinite(p)] for p in pairs])
    everything = float(np.nanmean(apart**2))
    lasting = min(max(float(products.mean()), 0.0), everything)
    return Pooled(nation, middle, lasting**0.5, (everything - lasting) ** 0.5, int(np.isfinite(apart).sum()))


def _without_breaks(apart: Floats) -> Floats:
    """Deviations with those far out drawn in: breaks of definition are no growth (winsorised).

    Huber & Ronchetti (2009), Robust Statistics, 2nd ed., section 1.7.
    """
    low, high = np.nanquantile(apart, [0.1, 0.9])
    most = _FAR * (high - low) / _Q80
    return np.asarray(np.clip(apart, -most, most))


def faded(level: float, half_life: float, horizon: int) -> Floats:
    """Growth of each of the next years: the mean of the last ones, fading from their middle."""
    ahead = np.arange(1, horizon + 1) + (LEVEL_YEARS - 1) / 2
    return np.asarray(level * 0.5 ** (ahead / half_life))


def level(shared: xr.DataArray, last: int) -> float:
    """Mean of the shared growth over the last years known."""
    return float(shared.sel(year=slice(last - LEVEL_YEARS + 1, last)).mean())


def half_lives(shared: Sequence[xr.DataArray]) -> list[tuple[float, float]]:
    """Half-life of the nation's growth by resource, and the error of its mean growth that it leaves.

    Each lies halfway (in logarithms) between the one that foretells this resource best and the one
    that foretells all of them best: a resource's own fifteen years alone say little.  Errors are root
    mean squares over 1 to 5 years ahead.
    """
    errors = [[float(np.mean(_errors(own, h) ** 2)) for h in _HALF_LIVES] for own in shared]
    together = np.sum([np.array(own) / min(own) for own in errors], axis=0)
    common = _HALF_LIVES[int(np.argmin(together))]
    out = []
    for own, by_half_life in zip(shared, errors, strict=True):
        best = _HALF_LIVES[int(np.argmin(by_half_life))]
        years = round((best * common) ** 0.5, 1)
        out.append((years, float(np.mean(_errors(own, years) ** 2)) ** 0.5))
    return out


def _errors(shared: xr.DataArray, years: float) -> Floats:
    known = shared.dropna("year")
    first, last = int(known.year[0]), int(known.year[-1])
    out = []
    for origin in range(first + LEVEL_YEARS - 1, last):
        expected = faded(level(known, origin), years, _HORIZONS)
        for h in range(1, min(_HORIZONS, last - origin) + 1):
            met = float(known.sel(year=slice(origin + 1, origin + h)).mean())
            out.append(met - expected[:h].mean())
    return np.array(out)
