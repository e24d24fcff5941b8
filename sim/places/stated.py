"""A place whose folder states its census and names a parent: what it lacks comes from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sim.errors import ConfigError, fault, raise_all
from sim.places.census_checks import sexes_faults
from sim.places.counts import Counts, counts
from sim.places.nation import Place, list_places, nearest, place_censuses
from sim.places.observed_checks import bounds_of
from sim.places.region import Region
from sim.places.tables import Census, census_file, read_censuses

PARENTS = {"province": "prefecture", "prefecture": "county"}
"""Levels that a parent may have, and that of a place below it."""


def parent_of(root: Path, code: str, where: str) -> Place:
    """The province or prefecture of a code.

    where: named in messages.  Raises ConfigError for an unknown code or another level.
    """
    places = list_places(root)
    if code not in places:
        raise ConfigError(fault(where, f"no place '{code}'", nearest(places, code)))
    if places[code].level not in PARENTS:
        wrong = f"{code} {places[code].name_zh} is a {places[code].level}"
        raise ConfigError(fault(where, wrong, "name its province or prefecture, e.g. '410000'"))
    return places[code]


def stated_counts(root: Path, region: Region) -> Counts:
    """The counts of a region with a parent, and of the places above it.

    root: the working folder.  Raises ConfigError without its census of 2020, or as `counts`.
    """
    folder = root / "parameters" / region.folder
    own = read_censuses(root / "parameters", region)
    if 2020 not in own:
        raise ConfigError(fault(str(folder / "census_2020.csv"), "no such file", "healthplan region new"))
    parent = parent_of(root, str(region.parent), f"{folder / 'region.yaml'}: parent")
    raise_all(ConfigError, swapped(root, folder, own, parent))
    return counts_below(root, region, parent, own)


def swapped(root: Path, folder: Path, own: Mapping[int, Census], parent: Place) -> list[str]:
    """Tables of a folder whose men and women are as the parent's women and men: file | figures | remedy."""
    faults = []
    for year, census in own.items():
        above = place_censuses(root, parent.code).get(year)
        if above is not None and above.starts == census.starts:
            where = str(census_file(folder, year))
            faults += sexes_beside(root, where, census, above, parent)
    return faults


def sexes_beside(root: Path, where: str, own: Census, above: Census, parent: Place) -> list[str]:
    """What is said where the sexes of a census differ by age as the other sexes above; where: its place."""
    named = f"{parent.code} {parent.name_zh}"
    return sexes_faults(where, own.counts, above.counts, parent.level, named, bounds_of(root))


def counts_below(root: Path, region: Region, parent: Place, own: dict[int, Census]) -> Counts:
    """The counts of a region with these censuses below a parent.  Raises ConfigError as `counts`."""
    people = float(own[2020].counts.sum())
    above = parent.urban_2020 / float(place_censuses(root, parent.code)[2020].counts.sum())
    share = above if region.urban is None else region.urban / people
    place = replace(
        parent,
        code=region.code,
        level=region.level,
        prefecture=parent.code if parent.level == "prefecture" else region.code,
        name_zh=region.name_zh,
        pinyin=region.name_en.lower(),
        urban_2020=share * people,
        children_ever_born=None,
        census_2010="area not checked" if 2010 in own else "",
        deaths_2010=None,
        beds=None,
        urban_share=share,
        urban_of=parent.code if region.urban is None else "",
    )
    return counts(root, place, own)
