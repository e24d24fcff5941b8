"""Beds and staff of a place that has no folder: its own count of beds, else the stock of its province.

The province's is that of every year counted since the census, so that the newest is where its trend starts.
What places differ from their province by is the spread of the counties that counted their beds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr

from sim.params import Parameter
from sim.params.alike import alike
from sim.params.once import once, read_once
from sim.params.record import Title
from sim.params.units import PER_1000
from sim.places import above
from sim.places.counts import Counts
from sim.places.figure import Figure, Maker, cited_of
from sim.places.levels import COUNTRY, PLACE, PROVINCE
from sim.places.nation import Place, list_places, place_censuses, tables_of_places
from sim.places.said import joined, said, span, stock_of
from sim.places.yearly import read_yearly

_NORMAL = 1.96  # standard deviations on either side of 95 % of a normal distribution
_YEAR = 2020
_BEDS = "supply.beds_base"
_FEWEST = 3  # counted counties that stand for their prefecture
_YEARBOOK = {
    "source": "county_yearbook",
    "locator": "beds of health institutions, by county",
    "basis": "measured",
    "quality": "B",
}
Parameters = Mapping[str, Parameter]


def stock(name: str) -> Maker:
    """Maker of `supply.<id>_base`, per 1000 residents: the place's own beds of 2020 where they were
    counted, else what the yearly figures of its province say of <id> in every year counted since.
    """

    def make(held: Counts, below: Parameters, _nation: Parameters) -> Figure | None:
        error = below["observation.stock_error"].data
        if name == _BEDS and held.place.beds:
            return _own_beds(held, float(error.sel(place_level="county")))
        return _from_above(held, below, name, float(error.sel(place_level="province")))

    return make


def _own_beds(held: Counts, sd: float) -> Figure:
    """Beds of a county of the yearbook, with the error of a count of theirs."""
    beds, people = held.place.beds or 0.0, float(held.own[2020].counts.sum())
    figure = xr.DataArray(beds / people * PER_1000)
    return Figure(figure, PLACE, said("beds", beds=beds), _YEARBOOK, _ends(sd))


def _from_above(held: Counts, below: Parameters, name: str, width: float) -> Figure:
    """The stock of the province, else of the nation, with what places differ from it by."""
    source, stated = below[name], above.stated(held, below, name)
    if stated:
        per_1000, level, told = source.data * PER_1000, PROVINCE, source.record.noted
    else:
        per_1000, level, told = _of_province(held, name, source)
    cited = _series_cited(held, name) if level == PROVINCE and not stated else cited_of(source)
    sd, spread = _bed_spread(held.root).get(held.place.level, 0.0), source.record.range
    differ = said("beds_differ" if name == _BEDS else "as_beds_differ", sd=sd) if sd else None
    if level == COUNTRY and spread is not None and spread.high:
        width = float(np.log(spread.high)) / _NORMAL
    return Figure(per_1000, level, joined(told, differ), cited, _ends(float(np.hypot(sd, width))))


def _of_province(held: Counts, name: str, nation: Parameter) -> tuple[xr.DataArray, str, Title]:
    """The province's stock per 1000 residents, or the nation's where none is to be trusted."""
    counted = _counted(held, name)
    if counted.size:
        code, indicator = held.place.province, name.removeprefix("supply.").removesuffix("_base")
        return counted * PER_1000, PROVINCE, stock_of(indicator, code, span(counted.year.values))
    return nation.data * PER_1000, COUNTRY, said("no_stock", code=held.place.province)


def _series_cited(held: Counts, name: str) -> dict[str, str]:
    """Where a province's stock per resident is from."""
    indicator = name.removeprefix("supply.").removesuffix("_base")
    years = span(_counted(held, name).year.values)
    locator = f"{indicator} and residents of {held.place.province} at the end of {years}"
    return {"source": read_yearly(held.root).indicators[indicator].source, "locator": locator, "year": years}


def _counted(held: Counts, name: str) -> xr.DataArray:
    """The province's stock per resident in each year counted since the census, dim year."""
    code, indicator = held.place.province, name.removeprefix("supply.").removesuffix("_base")
    return once(("stock", held.root, code, indicator), partial(per_resident, held.root, code, indicator))


def per_resident(root: Path, code: str, indicator: str) -> xr.DataArray:
    """A province's stock per resident from the census on, the years in which both are known; dim year."""
    yearly = read_yearly(root)
    stock, people = yearly.of(indicator), yearly.of("population")
    if code not in stock.region.values:
        return xr.DataArray(np.empty(0), {"year": np.empty(0, int)}, ("year",))
    both = stock.sel(region=code, drop=True) / people.sel(region=code, drop=True)
    return both.sel(year=slice(_YEAR, None)).dropna("year")


def _ends(sd: float) -> tuple[float, float]:
    """Factors at the ends of 95 % of a lognormal distribution."""
    return float(np.exp(-_NORMAL * sd)), float(np.exp(_NORMAL * sd))


def _bed_spread(root: Path) -> Mapping[str, float]:
    return alike("spread of beds", tables_of_places(root), partial(_spread, root))


@read_once()
def _spread(root: Path) -> Mapping[str, float]:
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
