"""How far older people part from what a place's net migration says of them, by level of place.

Provinces with three censuses say what is left of it where a decade before is known; prefectures and
counties, which have one decade, differ more: by the ratio of their residuals of that decade to the
provinces'.  What the nation's own cohorts missed the model's death rates by comes on top: it moved all
places alike, and two censuses do not tell mortality from counting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.arrays import Floats
from sim.evidence.calibration.migration import by_age
from sim.evidence.calibration.old_ages import FIRST, Apart, apart
from sim.evidence.calibration.pairs import CENSUSES, Decade, cohort_rates, decade, decade_nets
from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.evidence.calibration.survivors import YEARS, missed
from sim.places import list_places, list_regions, read_place
from sim.places.region import NATION
from sim.places.tables import national_censuses

_FILE = "national/migration.yaml"
_TWO_SIDED = 1.96  # standard deviations of a normal's middle 95 %
_YOUNGEST = 55  # age in 2020 of the youngest of the nation's cohorts that count
_HALF = 2.5  # years from a cohort's first age to its middle
_LEVELS: Mapping[str, tuple[str, ...]] = {
    "prefecture": ("prefecture", "direct_county"),
    "county": ("county",),
}
_SHARED = {"source": "people_calibration", "basis": "derived", "quality": "D", "year": "2000-2020"}
_NAMES: Mapping[str, dict[str, Any]] = {
    "old_error": {
        "name": {
            "en": "Deviation of older people's coming and going beside net migration, share a year",
            "zh": "高年龄人口迁移（及死亡）与净迁移所示之差",
        },
        "unit": "1",
    },
    "old_shape": {
        "name": {"en": "How that deviation falls on ages, over the highest", "zh": "该偏差的年龄分布"},
        "unit": "1",
        "dims": ["at_age"],
    },
    "old_spreads": {
        "name": {
            "en": "Its standard deviation by level of place, a year",
            "zh": "该偏差的标准差（按地区层级）",
        },
        "unit": "1",
        "dims": ["place_level"],
    },
}
_METHOD = "leading component of the cohorts' residuals past 45 around a line on the net rate"


@dataclass(frozen=True)
class Spread:
    """The deviation over places."""

    shape: dict[int, float]
    """By the first of the five ages that a cohort had in the middle of the decade."""
    unknown: float
    """Standard deviation of prefectures where no decade before is held."""
    by_level: dict[str, float]
    """The same where one is."""
    left: float
    """Share of the provinces' deviation that is left where the decade before is known."""
    nation: float
    """What the nation's own cohorts missed, a year, at the highest."""
    places: dict[str, int]


def spread(root: Path) -> Spread:
    """Shape and standard deviations from the shipped censuses."""
    first, second = cohort_rates(root)
    _, net = decade_nets(root)
    known, all_of_it = known_decade(first, second, net), apart(second, net)
    left = known.sd / all_of_it.sd
    held = {level: decade(root, names) for level, names in _LEVELS.items()}
    found = {level: of_decade(d) for level, d in held.items()}
    whole = of_nation(root, found["prefecture"])
    by_level = {"province": known.sd} | {level: left * of_level.sd for level, of_level in found.items()}
    by_level = {"country": abs(whole)} | {level: float(np.hypot(sd, whole)) for level, sd in by_level.items()}
    unknown = found["prefecture"].sd
    n = {"province": len(net)} | {level: len(d.codes) for level, d in held.items()}
    return Spread(shape_by_age(found["prefecture"]), unknown, by_level, left, whole, n)


def of_nation(root: Path, like: Apart) -> float:
    """What the nation's cohorts missed the model's death rates by, a year, at the highest of the shape."""
    miss = missed(read_place(root, NATION), national_censuses(root / "parameters"), _YOUNGEST) / YEARS
    shape = like.shape[-len(miss) :]
    return float((miss * shape).sum() / (shape**2).sum())


def known_decade(first: Floats, second: Floats, net: Floats) -> Apart:
    """The deviation of places whose decade before is known: beside what it foretells by age.

    first, second: yearly rates of cohorts in two decades (place, sex, cohort).  net: the second's
    yearly net rates (place,).
    """
    return apart(second - by_age(first, second).slope * first, net)


def of_decade(held: Decade) -> Apart:
    """The deviation of the places of one level, no decade before known."""
    return apart(held.rates, held.net)


def shape_by_age(found: Apart) -> dict[int, float]:
    """The shape at the first age of each cohort; nothing at the cohort below the youngest that counts."""
    ages = [FIRST - 2 * _HALF + 2 * _HALF * i for i in range(len(found.shape) + 1)]
    values = np.concatenate([[0.0], found.shape])
    return {int(age - _HALF): rounded(float(v)) for age, v in zip(ages, values, strict=True)}


def estimate(root: Path) -> Sequence[Estimate]:
    """Shape, spread by level, and the deviation of regions by their level."""
    found = spread(root)
    n, left = found.places, found.left
    method = (
        f"{_METHOD}; {left:.2f} of it is left where the decade before is known (provinces); with what the "
    )
    method += f"nation's cohorts missed, {1000 * found.nation:.1f} per 1000 a year"
    levels = {level: rounded(sd) for level, sd in found.by_level.items()}
    out = [
        _record(
            _FILE, "old_shape", {"values": found.shape, "exact": "only its shape counts"}, n["prefecture"]
        ),
        _record(
            _FILE, "old_spreads", {"values": levels, "exact": "a spread itself"}, sum(n.values()), method
        ),
        _record(_FILE, "old_error", _ranged(found.by_level["prefecture"]), n["prefecture"], method),
        Estimate(
            "national/observation.yaml",
            "unknown_old",
            {**_ranged(found.unknown), "value": rounded(found.nation)},
            n["prefecture"],
            f"{_METHOD}; its middle is what the nation's cohorts missed",
        ),
    ]
    places, regions = list_places(root), list_regions(root)
    for code, region in regions.items():
        level = "country" if code == NATION else places[code].level if code in places else region.level
        if level == "country":
            fields: dict[str, Any] = {"value": 0.0, "exact": "nobody comes from or goes to another place"}
            out.append(_record(f"{region.folder}/migration.yaml", "old_error", fields, n["province"], method))
        elif level in ("province", "county"):
            fields = _ranged(found.by_level[level])
            out.append(_record(f"{region.folder}/migration.yaml", "old_error", fields, n[level], method))
    return out


def _record(file: str, key: str, fields: Mapping[str, Any], n: int, method: str = _METHOD) -> Estimate:
    return Estimate(file, key, {**fields, **_SHARED}, n, method, _NAMES[key])


def _ranged(sd: float) -> dict[str, Any]:
    end = rounded(_TWO_SIDED * sd)
    return {"value": 0.0, "range": {"distribution": "normal", "low": -end, "high": end, "scale": "absolute"}}


PART = Part(
    "old_migration",
    "how older people part from a place's net migration",
    estimate,
    (*CENSUSES, "national/census_2010.csv"),
    ("nation_people",),
)
