"""Deaths that the nation published of each year over those of its provinces as projected.

After the provinces are led through what they published, so that their people are those of the year.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from sim.demography.calibrate import indicators
from sim.demography.stage import project
from sim.evidence.calibration.pairs import published
from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.evidence.calibration.regions import BASE
from sim.params import central
from sim.places import list_regions, read_observed, read_place
from sim.places.region import NATION


def deaths_levels(root: Path) -> dict[int, float]:
    """Deaths that the nation published of each year since the census over those of its 31 provinces."""
    folder = list_regions(root)[NATION].folder
    seen = read_observed(root / "parameters" / folder / "observed.csv")
    counted = {o.year: o.value for o in seen if o.indicator == "deaths" and o.year >= BASE}
    years = range(BASE, max(counted) + 1)
    here: dict[int, float] = dict.fromkeys(counted, 0.0)
    for code in published(root):
        deaths = indicators(project(xr.Dataset(), central(read_place(root, code), list(years))))["deaths"]
        for year in here:
            here[year] += float(deaths.sel(year=year)[0])
    return {year: rounded(counted[year] / here[year]) for year in sorted(counted)}


def estimate(root: Path) -> Sequence[Estimate]:
    """By year."""
    deaths = deaths_levels(root)
    fields = {
        "path": deaths,
        "year": f"{min(deaths)}-{max(deaths)}",
        "locator": "deaths of the nation's communiques over those of 31 provinces as projected",
        "source": "people_calibration",
    }
    method = "published over projected, year by year"
    return [Estimate("national/observation.yaml", "deaths_level", fields, len(deaths), method)]


PART = Part(
    "deaths_level",
    "published deaths by year over those that are there",
    estimate,
    ("series/provinces.csv", "regions/*/observed.csv", "places/census_2020.csv.gz"),
    ("province_people", "region_people"),
)
