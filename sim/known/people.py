"""People led through their counts: the cheapest change of moves, births, deaths and base that meets them.

A draw's population, births or deaths miss a count (as drawn within its error) by some amount. The levers
(net migration, TFR ratio and life expectancy of each year, the base's errors by age) are moved by
    K = S J' (J S J' + R)^-1
times the miss, S their covariance as the parameters state it, J what each does to each count, R the
errors of the counts: a sample of the conditioned Gaussian (randomized maximum likelihood: Ba, de Wiljes,
Oliver & Reich 2021, arXiv:2101.03612, section 2; Gauss-Newton steps for what is not linear). A count that
surprises stands before what was fitted without it: while it would be missed by more than half its error, the
spread of the levers that it tells of is widened (after Mehra 1970, doi:10.1109/TAC.1970.1099422).
Levers of years after the last count move by their covariance with those before: a net migration fades
by its autocorrelation, a gap of life expectancy stays. Counts that contradict one another share the miss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

import sim.demography
from sim.arrays import Floats, Params
from sim.demography.stage import BASE_GROUPS
from sim.params import Range
from sim.schema import AGE_GROUPS

LEVEL, RATIO, GAP = "migration.level", "fertility.tfr_ratio", "mortality.e0_gap"
BASE = tuple(f"population.base_error_{group}" for group in BASE_GROUPS)
BY_YEAR = (LEVEL, RATIO, GAP)
KINDS = ("population", "population_60", "population_65", "births", "deaths", "life_expectancy")
"""Indicators that these levers meet."""
GAIN, EFFECT = "known.gain", "known.effect"
_STEP = {LEVEL: 1e-3, RATIO: 1e-2, GAP: 0.2, **dict.fromkeys(BASE, 2e-3)}  # of the differences in J
_ROUNDS = 3  # Gauss-Newton steps: each takes what is not linear down more than tenfold
_WIDER, _WIDEST = 4.0, 6  # by what the variance of levers is widened at a time, and how often at most
_HELPS = 0.95  # of the miss before, that a wider one must come below
_CLOSE = 0.5  # errors of a count within which its central path comes to lie
_TELLS: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("births",): (RATIO,),
    ("deaths", "life_expectancy"): (GAP,),
    ("population",): (LEVEL,),
    ("population_60", "population_65"): BASE,
}
"""Counts -> the levers that they say most of: widened where they surprise."""
_GROUP = {"population": "total", "population_60": "60+", "population_65": "65+"}
_NORMAL = 1.96  # standard deviations on either side of 95 % of a normal distribution


@dataclass(frozen=True)
class Prior:
    """How far each lever may lie from its path, as the records state it."""

    level: Range | None
    """Share of residents a year."""
    ratio: Range | None
    """Relative."""
    gap: Range | None
    """Years, the same in all years."""
    path: Range | None
    """Years, by year."""
    base: tuple[Range | None, ...]
    """Of BASE, shares."""
    births_swing: float
    e0_swing: float


def levers(years: Sequence[int]) -> list[tuple[str, int]]:
    """Levers in order: those of each year after the base (births of the base year too), then the base's."""
    by_year = [(name, y) for name in BY_YEAR for y in (years[1:] if name == LEVEL else years)]
    return [*by_year, *((name, years[0]) for name in BASE)]


def label(lever: tuple[str, int]) -> str:
    """A lever as a coordinate of the gain."""
    return f"{lever[0]}@{lever[1]}"


def gain(
    params: Params, years: Sequence[int], counts: Mapping[tuple[str, int], float], sd: Floats, prior: Prior
) -> tuple[xr.DataArray, xr.DataArray]:
    """K (lever, count) and J (count, lever), of the logs of the counts.

    params: central values over `years`.  counts: by indicator and year.  sd: their relative errors.
    """
    asked = list(counts)
    last = max(year for _, year in asked)
    short = _until(params, last)
    all_levers = levers(years)
    acting = [i for i, (_, year) in enumerate(all_levers) if year <= last]
    step = np.array([_STEP[all_levers[i][0]] for i in acting])
    moved = np.zeros((len(all_levers), len(acting) + 1))
    moved[acting, 1 + np.arange(len(acting))] = step
    draws = list(range(moved.shape[1]))
    seen = np.log(_counted(apply(short, all_levers, moved, draws), asked, draws))
    effect = np.zeros((len(asked), len(all_levers)))
    effect[:, acting] = (seen[:, 1:] - seen[:, :1]) / step
    miss = np.log(list(counts.values())) - seen[:, 0]
    found = _gains(effect, covariance(all_levers, prior), sd, miss, _told(asked, all_levers))
    labels = {"lever": [label(v) for v in all_levers], "count": [f"{k}_{y}" for k, y in asked]}
    gains = xr.DataArray(found, labels, ("lever", "count"))
    return gains, xr.DataArray(effect, labels, ("count", "lever"))


def _told(
    asked: Sequence[tuple[str, int]], all_levers: Sequence[tuple[str, int]]
) -> list[tuple[list[int], npt.NDArray[np.bool_]]]:
    """Counts of each kind that there are, and the levers that they tell of."""
    return [
        (at, np.array([lever in names for lever, _ in all_levers]))
        for kinds, names in _TELLS.items()
        if (at := [i for i, (kind, _) in enumerate(asked) if kind in kinds])
    ]


def _gains(
    effect: Floats,
    spread: Floats,
    sd: Floats,
    miss: Floats,
    told: Sequence[tuple[list[int], npt.NDArray[np.bool_]]],
) -> Floats:
    """K, the levers' spread widened while a count of theirs would be missed by more than half its error.

    effect: J.  spread: S.  sd: errors of the counts.  miss: of the central path.  Counts that contradict
    one another stay apart however wide it is: a spread is left where widening it no longer helps.
    """
    factors = np.ones(len(spread))
    best = np.full(len(told), np.inf)
    for _ in range(_WIDEST + 1):
        there = effect @ (spread * np.sqrt(np.outer(factors, factors)))
        gains = np.linalg.solve(there @ effect.T + np.diag(sd**2), there).T
        left = np.abs(miss - effect @ (gains @ miss)) / sd
        now = np.array([left[at].max() for at, _ in told])
        wider = [own for (_, own), n, b in zip(told, now, best, strict=True) if _CLOSE < n < _HELPS * b]
        if not wider:
            break
        best = now
        for own in wider:
            factors[own] *= _WIDER
    return np.asarray(gains)


def covariance(all_levers: Sequence[tuple[str, int]], prior: Prior) -> Floats:
    """Covariance of the levers: paths that move on from year to year, a gap that stays, single years."""
    n = len(all_levers)
    out = np.zeros((n, n))
    single = {LEVEL: 0.0, RATIO: prior.births_swing, GAP: prior.e0_swing}
    paths = {LEVEL: prior.level, RATIO: prior.ratio, GAP: prior.path}
    for name in BY_YEAR:
        at = [i for i, (lever, _) in enumerate(all_levers) if lever == name]
        block = path_covariance([all_levers[i][1] for i in at], paths[name])
        block += np.eye(len(at)) * single[name] ** 2
        if name == GAP:
            block += _sd(prior.gap) ** 2
        out[np.ix_(at, at)] = block
    for name, spread in zip(BASE, prior.base, strict=True):
        i = next(i for i, (lever, _) in enumerate(all_levers) if lever == name)
        out[i, i] = _sd(spread) ** 2
    return out


def path_covariance(years: Sequence[int], spread: Range | None) -> Floats:
    """Covariance of a first-order autoregression with a standard deviation of each year."""
    if spread is None or spread.sd is None or spread.rho is None:
        return np.zeros((len(years), len(years)))
    stated = spread.sd if isinstance(spread.sd, dict) else {years[0]: spread.sd}
    known = sorted(stated)
    sd = np.interp(years, known, [stated[y] for y in known])
    lag = np.abs(np.subtract.outer(np.asarray(years), np.asarray(years)))
    return np.asarray(np.outer(sd, sd) * spread.rho**lag)


def _sd(spread: Range | None) -> float:
    if spread is None or spread.low is None or spread.high is None:
        return 0.0
    return (spread.high - spread.low) / (2 * _NORMAL)


def conditioned(
    params: Params, years: Sequence[int], draws: Sequence[int], counts: Mapping[str, Floats]
) -> dict[str, xr.DataArray]:
    """The parameters of demography, moved in every draw so that its counts are met.

    counts: `<indicator>_<year>` -> what is to be met, by draw.  Returns all of `params`.
    """
    gains, effect = params[GAIN].values, params[EFFECT].values
    names = [str(c) for c in params[GAIN]["count"].values]
    asked = [(name.rpartition("_")[0], int(name.rpartition("_")[2])) for name in names]
    all_levers = levers(years)
    short = _until(params, max(year for _, year in asked))
    wanted = np.log(np.stack([counts[name] for name in names]))
    moved = np.zeros((len(all_levers), len(draws)))
    for _ in range(_ROUNDS):
        seen = np.log(_counted(apply(short, all_levers, moved, draws), asked, draws))
        moved = _times(gains, wanted - seen + _times(effect, moved))
    return apply(params, all_levers, moved, draws)


def _times(matrix: Floats, columns: Floats) -> Floats:
    """A product term by term: the same to the bit at any number of columns, which are draws."""
    out = np.zeros((len(matrix), columns.shape[1]))
    for k in range(matrix.shape[1]):
        out += matrix[:, k, None] * columns[k]
    return out


def apply(
    params: Params, all_levers: Sequence[tuple[str, int]], moved: Floats, draws: Sequence[int]
) -> dict[str, xr.DataArray]:
    """The parameters with their levers moved, (lever, draw); levers of years that they lack are left."""
    years = [int(y) for y in params["mortality.mx"].year.values]
    out = dict(params)
    for name in BY_YEAR:
        change = np.zeros((len(years), len(draws)))
        for (lever, year), row in zip(all_levers, moved, strict=True):
            if lever == name and year in years:
                change[years.index(year)] = row
        by = xr.DataArray(change, {"year": years, "draw": list(draws)}, ("year", "draw"))
        if name == LEVEL:
            out[name] = out[name] + by * float(params["population.base"].sum())
        else:
            out[name] = out[name] * np.exp(by) if name == RATIO else out[name] + by
        out[name] = out[name].transpose("year", "draw")
    for name in BASE:
        row = next(row for (lever, _), row in zip(all_levers, moved, strict=True) if lever == name)
        out[name] = out[name] + xr.DataArray(row, {"draw": list(draws)}, ("draw",))
    return out


def _until(params: Params, last: int) -> dict[str, xr.DataArray]:
    """What demography reads, to a year (one year more than the base at least: it steps from year to year)."""
    own = {name: params[name] for name in sim.demography.PARAMETERS}
    first = int(own["mortality.mx"].year.values[0])
    span = slice(first, max(last, first + 1))
    return {n: a.sel(year=span) if "year" in a.dims else a for n, a in own.items()}


def _counted(params: Params, counts: Sequence[tuple[str, int]], draws: Sequence[int]) -> Floats:
    """What the projection says of each count, (count, draw)."""
    blank = xr.Dataset(coords={"year": params["mortality.mx"].year.values, "draw": list(draws)})
    done = sim.demography.project(blank, params)
    return np.stack([figure(done, kind, year) for kind, year in counts])


def figure(projection: xr.Dataset, kind: str, year: int) -> Floats:
    """One of KINDS in a projection, by draw."""
    if kind in _GROUP:
        first, last = AGE_GROUPS[_GROUP[kind]]
        found = projection["population"].sel(year=year, age=slice(first, last)).sum(("sex", "age"))
    elif kind == "life_expectancy":
        found = projection["e0"].sel(year=year, sex_total="both")
    else:
        at = projection[kind].sel(year=year)
        found = at.sum([d for d in at.dims if d != "draw"])
    return np.asarray(found.transpose("draw").values, float)
