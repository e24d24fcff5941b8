"""What provision costs: capital and yearly cost by year, of a plan, of revised targets, of the trend.

Cost = unit cost x stock. Capital: what is added to the largest stock so far; nothing is gained where a
stock shrinks, and replacing worn-out beds is not counted. Yearly: all of the stock, and beside it what
it is above the base year's. General practitioners are paid as such, the other doctors as doctors. Unit
costs are at constant prices and drawn with the run's own draws. No verdict reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.adequacy.case import Reading
from sim.adequacy.provided import Provided
from sim.adequacy.revise import rows_of
from sim.adequacy.series import expression
from sim.arrays import Floats
from sim.draws import quantiles, sampled
from sim.plan.targets import Target
from sim.saved.row import Row
from sim.writing import number

ITEMS = ("beds", "doctors", "gps", "nurses", "care_beds", "care_workers", "childcare_slots")
TOTAL = "total"
KINDS = ("capital", "yearly", "yearly_more")
"""Built in the year; running and pay of the year; of that, more than in the year that is built on."""
COLUMNS = ("region", "scenario", "option", "item", "year", "cost", "unit", "p10", "p50", "p90", "mean")
UNIT = "CNY 100m"
MILLIONS = 1e8
Paths = Mapping[str, Floats]
"""Stock of an item by (year, draw)."""
Costs = dict[str, dict[str, Floats]]
"""Item -> kind of cost -> yuan by (year, draw)."""


def paths(reading: Reading, side: str, targets: Mapping[str, Target] | None = None) -> dict[str, Floats]:
    """Stocks of the items in every year: `side` is projected or available; `targets` replace it.

    Items that the run has no series of are left out.
    """
    m, found = reading.measures, {}
    for item in ITEMS:
        each = [expression(m, f"{item}_{side}", "total", year) for year in m.years()]
        if all(v is not None for v in each):
            found[item] = np.stack([v for v in each if v is not None])
    for item, target in (targets or {}).items():
        test = Provided(per_head=target.kind.per_head, variable=item)
        found[item] = test.path(reading, target)
    return found


def costs(stocks: Paths, build: Mapping[str, Floats], yearly: Mapping[str, Floats], since: int = 0) -> Costs:
    """Yuan by item, and in total.

    stocks: (year, draw), base year first.  build, yearly: unit costs by draw, of the items that have one.
    since: index of the year that is built on and compared with; nothing is built up to it.
    """
    out: Costs = {}
    for item, stock in stocks.items():
        paid = np.maximum(stock - stocks["gps"], 0.0) if item == "doctors" and "gps" in stocks else stock
        out[item] = {}
        if item in build:
            from_then = np.concatenate([np.repeat(stock[since : since + 1], since, axis=0), stock[since:]])
            largest = np.maximum.accumulate(from_then, axis=0)
            added = np.diff(largest, axis=0, prepend=largest[:1])
            out[item]["capital"] = added * build[item]
        if item in yearly:
            out[item]["yearly"] = paid * yearly[item]
            out[item]["yearly_more"] = (paid - paid[since : since + 1]) * yearly[item]
    kinds = {kind for found in out.values() for kind in found}
    out[TOTAL] = {kind: sum_of([found[kind] for found in out.values() if kind in found]) for kind in kinds}
    return out


def sum_of(arrays: Sequence[Floats]) -> Floats:
    """The arrays added up."""
    return np.asarray(np.sum(np.stack(arrays), axis=0))


def revised_targets(reading: Reading, rows: Iterable[Row], p: float) -> dict[str, Target]:
    """The proposed target of each item, of the first year that has one.

    rows: of the reading's region and scenario.  p: the probability that it is enough with.
    """
    found: dict[str, Target] = {}
    for row in rows:
        target = row.held
        if target is None or not is_costed(target) or row.year != target.year or target.growth:
            continue
        proposed = next((r["proposed"] for r in rows_of(reading, row, (p,)) if r["p"] == f"{p:g}"), None)
        if proposed is not None and target.variable not in found:
            found[target.variable] = replace(target, goal=float(proposed) * target.factor)
    return found


def is_costed(target: Target) -> bool:
    """Whether a target states all of an item that has a unit cost."""
    stated = target.kind.provides and not target.kind.by_rule
    return stated and target.variable in ITEMS and target.group in ("", TOTAL)


def cost_rows(
    region: str, scenario: str, option: str, years: Sequence[int], found: Costs
) -> Iterator[dict[str, Any]]:
    """Rows of costs.csv, hundred million yuan."""
    for item, kinds in found.items():
        for kind in (k for k in KINDS if k in kinds):
            for i, year in enumerate(years):
                drawn = sampled(kinds[kind][i]) / MILLIONS
                low, middle, high = quantiles(drawn)
                names = ("p10", "p50", "p90", "mean")
                values = (low, middle, high, float(np.mean(drawn)))
                head = {"region": region, "scenario": scenario, "option": option, "item": item}
                yield {
                    **head,
                    "year": year,
                    "cost": kind,
                    "unit": UNIT,
                    **{name: number(float(v)) for name, v in zip(names, values, strict=True)},
                }
