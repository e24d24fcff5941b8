"""What a decade's migration foretells: regression to the mean by age and in total, and its errors.

Provinces with three censuses (2000, 2010, 2020) say by age what of the rates of one decade is met
again in the next; provinces and prefectures with totals since 2020 say what is of the total. A
slope below 1 is regression to the mean; what it leaves is the variance of the draws. Slopes are
pooled over places (every province alike), judged by leaving one province out.
Method: Azose & Raftery (2015), Demography 52(5), 1627-1650; empirical errors as Rayer, Smith & Tayman
(2009), Population Research and Policy Review 28(6), 773-793.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats
from sim.evidence.calibration.nested import nested

_Q80 = 2.5631  # width of a normal's middle 80 %, in standard deviations


@dataclass(frozen=True)
class ByAge:
    """By five-year cohort: its age in the middle of a decade, what is met again, how errors fall."""

    ages: Floats
    """(cohort,), years."""
    slope: Floats
    """Rate of the second decade on that of the first, both sexes, within 0..1, (cohort,)."""
    error: Floats
    """Leading component of the errors, highest 1, >= 0, (sex, cohort)."""


@dataclass(frozen=True)
class Totals:
    """Net migration since the census on that of the decade before, shares of the people a year."""

    lasting: float
    """Slope: what lasts of the decade's net rate."""
    sd: float
    """Of one place and year around it."""
    ratio: float
    """Root mean square error of totals, left-out provinces, over that of the last value."""
    n: int


def by_age(first: Floats, second: Floats) -> ByAge:
    """What of one decade's yearly rates is met in the next.

    first, second: yearly rates of the same places in two decades (place, sex, cohort), cohorts of
    five years from 10-14 at the decade's end.
    """
    middle = 7.5 + 5.0 * np.arange(first.shape[2])
    x, y = (np.moveaxis(a, 2, 0).reshape(first.shape[2], -1) for a in (first, second))
    x_off, y_off = (a - a.mean(axis=1, keepdims=True) for a in (x, y))
    slope = (x_off * y_off).sum(axis=1) / (x_off**2).sum(axis=1)
    met = np.clip(slope, 0.0, 1.0)
    left = second - met * first
    left = (left - left.mean(axis=0)).reshape(len(left), -1)
    ways = np.linalg.svd(left, full_matrices=False)[2]
    leading = np.abs(ways[0]).reshape(first.shape[1:])
    return ByAge(np.asarray(middle, float), met, leading / leading.max())


def totals(decade: Floats, since: Floats, years: Floats, natural: Floats, group: Sequence[str]) -> Totals:
    """What of the decade's net rate was met in the total since.

    decade: yearly net rate of 2010-2020 (place,).  since: the same after the census, mean of `years`
    years.  natural: natural increase of these years, shares of the people, for the score alone.
    group: province of each place, left out together.
    """
    of = np.array(group)
    error = np.empty_like(since)
    for name in dict.fromkeys(group):
        mine = of == name
        error[mine] = since[mine] - lasting(decade[~mine], since[~mine], years[~mine]) * decade[mine]
    low, high = np.quantile(error, (0.1, 0.9))
    last = np.sqrt(np.mean((years * since + natural) ** 2))
    ratio = float(np.sqrt(np.mean((years * error) ** 2)) / last)
    return Totals(lasting(decade, since, years), float((high - low) / _Q80), ratio, len(of))


def lasting(decade: Floats, since: Floats, years: Floats) -> float:
    """Slope of the net rate since on the decade's, through the origin, weighted by the years seen."""
    return float((years * decade * since).sum() / (years * decade**2).sum())


def persistence(first: Floats, second: Floats) -> float:
    """Yearly autocorrelation at which the mean of one decade foretells that of the next as observed.

    first, second: net rates of the same places in two decades (place,).  The slope of the means of
    ten years on those of the ten before, of a first-order autoregression, is solved for.
    """
    x, y = first - first.mean(), second - second.mean()
    slope = float((x * y).sum() / (x * x).sum())
    grid = np.linspace(0.0, 0.99, 100)
    lag = np.abs(np.arange(10)[:, None] - np.arange(10)[None])
    ahead = 10 + np.arange(10)[None] - np.arange(10)[:, None]
    known = [float((r**ahead).mean() / (r**lag).mean()) for r in grid[1:]]
    return float(np.interp(slope, known, grid[1:]))


def yearly_sd(mean_sd: float, rho: float, years: int) -> float:
    """Standard deviation of single years whose mean over `years` has `mean_sd`, autocorrelation rho."""
    lag = np.abs(np.arange(years)[:, None] - np.arange(years)[None])
    return float(mean_sd / np.sqrt((rho**lag).mean()))


def by_registered(away: Floats, nets: Floats) -> tuple[float, float, float]:
    """Slope and middle of the yearly net rate on log residents over registered, and what they leave."""
    slope, middle = np.polyfit(away, nets, 1)
    left = nets - middle - slope * away
    low, high = np.quantile(left, (0.1, 0.9))
    return float(slope), float(middle + np.median(left)), float((high - low) / _Q80)


@dataclass(frozen=True)
class ByRegion:
    """The same line within provinces of economic regions, and what each region has of its own."""

    slope: float
    middles: dict[str, float]
    """Yearly net rate of a place with as many residents as registered, by region."""
    sd: float
    """Of a place of which no province is known, around it."""
    spreads: tuple[float, float, float]
    """Standard deviations of regions, provinces, places."""


def by_region(away: Floats, nets: Floats, province: Sequence[str], region: Sequence[str]) -> ByRegion:
    """Net rates of places in provinces in regions, of each as if its province were not known.

    Its deviation holds the province's own, and how unsure its region's is.
    """
    line = np.column_stack([np.ones_like(away), away])
    found = nested(line, nets, province, region)
    own = np.array([found.of_region(name) for name in region])
    low, high = np.quantile(nets - line @ found.line - own[:, 0], (0.1, 0.9))
    sd = np.sqrt(((high - low) / _Q80) ** 2 + np.mean(own[:, 1] ** 2))
    middle, slope = found.line
    middles = {name: float(middle + value) for name, value in found.regions.items()}
    return ByRegion(float(slope), middles, float(sd), found.spreads)
