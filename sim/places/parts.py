"""The places that make up another one: counties of a city, cities and counties of a province.

Counties and zones of a prefecture add up to it in the census of 2020 cell by cell, prefectures and the
counties run by their province to the province. A part whose census says too little to project it
(counts.FEWEST) is left out, with its people, and said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.errors import ConfigError, fault
from sim.places.counts import too_empty
from sim.places.nation import Place, list_places, place_censuses

PROVINCES, PREFECTURES, COUNTIES = "provinces", "prefectures", "counties"
WORDS = (PROVINCES, PREFECTURES, COUNTIES)
"""What an experiment may ask for."""
_OF: Mapping[str, tuple[str, ...]] = {
    "country": (PROVINCES,),
    "province": (PREFECTURES, COUNTIES),
    "prefecture": (COUNTIES,),
}
"""What each level of place is divided into."""
SMALLEST = ("county", "zone", "direct_county")
"""Levels of the places that have no parts."""


@dataclass(frozen=True)
class Division:
    """The parts of a place."""

    codes: tuple[str, ...]
    """In the order of the yearbook."""
    left_out: tuple[tuple[str, str, float], ...]
    """Code, name and residents of 2020 of those that cannot be projected."""


def divide(root: Path, code: str, word: str) -> Division:
    """The parts of a place that `word` of WORDS names.

    root: the working folder.  Raises ConfigError, with what would be right, where the place has none.
    """
    places = list_places(root)
    where = "parts"
    if code not in places:
        wrong = f"{code} is no place of the censuses, so that its parts are not known"
        raise ConfigError(fault(where, wrong, "take `parts` out"))
    place = places[code]
    named = f"{code} {place.name_zh}"
    words = _OF.get(place.level, ())
    if not words:
        higher = places.get(place.prefecture, place)
        above = higher if higher.code != code else places[place.province]
        remedy = f"take `parts` out, or name the place above it, '{above.code}' {above.name_zh}"
        raise ConfigError(fault(where, f"{named} is a county: it has no parts", remedy))
    found = {each: parts_of(places, place, each) for each in words}
    if not found.get(word):
        able = [each for each, parts in found.items() if parts]
        remedy = f"write parts: {' or '.join(able)}" if able else "take `parts` out"
        raise ConfigError(fault(where, f"{named}, a {place.level}, has no {word}", remedy))
    people = {p.code: place_censuses(root, p.code)[2020] for p in found[word]}
    out = [p for p in found[word] if too_empty(people[p.code])]
    kept = tuple(p.code for p in found[word] if p not in out)
    return Division(kept, tuple((p.code, p.name_zh, float(people[p.code].counts.sum())) for p in out))


def parts_of(places: Mapping[str, Place], whole: Place, word: str) -> list[Place]:
    """The places inside another one that `word` of WORDS names."""
    inside = [p for p in places.values() if p.code != whole.code and _within(p, whole)]
    if word == PROVINCES:
        return [p for p in inside if p.level == "province"]
    if word == PREFECTURES:
        cities = [p for p in inside if p.level == "prefecture"]
        return [p for p in inside if p.level in ("prefecture", "direct_county")] if cities else []
    divided = {p.prefecture for p in inside if p.level in SMALLEST}
    # a prefecture without counties stands for itself
    return [p for p in inside if p.level in SMALLEST or (p.level == "prefecture" and p.code not in divided)]


def _within(place: Place, whole: Place) -> bool:
    return whole.level == "country" or whole.code in (place.prefecture, place.province)
