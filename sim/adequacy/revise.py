"""Which target would hold?  For every tested row the target that holds with probability p.

Worked out from a saved run, in the plan's own unit and on its own population. What is provided
(beds, staff, shares): the smallest target that is enough, the quantile of the need over the draws;
for rules of people per unit the largest number of people. Coverage: the largest that the staff and
services there are can carry. Outcomes: the tightest value that is reached. Beside a target of
beds or staff the count that it means, and the build or recruitment of every year from the stock of
the plan's base year on; beside a coverage the people that it means, and how many more it takes every
year. A row without such a target says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.adequacy.bounds import Bound, bound_of
from sim.adequacy.case import Reading
from sim.adequacy.effort import effort, from_no_stock
from sim.adequacy.kinds import kind_of
from sim.adequacy.outcome import is_rare
from sim.adequacy.series import Measures
from sim.adequacy.sufficient import rounded
from sim.argument_kinds import looked_at
from sim.errors import ConfigError, fault
from sim.intact import REVISED, intact
from sim.plan.targets import Target, built_on
from sim.saved import row_table as table
from sim.saved.row import Row
from sim.saved.row_table import IDENTITY
from sim.store import Run
from sim.writing import finite, write_rows

PROBABILITIES = (0.8, 0.9, 0.95)
PLAN = "plan"
WHOLE = 100.0  # percent
COARSEST_STEP = 0.02  # of a value: how far a proposed target may be rounded at most
FINER = 4  # digits more that a proposal may have so as not to fall below a level by rounding
COLUMNS = (
    *IDENTITY,
    "population_basis",
    "baseline",
    "target",
    "target_now",
    "p_now",
    "p",
    "enough",
    "revised",
    "revised_mcse",
    "bound",
    "proposed",
    "count_p50",
    "required_count_p50",
    "kind",
    "base_year",
    "stock_base",
    "net_per_year",
    "replacement_per_year",
    "per_year",
    "variable",
    "group",
    "location",
    "note",
)
_NUMBERS = frozenset(
    {
        "enough",
        "target_now",
        "p_now",
        "revised",
        "revised_mcse",
        "proposed",
        "count_p50",
        "required_count_p50",
        "stock_base",
        "net_per_year",
        "replacement_per_year",
        "per_year",
    }
)
_CARRIED = "largest coverage that can be carried / 现有能力可承担的最大覆盖率"
_WORDS = "asked in words, without a figure to revise / 仅有文字要求，无可修订的数值"
_NO_FIGURE = "the run holds no series to work it out from / 模型未逐年推算该指标"
_NO_TARGET = "not a target: nothing to revise / 不是目标，无须修订"
_PATTERN = "the nation's pattern: no target follows from it for this place / 全国模式：不据以提出本地目标"
_NOT_SHARE = "no share is enough / 任何比例都不够"
_NOT_MET = (
    "rare deaths: no rate that holds in a single year is better than today's; set the mean of several years "
    "/ 罕见死亡：单年难以保证优于现状，宜按多年平均设定"
)
_DECLINED = {
    "stress_need": "need at the peak of an epidemic is a stress scenario: no target follows from it / "
    "疫情峰值需求为压力情景，不据以修订目标",
    "access_rule": "the rule follows from access, not from workload: no target follows from use / "
    "标准取决于可及性而非工作量，不据以修订目标",
}

Figures = dict[str, Any]


@looked_at
def revise(folder: Path, probabilities: Sequence[float] = PROBABILITIES) -> list[Figures]:
    """Rows for every tested target of a saved run; one for the plan's own, one for each p.

    Raises ConfigError where the folder is no run, or a probability is not between 0 and 1.
    """
    wrong = [p for p in probabilities if not 0 < p < 1]
    if wrong or not probabilities:
        value = f"{wrong[0]:g}" if wrong else "none"
        raise ConfigError(fault("--p", f"{value} is no probability", "write one such as 0.9"))
    run = Run(folder, intact(folder, but=[REVISED]))
    rows = table.read(folder)
    with run.results() as results:
        scenarios, regions = ([str(x) for x in results[dim].values] for dim in ("scenario", "region"))

        @lru_cache(maxsize=1)
        def series(scenario: str, region: str) -> Measures:
            return Measures.of(results, scenarios.index(scenario), regions.index(region))

        return list(revised_rows(series, rows, sorted(set(probabilities))))


def write(folder: Path, rows: Iterable[Figures]) -> Path:
    """revise.csv of a run folder."""
    path = folder / REVISED
    write_rows(path, COLUMNS, map(printed, rows))
    return path


def printed(row: Figures) -> Figures:
    """A row of revise.csv, numbers as text."""
    return {c: finite(row.get(c)) if c in _NUMBERS else row.get(c, "") for c in COLUMNS}


def revised_rows(
    series: Callable[[str, str], Measures],
    rows: Iterable[Row],
    probabilities: Sequence[float] = PROBABILITIES,
) -> Iterator[Figures]:
    """Rows from a run's series, by scenario and region, and the rows of adequacy_detail.csv."""
    for row in rows:
        if row.is_tested:
            yield from rows_of(Reading(series(row.scenario, row.region)), row, probabilities)


def rows_of(reading: Reading, row: Row, probabilities: Sequence[float]) -> Iterator[Figures]:
    """The plan's own target and one for each probability; where there is none, the reason."""
    target = row.held
    head = _head(reading, row)
    why = _declined(row)
    test = None if target is None or why else kind_of(target)
    find = None if test is None or target is None else test.find(reading, target, row.year)
    if target is None or test is None or find is None:
        note = why or (_WORDS if target is None else _NO_FIGURE)
        yield {**head, "kind": "none", "note": note}
        return
    head["kind"] = test.effort
    if test.effort in ("build", "recruit", "cover") and not target.growth:
        now = target.goal / target.factor
        yield {**head, "p": PLAN, "revised": now, **_effort(reading, target, row, now)}
    bound = bound_of(reading, target, row)
    for p in probabilities:
        value, error = find(p)
        yield {**head, **_proposal(reading, target, row, bound, value, error), "p": f"{p:g}"}


def _proposal(
    reading: Reading, target: Target, row: Row, bound: Bound, enough: float, error: float
) -> Figures:
    """The figures of one probability: what is enough, what is proposed, what it takes."""
    test = kind_of(target)
    covers = test.effort == "cover"
    value, name = bound.applied(enough)
    out: Figures = {"enough": enough, "revised": value, "revised_mcse": error, "bound": name}
    notes = [_CARRIED if covers else "", bound.said(name)]
    upward = test.rises(target) and not covers if row.required_p50 is not None or covers else bound.falls
    upward = not bound.falls if name else upward  # a level that bounds is not undercut by rounding
    if is_rare(target) and name:
        return out | {"revised": None, "proposed": None, "note": _NOT_MET}
    out["proposed"] = on_safe_side(value, decimals(target, value), upward=upward, bound=bound)
    if test.effort == "share" and target.unit == "%" and value > WHOLE:
        return out | {"proposed": None, "note": _NOT_SHARE}
    stated = value if out["proposed"] is None else out["proposed"]  # what it takes is of what is proposed
    found = _effort(reading, target, row, stated)
    notes.append(found.pop("note", ""))
    return out | found | {"note": "; ".join(n for n in notes if n)}


def on_safe_side(value: float, places: int, *, upward: bool, bound: Bound) -> float | None:
    """The value on its safe side, with more digits where fewer would be worse than a level."""
    for more in range(FINER):
        found = rounded(value, places + more, upward=upward)
        if found is None or not bound.applied(found)[1]:
            return found
    return rounded(bound.applied(value)[0], places, upward=not bound.falls)


def _effort(reading: Reading, target: Target, row: Row, figure: float) -> Figures:
    found = effort(reading, target, row.year, figure)
    if row.projected_p50 is not None and row.p_enough_projected is None:  # not judged: not counted here
        found = from_no_stock(found)
    return {
        "count_p50": found.count,
        "required_count_p50": found.required,
        "stock_base": found.stock,
        "net_per_year": found.net,
        "replacement_per_year": found.replacement,
        "per_year": found.per_year,
        "note": found.note,
    }


def _declined(row: Row) -> str:
    """Why no target is proposed; "" where one is looked for."""
    for rule, why in _DECLINED.items():
        if rule in row.special.split():
            return why
    if row.follows_nation:
        return _PATTERN
    if row.held is not None and not row.held.stated:
        return _NO_TARGET
    return "" if row.has_target or row.year > row.target_year else _NO_TARGET


def _head(reading: Reading, row: Row) -> Figures:
    held = row.held
    text = {c: getattr(row, c) for c in COLUMNS if c in table.DETAIL_COLUMNS}
    years = reading.measures.years()
    return text | {
        "population_basis": "" if held is None else held.basis,
        "target_now": None if held is None else held.goal / held.factor,
        "p_now": row.p_enough if row.p_enough is not None else row.p_reached,
        "p": "",
        "base_year": years[0] if held is None else built_on(years, held.year, held.since),
        "note": "",
    }


def decimals(target: Target, value: float) -> int:
    """Decimals to show: those of the plan's figure, more where a step would be over 2 %."""
    places = 0 if target.step <= 0 else max(0, round(-np.log10(2.0 * target.step)))
    if target.step <= 0 or not np.isfinite(value) or value == 0:
        return int(places)
    return max(int(places), int(np.ceil(-np.log10(COARSEST_STEP * abs(value)))))
