"""Fastest growth a year that lasted five years: what a proposal may count on beyond norms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.params import read_set
from sim.places import read_yearly

_YEARS = 5
_RESOURCES = ("beds", "doctors", "nurses")
_HIGH = 0.9


def estimate(root: Path) -> Sequence[Estimate]:
    """The 90th percentile of the provinces' growth over their last five years, percent; others stay."""
    yearly = read_yearly(root)
    record = read_set(root / "parameters" / "standards", root / "parameters")["proposal.pace"].record
    found, n, last = dict(record.values or {}), 0, 0
    for resource in _RESOURCES:
        stock = yearly.of(resource)
        year = int(stock.dropna("year", how="all").year[-1])
        ratio = (stock.sel(year=year) / stock.sel(year=year - _YEARS)).values
        growth = ratio[np.isfinite(ratio)] ** (1 / _YEARS) - 1
        found[resource] = rounded(100 * float(np.quantile(growth, _HIGH)), 2)
        n, last = n + growth.size, max(last, year)
    said = f"the 90th percentile of the provinces' growth a year in {last - _YEARS}-{last}"
    fields = {"values": found, "year": f"{last - _YEARS}-{last}", "locator": said}
    return [Estimate("standards/proposal.yaml", "pace", fields, n, f"{said}: {', '.join(_RESOURCES)}")]


PART = Part("proposal_pace", "fastest growth that lasted", estimate, ("series/provinces.csv",))
