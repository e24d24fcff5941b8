"""Stocks of provinces that are regions of their own: every count since the base year."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.evidence.calibration.parts.supply_growth import RESOURCES
from sim.places import list_regions, read_yearly

_FIRST = 2020  # the year of the last census, from which runs start
_PER = 1000.0  # residents
_DIGITS = 4


def estimate(root: Path) -> Sequence[Estimate]:
    """Counted stock per 1000 residents by year, for each province and resource that has one."""
    yearly, out = read_yearly(root), []
    for resource in RESOURCES:
        per_head = yearly.of(resource) / yearly.of("population") * _PER
        for code, region in list_regions(root).items():
            if code != region.province or code not in per_head.region.values:
                continue
            known = per_head.sel(region=code, year=slice(_FIRST, None)).dropna("year")
            if not known.size:
                continue
            path = {int(y): rounded(float(known.sel(year=y)), _DIGITS) for y in known.year.values}
            fields = {
                "path": path,
                "beyond": "hold",
                "year": f"{min(path)}-{max(path)}",
                "source": "nbs_series",
                "basis": "derived",
                "quality": "D",
            }
            method = "counted at the year's end over the residents of that day"
            out.append(
                Estimate(f"{region.folder}/supply.yaml", f"{resource}_base", fields, len(path), method)
            )
    return out


PART = Part("supply_stock", "newest stocks of provinces", estimate, ("series/provinces.csv",))
