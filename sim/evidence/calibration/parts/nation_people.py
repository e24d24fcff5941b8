"""The nation as a region: its own reference; moves are what its totals leave after births and deaths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.evidence.calibration.part import Estimate, Part
from sim.evidence.calibration.regions import BASE, start, stated
from sim.params import read_set
from sim.places import Region, list_regions, read_observed, read_place
from sim.places.region import NATION

_SHARED = {"source": "people_calibration", "basis": "derived", "quality": "D"}


def estimate(root: Path) -> Sequence[Estimate]:
    """Its fertility over itself, sex ratio at birth, and net migration of the years counted."""
    region = stated(root)[NATION]
    srb = {y: v for y, v in path_of(root, NATION, "fertility", "srb").items() if y > BASE}
    observed = read_observed(root / "parameters" / region.folder / "observed.csv")
    held = {(o.indicator, o.year): o.value for o in observed if o.year >= BASE}
    years = sorted(y for name, y in held if name == "deaths" and ("population_total", y - 1) in held)
    years = [y for y in years if y > BASE + 1]  # that of the census is without servicemen
    left = [
        held["population_total", y] - held["population_total", y - 1] - held["births", y] + held["deaths", y]
        for y in years
    ]
    mean, last = round(float(np.mean(left))), years[-1]
    later = {y: round(v) for y, v in path_of(root, NATION, "migration", "level").items() if y > last}
    file, alone = f"{region.folder}/migration.yaml", "the reference itself; tfr_error is its uncertainty"
    ratio: dict[str, Any] = {
        "path": {BASE: 1.0},
        "beyond": "hold",
        "exact": alone,
        "note": "",
        "year": BASE,
        **_SHARED,
    }
    moves: dict[str, Any] = {
        "path": {BASE: mean, last: mean, **later},
        "beyond": "hold",
        "year": "2020-2050",
        **_SHARED,
    }
    moves |= {"exact": "its uncertainty is level_error", "note": f"from {last + 1} WPP 2024, medium"}
    moves["locator"] = f"residents at the year's end less births and plus deaths, {BASE + 1}-{last}"
    begun = start(root, region, read_place(root, NATION))
    return [
        Estimate(f"{region.folder}/fertility.yaml", "tfr_ratio", ratio, 1, "the reference itself"),
        srb_of(region, begun.srb, srb),
        Estimate(file, "level", moves, len(years), "mean of what the published totals leave"),
    ]


def srb_of(region: Region, base: float, later: Mapping[int, float]) -> Estimate:
    """Sex ratio at birth: of the base year, then as the nation's (later)."""
    fields = {
        "path": {BASE: base, **later},
        "beyond": "hold",
        "year": "2020-2050",
        "locator": "census 2020: boys over girls of age 0",
        "note": "shrunk to the place above as far as chance may have made it; then the nation's (WPP)",
    }
    method = "empirical Bayes, spread between places of a level by moments"
    return Estimate(f"{region.folder}/fertility.yaml", "srb", {**_SHARED, **fields}, 1, method)


def path_of(root: Path, code: str, group: str, key: str) -> dict[int, float]:
    """The path that a region's record states."""
    folder = root / "parameters"
    record = read_set(folder / list_regions(root)[code].folder, folder)[f"{group}.{key}"].record
    return dict(record.path or {})


PART = Part(
    "nation_people",
    "the nation as a region: sex ratio at birth, moves",
    estimate,
    ("regions/000000_china/observed.csv", "places/census_2020.csv.gz"),
)
