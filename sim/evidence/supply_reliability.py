"""Supply foretold for provinces and held against what came: one province left out at a time.

Origins and horizons of the yearly figures; at each only what was known at the origin is used (the
nation's growth, the province's own), with variances estimated on the other provinces.  Stocks are
drawn as a run draws them and go through `sim.supply.stocks.paced`.  Targets per 1000 lie around the
province's own trend, as plans set them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.evidence.calibration.parts.supply_growth import CHOSEN, RESOURCES, Growth, growths
from sim.evidence.calibration.pooling import LEVEL_YEARS, OWN_YEARS, relative_density
from sim.evidence.scores import MIDDLE, Reliability, crps, interval_score, pit, reliability
from sim.params.paths import KNOWN_TO
from sim.params.sample import stream
from sim.places import Yearly
from sim.schema import AGES, SEXES
from sim.supply.growth import Distance, slowing, yearly_growth
from sim.supply.stocks import paced

ORIGINS = range(2012, 2022)
HORIZONS = range(1, 6)
STEPS = (-0.03, -0.02, -0.01, 0.0, 0.01, 0.02, 0.03)  # of targets around the trend, log growth a year
DRAWS = 400
FEWEST = 50  # forecasts of a bin that counts
_SEED = 20200101


@dataclass(frozen=True)
class Forecast:
    """Stock per 1000 of one province, `lead` years after an origin, against what came."""

    resource: str
    region: str
    origin: int
    lead: int
    draws: Floats
    """Per 1000 residents."""
    observed: float
    last: float
    """What was counted at the origin."""
    trend: float
    """The last five years' growth held on."""

    @property
    def band(self) -> tuple[float, float]:
        """Middle 80 % of the draws."""
        low, high = np.quantile(self.draws, [(1 - MIDDLE) / 2, (1 + MIDDLE) / 2])
        return float(low), float(high)


@dataclass(frozen=True)
class Scores:
    """Forecasts of one resource at one lead (0: all), beside last value and trend."""

    resource: str
    lead: int
    n: int
    coverage: float
    crps: float
    interval: float
    rmse: float
    rmse_last: float
    rmse_trend: float
    pit: tuple[float, ...]


def forecasts(yearly: Yearly, method: str = CHOSEN, farthest: int = HORIZONS[-1]) -> list[Forecast]:
    """Every forecast whose outcome is known, of resources that enough provinces publish.

    method: by name, see METHODS.  farthest: most years ahead.
    """
    out: list[Forecast] = []
    for region in map(str, yearly.of("population").region.values):
        others = growths(yearly, leave_out=region, method=method)
        for resource in RESOURCES:
            if others[resource].is_sure:
                out += _of_region(yearly, resource, region, others[resource], farthest)
    return out


def _of_region(
    yearly: Yearly, resource: str, region: str, growth: Growth, farthest: int = HORIZONS[-1]
) -> Iterator[Forecast]:
    people = yearly.of("population").sel(region=region)
    per_head = yearly.of(resource).sel(region=region) / people
    logs = xr.apply_ufunc(np.log, yearly.of(resource).sel(region=region)).diff("year")
    stock, everybody = yearly.of(resource).sel(region=[region]), yearly.of("population")
    near = relative_density(stock, everybody, yearly.nation(resource)).sel(region=region, drop=True)
    shares = xr.apply_ufunc(np.log, people / everybody.sum("region", skipna=False))
    moved = (shares - shares.shift(year=1)).fillna(0.0)
    first = int(growth.pooled.nation.year[0]) + LEVEL_YEARS - 1
    for origin in (o for o in ORIGINS if o >= first):
        known = float(per_head.sel(year=origin))
        if not np.isfinite(known):
            continue
        met = per_head.sel(year=slice(origin + 1, origin + farthest)).dropna("year")
        if not met.size:
            continue
        span = list(range(origin, int(met.year[-1]) + 1))
        drawn = _drawn(
            growth, (logs, near, moved), origin, people.sel(year=span), known, f"{resource} {region} {origin}"
        )
        before = (
            float(per_head.sel(year=origin - OWN_YEARS)) if origin - OWN_YEARS in per_head.year else np.nan
        )
        pace = np.log(known / before) / OWN_YEARS
        for year in map(int, met.year.values):
            lead = year - origin
            trend = known * np.exp(lead * pace) if np.isfinite(pace) else np.nan
            values = drawn.sel(year=year).values
            yield Forecast(
                resource,
                region,
                origin,
                lead,
                1e3 * values,
                1e3 * float(met.sel(year=year)),
                1e3 * known,
                1e3 * trend,
            )


def _drawn(
    growth: Growth,
    own: tuple[xr.DataArray, xr.DataArray, xr.DataArray],
    origin: int,
    people: xr.DataArray,
    known: float,
    name: str,
) -> xr.DataArray:
    """Stock per resident by year and draw, from what was known at the origin.

    own: the region's log growth, the log of its stock per resident over the nation's, and the growth of
    its people beside the nation's, by year.
    """
    z = stream(_SEED, name, np.arange(1, DRAWS + 1), len(people.year) + 3)
    mean, sd = growth.pooled.own(own[0], own[1], origin)
    path, years = growth.path(origin), people.year.values
    expected = np.interp(years, list(path), list(path.values()))
    nation = xr.DataArray(
        expected[:, None] + growth.error * z[:, 0],
        {"year": years, "draw": np.arange(DRAWS)},
        ("year", "draw"),
    )
    if growth.method.nation == "slowing":
        top = xr.DataArray(growth.ceiling.value + growth.ceiling.sd * z[:, -1], dims="draw")
        dense = xr.DataArray(growth.slowing.at(origin))
        nation = slowing(nation, dense, top, origin, xr.zeros_like(people, float))
    pace = xr.DataArray(mean + sd * z[:, 1], {"draw": np.arange(DRAWS)}, ("draw",))
    swing = nation.copy(data=growth.pooled.swing * z[:, 2:-1].T)
    base = xr.full_like(people, known).assign_coords({KNOWN_TO: origin})
    single = people.expand_dims(sex=list(SEXES), age=list(AGES)) / (len(SEXES) * len(AGES))
    start, speed = xr.DataArray(float(own[1].sel(year=origin))), xr.DataArray(growth.pooled.nearing)
    moved = own[2].sel(year=years).drop_vars("region", errors="ignore")
    far = xr.DataArray(growth.pooled.farthest)
    distance = Distance(speed, start, origin, moved, far)
    stock = paced(single, base, yearly_growth(people.year, nation, pace, swing, distance))
    return stock / people


def said_and_happened(found: Sequence[Forecast]) -> tuple[Floats, Floats]:
    """Probability to reach each target, and whether it was reached (1 or 0)."""
    said, happened = [], []
    for f in found:
        if not np.isfinite(f.trend):
            continue
        for step in STEPS:
            target = f.trend * np.exp(f.lead * step)
            said.append(float(np.mean(f.draws >= target)))
            happened.append(float(f.observed >= target))
    return np.array(said), np.array(happened)


def reliabilities(found: Sequence[Forecast]) -> dict[str, Reliability]:
    """Reliability of p_reached by resource."""
    return {
        resource: reliability(*said_and_happened([f for f in found if f.resource == resource]))
        for resource in dict.fromkeys(f.resource for f in found)
    }


def scores(found: Sequence[Forecast]) -> list[Scores]:
    """Coverage, CRPS, interval score and errors by resource and lead; errors relative (log)."""
    out = []
    for resource in dict.fromkeys(f.resource for f in found):
        for lead in (*HORIZONS, 0):
            own = [f for f in found if f.resource == resource and lead in (0, f.lead)]
            if own:
                out.append(_scored(resource, lead, own))
    return out


def _scored(resource: str, lead: int, own: Sequence[Forecast]) -> Scores:
    bands = [f.band for f in own]
    away = [np.log(f.observed / np.median(f.draws)) for f in own]
    trended = [f for f in own if np.isfinite(f.trend)]
    return Scores(
        resource,
        lead,
        len(own),
        float(np.mean([low <= f.observed <= high for f, (low, high) in zip(own, bands, strict=True)])),
        float(np.mean([crps(f.draws, f.observed) / f.observed for f in own])),
        float(
            np.mean(
                [
                    interval_score(low, high, f.observed) / f.observed
                    for f, (low, high) in zip(own, bands, strict=True)
                ]
            )
        ),
        _rms(away),
        _rms([np.log(f.observed / f.last) for f in own]),
        _rms([np.log(f.observed / f.trend) for f in trended]),
        tuple(pit(f.draws, f.observed) for f in own),
    )


def _rms(values: list[float]) -> float:
    return float(np.sqrt(np.mean(np.square(values)))) if values else float("nan")
