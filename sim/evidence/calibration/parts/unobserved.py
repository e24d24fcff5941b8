"""Net migration where no decade before was observed, by residents over registered and by region; what stays.

For backtests that start at the first of two censuses, and for cohorts that decade rates would empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.evidence.calibration.economic import REGIONS, TABLE, lies_in
from sim.evidence.calibration.migration import by_region, by_registered
from sim.evidence.calibration.pairs import counted, unknown_decade
from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.places import list_places
from sim.places.counts import CHECKED
from sim.places.region import NATION

_FILE = "national/observation.yaml"
_TWO_SIDED = 1.96
_ONE_AREA = (*CHECKED, "same code and name")
_METHOD = "least squares on log residents over registered, 2010; middle 80 % of what is left"
_NESTED = (
    "restricted maximum likelihood, places in provinces in regions; regions by best linear unbiased "
    "prediction"
)
_NARROWED = (
    "middle 80 % of what is left beside the region's own, and how unsure that is, over that of one line"
)


def least_retained(root: Path) -> tuple[float, int]:
    """Lowest share of those expected that a county's cohort had after ten years, and the cohorts."""
    nation = counted(root, NATION)
    lived = nation[2020][:, 2:-1] / nation[2010][:, :-3]
    lowest, n = np.inf, 0
    for place in list_places(root).values():
        if place.level != "county" or place.census_2010 not in _ONE_AREA:
            continue
        held = counted(root, place.code)
        expected = held[2010][:, :-3] * lived
        if (expected > 0).all():
            lowest, n = min(lowest, float((held[2020][:, 2:-1] / expected).min())), n + expected.size
    return lowest, n


def estimate(root: Path) -> Sequence[Estimate]:
    """Slope, middle and spread of the net rate, over all places and within regions; the least that stays."""
    codes, away, nets = unknown_decade(root)
    slope, middle, sd = by_registered(away, nets)
    end, n = rounded(_TWO_SIDED * sd), len(codes)
    spread = {"distribution": "normal", "low": -end, "high": end, "scale": "absolute"}
    within = by_region(away, nets, [code[:2] for code in codes], lies_in(root, codes))
    told = "standard deviations a year, per cent: regions {:.2f}, provinces {:.2f}, places {:.2f}"
    told = f"{_NESTED}; {told.format(*(100 * v for v in within.spreads))}"
    middles = {name: rounded(within.middles[name], 2) for name in REGIONS}
    kept, cohorts = least_retained(root)
    floor = "lowest ratio of those counted in 2020 to those expected by the nation's cohorts, ages 10-84"
    return [
        Estimate(_FILE, "registered_effect", {"value": rounded(slope, 2)}, n, _METHOD),
        Estimate(_FILE, "unknown_migration", {"value": rounded(middle, 2), "range": spread}, n, _METHOD),
        Estimate(_FILE, "unknown_by_region", {"values": middles}, n, told),
        Estimate(_FILE, "registered_within", {"value": rounded(within.slope, 2)}, n, _NESTED),
        Estimate(_FILE, "unknown_narrowed", {"value": rounded(within.sd / sd, 2)}, n, _NARROWED),
        Estimate("national/migration.yaml", "least_retained", {"value": rounded(kept)}, cohorts, floor),
    ]


PART = Part(
    "unobserved",
    "net migration where no decade before was observed, and what stays at least",
    estimate,
    ("places/census_2010.csv.gz", "places/census_2020.csv.gz", "places/registered_2010.csv", TABLE),
)
