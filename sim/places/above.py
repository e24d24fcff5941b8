"""What a place takes from its province's published figures: deaths by age, life expectancy, births.

A province with a folder of its own has these from there.  Life expectancy is given the
range by which places were found to differ from their province.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from sim.params import Parameter
from sim.places import expectancy, order_pattern
from sim.places.counts import Counts
from sim.places.figure import Figure, Maker, cited_of
from sim.places.led import own_records
from sim.places.levels import COUNTRY, PLACE, PREFECTURE, PROVINCE, level_of
from sim.places.nation import list_places
from sim.places.region import NATION
from sim.places.said import said
from sim.places.vital import RATES, read_vital
from sim.schema import ORDERS

_NORMAL = 1.96  # standard deviations on either side of 95 % of a normal distribution
Parameters = Mapping[str, Parameter]


def stated(held: Counts, below: Parameters, name: str) -> bool:
    """Whether the folder of the place's province states it."""
    return name in below and level_of(below[name]) == PROVINCE


def life_expectancy(held: Counts, below: Parameters, _nation: Parameters) -> Figure:
    """Gap to the nation: as published for the place, else that of the place above moved by the rule.

    The place above is its prefecture where that published one or states it, else its province.  Its range:
    that of the figure above, and what the rule misses by at this level (in a prefecture that is known, by
    as much less as prefectures are missed).
    """
    vital, rule, place = read_vital(held.root), expectancy.rule_of(held.root), held.place
    if place.code in vital.e0:
        gap, sd = vital.e0[place.code] - vital.e0[NATION], 0.0
        level, told = PLACE, said("e0", own=vital.e0[place.code], nation=vital.e0[NATION])
        cited = {"source": vital.e0_source[place.code]}
    elif (known := _prefecture(held)) is not None:
        whole, width, cited = known
        inside = list_places(held.root)[place.prefecture]
        moved = expectancy.moved(held.root, place) - expectancy.moved(held.root, inside)
        sd = float(np.sqrt(max(rule.sd[place.level] ** 2 - rule.sd[inside.level] ** 2, 0.0)))
        told = said("e0_within", code=inside.code, whole=whole, moved=moved, places=rule.places, sd=sd)
        width = float(np.hypot(width, _NORMAL * sd))
        return Figure(xr.DataArray(whole + moved), PREFECTURE, told, cited, (-width, width))
    else:
        moved, sd = expectancy.moved(held.root, place), rule.sd[place.level]
        own = stated(held, below, "mortality.e0_gap")
        whole = vital.e0[place.province] - vital.e0[NATION]
        whole = float(below["mortality.e0_gap"].data) if own else whole
        gap, level = whole + moved, PROVINCE
        cited = cited_of(below["mortality.e0_gap"]) if own else {"source": vital.e0_source[place.province]}
        told = said("e0_moved", whole=whole, moved=moved, places=rule.places, sd=sd)
    published = below["mortality.e0_gap"].record.range
    width = published.high if published is not None and published.high is not None else 0.0
    width = float(np.hypot(width, _NORMAL * sd))
    return Figure(xr.DataArray(gap), level, told, cited, (-width, width))


def _prefecture(held: Counts) -> tuple[float, float, dict[str, Any]] | None:
    """Gap of the place's prefecture, half of its range, and where it is from; None where it has none."""
    code, vital = held.place.prefecture, read_vital(held.root)
    if not code or code == held.place.code:
        return None
    own = own_records(held.root, code).get("mortality.e0_gap")
    if own is not None:
        spread = own.record.range
        width = spread.high if spread is not None and spread.high is not None else 0.0
        return float(own.data), width, cited_of(own)
    if code in vital.e0:
        return vital.e0[code] - vital.e0[NATION], 0.0, {"source": vital.e0_source[code]}
    return None


def death_rates(held: Counts, below: Parameters, _nation: Parameters) -> Figure | None:
    """The nation's rates with the age and sex pattern of the province's census deaths."""
    code = held.place.province
    if stated(held, below, "mortality.e0_gap") or code not in read_vital(held.root).deaths:
        return None
    mx = below["mortality.mx"]
    rates = expectancy.province_rates(held.root, code, mx.data, mx.hash)
    return Figure(rates, PROVINCE, said("deaths", code=code))


def rates_by_age(held: Counts, below: Parameters, _nation: Parameters) -> Figure | None:
    """Births per 1000 women by age in the province, each age that of its five-year group."""
    vital, code = read_vital(held.root), held.place.province
    if "fertility_province.asfr" in below or code not in vital.rates:
        return None
    ages = np.arange(RATES[0], RATES[-1] + order_pattern.WIDTH)
    rates = np.repeat(vital.rates[code], order_pattern.WIDTH)
    return Figure(xr.DataArray(rates, {"age": ages}, ("age",)), PROVINCE, said("census", code=code))


def births_by_order(held: Counts, below: Parameters, _nation: Parameters) -> Figure | None:
    """Births of the province's sample by order 1, 2, 3 and later."""
    vital, code = read_vital(held.root), held.place.province
    if "fertility_province.births_by_order" in below or code not in vital.births:
        return None
    births = vital.births[code]
    many = np.array([births[0], births[1], births[2:].sum()])
    return Figure(
        xr.DataArray(many, {"order": list(ORDERS)}, ("order",)), PROVINCE, said("census", code=code)
    )


def fourth_share(held: Counts, below: Parameters, nation: Parameters) -> Figure | None:
    """Fourth and later births among the third and later of the province's sample."""
    name, code = "fertility.fourth_share", held.place.province
    if stated(held, below, name):
        return None
    births = read_vital(held.root).births.get(code)
    if births is None:
        return Figure(nation[name].data, COUNTRY, nation[name].record.noted, cited_of(nation[name]))
    return Figure(xr.DataArray(births[3:].sum() / births[2:].sum()), PROVINCE, said("census", code=code))


MAKERS: Mapping[str, Maker] = {
    "mortality.e0_gap": life_expectancy,
    "mortality.mx": death_rates,
    "fertility_province.asfr": rates_by_age,
    "fertility_province.births_by_order": births_by_order,
    "fertility.fourth_share": fourth_share,
}
