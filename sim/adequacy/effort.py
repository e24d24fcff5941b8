"""What a stock takes every year to reach a count: build, or recruitment with replacement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.adequacy.case import Reading
from sim.adequacy.covered import whole
from sim.adequacy.kinds import kind_of
from sim.adequacy.provided import needed
from sim.adequacy.series import Measures, expression, median
from sim.arrays import Floats
from sim.plan.targets import Target, built_on

NOT_COUNTED = (
    "no count of the place's own stock: what it takes a year is not worked out / "
    "无本地存量统计，不推算每年增量"
)
NOT_MODELLED = "replacement of leavers not modelled / 未计离职补充"
NO_LEAVERS = "nobody there to leave: replacement of leavers not counted / 现无人员，未计离职补充"


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


@dataclass(frozen=True)
class Effort:
    """The count that a target means, and what it takes a year; None: not known, or no such thing."""

    count: float | None = None
    required: float | None = None
    stock: float | None = None
    net: float | None = None
    replacement: float | None = None
    per_year: float | None = None
    note: str = ""


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


def effort(reading: Reading, target: Target, year: int, figure: float, since: int | None = None) -> Effort:
    """What it takes for a target of `figure`, in the plan's unit, to hold in `year`.

    since: the year whose stock is built on; the plan's base year unless given, or the run's if later.
    """
    test = kind_of(target)
    if test.effort not in ("build", "recruit", "cover"):
        return Effort()
    m, group = reading.measures, target.group or "total"
    count = median(_count(reading, target, year, figure))
    need = needed(m, target, year) if test.effort != "cover" else None
    required = None if need is None else median(need)
    start = built_on(m.years(), target.year, target.since) if since is None else since
    base = expression(m, f"{target.variable}_projected", group, start)
    if base is None:
        return Effort(count, required, note="no known stock / 现有数量未知")
    stock, years = median(base), year - start
    if years <= 0:
        return Effort(count, required, stock, note="the target year is the base year / 目标年即基年")
    leaving = leaving_rates(m, target.variable, group, year, start) if test.effort == "recruit" else None
    inflow = yearly_inflow(stock, count, years, leaving)
    if test.effort == "cover":
        return Effort(count, required, stock, inflow.net)
    missing = test.effort == "recruit" and leaving is None
    note = (NO_LEAVERS if m.has("staff_leavers", target.variable) else NOT_MODELLED) if missing else ""
    return Effort(count, required, stock, inflow.net, inflow.replacement, inflow.total, note)


def from_no_stock(found: Effort) -> Effort:
    """The count alone, where the stock that it would be built on is the nation's per head."""
    return Effort(found.count, found.required, note=NOT_COUNTED)


def leaving_rates(
    m: Measures, variable: str, group: str, year: int, since: int | None = None
) -> list[float] | None:
    """Share of a cadre that leaves (retirement, attrition) in each year up to `year`, medians.

    since: the year after which they are counted; the base year unless given.  None where leavers are
    not modelled, and where nobody is there who could leave.
    """
    if group != "total" or not m.has("staff_leavers", variable):
        return None
    years = m.years()
    rates = []
    for t in years[1 if since is None else years.index(since) + 1 : years.index(year) + 1]:
        leavers, staff = m.at("staff_leavers", variable, t), m.at(f"{variable}_projected", group, t - 1)
        if not (staff > 0).all():
            return None
        rates.append(median(leavers / staff))
    return rates


def _count(reading: Reading, target: Target, year: int, figure: float) -> Floats:
    """Beds, persons or events that a figure in the plan's unit means, by draw."""
    if target.basis:
        people = reading.people(target, year)
        return people / figure if target.inverse else people * target.factor * figure
    everybody = whole(reading.measures, target, year) if kind_of(target).effort == "cover" else None
    if everybody is None or target.counted:
        return np.full_like(reading.measures.population("resident", year), target.factor * figure)
    return everybody * target.factor * figure
