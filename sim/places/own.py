"""What a place's own counts give: net migrants, births against the nation's, urban share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.demography.census_base import child_woman_ratio
from sim.params import Parameter
from sim.params.once import once
from sim.params.record import Title
from sim.params.units import PER_1000
from sim.places import order_pattern
from sim.places.counts import Counts, counts, log_sex_ratio
from sim.places.figure import Figure, Maker, cited_of
from sim.places.led import led_above
from sim.places.levels import COUNTRY, PLACE, level_above, level_of
from sim.places.migration_profile import WIDTH, five_year
from sim.places.nation import list_places
from sim.places.parts import COUNTIES, PREFECTURES, divide, parts_of
from sim.places.said import counted as counted_of
from sim.places.said import differing, joined, said
from sim.places.tables import Census
from sim.schema import SEXES

_YEARS = 10  # between the censuses
_STEPS = _YEARS // WIDTH
_NORMAL = 1.96  # standard deviations on either side of 95 % of a normal distribution
_DECADES = 3  # reckoned after that counted
_FEMALE = SEXES.index("female")
Parameters = Mapping[str, Parameter]


def net_migration(held: Counts, below: Parameters, _nation: Parameters) -> Figure:
    """Net migrants a year by census survival, then what lasts of it; fewer where those who move are fewer.

    With it goes what the place above was counted to gain or lose beyond that, per resident.
    A net gain that lasts is held as a number.  A net loss is no larger than the decade's net rates of the
    cohorts that lost give the people counted in 2020 and those who follow them (Hamilton and Perry
    1962, Journal of the American Statistical Association 57(298), 156-170).
    """
    before, now, survival = _cohorts(held.own, held.nation)
    moved = _moved(before, now, survival)
    level, counted = float(moved.sum() / _YEARS), held.own[2020].year
    shares = np.ones(_DECADES)
    if level < 0:
        shares = _fewer(before, now, survival, moved)
    middles = counted + WIDTH + _YEARS * np.arange(_DECADES)
    path = {counted: 1.0, **dict(zip(middles.tolist(), shares.tolist(), strict=True))}
    lasting = float(below["migration.lasting"].data)
    above = led_above(held.root, held.place)
    beyond = above.moves(lasting * parts_decade(held.root, above.code)) if above is not None else None
    later = beyond.year.values.tolist() if beyond is not None else []
    years = sorted({*path, counted + 1, counted + _YEARS, counted + _YEARS * _DECADES, *later})
    persons = level * np.interp(years, list(path), list(path.values()))
    persons[1:] *= lasting
    net: Title | None = said("net", level=level)
    if above is not None and beyond is not None:
        persons[1:] += np.interp(years[1:], later, beyond.values) * float(now.sum())
        net = joined(net, said("moves_with", code=above.code))
    data = xr.DataArray(persons, {"year": years}, ("year",))
    fewer = said("fewer", share=shares[0], year=middles[0]) if shares.min() < 1 else None
    if held.grown_as == held.place.code:
        return Figure(data, PLACE, joined(net, fewer, counted_of(held.place.census_2010)))
    grown = level_above(held.root, held.grown_as)
    return Figure(data, grown, joined(net, fewer, said("no_2010", code=held.grown_as)))


def parts_decade(root: Path, code: str) -> float:
    """Net migrants a year of the decade between the censuses of all places that make up another one."""
    return once(("parts decade", root, code), partial(_parts_decade, root, code))


def _parts_decade(root: Path, code: str) -> float:
    places = list_places(root)
    word = PREFECTURES if parts_of(places, places[code], PREFECTURES) else COUNTIES
    held = (counts(root, places[part]) for part in divide(root, code, word).codes)
    return sum(moved_between(one.own, one.nation) for one in held)


def moved_between(own: Mapping[int, Census], nation: Mapping[int, Census]) -> float:
    """Net migrants a year of a place between its censuses, persons, by the nation's cohort survival."""
    return float(_moved(*_cohorts(own, nation)).sum() / _YEARS)


def _cohorts(own: Mapping[int, Census], nation: Mapping[int, Census]) -> tuple[Floats, Floats, Floats]:
    """People of both censuses by five-year group, and the nation's survival between them."""
    before, now, was, became = (
        five_year(t[y].counts, t[y].starts) for t in (own, nation) for y in (2010, 2020)
    )
    return before, now, _survival(was, became)


def _survival(first: Floats, second: Floats) -> Floats:
    """The nation's ratio of each cohort ten years on (sex, group), the last for all who enter it."""
    closed = first.shape[1] - 1
    open_group = second[:, -1] / first[:, closed - _STEPS :].sum(axis=1)
    entering = np.repeat(open_group[:, None], _STEPS + 1, axis=1)
    return np.concatenate([second[:, _STEPS:closed] / first[:, : closed - _STEPS], entering], axis=1)


def _decade_on(people: Floats, survival: Floats) -> Floats:
    """People of each cohort ten years on without migrants; nobody yet in the groups born since."""
    alive = people * survival
    last = alive[:, -1 - _STEPS :].sum(axis=1, keepdims=True)
    born = np.zeros((len(people), _STEPS))
    return np.concatenate([born, alive[:, : -1 - _STEPS], last], axis=1)


def _moved(before: Floats, now: Floats, survival: Floats) -> Floats:
    """Net migrants of the decade by sex and group at its end; children by their mothers.

    Children of 0-4 came or went with a quarter of the children per woman of 15-44, those of 5-9 with
    three quarters of the children per woman of 20-49: the part of the decade that they lived.
    Siegel & Swanson (2004), The Methods and Materials of Demography, 2nd ed., chapter 19.
    """
    moved = now - _decade_on(before, survival)
    for group in range(_STEPS):
        women = _mothers(group)
        per_woman = now[:, group] / now[_FEMALE, women].sum()
        part = (2 * group + 1) / (2 * _STEPS)
        moved[:, group] = part * per_woman * moved[_FEMALE, women].sum()
    return moved


def _mothers(group: int) -> slice:
    return slice((15 + WIDTH * group) // WIDTH, (45 + WIDTH * group) // WIDTH)


def _fewer(before: Floats, now: Floats, survival: Floats, moved: Floats) -> Floats:
    """Leavers of the coming decades over those of the last, at most 1: the same rates of each cohort."""
    lost = np.minimum(moved, 0.0)[:, _STEPS:]
    stayed = _decade_on(before, survival)[:, _STEPS:]
    rate = np.divide(lost, stayed, out=np.zeros_like(lost), where=stayed > 0)
    shares = []
    people = now
    for _ in range(_DECADES):
        later = _decade_on(people, survival)
        for group in range(_STEPS):  # as many children per woman as counted
            women = _mothers(group)
            later[:, group] = now[:, group] / now[_FEMALE, women].sum() * later[_FEMALE, women].sum()
        shares.append(min(float((rate * later[:, _STEPS:]).sum() / lost.sum()), 1.0))
        people = later
    return np.array(shares)


def old_error(held: Counts, below: Parameters, _nation: Parameters) -> Figure:
    """How far older cohorts of a place of this level part from what its net migration says of them."""
    level = held.place.level
    of_level = "prefecture" if level == "direct_county" else "county" if level == "zone" else level
    sd = float(below["migration.old_spreads"].data.sel(place_level=of_level))
    differ = differing(of_level, PER_1000 * sd)
    return Figure(xr.DataArray(0.0), COUNTRY, differ, spread=(-_NORMAL * sd, _NORMAL * sd))


def fertility_ratio(held: Counts, below: Parameters, _nation: Parameters) -> Figure:
    """TFR over the nation's by children of age 0 per woman, at the nation's pattern by age.

    Since the census it moves as that of the nearest place above whose births were counted.
    """
    ratio = ratio_of_census(held, below)
    above = led_above(held.root, held.place)
    since = above.fertility() if above is not None else None
    if above is None or since is None:
        return Figure(xr.DataArray(ratio), PLACE, said("children"))
    return Figure(ratio * since, PLACE, joined(said("children"), said("moves_with", code=above.code)))


def ratio_of_census(held: Counts, below: Parameters) -> float:
    """TFR over the nation's in the year of the census."""
    first, last = order_pattern.FIRST, order_pattern.LAST
    ages = list(range(first, last + 1, order_pattern.WIDTH))
    asfr = below["fertility_census.asfr"].data.sel(age=ages).values
    own, nation = held.own[2020], held.nation[2020]
    return child_woman_ratio(
        own.counts, own.women(first, last), nation.counts, nation.women(first, last), asfr
    )


def fertility_floor(held: Counts, below: Parameters, _nation: Parameters) -> Figure:
    """Lowest TFR of a draw: the nation's, times the place's ratio where that is below 1."""
    ratio = min(ratio_of_census(held, below), 1.0)
    floor = float(below["fertility.tfr_floor"].data)
    return Figure(xr.DataArray(floor * ratio), PLACE, said("floor", floor=floor))


def sex_ratio(held: Counts, _below: Parameters, nation: Parameters) -> Figure:
    """Sex ratio at birth: that of age 0, shrunk to the place above as far as chance may have made it."""
    own, above = log_sex_ratio(held.own[2020]), log_sex_ratio(held.above)
    chance = float((1 / held.own[2020].counts[:, 0]).sum())
    weight = held.srb_sd**2 / (held.srb_sd**2 + chance)
    path = nation["fertility.srb"].data.copy()
    path[0] = np.exp(weight * own + (1 - weight) * above)
    told = said("srb", own=np.exp(own), weight=weight, code=held.above_code, above=np.exp(above))
    return Figure(path, PLACE, told)


def urban_share(held: Counts, _below: Parameters, nation: Parameters) -> Figure:
    """Urban share of 2020 as counted; the rural share falls as the nation's."""
    share = held.place.urban_2020 / float(held.own[2020].counts.sum())
    rural = 1 - nation["population.urban_share"].data
    path = 1 - (1 - share) * rural / rural.isel(year=0, drop=True)
    then = said("rural")
    if held.place.urban_of:
        above = said("urban_of", code=held.place.urban_of, share=share)
        return Figure(path, level_above(held.root, held.place.urban_of), joined(above, then))
    return Figure(path, PLACE, joined(said("urban", share=share), then))


def children_ever_born(held: Counts, below: Parameters, _nation: Parameters) -> Figure:
    """Mean children ever born of its women of 15-64."""
    if held.place.children_ever_born is None:
        above = below["fertility.children_ever_born"]
        return Figure(above.data, level_of(above), above.record.noted, cited_of(above))
    return Figure(xr.DataArray(held.place.children_ever_born), PLACE, said("ever_born"))


MAKERS: Mapping[str, Maker] = {
    "migration.level": net_migration,
    "migration.old_error": old_error,
    "fertility.tfr_ratio": fertility_ratio,
    "fertility.tfr_floor": fertility_floor,
    "fertility.srb": sex_ratio,
    "population.urban_share": urban_share,
    "fertility.children_ever_born": children_ever_born,
}
