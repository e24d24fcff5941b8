"""How many of a place's people live in city districts (市辖区), by the names of the places inside it.

A county-level place is a county, a banner or a county-level city where its name says so; what else there
is, districts and the zones that cities set up, belongs to a city, and so does a prefecture that is not
divided.
"""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr

from sim.params import Parameter
from sim.places.counts import Counts
from sim.places.figure import Figure, Maker, cited_of
from sim.places.levels import PLACE, level_of
from sim.places.nation import Place, list_places, place_censuses
from sim.places.parts import COUNTIES, SMALLEST, parts_of
from sim.places.said import said

SHARE = "emergency.city_district_share"
_COUNTIES = ("县", "旗", "市", "特区", "林区")
"""Ends of names of county-level places that are no part of a city."""


def city_district_share(held: Counts, below: Mapping[str, Parameter], _nation: object) -> Figure:
    """Share of the residents of 2020 in city districts; the nation's where its parts are not known."""
    places = list_places(held.root)
    place = places.get(held.place.code)
    if place is None:
        above = below[SHARE]
        return Figure(above.data, level_of(above), above.record.noted, cited_of(above))
    parts = [place] if place.level in SMALLEST else parts_of(places, place, COUNTIES) or [place]
    people = {p.code: float(place_censuses(held.root, p.code)[2020].counts.sum()) for p in parts}
    inside = sum(people[p.code] for p in parts if _is_district(p))
    share = inside / sum(people.values())
    return Figure(xr.DataArray(share), PLACE, said("districts", share=share))


def _is_district(place: Place) -> bool:
    return place.level == "prefecture" or not place.name_zh.endswith(_COUNTIES)


MAKERS: Mapping[str, Maker] = {SHARE: city_district_share}
