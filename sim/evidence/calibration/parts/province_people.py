"""Fertility beside the nation's and net migration of provinces without a folder, led through their series.

As of every region with a folder: the base year as both censuses give it, later years as the births and
totals that the province published since (series/provinces.csv); it stands in parameters/places/led.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sim.evidence.calibration.pairs import published
from sim.evidence.calibration.part import Estimate, Part
from sim.evidence.calibration.parts.region_people import known_of, level_error_of, level_of, ratio_of
from sim.evidence.calibration.regions import BASE, Fitted, Start, led_through, national
from sim.places import find_region, list_places, list_regions, own, read_place
from sim.places.counts import counts
from sim.places.led import FOLDER
from sim.places.region import NATION


def fits(root: Path) -> dict[str, Fitted]:
    """Every province without a folder led through what it published, by code."""
    known, regions, nation = known_of(national(root)), list_regions(root), read_place(root, NATION)
    found = {}
    for code, series in published(root).items():
        if code in regions:
            continue
        region = replace(find_region(root, code, regions), folder=f"{FOLDER}/{code}")
        below = read_place(root, code)
        held = counts(root, list_places(root)[code])
        ratio = round(own.ratio_of_census(held, below), 4)
        level = float(round(own.moved_between(held.own, held.nation)))
        begun = Start(ratio, float(own.sex_ratio(held, below, nation).data.isel(year=0)), level)
        later = [o for o in series if o.year > BASE]
        as_begun = read_place(root, code, instead=begun.values)
        found[code] = led_through(region, begun, as_begun, later, (known.moved, known.total))
    return found


def estimate(root: Path) -> Sequence[Estimate]:
    """Records of every province without a folder."""
    known = known_of(national(root))
    out: list[Estimate] = []
    for one in fits(root).values():
        led = [ratio_of(one, None, known, (0.0, 0)), level_of(one), level_error_of(one, known)]
        where = "census 2020: children of age 0 and women by age; births and totals of series/provinces.csv"
        out += [replace(e, fields={**e.fields, "locator": where}) for e in led]
    return out


PART = Part(
    "province_people",
    "births and moves of the provinces without a folder, by their yearly series",
    estimate,
    ("series/provinces.csv", "places/census_2010.csv.gz", "places/census_2020.csv.gz"),
    ("births", "life_expectancy", "migration", "nation_people", "observation"),
)
