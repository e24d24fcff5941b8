"""Economic regions: which of the four each province lies in (National Bureau of Statistics, 13 June 2011)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.errors import ConfigError, fault, raise_all
from sim.places import list_places
from sim.textfile import read_csv

REGIONS = ("east", "centre", "west", "north_east")
"""In the order of the labels of dim economic_region."""
TABLE = "places/economic_regions.csv"
"""Below `parameters`."""


def economic_regions(root: Path) -> dict[str, str]:
    """Region of each province, by the province's code.

    Raises ConfigError for a region that is none, and for a province twice or not there.
    """
    path = root / "parameters" / TABLE
    found: dict[str, str] = {}
    lines: dict[str, str] = {}
    faults = []
    for row in read_csv(path, ("province", "region")):
        line = f"{path}: line {row['_line']}"
        lines[row["province"]] = row["_line"]
        if row["region"] not in REGIONS:
            faults.append(fault(f"{line}: region", f"no region '{row['region']}'", f"one of {list(REGIONS)}"))
        if row["province"] in found:
            faults.append(fault(line, f"{row['province']} stands twice", "keep one of them"))
        found[row["province"]] = row["region"]
    provinces = [code for code, place in list_places(root).items() if place.level == "province"]
    faults += [fault(str(path), f"no row {c}", "add it") for c in provinces if c not in found]
    faults += [
        fault(f"{path}: line {lines[c]}: province", f"'{c}' is no province", "a code of a province")
        for c in found
        if c not in provinces
    ]
    raise_all(ConfigError, faults)
    return found


def lies_in(root: Path, codes: Sequence[str]) -> list[str]:
    """Region of each place, by its code."""
    of = {province[:2]: region for province, region in economic_regions(root).items()}
    return [of[code[:2]] for code in codes]
