"""Calibration of a region to observations, and scores of a projection against later ones.

Fitted: the region's TFR ratio to births, and the net migration level to the total population.
Life expectancy, parity and age structure come from their own parameters.  Observations are single
figures by year and indicator: `births`, `deaths`, `population_total`, `population_0-15`, ...
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.special import ndtri

from sim.arguments import choice_faults, count_faults, refuse, share_faults, value_faults
from sim.arrays import Floats
from sim.demography.stage import project
from sim.draws import quantiles, sampled
from sim.errors import ParameterError, fault
from sim.schema import AGE_GROUPS

_ERROR_PARTS = 41  # points at which a normal error is taken
_ROUNDS = 3  # births and migration are fitted in turn
_AHEAD = (1, 2, 3, 5, 8, 12, 18, 25)  # years after the last total at which the level is written down


@dataclass(frozen=True)
class Observation:
    """One observed figure: persons at 31 December, or events during the year."""

    year: int
    indicator: str
    value: float

    def __post_init__(self) -> None:
        """Raises ParameterError for a figure that is no number, or below 0 where none can be."""
        low = -np.inf if self.indicator == "net_migration" else 0.0
        remedy = "a count of 0 or more" if low == 0.0 else "a number"
        refuse(value_faults(f"{self.indicator} of {self.year}", self.value, low, remedy=remedy))


@dataclass(frozen=True)
class Fit:
    """Fitted paths by year (the last year's value holds on), and what misfit remains.

    tfr_ratio: region over reference.  level: net migrants per year.  misfit: model / observed - 1
    by (year, indicator) over the observations used.
    """

    tfr_ratio: dict[int, float]
    level: dict[int, float]
    misfit: dict[tuple[int, str], float]


def indicators(projection: xr.Dataset) -> dict[str, xr.DataArray]:
    """The indicators that are observed, each with dims (year, draw).

    `births`, `deaths`, `net_migration` in the year; `population_<age group>` at 31 December.
    """
    people = projection["population"].sum("sex")
    found = {
        f"population_{name}": people.sel(age=slice(first, last)).sum("age")
        for name, (first, last) in AGE_GROUPS.items()
    }
    found["births"] = projection["births"].sum("sex")
    found["deaths"] = projection["deaths"].sum(("sex", "age"))
    found["net_migration"] = projection["net_migration"].sum(("sex", "age"))
    return found


def fit_region(
    params: Mapping[str, xr.DataArray],
    observed: Iterable[Observation],
    fit_to: int,
    *,
    trust_births: float,
    recent: int,
    errors: tuple[float, float] | None = None,
) -> Fit:
    """Fit TFR ratio and migration level to what was observed up to a year.

    params: central values over the model's years (no dim draw), with migration.level of the base
    year as that of the decade before.  fit_to: last year of observations used; at the base year
    nothing is used.  trust_births: power of observed over modelled births (surveys err by some per
    cent).  errors: standard deviations of a year's net migration around its prediction (share of
    the people) and of a published total (relative): with them the level seen is weighted by its
    variance against what lasts of the decade; without, it counts alone.
    recent: observed years whose mean ratio holds on.
    After the last total the level goes back to what lasts of the decade (migration.lasting) by
    migration.persistence a year.
    Raises ParameterError for an indicator that the model does not have, and for weights below 0.
    """
    refuse(share_faults("trust_births", trust_births))
    refuse(*(count_faults("errors", e) for e in errors or ()))
    refuse(value_faults("recent", recent, 1.0, remedy="one year or more"))
    observed = list(observed)
    known = [*(f"population_{name}" for name in AGE_GROUPS), "births", "deaths", "net_migration"]
    refuse(*(choice_faults("observed: indicator", o.indicator, known) for o in observed))
    years = [int(y) for y in params["mortality.mx"].year.values]
    base = years[0]
    used = [o for o in observed if base < o.year <= fit_to]
    ratio = {base: float(_at(params["fertility.tfr_ratio"], base))}
    seen: tuple[int, float] | None = None
    level = _levels(params, base, seen)
    for _ in range(_ROUNDS if used else 0):
        model = indicators(project(xr.Dataset(), _with(params, years, ratio, level)))
        ratio = _fit_births(model, used, ratio, base, trust_births, recent)
        model = indicators(project(xr.Dataset(), _with(params, years, ratio, level)))
        seen = _fit_total(model, used, level, base)
        level = _levels(params, base, seen)
    if seen is not None and errors is not None:
        level = _levels(params, base, _weighted(params, base, seen, errors))
    model = indicators(project(xr.Dataset(), _with(params, years, ratio, level)))
    return Fit(ratio, level, _misfit(model, used))


def _misfit(model: Mapping[str, xr.DataArray], used: Sequence[Observation]) -> dict[tuple[int, str], float]:
    """Model over observed, minus 1, by year and indicator."""
    return {
        (o.year, o.indicator): float(model[o.indicator].sel(year=o.year)[0]) / o.value - 1
        for o in used
        if o.indicator in model
    }


def _fit_births(
    model: Mapping[str, xr.DataArray],
    used: Sequence[Observation],
    ratio: dict[int, float],
    base: int,
    trust: float,
    recent: int,
) -> dict[int, float]:
    births = sorted((o for o in used if o.indicator == "births"), key=lambda o: o.year)
    start = ratio[base]
    fitted = {base: start}
    for o in births:
        now = _hold(ratio, o.year)
        plain = float(model["births"].sel(year=o.year)[0]) * start / now
        fitted[o.year] = start * (o.value / plain) ** trust
    if births:
        last = [fitted[o.year] for o in births[-recent:]]
        fitted[births[-1].year + 1] = float(np.mean(last))
    return fitted


def _fit_total(
    model: Mapping[str, xr.DataArray], used: Sequence[Observation], level: dict[int, float], base: int
) -> tuple[int, float] | None:
    """Year of the last total, and the level of the years until then that meets it."""
    totals = [o for o in used if o.indicator == "population_total"]
    if not totals:
        return None
    last = max(totals, key=lambda o: o.year)
    n = last.year - base
    now = np.mean([_hold(level, base + 1 + i) for i in range(n)])
    gap = last.value - float(model["population_total"].sel(year=last.year)[0])
    return last.year, float(now + gap / n)


def _weighted(
    params: Mapping[str, xr.DataArray],
    base: int,
    seen: tuple[int, float],
    errors: tuple[float, float],
) -> tuple[int, float]:
    """The level seen, and what lasts of the decade, by the inverse of their variances."""
    (year, level), (spread, published) = seen, errors
    n = year - base
    rho = float(params["migration.persistence"])
    lag = np.abs(np.arange(n)[:, None] - np.arange(n)[None])
    moved = spread**2 * float((rho**lag).mean())
    weight = moved / (moved + (published / n) ** 2) if moved > 0 else 0.0
    lasts = float(params["migration.lasting"]) * float(_at(params["migration.level"], base))
    return year, weight * level + (1 - weight) * lasts


def _levels(
    params: Mapping[str, xr.DataArray], base: int, seen: tuple[int, float] | None
) -> dict[int, float]:
    """Net migrants a year: the decade's in the base year, what is seen, then back to what lasts."""
    decade = float(_at(params["migration.level"], base))
    lasts = float(params["migration.lasting"]) * decade
    if seen is None:
        return {base: decade, base + 1: lasts}
    last, level = seen
    rho = float(params["migration.persistence"])
    ahead = {last + k: lasts + (level - lasts) * rho**k for k in _AHEAD}
    return {base: decade, base + 1: level, last: level} | ahead


def _with(
    params: Mapping[str, xr.DataArray],
    years: Sequence[int],
    ratio: dict[int, float],
    level: dict[int, float],
) -> dict[str, xr.DataArray]:
    def path(points: dict[int, float]) -> xr.DataArray:
        known = sorted(points)
        values = np.interp(years, known, [points[y] for y in known])
        return xr.DataArray(values, {"year": list(years)}, ("year",))

    return {
        **params,
        "fertility.tfr_ratio": path(ratio),
        "migration.level": path(level),
    }


def _hold(points: Mapping[int, float], year: int) -> float:
    known = sorted(points)
    return float(np.interp(year, known, [points[y] for y in known]))


def _at(array: xr.DataArray, year: int) -> float:
    return float(array.sel(year=year) if "year" in array.dims else array)


# --- scores -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Score:
    """One indicator and year: observed against the projection and two naive forecasts.

    low, high: the central `level` of the draws.  seen_low, seen_high: the same of what would be
    published of them, with its own level and error; pit: share of these below the figure; crps: their
    continuous ranked probability score, relative to it (Gneiting & Raftery 2007, JASA 102(477), section
    4.2; of a single forecast it is the absolute error).  last_value and trend are None where the base year's
    value (or an earlier one) was not observed.
    """

    year: int
    indicator: str
    observed: float
    projected: float
    low: float
    high: float
    seen_low: float
    seen_high: float
    pit: float
    crps: float
    last_value: float | None
    trend: float | None

    @property
    def error(self) -> float:
        """Projected over observed, minus 1."""
        return self.projected / self.observed - 1

    @property
    def covered(self) -> bool:
        """Whether the observed figure lies in the band."""
        return self.low <= self.observed <= self.high

    @property
    def covered_seen(self) -> bool:
        """Whether it lies in the band that holds the error of publication too."""
        return self.seen_low <= self.observed <= self.seen_high


def score(
    projection: xr.Dataset,
    observed: Iterable[Observation],
    fit_to: int,
    score_to: int,
    level: float = 0.8,
    error: Mapping[str, Floats] | None = None,
    published: Mapping[str, float] | None = None,
) -> list[Score]:
    """Compare a projection with observations after fit_to, up to score_to.

    projection: with draw 0 central; the band is taken over the other draws.  observed: all
    observations held; those up to fit_to feed the naive forecasts (last value; line through the
    last two).  level: probability of the band, 0..1.  error: standard deviation of what is
    published, relative, by indicator, each (1,) or (draw,); none where it is absent.  published: what
    is published over what is there, by indicator; 1 where it is absent.
    Raises ParameterError if nothing was observed in the years to score, or for another level.
    """
    refuse(share_faults("level", level, open_low=True))
    held = list(observed)
    model = indicators(projection)
    wanted = [o for o in held if fit_to < o.year <= score_to and o.indicator in model]
    wanted = [o for o in wanted if o.year in projection.year.values]
    if not wanted:
        remedy = f"years with observations: {sorted({o.year for o in held})}"
        raise ParameterError(fault("backtest", f"nothing observed in {fit_to + 1}..{score_to}", remedy))
    ends = ((1 - level) / 2, (1 + level) / 2)
    rows = []
    for o in sorted(wanted, key=lambda o: (o.indicator, o.year)):
        past = sorted((p.year, p.value) for p in held if p.indicator == o.indicator and p.year <= fit_to)
        sd = (error or {}).get(o.indicator, np.zeros(1))
        values = model[o.indicator].sel(year=o.year).values
        rows.append(_scored(o, values, sd, (published or {}).get(o.indicator, 1.0), past, ends))
    return rows


def _scored(
    o: Observation,
    values: Floats,
    sd: Floats,
    level: float,
    past: Sequence[tuple[int, float]],
    ends: tuple[float, float],
) -> Score:
    """One observed figure against the draws (the central one first), and against what was known before."""
    drawn = sampled(values)
    shown = _published(drawn * level, sd)
    (low, high), seen = quantiles(drawn, ends), quantiles(shown, ends)
    return Score(
        o.year,
        o.indicator,
        o.value,
        float(values[0]),
        float(low),
        float(high),
        float(seen[0]),
        float(seen[1]),
        float(np.mean(shown < o.value)),
        _crps(shown, o.value) / o.value,
        past[-1][1] if past else None,
        _line(past, o.year),
    )


def _published(drawn: Floats, sd: Floats) -> Floats:
    """Every draw as it might be published: at the middles of equal parts of a normal error."""
    z = ndtri((np.arange(_ERROR_PARTS) + 0.5) / _ERROR_PARTS)
    spread = sd[1:] if sd.size == drawn.size + 1 else sd  # without the central draw
    return np.asarray(drawn[:, None] * (1 + np.atleast_1d(spread)[:, None] * z)).ravel()


def _crps(drawn: Floats, seen: float) -> float:
    """Continuous ranked probability score of a sample: E|X - y| - E|X - X'| / 2, in the figure's unit."""
    ordered = np.sort(drawn)
    n = ordered.size
    apart = 2.0 * float((ordered * (2.0 * np.arange(1, n + 1) - n - 1)).sum()) / n**2
    return float(np.abs(ordered - seen).mean()) - apart / 2


def _line(past: Sequence[tuple[int, float]], year: int) -> float | None:
    if len(past) < 2:
        return None
    (y0, v0), (y1, v1) = past[-2:]
    return v1 + (v1 - v0) / (y1 - y0) * (year - y1)


def summary(scores: Sequence[Score]) -> dict[str, dict[str, float]]:
    """By indicator: mean absolute error, bias, coverage without and with the error of what is
    published, and the naive forecasts' errors.
    """
    found: dict[str, dict[str, float]] = {}
    for name in dict.fromkeys(s.indicator for s in scores):
        mine = [s for s in scores if s.indicator == name]
        errors = np.array([s.error for s in mine])
        row = {
            "n": float(len(mine)),
            "error": float(np.abs(errors).mean()),
            "bias": float(errors.mean()),
            "coverage": float(np.mean([s.covered for s in mine])),
            "coverage_seen": float(np.mean([s.covered_seen for s in mine])),
        }
        for naive in ("last_value", "trend"):
            known = [(getattr(s, naive), s.observed) for s in mine if getattr(s, naive) is not None]
            if known:
                row[f"{naive}_error"] = float(np.mean([abs(f / o - 1) for f, o in known]))
        found[name] = row
    return found
