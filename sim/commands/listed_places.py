"""Tables of `healthplan list regions`: folders of regions, and the places that the censuses count."""

from __future__ import annotations

from pathlib import Path

from sim.commands.listed_words import worded_table
from sim.places import find_places, list_places, list_regions, place_censuses


def regions(root: Path, lang: str) -> str:
    """The folders of regions."""
    rows = [
        (r.code, r.name_zh, r.name_en, r.level)
        for r in sorted(list_regions(root).values(), key=lambda r: r.code)
    ]
    return worded_table(("code", "name_zh", "name_en", "level"), rows, lang)


def places(root: Path, inside: str | None, like: str | None, lang: str) -> str:
    """Places that the censuses count: where, who lives there, what of 2010 is held, its folder."""
    folders = list_regions(root)
    every = list_places(root)
    rows = []
    for place in find_places(every, inside, like):
        censuses = place_censuses(root, place.code)
        people = {year: f"{census.counts.sum():.0f}" for year, census in censuses.items()}
        earlier = people.get(2010, "")
        folder = folders[place.code].folder if place.code in folders else ""
        above = every.get(place.prefecture if place.code != place.prefecture else place.province)
        within = above.name_zh if above is not None and above.code != place.code else ""
        known = (people[2020], earlier, place.census_2010, folder)
        rows.append((place.code, place.name_zh, place.level, within, *known))
    columns = ("code", "name_zh", "level", "within", "people_2020", "people_2010", "area_2010", "folder")
    return worded_table(columns, rows, lang)
