"""How far a census errs by age: what two counts of one cohort leave of a smooth course over ages.

Growth of a cohort between two censuses beside the nation's moves smoothly over the ages at which few
people move; a second difference over ages holds the errors of three cohorts (1, -2, 1), each of two counts.
Error of differences as in Preston, Heuveline & Guillot (2001), Demography, chapter 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.evidence.calibration.pairs import counted
from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.places import list_places
from sim.places.migration_profile import WIDTH
from sim.places.region import NATION

_FIRST, _LAST = 40, 79  # ages in 2020 that hardly move
_STEPS = 2  # groups that a cohort is older after ten years
_COUNTS = 2 * (1 + 4 + 1)  # errors in a second difference of the growth between two counts
_Q80, _TWO_SIDED = 2.5631, 1.96
_GROUPS = {"children": (0, 15), "adults": (15, 60), "old": (60, 120)}
_FILE = "national/population.yaml"


def cell_error(root: Path) -> tuple[float, int]:
    """Standard deviation of a five-year group of a sex in a province, relative, and the differences."""
    growth = []
    nation = _growth(root, NATION)
    ages = WIDTH * (_STEPS + np.arange(nation.shape[1]))
    chosen = (ages >= _FIRST) & (ages + WIDTH - 1 <= _LAST)
    for place in list_places(root).values():
        if place.level == "province":
            growth.append((_growth(root, place.code) - nation)[:, chosen])
    bend = np.diff(np.array(growth), 2, axis=2)
    low, high = np.quantile(bend, (0.1, 0.9))
    return float((high - low) / _Q80 / np.sqrt(_COUNTS)), bend.size


def _growth(root: Path, code: str) -> Floats:
    """Log of each closed cohort of 2020 over what it was in 2010 (sex, cohort)."""
    held = counted(root, code)
    return np.asarray(np.log(held[2020][:, _STEPS:-1] / held[2010][:, : -_STEPS - 1]))


def estimate(root: Path) -> Sequence[Estimate]:
    """Of children: one group's, for what is missed of them is missed at all ages.  Of the others between

    that, as if all groups erred alike, and as if each erred for itself (geometric mean).
    """
    cell, n = cell_error(root)
    people = counted(root, NATION)[2020]
    out = []
    for group, (first, end) in _GROUPS.items():
        shares = people[:, first // WIDTH : end // WIDTH]
        alone = float(np.sqrt((shares**2).sum()) / shares.sum())
        sd = cell if group == "children" else cell * alone**0.5
        spread = rounded(_TWO_SIDED * sd, 2)
        fields = {
            "value": 0.0,
            "range": {"distribution": "normal", "low": -spread, "high": spread, "scale": "absolute"},
            "year": 2020,
            "source": "people_calibration",
            "note": f"a five-year group of a sex errs by {100 * cell:.1f} %; all alike, or each for itself",
        }
        method = "second differences over ages of cohorts' growth 2010-2020 beside the nation's, ages 40-79"
        out.append(Estimate(_FILE, f"base_error_{group}", fields, n, method))
    return out


PART = Part(
    "base_errors",
    "how far a census errs by age",
    estimate,
    ("places/census_2010.csv.gz", "places/census_2020.csv.gz"),
)
