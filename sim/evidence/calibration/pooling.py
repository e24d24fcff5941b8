"""Growth of many regions together: what they share, what lasts of one's own, what a single year brings.

The log growth of region i in year t is

    g[i, t] = N[t] + a[i] - k x[i, t-1] + e[i, t],   a ~ (middle, lasting^2),  e ~ (0, swing^2)

N the nation's, a what lasts of a region's own, x the log of its stock per resident over the nation's,
k the share of that distance by which it nears the nation in a year (conditional convergence: Barro &
Sala-i-Martin 1992, Journal of Political Economy 100(2), 223-251), e what a single year brings.  The
variances are moments: the covariance of a region's deviations in different years is that of a alone.
A region's a is estimated by partial pooling: of its mean deviation from the regions' middle a share
lasting^2 / (lasting^2 + swing^2 / n) (Gelman & Hill 2007, Data Analysis Using Regression, section
12.2; Morris 1983, JASA 78(381), 47-55).  N goes on from the mean of its last years and slows as
its stock per resident comes to a ceiling (see ceilings), or fades by a half-life, or adds as many a year.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
_HALF_LIVES = (4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 17.0, 20.0, 25.0, 30.0, 40.0, 60.0, 90.0, 130.0, 200.0)


@dataclass(frozen=True)
class Pooled:
    """What many regions' growth has in common.

    nation: N by year, dim year.  middle: of the regions' lasting differences from it.  lasting,
    swing: standard deviations, per year, breaks of definition drawn in.  n: region-years.  nearing: k.
    most: deviation from the middle beyond which a year is a break.  farthest: distance from the nation
    beyond which it pulls no more: a capital keeps what is its own.
    """

    nation: xr.DataArray
    middle: float
    lasting: float
    swing: float
    n: int
    nearing: float
    most: float
    farthest: float

    def with_lasting(self, lasting: float, farthest: float) -> Pooled:
        """The same with another standard deviation of what lasts, and reach; a single year brings the rest.

        For few regions, which stand for no others: their middle is not that of all.
        """
        swing = max(self.lasting**2 + self.swing**2 - lasting**2, 0.0) ** 0.5
        return replace(self, middle=0.0, lasting=lasting, swing=swing, farthest=farthest)

    def own(self, growth: xr.DataArray, relative: xr.DataArray, last: int) -> tuple[float, float]:
        """Mean and standard deviation of what lasts of a region's own growth, known to a year.

        growth: its log growth, dim year.  relative: log of its stock per resident over the nation's.
        """
        pulled = growth + self.nearing * _within(relative, self.farthest).shift(year=1)
        own, nation = xr.align(pulled, self.nation, join="inner")
        apart = (own - nation).sel(year=slice(last - OWN_YEARS + 1, last)).dropna("year")
        if not apart.size:
            return self.middle, self.lasting
        weight = self.lasting**2 / (self.lasting**2 + self.swing**2 / apart.size)
        apart = (apart - self.middle).clip(-self.most, self.most) + self.middle  # breaks are no growth
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


def relative_density(stock: xr.DataArray, people: xr.DataArray, nation: xr.DataArray) -> xr.DataArray:
    """Log of each region's stock per resident over the nation's, dims region, year.

    stock, people: dims region, year; people of every region.  nation: its stock, dim year; a gap
    between two counts is bridged.
    """
    known = nation.dropna("year")
    logs = np.interp(stock.year, known.year, np.log(known.values))
    whole = xr.DataArray(logs, {"year": stock.year.values}, ("year",))
    whole = whole - xr.apply_ufunc(np.log, people.sum("region", skipna=False))
    out: xr.DataArray = xr.apply_ufunc(np.log, stock / people) - whole
    return out


def pooled(
    growth: xr.DataArray, nation: xr.DataArray, relative: xr.DataArray, nearing: float = 0.0
) -> Pooled:
    """What the growth of many regions has in common.

    growth: log growth, dims region, year; NaN where unknown.  nation: that of the whole, dim year.
    relative: see relative_density.
    """
    farthest = reach(relative)
    growth = growth + nearing * _within(relative, farthest).shift(year=1) if nearing > 0 else growth
    growth, nation_then = xr.align(growth, nation, join="inner")  # the nation is counted for longer
    away = (growth - nation_then).transpose("region", "year")
    middle, lasting, swing, n, most = moments(away.values)
    return Pooled(nation, middle, lasting, swing, n, nearing, most, farthest)


def reach(relative: xr.DataArray) -> float:
    """Distance from the nation, a logarithm, beyond which a region is one of its own kind."""
    low, high = np.nanquantile(relative, [0.1, 0.9])
    return float(_FAR * (high - low) / _Q80)


def _within(relative: xr.DataArray, farthest: float) -> xr.DataArray:
    return relative.clip(-farthest, farthest)


def moments(away: Floats) -> tuple[float, float, float, int, float]:
    """Middle, lasting and single years' standard deviation of growth beside the nation's, its number, and
    the deviation beyond which it is a break.

    away: (region, year), NaN where unknown.
    """
    middle = float(np.nanmean(away))
    apart, most = drawn_in(away - middle)
    pairs = [(apart[:, :-lag] * apart[:, lag:]) for lag in range(1, _LAGS + 1)]
    products = np.concatenate([p[np.isfinite(p)] for p in pairs])
    everything = float(np.nanmean(apart**2))
    lasting = min(max(float(products.mean()), 0.0), everything)
    return middle, lasting**0.5, (everything - lasting) ** 0.5, int(np.isfinite(apart).sum()), most


def drawn_in(apart: Floats) -> tuple[Floats, float]:
    """Deviations with those far out drawn in, and to where: breaks of definition are no growth (winsorised).

    Huber & Ronchetti (2009), Robust Statistics, 2nd ed., section 1.7.
    """
    low, high = np.nanquantile(apart, [0.1, 0.9])
    most = _FAR * (high - low) / _Q80
    return np.asarray(np.clip(apart, -most, most)), float(most)


def faded(level: float, half_life: float, horizon: int) -> Floats:
    """Growth of each of the next years: the mean of the last ones, fading from their middle."""
    ahead = np.arange(1, horizon + 1) + (LEVEL_YEARS - 1) / 2
    return np.asarray(level * 0.5 ** (ahead / half_life))


def additions(level: float, horizon: int) -> Floats:
    """Growth of each of the next years where as many come a year, net of those who leave, as of late.

    level: log growth a year of the last LEVEL_YEARS.
    """
    share = -np.expm1(-LEVEL_YEARS * level) / LEVEL_YEARS  # of the last stock, a year
    stock = 1.0 + share * np.arange(horizon + 1)
    return np.diff(np.log(stock))


def level(shared: xr.DataArray, last: int) -> float:
    """Mean of the shared growth over the last years known."""
    return float(shared.sel(year=slice(last - LEVEL_YEARS + 1, last)).mean())


def half_lives(shared: Sequence[xr.DataArray]) -> list[tuple[float, float]]:
    """Half-life of the nation's growth by resource, and the error of its mean growth that it leaves.

    Each lies halfway (in logarithms) between the one that foretells this resource best and the one
    that foretells all of them best: a resource's own fifteen years alone say little.  Errors are root
    mean squares over 1 to 5 years ahead.
    """
    errors = [[mean_error(own, _fading(own, h)) ** 2 for h in _HALF_LIVES] for own in shared]
    together = np.sum([np.array(own) / min(own) for own in errors], axis=0)
    common = _HALF_LIVES[int(np.argmin(together))]
    out = []
    for own, by_half_life in zip(shared, errors, strict=True):
        best = _HALF_LIVES[int(np.argmin(by_half_life))]
        years = round((best * common) ** 0.5, 1)
        out.append((years, mean_error(own, _fading(own, years))))
    return out


def _fading(shared: xr.DataArray, half_life: float) -> Callable[[int, int], Floats]:
    return lambda origin, horizon: faded(level(shared, origin), half_life, horizon)


def mean_error(shared: xr.DataArray, ahead: Callable[[int, int], Floats]) -> float:
    """Root mean square error of the shared growth's mean over 1 to 5 years, per year.

    ahead: (year from which it is foretold, years) -> growth foretold of each.
    """
    known = shared.dropna("year")
    first, last = int(known.year[0]), int(known.year[-1])
    out = []
    for origin in range(first + LEVEL_YEARS - 1, last):
        expected = ahead(origin, _HORIZONS)
        for h in range(1, min(_HORIZONS, last - origin) + 1):
            met = float(known.sel(year=slice(origin + 1, origin + h)).mean())
            out.append(met - expected[:h].mean())
    return float(np.sqrt(np.mean(np.square(out))))
