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
_HALF_LIVES = (4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 17.0, 20.0, 25.0, 30.0, 40.0, 60.0)


@dataclass(frozen=True)
class Pooled:
    """What many regions' growth has in common.

    nation: N by year, dim year.  middle: of the regions' lasting differences from it.  lasting,
    swing: standard deviations, per year.  n: region-years.
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
        apart = (growth - self.nation).sel(year=slice(last - OWN_YEARS + 1, last)).dropna("year")
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
    away = (growth - nation).transpose("region", "year")
    middle = float(away.mean())
    apart = away.values - middle
    pairs = [(apart[:, :-lag] * apart[:, lag:]) for lag in range(1, _LAGS + 1)]
    products = np.concatenate([p[np.isfinite(p)] for p in pairs])
    everything = float(np.nanmean(apart**2))
    lasting = min(max(float(products.mean()), 0.0), everything)
    return Pooled(nation, middle, lasting**0.5, (everything - lasting) ** 0.5, int(np.isfinite(apart).sum()))


def faded(level: float, half_life: float, horizon: int) -> Floats:
    """Growth of each of the next years: the mean of the last ones, fading from their middle."""
    ahead = np.arange(1, horizon + 1) + (LEVEL_YEARS - 1) / 2
    return np.asarray(level * 0.5 ** (ahead / half_life))


def level(shared: xr.DataArray, last: int) -> float:
    """Mean of the shared growth over the last years known."""
    return float(shared.sel(year=slice(last - LEVEL_YEARS + 1, last)).mean())


def half_life(shared: Sequence[xr.DataArray]) -> tuple[float, list[float]]:
    """Half-life of the shared growth, one for all resources, with the error that it leaves in each.

    Returns it, and the root mean square error of the mean growth over 1 to 5 years by resource.
    """
    errors = {h: [_errors(s, h) for s in shared] for h in _HALF_LIVES}
    scale = [min(float(np.mean(errors[h][i] ** 2)) for h in _HALF_LIVES) for i in range(len(shared))]
    best = min(
        _HALF_LIVES, key=lambda h: sum(np.mean(e**2) / s for e, s in zip(errors[h], scale, strict=True))
    )
    return best, [float(np.mean(e**2)) ** 0.5 for e in errors[best]]


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
