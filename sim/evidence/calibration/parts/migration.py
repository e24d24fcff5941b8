"""What a decade's migration foretells, by age and in total: `migration` of the national set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.arrays import Floats
from sim.evidence.calibration.migration import by_age, persistence, totals, yearly_sd
from sim.evidence.calibration.pairs import CENSUSES, cohort_rates, decade_nets, since_census
from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.schema import SEXES

_FILE = "national/migration.yaml"
_FAR = 2035  # year from which the errors of both decades count alike
_METHOD = (
    "regression to the mean, Azose & Raftery (2015) doi:10.1007/s13524-015-0415-0; leave one province out"
)


def _estimate(root: Path) -> Sequence[Estimate]:
    first, second = cohort_rates(root)
    ages = by_age(first, second)
    labels = [int(age - 2.5) for age in ages.ages]
    before, after = decade_nets(root)
    rho = persistence(before, after)
    pairs = since_census(root)
    columns = (
        np.array([getattr(p, name) for p in pairs]) for name in ("decade", "since", "years", "natural")
    )
    decade, since, years, natural = columns
    found = totals(decade, since, years, natural, [p.code[:2] for p in pairs])
    near = yearly_sd(found.sd, rho, int(np.median(years)))
    far = float(np.sqrt((near**2 + yearly_sd(_left(before, after), rho, 10) ** 2) / 2))
    spread = {2020: 0.0, 2021: rounded(near), 2035: rounded(far)}
    level: dict[str, Any] = {"distribution": "ar1", "rho": rounded(rho, 2), "sd": spread, "scale": "absolute"}
    n, places = len(before), len(pairs)
    change = {sex: _labelled(labels, row) for sex, row in zip(SEXES, ages.error, strict=True)}
    return [
        Estimate(_FILE, "lasting", {"value": rounded(found.lasting, 2)}, places, _METHOD),
        Estimate(_FILE, "persistence", {"value": rounded(rho, 2)}, n, _METHOD),
        Estimate(_FILE, "level_error", {"range": level}, places, _METHOD),
        Estimate(_FILE, "retained", {"values": _labelled(labels, ages.slope)}, n, _METHOD),
        Estimate(_FILE, "change", {"values": change}, n, f"{_METHOD}; leading component"),
    ]


def _left(before: Floats, after: Floats) -> float:
    """Standard deviation of a decade's yearly net rate around what the decade before foretold."""
    slope = float((before * after).sum() / (before**2).sum())
    return float((after - slope * before).std())


def _labelled(labels: Sequence[int], row: Floats) -> dict[int, float]:
    return {label: rounded(float(v)) for label, v in zip(labels, row, strict=True)}


PART = Part(
    "migration",
    "what a decade's migration foretells, by age and in total",
    _estimate,
    (*CENSUSES, "series/provinces.csv", "regions/*/observed.csv"),
)
