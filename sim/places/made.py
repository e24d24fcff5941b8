"""Parameters of a place that has counts and no folder: made from its censuses, or the level above's.

The records stand in parameters/places/lacking; their figures are factors on what is made here, the
range of the urban share ends where the share does.  Those of
parameters/places/unchecked stand for places whose count of 2010 is none or of borders not compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import xarray as xr

from sim.demography.census_base import child_woman_ratio
from sim.errors import ConfigError, ParameterError, fault, raise_all
from sim.params import Parameter, Range, read_set
from sim.params.checks import value_fault
from sim.places import order_pattern
from sim.places.migration_profile import WIDTH, five_year
from sim.places.nation import Place, list_places, place_censuses
from sim.places.region import NATION
from sim.places.tables import Census
from sim.schema import SEXES

LACKING, UNCHECKED = "places/lacking", "places/unchecked"
_CHECKED = ("same area", "area not checked")
_OWN_2010 = (*_CHECKED, "same code and name", "same code")
_MOST_GROWN = 10  # as in derive: another area or unit
_FEMALE, _MALE = SEXES.index("female"), SEXES.index("male")


@dataclass(frozen=True)
class Counts:
    """What is known of a place, and of the places above it."""

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


def counts(root: Path, place: Place) -> Counts:
    """The censuses of a place, and those above it.

    root: the working folder.  Raises ConfigError where a group is too empty to say anything.
    """
    own = place_censuses(root, place.code)
    _refuse_empty(place, own[2020])
    levels = _above(root, place)
    grown_as, first = place.code, own.get(2010)
    if place.census_2010 not in _OWN_2010 or first is None or not _grown(first, own[2020]):
        grown_as, first = _as_above(root, own[2020], levels)
    above = levels[0]
    nation = place_censuses(root, NATION)
    return Counts(
        place,
        {2010: first, 2020: own[2020]},
        nation,
        grown_as,
        place_censuses(root, above.code)[2020],
        above.code,
        _srb_sd(root, place.level),
    )


def made(
    root: Path, held: Counts, below: Mapping[str, Parameter], nation: Mapping[str, Parameter]
) -> dict[str, Parameter]:
    """The records of `lacking` filled in, by dotted name.

    below: parameters of the nation, the standards and the province.  nation: those of its folder.
    Raises ParameterError with every fault of the records and of what is made of them.
    """
    folder = root / "parameters"
    records = read_set(folder / LACKING, folder)
    if held.grown_as != held.place.code or held.place.census_2010 not in _CHECKED:
        records |= read_set(folder / UNCHECKED, folder)
    key = "".join(t.key for part in (held.own, held.nation) for t in part.values())
    out, faults = {}, []
    for name, template in records.items():
        if name in _FROM_CENSUS:
            figure, said = _FROM_CENSUS[name](held, below, nation)
            digest = f"{template.hash}{key}{held.above.key}{figure.values.tobytes().hex()}"
        else:
            source = below.get(name) or nation[name]
            figure, said = source.data, f"from {_level_of(source)}: {source.record.note}".rstrip(": ")
            digest = f"{template.hash}{source.hash}"
        parameter = _filled(template, figure, said)
        wrong = value_fault(parameter, parameter.data)
        faults += [fault(f"{held.place.code} {held.place.name_zh}: {name} as made", wrong)] if wrong else []
        out[name] = replace(parameter, hash=hashlib.sha256(digest.encode()).hexdigest())
    raise_all(ParameterError, faults)
    return out


def _filled(template: Parameter, figure: xr.DataArray, said: str) -> Parameter:
    """A record with its own numbers, as a file would state them."""
    record, factor = template.record, template.data
    if "year" in factor.dims and "year" in figure.dims:
        factor = factor.isel(year=0, drop=True)  # the figure has its own years
    data = figure * factor
    spread = _range(template, data)
    stated: dict[str, object] = {"value": None, "path": None, "range": spread}
    if "year" in data.dims:
        points = zip(data.year.values, data.values, strict=True)
        stated |= {"path": {int(year): float(value) for year, value in points}, "beyond": "hold"}
    else:
        stated["value"] = float(data)
    stated["note"] = f"{said}; {record.note}" if record.note else said
    return replace(template, record=record.model_copy(update=stated), data=data)


def _range(template: Parameter, data: xr.DataArray) -> Range | None:
    """The record's range in the place's own numbers: a share within 0..1."""
    spread = template.record.range
    if spread is None or spread.low is None or spread.high is None:
        return spread
    low, high = spread.low, spread.high
    if template.name == "population.urban_share":
        low, high = max(low, -float(data.min())), min(-low, 1 - float(data.max()))
    return spread.model_copy(update={"low": low, "high": high})


def _level_of(parameter: Parameter) -> str:
    """Folder that states a parameter, below `parameters`."""
    parts = parameter.file.parent.parts
    return "/".join(parts[parts.index("parameters") + 1 :]) if "parameters" in parts else parts[-1]


def _refuse_empty(place: Place, census: Census) -> None:
    named = f"{place.code} {place.name_zh}"
    remedy = f"take its prefecture or province, {place.prefecture or place.province}"
    faults = []
    for i, sex in enumerate(SEXES):
        if not census.counts[i, 0] > 0:
            faults.append(fault(f"regions: {named}", f"nobody of age 0 is {sex} in 2020", remedy))
    for start in range(order_pattern.FIRST, order_pattern.LAST + 1, WIDTH):
        if not census.women(start, start).sum() > 0:
            wrong = f"no women of {start}-{start + WIDTH - 1} in 2020"
            faults.append(fault(f"regions: {named}", wrong, remedy))
    raise_all(ConfigError, faults)


def _above(root: Path, place: Place) -> list[Place]:
    """The places above, nearest first; the nation above itself."""
    places = list_places(root)
    codes = [c for c in (place.prefecture, place.province, NATION) if c in places and c != place.code]
    return [places[code] for code in dict.fromkeys(codes)] or [places[NATION]]


def _grown(first: Census, second: Census) -> bool:
    ratio = second.counts.sum() / max(first.counts.sum(), 1.0)
    return bool(1 / _MOST_GROWN <= ratio <= _MOST_GROWN)


def _as_above(root: Path, own: Census, levels: list[Place]) -> tuple[str, Census]:
    """The census of 2010 that a place would have had, had its cohorts changed as those above it did."""
    for level in levels:
        held = place_censuses(root, level.code)
        if 2010 in held and level.census_2010 in _OWN_2010 and _grown(held[2010], held[2020]):
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


@lru_cache(maxsize=16)
def _srb_sd(root: Path, level: str) -> float:
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
        distance = _log_ratio(place_censuses(root, place.code)[2020]) - _log_ratio(
            place_censuses(root, above)[2020]
        )
        total += (girls + boys) * (distance**2 - 1 / girls - 1 / boys)
        weight += girls + boys
    return float(np.sqrt(max(total / weight, 0.0))) if weight else 0.0


def _log_ratio(census: Census) -> float:
    return float(np.log(census.counts[_MALE, 0] / census.counts[_FEMALE, 0]))


Made = tuple[xr.DataArray, str]


def _level(held: Counts, below: Mapping[str, Parameter], _nation: Mapping[str, Parameter]) -> Made:
    """Net migrants a year by census survival, children by their mothers.

    Children of 0-4 came or went with a quarter of the children per woman of 15-44, those of 5-9 with
    three quarters of the children per woman of 20-49: the part of the decade that they lived.
    Siegel & Swanson (2004), The Methods and Materials of Demography, 2nd ed., chapter 19.
    """
    years = 10
    steps = years // WIDTH
    own0, own1, all0, all1 = (
        five_year(t.counts, t.starts)
        for t in (held.own[2010], held.own[2020], held.nation[2010], held.nation[2020])
    )
    closed = own0.shape[1] - 1
    ratio = all1[:, steps:closed] / all0[:, : closed - steps]
    moved = np.zeros_like(own1)
    moved[:, steps:closed] = own1[:, steps:closed] - own0[:, : closed - steps] * ratio
    old = all1[:, -1] / all0[:, closed - steps :].sum(axis=1)
    moved[:, -1] = own1[:, -1] - own0[:, closed - steps :].sum(axis=1) * old
    for group in range(steps):
        mothers = slice((15 + WIDTH * group) // WIDTH, (45 + WIDTH * group) // WIDTH)
        per_woman = own1[:, group] / own1[_FEMALE, mothers].sum()
        part = (2 * group + 1) / (2 * steps)
        moved[:, group] = part * per_woman * moved[_FEMALE, mothers].sum()
    level = float(moved.sum() / years)
    lasts = float(below["migration.lasting"].data) * level
    if held.grown_as == held.place.code:
        said = f"census survival 2010-2020 of its own counts ({held.place.census_2010}): {level:.0f} a year"
    else:
        said = f"no count of 2010 on its area: its cohorts changed as those of {held.grown_as}: {level:.0f}"
    path = {2020: level, 2021: lasts}
    return xr.DataArray([*path.values()], {"year": [*path]}, ("year",)), said


def _tfr_ratio(held: Counts, below: Mapping[str, Parameter], _nation: Mapping[str, Parameter]) -> Made:
    first, last = order_pattern.FIRST, order_pattern.LAST
    ages = list(range(first, last + 1, order_pattern.WIDTH))
    asfr = below["fertility_census.asfr"].data.sel(age=ages).values
    own, nation = held.own[2020], held.nation[2020]
    ratio = child_woman_ratio(
        own.counts, own.women(first, last), nation.counts, nation.women(first, last), asfr
    )
    return xr.DataArray(ratio), "its own children of age 0 and women by age, over the nation's, census 2020"


def _srb(held: Counts, _below: Mapping[str, Parameter], nation: Mapping[str, Parameter]) -> Made:
    own, above = _log_ratio(held.own[2020]), _log_ratio(held.above)
    chance = float((1 / held.own[2020].counts[:, 0]).sum())
    weight = held.srb_sd**2 / (held.srb_sd**2 + chance)
    path = nation["fertility.srb"].data.copy()
    path[0] = np.exp(weight * own + (1 - weight) * above)
    said = f"its own age 0 of 2020 ({np.exp(own):.3f}, weight {weight:.2f}) shrunk to {held.above_code}"
    return path, f"{said} ({np.exp(above):.3f}); then the nation's"


def _urban_share(held: Counts, _below: Mapping[str, Parameter], nation: Mapping[str, Parameter]) -> Made:
    share = held.place.urban_2020 / float(held.own[2020].counts.sum())
    rural = 1 - nation["population.urban_share"].data
    path = 1 - (1 - share) * rural / rural.isel(year=0, drop=True)
    return path, f"its own urban residents of 2020 ({share:.4f}); the rural share then falls as the nation's"


def _children(held: Counts, below: Mapping[str, Parameter], _nation: Mapping[str, Parameter]) -> Made:
    if held.place.children_ever_born is None:
        above = below["fertility.children_ever_born"]
        return above.data, f"from {_level_of(above)}"
    return xr.DataArray(held.place.children_ever_born), "its own women of 15-64, census 2020"


_FROM_CENSUS: dict[str, Callable[[Counts, Mapping[str, Parameter], Mapping[str, Parameter]], Made]] = {
    "migration.level": _level,
    "fertility.tfr_ratio": _tfr_ratio,
    "fertility.srb": _srb,
    "population.urban_share": _urban_share,
    "fertility.children_ever_born": _children,
}
