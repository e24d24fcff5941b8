"""Whether a place's folder is its own: files copied from another, tables that nothing reads, figures that
contradict its censuses, its province or each other.

parameters/observed_bounds.csv says how far a figure may lie from what the level above or the censuses give;
a record that says why in `unlike` is taken as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

import numpy as np

from sim.errors import fault
from sim.params import Parameter
from sim.params.units import PER_1000
from sim.places.copies import copied_records
from sim.places.observed_checks import bounds_of
from sim.places.own import moved_between
from sim.places.region import NATION, Region
from sim.places.tables import Census
from sim.places.vital import read_vital

_OWN = ("supply", "migration", "mortality", "population", "fertility", "outcomes")
"""Files whose figures are of one place; use and coverage may be those of a province for several."""
_READ = ("census_*", "observed", "known")
"""Tables that no record names, .csv or .xlsx."""
_WORKING = slice(15, 80)  # ages at which men die more than women wherever deaths are counted


def folder_faults(
    root: Path,
    region: Region,
    parameters: Mapping[str, Parameter],
    own: Mapping[int, Census],
    nation: Mapping[int, Census],
) -> list[str]:
    """What is wrong in a region's folder: file | what, with the value | what would be right.

    own, nation: censuses by year; without two of each, net migration is not held against them.
    """
    folder = root / "parameters" / region.folder
    return [
        *copied_records(folder, _OWN),
        *_unread(folder, parameters),
        *_sexes(parameters),
        *_expectancy(root, region, folder, parameters),
        *_moves(root, folder, parameters, own, nation),
    ]


def _unread(folder: Path, parameters: Mapping[str, Parameter]) -> Iterator[str]:
    named = {name for p in parameters.values() for name in (p.record.table, p.record.split) if name}
    for path in sorted([*folder.glob("*.csv"), *folder.glob("*.xlsx")]):
        if path.name.startswith("~$"):
            continue  # Excel has the workbook open
        if path.name not in named and not any(fnmatch(path.stem, name) for name in _READ):
            remedy = f"name it in a record (table: {path.name}), or move it out of the folder"
            yield fault(str(path), "no record names it, nothing reads it", remedy)


def _sexes(parameters: Mapping[str, Parameter]) -> Iterator[str]:
    """Death rates of men below those of women at most working ages."""
    mx = parameters.get("mortality.mx")
    if mx is None or mx.is_computed or "sex" not in mx.data.dims:
        return
    women, men = (mx.data.sel(sex=sex).transpose("age", ...).values[_WORKING] for sex in ("female", "male"))
    lower = float(np.mean(men < women))
    if lower > 1 / 2:
        wrong = f"men die less than women in {lower:.0%} of the rates of ages 15-79"
        yield fault(f"{mx.file}: mx", wrong, "the sexes look swapped: swap female and male")


def _expectancy(
    root: Path, region: Region, folder: Path, parameters: Mapping[str, Parameter]
) -> Iterator[str]:
    """A gap of life expectancy far from what was published for the province."""
    gap, vital = parameters.get("mortality.e0_gap"), read_vital(root)
    if region.code == NATION or gap is None or gap.file.parent != folder or gap.record.unlike:
        return
    if region.province is None or region.province not in vital.e0:
        return
    low, high = bounds_of(root).get("e0_beside_province", (-np.inf, np.inf))
    own, above = float(gap.data), vital.e0[region.province] - vital.e0[NATION]
    if not low <= own - above <= high:
        wrong = f"{own:+.4g} years to the nation, {region.province} around it {above:+.3g}"
        remedy = f"want {above + low:.3g} to {above + high:.3g}: the difference, not the life expectancy"
        yield fault(f"{gap.file}: e0_gap", wrong, remedy)


def _moves(
    root: Path,
    folder: Path,
    parameters: Mapping[str, Parameter],
    own: Mapping[int, Census],
    nation: Mapping[int, Census],
) -> Iterator[str]:
    """Net migrants of the base year far from those of the decade before by census survival."""
    level, ends = parameters.get("migration.level"), bounds_of(root).get("net_migration_off")
    if ends is None or level is None or level.is_computed or level.file.parent != folder:
        return
    if level.record.unlike or not all(2010 in t and 2020 in t for t in (own, nation)):
        return
    if own[2010].starts != nation[2010].starts or own[2020].starts != nation[2020].starts:
        return
    people = float(own[2020].counts.sum()) / PER_1000
    stated, counted = float(level.data.values.ravel()[0]), moved_between(own, nation)
    off = (stated - counted) / people
    if not ends[0] <= off <= ends[1]:
        wrong = f"{stated:.6g} a year, by census survival 2010-2020 {counted:.6g}"
        low, high = (counted + end * people for end in ends)
        remedy = f"want {low:.0f} to {high:.0f}: check sign and unit, or say why in `unlike`"
        yield fault(f"{level.file}: level", wrong, remedy)
