"""The inputs of a place that no table holds, made from its tables: arrays in, parameters out.

A record whose `computed` names one of these derivations has no numbers until `derive` makes them.
What is made depends on the content of tables and parameters alone, and that of the last places is
kept by it in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.demography.census_base import births_since, later, single_ages
from sim.demography.migration import net_migrants
from sim.demography.past import past_policies
from sim.errors import ParameterError, fault, raise_all
from sim.params import Parameter
from sim.params.checks import value_fault
from sim.places import migration_profile, order_pattern
from sim.places.migration_profile import Moved, Profiles, five_year
from sim.places.parity_start import Past, parity_start, relative_odds
from sim.places.tables import (
    MOST_GROWN,
    Census,
    census_file,
    one_area,
    people_faults,
    same_groups,
    unit_off,
)
from sim.schema import AGES, ORDERS, PARITIES, SEXES
from sim.textfile import did_you_mean

FROM_CENSUS = 2 / 12  # years from the census of 1 November to 31 December
NEEDS = (
    "population.reference_2020",
    "population.births_reference",
    *(f"population.{k}" for k in ("servicemen", "servicemen_first_age", "servicemen_last_age")),
    "population.urban_share",
    "mortality.mx",
    "migration.level",
    "migration.child_tie",
    "fertility.tfr",
    "fertility.tfr_ratio",
    "fertility.fourth_share",
    "fertility.children_ever_born",
    *(f"fertility.two_child_{k}" for k in ("start", "bulge", "peak", "ramp", "uptake")),
    *(f"fertility_past.{k}" for k in ("asfr_by_parity", "parity", "childless")),
    *(f"fertility_past.{k}" for k in ("two_child_quantum", "later_quantum", "later_ramp")),
    *(f"fertility_census.{k}" for k in ("births", "women", "asfr")),
    MOST_GROWN,
)
"""Parameters that the derivations read."""
OF_PROVINCE = ("fertility_province.asfr", "fertility_province.births_by_order")
"""Read where the place's province gives them."""
_DIMS = {
    "base_population": ("sex", "age"),
    "inflow": (),
    "outflow": (),
    "profile_in": ("sex", "age"),
    "profile_out": ("sex", "age"),
    "order_pattern": ("age", "order"),
    "parities": ("age", "parity"),
}
_LABELS = {"sex": list(SEXES), "age": list(AGES), "order": list(ORDERS), "parity": list(PARITIES)}
DERIVATIONS = (*_DIMS, "rural_share")
"""What a record may name as `computed`."""
_kept: dict[str, dict[str, xr.DataArray]] = {}
_MOST_KEPT = 256


@dataclass(frozen=True)
class Tables:
    """Censuses behind a place, by year."""

    own: Mapping[int, Census]
    nation: Mapping[int, Census]
    province: Mapping[int, Census]
    """Of the place's province; empty where it has none."""

    @property
    def key(self) -> str:
        """Hash of their content."""
        parts = (self.own, self.nation, self.province)
        return "".join(f"{year}{table.key}" for part in parts for year, table in sorted(part.items()))


def derive(parameters: Mapping[str, Parameter], tables: Tables, place: str) -> dict[str, Parameter]:
    """The parameters of a place with every computed one filled in.

    parameters: by dotted name, later sets over earlier ones.  place: the place's folder, for faults.
    Raises ParameterError with every fault: an unknown derivation, an input or a census that is
    missing; ConfigError where censuses have other age groups than the nation's.
    """
    wanted = {name: p for name, p in parameters.items() if p.is_computed}
    if not wanted:
        return dict(parameters)
    _check(wanted, parameters, tables, place)
    key = _key(parameters, tables)
    if key not in _kept:
        _kept[key] = _made(parameters, tables)
        if len(_kept) > _MOST_KEPT:
            del _kept[next(iter(_kept))]
    out, faults = dict(parameters), []
    for name, parameter in wanted.items():
        data = _kept[key][str(parameter.record.computed)]
        wrong = value_fault(parameter, data)
        faults += [fault(f"{place}: {name} as computed", wrong)] if wrong else []
        digest = hashlib.sha256(f"{parameter.hash}{key}".encode()).hexdigest()
        out[name] = replace(parameter, data=data, hash=digest)
    raise_all(ParameterError, faults)
    return out


def _check(
    wanted: Mapping[str, Parameter], parameters: Mapping[str, Parameter], tables: Tables, place: str
) -> None:
    faults = []
    for name, parameter in wanted.items():
        if parameter.record.computed not in DERIVATIONS:
            where = f"{parameter.file}: {name.partition('.')[2]}.computed"
            remedy = did_you_mean(str(parameter.record.computed), DERIVATIONS)
            faults.append(fault(where, f"no derivation '{parameter.record.computed}'", remedy))
    remedy = "name the set that holds it under `parameters`"
    faults += [fault(place, f"no parameter set gives '{n}'", remedy) for n in NEEDS if n not in parameters]
    asked = sorted({2010, 2020} - set(tables.own))
    faults += [
        fault(f"{place}/census_{year}.csv", "no such file", f"add the census of {year} by sex and age")
        for year in asked
    ]
    missing = sorted({2010, 2020} - set(tables.nation))
    faults += [
        fault(f"parameters/national/census_{year}.csv", "no such file", "add the nation's census")
        for year in missing
    ]
    raise_all(ParameterError, faults)
    for year in (2010, 2020):
        where = str(census_file(Path(place), year))
        same_groups([tables.nation[year], tables.own[year]], where)
        faults += people_faults(tables.own[year], where)
    first, second = (tables.own[year] for year in (2010, 2020))
    if not faults and not one_area(first, second, float(parameters[MOST_GROWN].data)):
        wrong = f"{second.counts.sum():.0f} people, {first.counts.sum():.0f} in 2010{unit_off(first, second)}"
        faults.append(
            fault(str(census_file(Path(place), 2020)), wrong, "persons, of one area in both censuses")
        )
    raise_all(ParameterError, faults)


def _key(parameters: Mapping[str, Parameter], tables: Tables) -> str:
    digest = hashlib.sha256(tables.key.encode())
    for name in (*NEEDS, *(n for n in OF_PROVINCE if n in parameters)):
        digest.update(f"{name}{parameters[name].hash}".encode())
    return digest.hexdigest()


def _made(parameters: Mapping[str, Parameter], tables: Tables) -> dict[str, xr.DataArray]:
    """Every derivation of a place by its name."""
    params = {n: parameters[n].data for n in (*NEEDS, *OF_PROVINCE) if n in parameters}
    mx = _by_sex(params["mortality.mx"].sel(year=2020))
    counted = tables.own[2020]
    reference = _by_sex(params["population.reference_2020"])
    people = single_ages(counted.counts, counted.starts, reference, mx)
    people = people + _servicemen(params, people)
    moves = _profiles(tables, people, float(params["migration.child_tie"]))
    births = _numbered(params["population.births_reference"])
    base = later(
        people,
        mx,
        FROM_CENSUS,
        births_since(counted.counts[:, 0], mx, FROM_CENSUS, births, counted.year),
        _moved(params["migration.level"], moves) * FROM_CENSUS,
    )
    pattern, relative = _orders(params, tables)
    fourth = float(params["fertility.fourth_share"])
    parities = parity_start(
        _past(params, counted.year),
        _first(params["fertility.tfr_ratio"]),
        relative,
        pattern,
        _numbered(params["fertility_past.childless"]),
        float(params["fertility.children_ever_born"]),
        base[SEXES.index("female")],
        fourth,
    )
    found: dict[str, Floats | float] = {
        "base_population": base,
        "inflow": moves.inflow,
        "outflow": moves.outflow,
        "profile_in": moves.profile_in,
        "profile_out": moves.profile_out,
        "order_pattern": order_pattern.feasible(pattern, parities, fourth),
        "parities": parities,
    }
    arrays = {n: xr.DataArray(v, {d: _LABELS[d] for d in _DIMS[n]}, _DIMS[n]) for n, v in found.items()}
    return {**arrays, "rural_share": 1 - params["population.urban_share"]}


def _servicemen(params: Mapping[str, xr.DataArray], people: Floats) -> Floats:
    """Men in service, counted apart from the census's tables, by the ages of the men around them."""
    first, last = (int(params[f"population.servicemen_{end}_age"]) for end in ("first", "last"))
    out = np.zeros_like(people)
    male = SEXES.index("male")
    out[male, first : last + 1] = people[male, first : last + 1]
    total = float(out.sum())
    return out * (float(params["population.servicemen"]) / total) if total > 0 else out


def _profiles(tables: Tables, people: Floats, child_tie: float) -> Profiles:
    """Migrants of the decade between the two censuses."""
    moved = moves_of(tables.own, tables.nation, child_tie)
    return migration_profile.profiles(moved.rates, moved.weights, people, moved.years, moved.child_tie)


def moves_of(own: Mapping[int, Census], nation: Mapping[int, Census], child_tie: float) -> Moved:
    """Rates of net migration of a place's cohorts between its two censuses."""
    place, whole = (
        [five_year(part[year].counts, part[year].starts) for year in (2010, 2020)] for part in (own, nation)
    )
    rates, weights = migration_profile.yearly_rates(place[0], place[1], whole[0], whole[1], 10)
    return Moved(rates, weights, 10, child_tie)


def _moved(level: xr.DataArray, moves: Profiles) -> Floats:
    """Net migrants of the base year, persons by sex and age."""
    one = np.ones((1, 1))
    profiles = (moves.profile_in[None, ..., None], moves.profile_out[None, ..., None])
    net = net_migrants(one * _first(level), one * moves.inflow, one * moves.outflow, *profiles)
    return np.asarray(net[0, ..., 0])


def _orders(params: Mapping[str, xr.DataArray], tables: Tables) -> tuple[Floats, Floats]:
    """Births per woman-year by age and order, and the odds of a next birth over the nation's."""
    ages = slice(order_pattern.FIRST, order_pattern.LAST)
    births = (
        params["fertility_census.births"].transpose("age", "order").sel(age=ages, order=list(ORDERS)).values
    )
    women = params["fertility_census.women"].sel(age=ages).values
    rates = order_pattern.national_rates(births, women, _published(params["fertility_census.asfr"]))
    relative = np.ones(len(PARITIES))
    if all(name in params for name in OF_PROVINCE) and 2020 in tables.province:
        orders = params["fertility_province.births_by_order"].sel(order=list(ORDERS)).values
        mothers = tables.province[2020].women(order_pattern.FIRST, order_pattern.LAST)
        published = _published(params["fertility_province.asfr"])
        rates = order_pattern.province_rates(rates, births, mothers, published, orders)
        relative = relative_odds(orders, births.sum(axis=0))
    return order_pattern.all_ages(rates, len(AGES)), relative


def _published(asfr: xr.DataArray) -> Floats:
    """Rates of the five-year groups (group,) from a table that states each of its ages."""
    ages = range(order_pattern.FIRST, order_pattern.LAST + 1, order_pattern.WIDTH)
    return np.asarray(asfr.sel(age=list(ages)).values)


def _past(params: Mapping[str, xr.DataArray], last: int) -> Past:
    tfr = params["fertility.tfr"]
    first = int(tfr.year.values[0])
    shares, rates = (
        np.asarray(params[f"fertility_past.{name}"].transpose("age", "parity").values)
        for name in ("parity", "asfr_by_parity")
    )
    until = np.asarray(tfr.sel(year=slice(first, last)).values)
    return Past(first, shares, rates, until, tuple(past_policies(params)))


def _numbered(array: xr.DataArray) -> dict[int, float]:
    """An array whose labels are whole numbers, such as ages or years, by number."""
    (dim,) = array.dims
    return {int(label): float(v) for label, v in zip(array[dim].values, array.values, strict=True)}


def _by_sex(array: xr.DataArray) -> Floats:
    return np.asarray(array.transpose("sex", "age").sel(sex=list(SEXES)).values)


def _first(array: xr.DataArray) -> float:
    """A number, or that of its first year."""
    return float(array.isel(year=0)) if "year" in array.dims else float(array)
