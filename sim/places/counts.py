"""The counts of a place that has no folder, and of those above it, ready to make parameters of.

A place without a usable count of 2010 gets one as if its cohorts had changed as those of the place
above it; one too empty to say anything is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from sim.errors import ConfigError, fault, raise_all
from sim.params import read_set
from sim.params.alike import alike
from sim.params.once import once, read_once
from sim.places import order_pattern
from sim.places.migration_profile import WIDTH, five_year
from sim.places.nation import Place, list_places, place_censuses, tables_of_places
from sim.places.region import NATION
from sim.places.tables import MOST_GROWN, Census, one_area
from sim.schema import SEXES

CHECKED = ("same area", "area not checked")
_OWN_2010 = (*CHECKED, "same code and name", "same code")
FEWEST = 10
"""Persons of age 0 of each sex without which a census says nothing of a place's births: with fewer the
standard error of the log sex ratio, sqrt(1/girls + 1/boys), may be above 0.45, chance alone."""
_FEMALE, _MALE = SEXES.index("female"), SEXES.index("male")


@dataclass(frozen=True)
class Counts:
    """What is known of a place, and of the places above it."""

    root: Path
    """The working folder."""
    place: Place
    own: Mapping[int, Census]
    """Both censuses; that of 2010 as if the place had grown as `grown_as`, where it is not its own."""
    nation: Mapping[int, Census]
    grown_as: str
    """Code of the place whose cohorts between the censuses stand for it; its own where its do."""
    above: Census
    """Of 2020, of the place above: its prefecture, its province or the nation."""
    above_code: str
    srb_sd: float
    """Between places of its level, around the log sex ratio at birth of the one above."""


def counts(root: Path, place: Place, stated: Mapping[int, Census] | None = None) -> Counts:
    """The censuses of a place, and those above it.

    root: the working folder.  stated: its censuses, where its folder states them.
    Raises ConfigError where a group is too empty to say anything: fewer than FEWEST girls or boys of
    age 0, no women of an age at which children are born.
    """
    if stated is None:
        return once(
            ("counts", root, place.code), lambda: _counts(root, place, place_censuses(root, place.code))
        )
    return _counts(root, place, stated)


def _counts(root: Path, place: Place, own: Mapping[int, Census]) -> Counts:
    _refuse_empty(root, place, own[2020])
    levels = _above(root, place)
    grown_as, first = place.code, own.get(2010)
    if place.census_2010 not in _OWN_2010 or first is None or not _grown(root, first, own[2020]):
        grown_as, first = _as_above(root, own[2020], levels)
    above = levels[0]
    nation = place_censuses(root, NATION)
    return Counts(
        root,
        place,
        {2010: first, 2020: own[2020]},
        nation,
        grown_as,
        place_censuses(root, above.code)[2020],
        above.code,
        _srb_sd(root, "county" if place.level == "zone" else place.level),
    )


def _refuse_empty(root: Path, place: Place, census: Census) -> None:
    faults = too_empty(census)
    if faults:
        named = f"regions: {place.code} {place.name_zh}"
        larger = (p.code for p in _above(root, place) if not too_empty(place_censuses(root, p.code)[2020]))
        remedy = f"take a place above it, {next(larger, NATION)}"
        raise_all(ConfigError, [fault(named, wrong, remedy) for wrong in faults])


def too_empty(census: Census) -> list[str]:
    """Groups with hardly anybody in them; none where a place can be projected."""
    faults = []
    for sex, infants in zip(SEXES, census.counts[:, 0], strict=True):
        if infants < FEWEST:
            faults.append(f"{infants:.0f} {sex} of age 0 in {census.year}, fewer than {FEWEST}")
    for start in range(order_pattern.FIRST, order_pattern.LAST + 1, WIDTH):
        if not census.women(start, start).sum() > 0:
            faults.append(f"no women of {start}-{start + WIDTH - 1} in {census.year}")
    return faults


def _above(root: Path, place: Place) -> list[Place]:
    """The places above, nearest first; the nation above itself."""
    places = list_places(root)
    codes = [c for c in (place.prefecture, place.province, NATION) if c in places and c != place.code]
    return [places[code] for code in dict.fromkeys(codes)] or [places[NATION]]


def _grown(root: Path, first: Census, second: Census) -> bool:
    folder = root / "parameters"
    nation = read_set(folder / "national", folder)
    if MOST_GROWN not in nation:
        place = f"{folder / 'national'}: {MOST_GROWN}"
        raise ConfigError(fault(place, "is not there", "take the record from parameters/national"))
    return one_area(first, second, float(nation[MOST_GROWN].data))


def _as_above(root: Path, own: Census, levels: list[Place]) -> tuple[str, Census]:
    """The census of 2010 that a place would have had, had its cohorts changed as those above it did."""
    for level in levels:
        held = place_censuses(root, level.code)
        if 2010 in held and level.census_2010 in _OWN_2010 and _grown(root, held[2010], held[2020]):
            return level.code, _backcast(own, held[2010], held[2020])
    raise ConfigError(fault("regions", "no place above has a census of 2010", "add the nation's"))


def _backcast(own: Census, first: Census, second: Census) -> Census:
    """Each cohort of `own` divided by the growth of the same cohort above, in the groups of a census.

    Cohorts of 2020 that are in its open group stand together for those that entered it.
    """
    steps = (second.year - first.year) // WIDTH
    was, now, mine = (five_year(t.counts, t.starts) for t in (first, second, own))
    closed = was.shape[1] - 1
    share = np.divide(mine, now, out=np.zeros_like(mine), where=now > 0)
    groups = was * np.concatenate([share[:, steps:closed], np.repeat(share[:, -1:], steps + 1, 1)], axis=1)
    infants = np.divide(first.counts[:, 0], was[:, 0], out=np.zeros(len(was)), where=was[:, 0] > 0)
    young = np.stack([groups[:, 0] * infants, groups[:, 0] * (1 - infants)], axis=1)
    return Census(first.year, first.starts, np.concatenate([young, groups[:, 1:]], axis=1))


def _srb_sd(root: Path, level: str) -> float:
    """Standard deviation of log sex ratios at birth between places of a level."""
    return alike(("sex ratios", level), tables_of_places(root), partial(_between, root, level))


@read_once()
def _between(root: Path, level: str) -> float:
    """Standard deviation of log sex ratios at birth between places of a level, chance taken off.

    Method of moments, weighted by births: the squared distance to the place above less its variance
    of chance, 1/boys + 1/girls.  0 where chance explains all.
    """
    places = list_places(root)
    total, weight = 0.0, 0.0
    for place in places.values():
        if place.level != level:
            continue
        girls, boys = place_censuses(root, place.code)[2020].counts[:, 0]
        above = place.prefecture if place.prefecture not in ("", place.code) else place.province
        above = NATION if above == place.code else above
        if above not in places or min(girls, boys) <= 0:
            continue
        distance = log_sex_ratio(place_censuses(root, place.code)[2020]) - log_sex_ratio(
            place_censuses(root, above)[2020]
        )
        total += (girls + boys) * (distance**2 - 1 / girls - 1 / boys)
        weight += girls + boys
    return float(np.sqrt(max(total / weight, 0.0))) if weight else 0.0


def log_sex_ratio(census: Census) -> float:
    """Log of boys over girls of age 0."""
    return float(np.log(census.counts[_MALE, 0] / census.counts[_FEMALE, 0]))
