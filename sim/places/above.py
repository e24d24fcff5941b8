"""What a place takes from its province's published figures: deaths by age, life expectancy, births, stocks.

A province with a folder of its own has these from there.  Life expectancy and stocks are given the
range by which places were found to differ from their province.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.params import Parameter
from sim.params.once import once
from sim.params.record import Title
from sim.places import expectancy, order_pattern
from sim.places.counts import Counts
from sim.places.figure import Figure, Maker, cited_of
from sim.places.led import own_records
from sim.places.levels import COUNTRY, PLACE, PREFECTURE, PROVINCE, level_of
from sim.places.nation import Place, list_places, place_censuses
from sim.places.region import NATION
from sim.places.said import joined, said, stock_of
from sim.places.vital import RATES, read_vital
from sim.places.yearly import read_yearly
from sim.schema import ORDERS

_NORMAL = 1.96  # standard deviations on either side of 95 % of a normal distribution
_YEAR = 2020
_PER_1000 = 1000.0
_BEDS = "supply.beds_base"
_FEWEST = 3  # counted counties that stand for their prefecture
_COUNTED = 0.05  # sd of log beds of a county that counted them: the yearbook's year is not printed
_YEARBOOK = {
    "source": "county_yearbook",
    "locator": "beds of health institutions, by county",
    "basis": "measured",
    "quality": "B",
}
Parameters = Mapping[str, Parameter]


def _stated(held: Counts, below: Parameters, name: str) -> bool:
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
        stated = _stated(held, below, "mortality.e0_gap")
        whole = vital.e0[place.province] - vital.e0[NATION]
        whole = float(below["mortality.e0_gap"].data) if stated else whole
        gap, level = whole + moved, PROVINCE
        cited = cited_of(below["mortality.e0_gap"]) if stated else {"source": vital.e0_source[place.province]}
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
    stated = own_records(held.root, code).get("mortality.e0_gap")
    if stated is not None:
        spread = stated.record.range
        width = spread.high if spread is not None and spread.high is not None else 0.0
        return float(stated.data), width, cited_of(stated)
    if code in vital.e0:
        return vital.e0[code] - vital.e0[NATION], 0.0, {"source": vital.e0_source[code]}
    return None


def death_rates(held: Counts, below: Parameters, _nation: Parameters) -> Figure | None:
    """The nation's rates with the age and sex pattern of the province's census deaths."""
    code = held.place.province
    if _stated(held, below, "mortality.e0_gap") or code not in read_vital(held.root).deaths:
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
    if _stated(held, below, name):
        return None
    births = read_vital(held.root).births.get(code)
    if births is None:
        return Figure(nation[name].data, COUNTRY, nation[name].record.noted, cited_of(nation[name]))
    return Figure(xr.DataArray(births[3:].sum() / births[2:].sum()), PROVINCE, said("census", code=code))


def stock(name: str) -> Maker:
    """Maker of `supply.<id>_base`, per 1000 residents in 2020: the place's own beds where they were
    counted, else what the yearly figures of its province say of <id>.
    """

    def make(held: Counts, below: Parameters, _nation: Parameters) -> Figure | None:
        place, sd = held.place, _bed_spread(held.root).get(held.place.level, 0.0)
        if name == _BEDS and place.beds:
            people = float(held.own[2020].counts.sum())
            figure = xr.DataArray(place.beds / people * _PER_1000)
            return Figure(figure, PLACE, said("beds", beds=place.beds), _YEARBOOK, _ends(_COUNTED))
        if _stated(held, below, name):
            per_1000, level, told = float(below[name].data) * _PER_1000, PROVINCE, below[name].record.noted
        else:
            per_1000, level, told = _of_province(held, name, below[name])
        series = level == PROVINCE and not _stated(held, below, name)
        cited = _series_cited(held, name) if series else cited_of(below[name])
        differ = said("beds_differ" if name == _BEDS else "as_beds_differ", sd=sd) if sd else None
        spread = below[name].record.range
        width = _COUNTED
        if level == COUNTRY and spread is not None and spread.high:
            width = float(np.log(spread.high)) / _NORMAL
        return Figure(
            xr.DataArray(per_1000), level, joined(told, differ), cited, _ends(float(np.hypot(sd, width)))
        )

    return make


def _of_province(held: Counts, name: str, nation: Parameter) -> tuple[float, str, Title]:
    """The province's stock per 1000 residents, or the nation's where it is not to be trusted."""
    code, indicator = held.place.province, name.removeprefix("supply.").removesuffix("_base")
    figure = once(("stock", held.root, code, indicator), partial(_per_resident, held.root, code, indicator))
    if np.isfinite(figure):
        return figure * _PER_1000, PROVINCE, stock_of(indicator, code, _YEAR)
    return float(nation.data) * _PER_1000, COUNTRY, said("no_stock", code=code)


def _series_cited(held: Counts, name: str) -> dict[str, str]:
    """Where a province's stock per resident is from."""
    indicator = name.removeprefix("supply.").removesuffix("_base")
    locator = f"{indicator} and residents of {held.place.province} at the end of {_YEAR}"
    return {"source": read_yearly(held.root).indicators[indicator].source, "locator": locator}


def _per_resident(root: Path, code: str, indicator: str) -> float:
    """A province's stock of the base year per resident, NaN where it is not known."""
    yearly = read_yearly(root)
    stock, people = yearly.of(indicator), yearly.of("population")
    if code not in stock.region.values or _YEAR not in stock.year.values:
        return float("nan")
    return float(stock.sel(region=code, year=_YEAR) / people.sel(region=code, year=_YEAR))


def _ends(sd: float) -> tuple[float, float]:
    """Factors at the ends of 95 % of a lognormal distribution."""
    return float(np.exp(-_NORMAL * sd)), float(np.exp(_NORMAL * sd))


def _bed_spread(root: Path) -> Mapping[str, float]:
    path = root / "parameters" / "places" / "places.csv"
    return _spread(root, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _spread(root: Path, _stamp: int) -> Mapping[str, float]:
    """Standard deviation of log beds per resident around the province, by level of place.

    Of the counties that counted their beds, around those of their province; of prefectures, the
    means of their counted counties.
    """
    counted = [p for p in list_places(root).values() if p.beds]
    people = {p.code: float(place_censuses(root, p.code)[2020].counts.sum()) for p in counted}

    def mean(group: list[Place]) -> float:
        return float(np.log(sum(p.beds or 0.0 for p in group) / sum(people[p.code] for p in group)))

    def sorted_by(key: Callable[[Place], str]) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for p in counted:
            found.setdefault(key(p), []).append(p)
        return found

    province = {code: mean(group) for code, group in sorted_by(lambda p: p.province).items()}
    county = np.std([mean([p]) - province[p.province] for p in counted])
    prefecture = np.std(
        [
            mean(group) - province[group[0].province]
            for group in sorted_by(lambda p: p.prefecture).values()
            if len(group) >= _FEWEST
        ]
    )
    small = dict.fromkeys(("county", "direct_county", "zone"), float(county))
    return {**small, "prefecture": float(prefecture)}


MAKERS: Mapping[str, Maker] = {
    "mortality.e0_gap": life_expectancy,
    "mortality.mx": death_rates,
    "fertility_province.asfr": rates_by_age,
    "fertility_province.births_by_order": births_by_order,
    "fertility.fourth_share": fourth_share,
}
