"""Stocks of provinces whose folders state one: every count since the base year.

The folder of a province that is a region, and the one that a province's places share.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.evidence.calibration.parts.supply_growth import RESOURCES
from sim.evidence.calibration.provinces import folder_of
from sim.evidence.calibration.records import records
from sim.places import Region, list_regions, read_yearly
from sim.places.said import span
from sim.places.stocks import per_resident

_PER = 1000.0  # residents
_DIGITS = 4


def estimate(root: Path) -> Sequence[Estimate]:
    """Counted stock per 1000 residents by year, for each province and resource that has one."""
    regions, out = list_regions(root), []
    for resource in RESOURCES:
        for code in map(str, read_yearly(root).of(resource).region.values):
            known = per_resident(root, code, resource) * _PER
            if known.size:
                files = _files(root, regions.get(code), code, f"{resource}_base")
                out += [_record(file, f"{resource}_base", known) for file in files]
    return out


def _files(root: Path, region: Region | None, code: str, key: str) -> list[str]:
    """Files that state a province's stock: of the region that it is, and of what its places share."""
    shared = f"{folder_of(root, code)}/supply.yaml"
    own = [f"{region.folder}/supply.yaml"] if region else []
    return own + ([shared] if key in records(root / "parameters" / shared) else [])


def _record(file: str, key: str, known: xr.DataArray) -> Estimate:
    """One stock by year as a record; the range that the file states stays."""
    path = {int(y): rounded(float(known.sel(year=y)), _DIGITS) for y in known.year.values}
    fields = {
        "path": path,
        "beyond": "hold",
        "year": span(known.year.values),
        "source": "nbs_series",
        "basis": "derived",
        "quality": "D",
    }
    return Estimate(file, key, fields, len(path), "counted at the year's end over the residents of that day")


PART = Part("supply_stock", "newest stocks of provinces", estimate, ("series/provinces.csv",))
