"""A place's parameters: its sets merged, and what is computed made from its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sim.errors import ConfigError, ParameterError, SimError, fault, raise_all
from sim.params import Parameter, override, read_once, read_set, read_sets
from sim.params.above import unlike_above
from sim.places.census_split import estimated
from sim.places.child_checks import child_faults
from sim.places.counts import counts
from sim.places.derive import Tables, derive, moves_of
from sim.places.folder_checks import folder_faults
from sim.places.led import led_set
from sim.places.made import LACKING, made
from sim.places.migration_profile import fit_ahead
from sim.places.nation import list_places, nearest, place_censuses
from sim.places.ranks import stem_pinyin
from sim.places.rare import as_places_differ
from sim.places.region import NATION, Region, list_regions, region_sets
from sim.places.stated import stated_counts, swapped
from sim.places.tables import Census, national_censuses, province_censuses, read_censuses


def find_region(root: Path, code: str, regions: Mapping[str, Region]) -> Region:
    """The region of a code: its folder's, else one made of the censuses that name it.

    Raises ConfigError, with the nearest code, where neither knows it.
    """
    if code in regions:
        return regions[code]
    places = list_places(root)
    if code not in places:
        raise ConfigError(fault("regions", f"no region '{code}'", nearest(places, code)))
    place = places[code]
    name = stem_pinyin(place.pinyin, place.name_zh).capitalize()
    return Region(code, name, place.name_zh, LACKING, place.level, place.province or None)


def read_place(
    root: Path,
    region: Region | str,
    sets: Sequence[str] = ("national", "standards"),
    log: list[str] | None = None,
    regions: Mapping[str, Region] | None = None,
    instead: Mapping[str, Any] | None = None,
) -> dict[str, Parameter]:
    """The parameters of a region by dotted name: nation, standards, province, region, computed.

    root: the working folder, above `parameters`.  region: or its code.  sets: those shared by all
    places, in order.  log: takes each replacement, old -> new.  regions: those of the folder, where
    they are known already.  instead: values by dotted name that stand for the place's own before anything is
    computed from them, as `override` takes them.
    Raises ConfigError for a region that there is not, ParameterError with every fault of its files.
    """
    with read_once():
        return _as_it_stands(root, region, sets, log, regions, instead)


def _as_it_stands(
    root: Path,
    region: Region | str,
    sets: Sequence[str],
    log: list[str] | None,
    regions: Mapping[str, Region] | None,
    instead: Mapping[str, Any] | None,
) -> dict[str, Parameter]:
    regions = list_regions(root) if regions is None else regions
    if isinstance(region, str):
        region = find_region(root, region, regions)
    folder = root / "parameters"
    if region.folder == LACKING or region.parent is not None:
        return _from_above(root, region, sets, regions, log, instead)
    parameters = read_sets(folder, region_sets(folder, sets, region), log)
    for name, value in (instead or {}).items():
        parameters = override(parameters, name, value, region.code)
    parameters = as_places_differ(parameters, region.code)
    if not any(p.is_computed for p in parameters.values()):
        return parameters
    own = read_censuses(folder, region)
    raise_all(ConfigError, _swapped(root, region, own))
    nation = own if region.code == NATION else national_censuses(folder)
    province = own if region.province == region.code else province_censuses(folder, region)
    derived = derive(parameters, Tables(own, nation, province), str(folder / region.folder))
    # after derive: it refuses the censuses that these checks take as they are
    faults = folder_faults(root, region, parameters, own, nation)
    above = partial(read_sets, folder, _shared_sets(folder, sets, region))
    raise_all(ConfigError, faults + child_faults(folder / region.folder, parameters, own, above))
    return derived


def _unlike(own: Mapping[str, Parameter], above: Mapping[str, Parameter]) -> Iterator[str]:
    """Figures by head that a folder states far from what would be made for it."""
    for name, parameter in own.items():
        if name in above and (wrong := unlike_above(parameter, above[name], above)):
            yield wrong


def _swapped(root: Path, region: Region, own: Mapping[int, Census]) -> list[str]:
    """Censuses of a folder whose sexes are those of its prefecture or province the other way round."""
    places = list_places(root)
    place = places.get(region.code)
    above = place and next((c for c in (place.prefecture, place.province) if c and c != place.code), None)
    return swapped(root, root / "parameters" / region.folder, own, places[above]) if above else []


def look_ahead(root: Path, regions: Sequence[Region], sets: Sequence[str]) -> None:
    """Fit the migration of many places at once: reading each of them then finds it done, to the same bit.

    A place that cannot be read is left to be told of when it is.
    """
    moved = []
    for region in regions:
        if region.folder == LACKING:
            with suppress(SimError, KeyError):
                held = counts(root, list_places(root)[region.code])
                below = read_sets(root / "parameters", _shared_sets(root / "parameters", sets, region))
                moved.append(moves_of(held.own, held.nation, float(below["migration.child_tie"].data)))
    fit_ahead(moved)


def _shared_sets(folder: Path, sets: Sequence[str], region: Region) -> list[str]:
    """The sets of a place that are not its own."""
    return [name for name in region_sets(folder, sets, region) if name != region.folder]


def read_as_made(root: Path, region: Region, sets: Sequence[str]) -> dict[str, Parameter]:
    """The parameters that a place would have without its folder: from the censuses and the levels above."""
    return _from_above(root, replace(region, folder=LACKING), sets, list_regions(root), None, None)


def _from_above(
    root: Path,
    region: Region,
    sets: Sequence[str],
    regions: Mapping[str, Region],
    log: list[str] | None,
    instead: Mapping[str, Any] | None,
) -> dict[str, Parameter]:
    """The parameters of a place that has counts and no folder, or a folder that names a parent.

    Records in such a folder stand before what is made.
    """
    folder = root / "parameters"
    stated = region.folder != LACKING
    held = stated_counts(root, region) if stated else counts(root, list_places(root)[region.code])
    if NATION not in regions:
        remedy = "add its folder: what a place lacks comes from it"
        raise ConfigError(fault(str(folder / "regions"), f"no region '{NATION}'", remedy))
    below = read_sets(folder, _shared_sets(folder, sets, region), log)
    nation = read_set(folder / regions[NATION].folder, folder)
    own = read_set(folder / region.folder, folder) if stated else led_set(root, region.code)
    above = estimated(root, region, {**below, **made(root, held, below, nation)})
    if stated:
        raise_all(ParameterError, _unlike(own, above))
    found = as_places_differ({**above, **own}, region.code)
    for name, value in (instead or {}).items():
        found = override(found, name, value, region.code)
    if stated:
        counted = held.own if held.grown_as == region.code else {}
        faults = folder_faults(root, region, found, counted, held.nation)
        faults += child_faults(folder / region.folder, found, held.own, lambda: above)
        raise_all(ConfigError, faults)
    counted = place_censuses(root, region.province) if region.province else {}
    tables = Tables(held.own, held.nation, counted)
    return derive(found, tables, f"{region.code} {region.name_zh}")
