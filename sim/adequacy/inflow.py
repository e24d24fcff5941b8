"""What a stock takes every year to reach a count: build, or recruitment with replacement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.adequacy.needed_target import PROVIDED, kind_of, per_unit
from sim.adequacy.series import Measures, expression, median


@dataclass(frozen=True)
class Inflow:
    """What a stock takes every year to reach a count: net growth and replacement of leavers."""

    net: float
    replacement: float | None
    """None where leavers are not modelled, or nothing leaves (beds, slots, vehicles)."""

    @property
    def total(self) -> float:
        """Build or recruitment a year; negative where the stock may shrink."""
        return self.net + (self.replacement or 0.0)


def yearly_inflow(base: float, count: float, years: int, leaving: Sequence[float] | None) -> Inflow:
    """The same number every year that takes a stock from `base` to `count` in `years` years.

    leaving: share of the stock that leaves in each of these years.  N(t) = N(t-1) (1 - leaving(t))
    + entrants; replacement is entrants less the mean yearly growth.  Valid from zero.
    """
    net = (count - base) / years
    if leaving is None:
        return Inflow(net, None)
    kept, weight = 1.0, 0.0
    for rate in leaving:
        kept, weight = kept * (1.0 - rate), weight * (1.0 - rate) + 1.0
    return Inflow(net, (count - base * kept) / weight - net)


def leaving_rates(m: Measures, variable: str, group: str, year: int) -> list[float] | None:
    """Share of a cadre that leaves (retirement, attrition) in each year up to `year`, medians."""
    if group != "total" or not m.has("staff_leavers", variable):
        return None
    years = m.years()
    return [
        median(m.at("staff_leavers", variable, t) / m.at(f"{variable}_projected", group, t - 1))
        for t in years[1 : years.index(year) + 1]
    ]


class Effort:
    """The count that a target of one row means, and what it takes every year from the base on."""

    def __init__(self, m: Measures, row: Mapping[str, str]) -> None:
        self.counts = row["test"] in (*PROVIDED, "coverage")
        self._row = row
        self._years = int(row["year"]) - m.years()[0]
        if self.counts:
            self._measure(m, row)

    def _measure(self, m: Measures, row: Mapping[str, str]) -> None:
        year, group = int(row["year"]), row["group"] or "total"
        unit = float(row["unit_factor"])
        base = expression(m, f"{row['variable']}_projected", group, m.years()[0])
        self._base = None if base is None else median(base)
        self._leaving: list[float] | None = None
        self._required: float | None = None
        if row["test"] == "coverage":
            self._per_unit = per_unit(m, row)
            return
        required = expression(m, f"{row['variable']}_required", group, year)
        self._required = None if required is None else median(required)
        self._leaving = leaving_rates(m, row["variable"], group, year)
        people = m.population(row["basis_read"], year)
        self._people = people
        self._per_unit = np.full_like(people, unit) if row["test"] == "count" else people * unit

    def of(self, target: float) -> dict[str, Any]:
        """Count, stock and yearly build or recruitment for a target in the plan's unit."""
        assert self._per_unit is not None
        if self._row["scale"] == "inverse":
            count = median(self._people / target)
        else:
            count = median(self._per_unit * target)
        covers = self._row["test"] == "coverage"
        out: dict[str, Any] = {"count_p50": count, "required_count_p50": self._required}
        if self._base is None:
            return {**out, "note": "no known stock / 现有数量未知"}
        out["stock_base"] = self._base
        if self._years <= 0:
            return {**out, "note": "the target year is the base year / 目标年即基年"}
        note = ""
        inflow = yearly_inflow(self._base, count, self._years, self._leaving)
        if self._leaving is None and kind_of(self._row) == "recruit":
            note = "replacement of leavers not modelled / 未计离职补充"
        return {
            **out,
            "net_per_year": inflow.net,
            "replacement_per_year": inflow.replacement,
            "per_year": None if covers else inflow.total,
            "note": note,
        }
