"""A region folder made of a census table: `healthplan region new`.

The table is understood or refused whole; what the folder does not hold comes from the parent when it
is read (`stated.py`, `made.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from sim.config import is_region_code
from sim.config.names import title_fault
from sim.drafting.document import Cell
from sim.errors import ConfigError, fault, raise_all
from sim.places.census_cells import unfolded
from sim.places.census_checks import census_faults
from sim.places.census_layout import Layout, few_ages, is_date, lay_out
from sim.places.census_places import places_in
from sim.places.census_split import filled, split_of
from sim.places.census_sums import in_groups, read_counts, sum_faults
from sim.places.census_words import WHOLE, Span, age_of, plain, some_of, unit_in, years_in
from sim.places.nation import Place, list_places, place_censuses
from sim.places.observed_checks import bounds_of
from sim.places.region import NATION, Region, list_regions
from sim.places.sheet import Grid, read_grid
from sim.places.stated import PARENTS, counts_below, parent_of, sexes_beside
from sim.places.tables import Census
from sim.schema import SEXES
from sim.writing import whole_folder, write_rows

YEAR = 2020
_LAST = 100  # age that ends the open group in a census file
_COLUMNS = ("sex", "age_start", "age_end", "value")
_FREE = range(1, 100)
_SHOWN = 6  # places that a message names


@dataclass(frozen=True)
class Asked:
    """What is said about a table and its place."""

    table: Path
    name_zh: str
    name_en: str
    parent: str
    code: str | None = None
    encoding: str = "utf-8"
    sheet: str | None = None
    unit: str = "人"
    thousands: bool = False
    urban: int | None = None
    """Urban residents of 2020, persons; None where not counted."""


@dataclass(frozen=True)
class Understood:
    """What was read, and where it was written."""

    layout: Layout
    census: Census
    parent: Place
    around: Census
    """Of the parent."""
    region: Region
    folder: Path


def new_region(root: Path, asked: Asked, more: Callable[[Region], None] | None = None) -> Understood:
    """Write parameters/regions/<code>[_name] under the working folder `root`, whole or not at all.

    more: what else is written into the folder, of the region as it stands while it is made.
    Raises ConfigError with every fault of the table, or for a code or parent that cannot be; nothing
    is written then.
    """
    parent = parent_of(root, asked.parent, "--parent")
    named = (("--name", asked.name_zh), ("--name-en", asked.name_en))
    raise_all(ConfigError, [fault(option, wrong) for option, name in named if (wrong := title_fault(name))])
    code = _code(root, asked, parent)
    region = Region(
        code,
        asked.name_en,
        asked.name_zh,
        f"regions/{_folder_name(code, asked.name_en)}",
        PARENTS[parent.level],
        parent.province,
        parent.code,
        asked.urban,
    )
    folder = root / "parameters" / region.folder
    if folder.exists():
        raise ConfigError(fault(str(folder), "exists already", "give another --code, or remove it first"))
    around = place_censuses(root, parent.code)[YEAR]
    layout, census = read_table(asked, place_censuses(root, NATION)[YEAR].starts, around)
    region = replace(region, split=split_of(layout.split, parent.code))
    people, above = float(census.counts.sum()), float(around.counts.sum())
    raise_all(ConfigError, _unlike(root, asked, layout, census, parent))
    if people > above:
        wrong = f"{people:,.0f} people, {parent.code} {parent.name_zh} around it has {above:,.0f}"
        raise ConfigError(fault(str(asked.table), wrong, "check --unit, the table and --parent"))
    if asked.urban is not None and not 0 <= asked.urban <= people:
        wrong = f"{asked.urban} of {people:.0f} people"
        raise ConfigError(fault("--urban", wrong, "urban residents, persons, no more than all"))
    counts_below(root, region, parent, {YEAR: census})
    with whole_folder(folder) as part:
        _write(part, region, census)
        if more is not None:
            more(replace(region, folder=part.relative_to(root / "parameters").as_posix()))
    return Understood(layout, census, parent, around, region, folder)


def _unlike(root: Path, asked: Asked, layout: Layout, census: Census, parent: Place) -> list[str]:
    """What no place of the country has, or not within this parent: by cell."""
    by_width = sorted((c for c in layout.counts if c.ages != WHOLE), key=lambda c: c.ages[0] - c.ages[1])
    cells = {(c.sex, start): c.cell.place for c in by_width for start in _begun(c.ages, census.starts)}
    beyond = census_faults(asked.table, census.starts, census.counts, cells, bounds_of(root))
    if beyond:
        return beyond
    first = [next(c.cell.place for c in layout.counts if c.sex == sex) for sex in SEXES]
    where = f"{asked.table}: women from {first[0]}, men from {first[1]}"
    return sexes_beside(root, where, census, place_censuses(root, parent.code)[YEAR], parent)


def _begun(ages: Span, starts: Sequence[int]) -> list[int]:
    """First ages that a cell counts from: its own, and those of the groups that it was split into."""
    inside = filled(ages, starts)
    return [ages[0]] if inside is None else list(starts[inside])


def read_table(asked: Asked, starts: Sequence[int], around: Census | None = None) -> tuple[Layout, Census]:
    """How a census table is laid out, and its people in groups that begin at `starts`.

    around: of the place above, in the same groups, by whose shares 0-4 and 80 and over are split; without
    it they are refused.
    Raises ConfigError with every fault, each with its cell and remedy.
    """
    path = asked.table
    grid = unfolded(read_grid(path, asked.encoding, asked.sheet))
    faults = _said_faults(path, grid, asked.unit)
    names = (asked.name_zh, asked.name_en)
    raise_all(ConfigError, list(_places_faults(path, grid, names)))
    layout = lay_out(grid, YEAR, names)
    if layout is None:
        raise ConfigError("\n".join([*faults, _no_ages(path, grid)]))
    faults += _others_faults(path, grid, layout)
    for cell in layout.odd:
        taken = is_date(cell)
        wrong = f"'{cell.text}' is {'a date' if taken else 'no age group'}, with counts beside it"
        remedy = (
            "format the column as text and write 5-9" if taken else "write it as 5-9 or 85+, or take it out"
        )
        faults.append(fault(f"{path}: {cell.place}", wrong, remedy))
    for cell, before in layout.again:
        wrong = f"'{cell.text}' once more, as in {before.place}"
        remedy = "leave the columns of one place and one year"
        faults.append(fault(f"{path}: {cell.place}", wrong, remedy))
    held = read_counts(path, layout.counts, asked.unit, asked.thousands, faults)
    faults += sum_faults(path, held, layout.unread)
    counts, split = in_groups(path, held, starts, faults, None if around is None else around.counts)
    raise_all(ConfigError, list(dict.fromkeys(faults)))
    return replace(layout, split=tuple(sorted(split))), Census(YEAR, tuple(starts), counts)


def _no_ages(path: Path, grid: Grid) -> str:
    remedy = "labels such as 0, 1-4, 5-9, ..., 85 and over (0岁、1-4岁……85岁及以上)"
    few = few_ages(grid)
    if len(few) < 2 or all(cell.text.isdigit() for cell in few):  # bare numbers, which may be counts
        return fault(str(path), "no column or row of age groups", remedy)
    wrong = f"{len(few)} age groups alone: {', '.join(cell.text for cell in few)}"
    return fault(f"{path}: {few[0].place} to {few[-1].place}", wrong, f"five-year groups: {remedy}")


def _said_faults(path: Path, grid: Grid, unit: str) -> list[str]:
    """A unit that the table names and nobody said, a census of another year."""
    cells: list[Cell] = [cell for row in grid for cell in row if cell.text]
    begun = next((r for r, row in enumerate(grid) if any(age_of(cell.text) for cell in row)), len(grid))
    heads = {id(cell) for row in grid[: begun + 1] for cell in row}
    faults = []
    named = [(cell, unit_in(cell.text)) for cell in cells if not cell.text.replace(",", "").isdigit()]
    for cell, other in named:
        if other is not None and other != unit:
            wrong = f"'{cell.text}' names the unit {other}, read is {unit}"
            faults.append(fault(f"{path}: {cell.place}", wrong, f"say --unit {other}, if it is so"))
            break
    named_years = [(c, years_in(c.text)) for c in cells if not c.text.isdigit() and not is_date(c)]
    # below the heads a later year is that of a publication, in a note
    years = [(c, {y for y in found if y <= YEAR or id(c) in heads}) for c, found in named_years]
    if not any(YEAR in found for _, found in years):
        for cell, found in years:
            if found and not cell.text.replace(".", "").replace(",", "").isdigit():
                wrong = f"'{cell.text}' is of {min(found)}"
                remedy = f"give the census of {YEAR}: the projection starts from it"
                faults.append(fault(f"{path}: {cell.place}", wrong, remedy))
                break
    return faults


def _places_faults(path: Path, grid: Grid, names: Sequence[str]) -> Iterator[str]:
    """A table of several places of which none is the one asked for."""
    held = places_in(grid)
    if held and not {plain(cell.text) for cell in held} & {plain(name) for name in names}:
        wrong = f"the counts of {len(held)} places: {', '.join(cell.text for cell in held[:_SHOWN])}"
        yield fault(f"{path}: {held[0].place}", wrong, f"none is '{names[0]}': say --name as the table does")


def _others_faults(path: Path, grid: Grid, layout: Layout) -> Iterator[str]:
    """Titles and heads over counts that name the dead, a sample or a part of the residents."""
    begun = next(r for r, row in enumerate(grid) if any(age_of(cell.text) for cell in row))
    for cell in (cell for row in grid[:begun] for cell in row if cell not in layout.unread):
        if (word := some_of(cell.text)) is not None:
            wrong = f"'{cell.text}' says that not all residents are counted ({word})"
            remedy = "give the census of all residents, without columns of others"
            yield fault(f"{path}: {cell.place}", wrong, remedy)


def _code(root: Path, asked: Asked, parent: Place) -> str:
    """The code said, else the first free one below the parent's province."""
    regions, places = list_regions(root), list_places(root)
    if asked.code is None:
        codes = (f"{parent.code[:2]}99{n:02d}" for n in _FREE)
        free = next((c for c in codes if c not in regions and c not in places), None)
        if free is None:
            raise ConfigError(fault("--code", "none is left of ..9901 to ..9999", "say one with --code"))
        return free
    if not is_region_code(asked.code):
        raise ConfigError(fault("--code", f"'{asked.code}'", "write six digits"))
    if parent.code != NATION and asked.code[:2] != parent.code[:2]:
        wrong = f"'{asked.code}' lies in another province than {parent.code} {parent.name_zh}"
        raise ConfigError(fault("--code", wrong, f"want one that begins with {parent.code[:2]}"))
    if asked.code in regions:
        wrong = f"{asked.code} is {regions[asked.code].folder} already"
        raise ConfigError(fault("--code", wrong, "give another code, or remove that folder first"))
    return asked.code


def _folder_name(code: str, name: str) -> str:
    slug = "_".join("".join(c if c.isascii() and c.isalnum() else " " for c in name.lower()).split())
    return f"{code}_{slug}" if slug else code


def _write(folder: Path, region: Region, census: Census) -> None:
    content = {
        "schema": 1,
        "code": region.code,
        "name": {"en": region.name_en, "zh": region.name_zh},
        "province": region.province,
        "level": region.level,
        "parent": region.parent,
    }
    if region.urban is not None:
        content["urban"] = region.urban
    if region.split:
        content["split"] = dict(region.split)
    ends = [*(start - 1 for start in census.starts[1:]), _LAST]
    groups = list(enumerate(zip(census.starts, ends, strict=True)))
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    (folder / "region.yaml").write_text(text, encoding="utf-8")
    write_rows(
        folder / f"census_{YEAR}.csv",
        _COLUMNS,
        (
            {"sex": sex, "age_start": start, "age_end": end, "value": int(census.counts[i, g])}
            for i, sex in enumerate(SEXES)
            for g, (start, end) in groups
        ),
    )
