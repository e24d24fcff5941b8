"""Life expectancy of a place that published none: its province's, moved by what its censuses say.

The move is b1 ln(S) + b2 U.  S: deaths of the twelve months before the census of 2010 over those that
the nation's rates give its people by age and sex, relative to the province (indirect standardisation);
U: urban share of 2020 less the province's.  b1 and b2 are estimated (least squares without constant) from
places whose life expectancy was published: provinces against the nation, cities against their province.
Neither S nor U is taken further than those places lie.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.demography.mortality import solve_shift
from sim.lifetable import life_expectancy
from sim.params.alike import alike
from sim.params.once import once, read_once
from sim.places.nation import Place, list_places, place_censuses, tables_of_places
from sim.places.region import NATION
from sim.places.vital import STARTS, Vital, read_vital, vital_tables
from sim.schema import AGES, SEXES

_SMOOTH = 1000.0  # deaths that weigh as much as one unit of curvature of the log ratio


@dataclass(frozen=True)
class Rule:
    """How life expectancy of a place differs from that of the place above it."""

    by_deaths: float
    """Years for a unit of the log of standardised deaths."""
    by_urban: float
    """Years for a unit of the urban share."""
    low: Floats
    """Least of both drivers in the places with a published figure (driver,)."""
    high: Floats
    sd: Mapping[str, float]
    """Years that the rule misses by, standard deviation by level of place."""
    places: int
    """Of which it was estimated."""


def moved(root: Path, place: Place) -> float:
    """Years by which life expectancy of a place differs from its province's, by the rule."""
    rule = rule_of(root)
    x = np.clip(_drivers(root, place), rule.low, rule.high)
    return float(x @ np.array([rule.by_deaths, rule.by_urban]))


def rule_of(root: Path) -> Rule:
    """The rule as the published figures give it."""
    return alike("rule of life expectancy", _tables(root), partial(_rule, root))


@read_once()
def _rule(root: Path) -> Rule:
    """The rule, and how far it misses.

    Prefectures: the root mean square by which it misses the cities.  Counties differ from their
    province more than prefectures do: by the ratio of the spread of their standardised deaths.
    """
    vital, places = read_vital(root), list_places(root)
    known = [c for c in vital.e0 if c != NATION]
    x = np.array([_drivers(root, places[c]) for c in known])
    y = np.array([vital.e0[c] - vital.e0[_above(places[c])] for c in known])
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    city = np.array([places[c].level != "province" for c in known])
    missed = float(np.sqrt(((y - x @ beta)[city] ** 2).mean()))
    spread = {level: _spread(root, places.values(), level) for level in ("prefecture", "county")}
    wider = max(spread["county"] / spread["prefecture"], 1.0)
    sd = {"province": 0.0, "prefecture": missed, "direct_county": missed * wider}
    sd |= {"county": missed * wider, "zone": missed * wider}
    return Rule(float(beta[0]), float(beta[1]), x.min(axis=0), x.max(axis=0), sd, len(known))


def _tables(root: Path) -> list[Path]:
    return [*vital_tables(root), *tables_of_places(root)]


def _above(place: Place) -> str:
    return NATION if place.level == "province" else place.province


def _drivers(root: Path, place: Place) -> Floats:
    """Log of standardised deaths and urban share, both less those of the place above; 0 where unknown."""
    above = list_places(root)[_above(place)]
    own, other = (_log_deaths(root, p) for p in (place, above))
    urban = [_urban(root, p) for p in (place, above)]
    return np.array([0.0 if own is None or other is None else own - other, urban[0] - urban[1]])


def _urban(root: Path, place: Place) -> float:
    if place.urban_share is not None:
        return place.urban_share
    return place.urban_2020 / float(place_censuses(root, place.code)[2020].counts.sum())


def _log_deaths(root: Path, place: Place) -> float | None:
    """Log of deaths of 2010 over those at the nation's rates; None where no rate is held."""
    if place.code == NATION:
        return 0.0
    if not place.deaths_2010:
        return None
    counts = place_censuses(root, place.code)[2010].counts
    expected = float((counts * _rates(read_vital(root))).sum())
    level = once(("level of deaths", root), lambda: alike("deaths", _tables(root), partial(_level, root)))
    return float(np.log(place.deaths_2010 * counts.sum() / expected)) - level


def _level(root: Path) -> float:
    """Log of the deaths of all provinces of 2010 over those at the nation's rates of 2020."""
    died = expected = 0.0
    rates = _rates(read_vital(root))
    for place in list_places(root).values():
        if place.level == "province" and place.deaths_2010:
            counts = place_censuses(root, place.code)[2010].counts
            died += place.deaths_2010 * float(counts.sum())
            expected += float((counts * rates).sum())
    return float(np.log(died / expected))


def _rates(vital: Vital) -> Floats:
    """The nation's census death rates by sex and group 0, 1-4, ... 85 and over."""
    last = STARTS.index(85)
    deaths, people = (
        np.concatenate([t[NATION][:, :last], t[NATION][:, last:].sum(axis=1, keepdims=True)], axis=1)
        for t in (vital.deaths, vital.people)
    )
    return np.asarray(deaths / people)


def _spread(root: Path, places: Iterable[Place], level: str) -> float:
    """Half the distance between the quantiles that hold two thirds: log deaths around the province."""
    found = [_drivers(root, p)[0] for p in places if p.level == level and p.deaths_2010]
    low, high = np.quantile(found, (1 / 6, 5 / 6))
    return float(high - low) / 2


def province_rates(root: Path, code: str, mx: xr.DataArray, mx_hash: str) -> xr.DataArray:
    """Death rates of a province by age and sex on the nation's path.

    mx: the nation's (year, sex, age).  Each is times the province's census deaths per person over
    the nation's, smoothed over age (Whittaker, second differences of the log, weights the deaths);
    then shifted so that women and men stand as far from both together as was published.
    """
    make = partial(_province_rates, root, code, mx.transpose("year", "sex", "age"))
    return alike(("province_rates", code, mx_hash), vital_tables(root), make)


def _province_rates(root: Path, code: str, mx: xr.DataArray) -> xr.DataArray:
    vital = read_vital(root)
    middles = np.array([0.5, 3.0, *(start + 2.5 for start in STARTS[2:])])
    ages = np.asarray(AGES) + 0.5
    ratio = np.stack([np.interp(ages, middles, z) for z in _log_ratio(vital, code)])
    nation = mx.values
    shaped = nation * np.exp(ratio)
    e0 = np.stack(
        [life_expectancy(np.moveaxis(nation[:, i], -1, 0), sex) for i, sex in enumerate(SEXES)], axis=1
    )
    if code in vital.e0_by_sex:
        own, other = (vital.e0_by_sex[c] - vital.e0[c] for c in (code, NATION))
        e0 = e0 + (own - other)
    return mx.copy(data=solve_shift(shaped, e0[..., None])[..., 0])


def _log_ratio(vital: Vital, code: str) -> Floats:
    """Log of the province's death rate over the nation's, smoothed (sex, group)."""
    deaths, people = vital.deaths[code], vital.people[code]
    raw = np.log(np.maximum(deaths, 0.5) / people * vital.people[NATION] / vital.deaths[NATION])
    bend = np.diff(np.eye(len(STARTS)), 2, axis=0)
    out = [
        np.linalg.solve(np.diag(w) + _SMOOTH * bend.T @ bend, w * z) for w, z in zip(deaths, raw, strict=True)
    ]
    return np.stack(out)
