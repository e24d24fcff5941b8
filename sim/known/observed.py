"""Counts that a region's observed tables hold: they lead its draws where its region.yaml says so.

`known: observed` is for a place whose totals, births and deaths are published as one balance, as the
nation's are.  Use (parameters/observed_use.csv) counts in years without an epidemic.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from sim.known.table import Count
from sim.known.words import OBSERVED, Indicator
from sim.places.region import Region
from sim.places.tables import observed_file, observed_rows
from sim.places.used import FILE, read_use

_USE = ("admissions", "visits")


def observed_counts(
    root: Path,
    region: Region,
    indicators: Mapping[str, Indicator],
    years: Collection[int],
    plain: Mapping[str, Collection[int]],
) -> list[Count]:
    """The counts of a region's observed tables in these years.

    years: that can have been counted, after the census.  plain: years of each kind of use that were
    without an epidemic.  Raises ConfigError where the region's table is refused.
    """
    path = observed_file(root, region)
    names = {observed: name for name, observed in OBSERVED.items()}
    found = []
    for row in observed_rows(path):
        name = names.get(row.indicator)
        if name is not None and row.year in years:
            place = f"{path}: {row.at}"
            found.append(Count(indicators[name], row.year, row.value, row.source, row.grade, place))
    path = root / "parameters" / FILE
    for used in read_use(root):
        own = (used.region, used.scope) == (region.code, "all") and used.indicator in _USE
        if own and used.year in years and used.year in plain[used.indicator]:
            place = f"{path}: line {used.line}"
            kind = indicators[used.indicator]
            found.append(Count(kind, used.year, used.value, used.source, used.grade, place))
    return found
