"""What a plan states: each indicator once for each target, with every place that says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sim.catalogue.bases import UNSTATED
from sim.plan.change import baseline_of, level_after
from sim.plan.document import Plan
from sim.plan.indicator import Indicator
from sim.writing import number

STRICT = (">=", "<=", ">", "<")
_PREFERRED = ("target", "standard", "baseline", "history")


@dataclass(frozen=True)
class Statement:
    """One thing that a plan says of an indicator.

    row: the statement; of several that say the same, the binding one, else the first.
    baseline: the row that it starts from.  also: the other rows that say the same.
    """

    row: Indicator
    baseline: Indicator | None
    also: tuple[Indicator, ...] = ()

    @property
    def is_stated(self) -> bool:
        """Whether it is a target or a cited standard; else it is a baseline or history."""
        return self.row.kind in ("target", "standard")

    @property
    def places(self) -> str:
        """Every place of the document that says so."""
        own = f"{self.row.location}; line {self.row.line}"
        others = [f"{r.location}; line {r.line} ({_printed(r)})" for r in self.also]
        return " | ".join([own, *others])


def statements(plan: Plan) -> Iterator[Statement]:
    """Each indicator of the plan once for each different target.

    An indicator without a target is represented by its standard, baseline or history row.
    """
    for indicator_id in plan.indicator_ids:
        rows = plan.rows(indicator_id)
        kind = next(k for k in _PREFERRED if any(r.kind == k for r in rows))
        same = sorted((r for r in rows if r.kind == kind), key=lambda r: r.binding != "binding")
        if kind in ("baseline", "history"):
            same = [max(same, key=lambda r: r.last_year or 0)]
        found: list[list[Indicator]] = []
        for row in same:
            group = next((g for g in found if _same_said(g, row)), None)
            if group is None:
                found.append([row])
            else:
                group.append(row)
        baselines = [r for r in rows if r.kind == "baseline"]
        for group in found:
            first, *others = group
            yield Statement(first, baseline_of(first, baselines), tuple(others))


def _same_said(group: list[Indicator], row: Indicator) -> bool:
    """Whether a row says what those of a group say: not a ratio to other people than they name."""
    if _said(group[0]) != _said(row):
        return False
    named = {_basis(r) for r in group} - {""}
    return not _basis(row) or not named or _basis(row) in named


def _basis(row: Indicator) -> str:
    """The population that a row names; "" where it names none."""
    return "" if row.population_basis == UNSTATED else row.population_basis


def _said(row: Indicator) -> tuple[object, ...]:
    """What a row says, whatever the place: 4.3 and > 4.3 ask for the same."""
    figure = row.text if row.value is None else (row.value, row.value_high)
    side = sense_of(row)[:1] if row.operator != "change" else "change"
    return row.scope, row.year, side, figure, row.unit.name


def years_tested(
    plan: Plan, statement: Statement, test_years: tuple[int, ...]
) -> tuple[int, tuple[int, ...]]:
    """The target year of a statement, and the years that are looked at: that one and later ones."""
    target_year = (statement.row.last_year if statement.is_stated else None) or plan.target_year
    return target_year, (target_year, *(y for y in test_years if y > target_year))


def goal_of(statement: Statement) -> float | None:
    """The figure to hold against the model, in the model's unit; of a printed range the end that binds.

    A target written as a change is the level that it comes to; None without a baseline.
    """
    row, baseline = statement.row, statement.baseline
    if row.operator == "change":
        return None if baseline is None else level_after(row, baseline)
    if row.value_high is None:
        return None
    return row.value_high * row.unit.factor if sense_of(row) in ("<=", "<") else row.fraction


def in_level_unit(statement: Statement) -> Indicator:
    """The statement in its baseline's unit, if it is a change of a level: 30 % more than 0.70."""
    row, baseline = statement.row, statement.baseline
    return row if row.operator != "change" or baseline is None else replace(row, unit=baseline.unit)


def half_digit(statement: Statement, unit: str) -> float:
    """Half of the last digit that the plan prints, in the unit named: what rounding hides.

    0 for counts, which are printed whole.
    """
    rows = [r for r in (statement.row, statement.baseline) if r is not None and r.value is not None]
    finest = [r.half_digit for r in rows if r.unit.name == unit]
    if statement.row.operator != "change":
        finest = finest[:1]
    return min(finest, default=0.0)


def sense_of(row: Indicator) -> str:
    """How values meet the statement: >=, <=, > or <; `in` a range; a plain figure by what is good."""
    if row.operator in STRICT:
        return row.operator
    return {"lower": "<=", "range": "in"}.get(row.entry.better, ">=")


def goal_text(statement: Statement) -> str:
    """The figure of a target in its own unit, a change added to its baseline; "" if there is none.

    A change in another unit than its baseline's (30 % more beds) has no figure in its own unit.
    """
    value = goal_of(statement)
    if value is None or (statement.row.operator == "change" and _apart(statement)):
        return ""
    return number(value / statement.row.unit.factor)


def target_text(statement: Statement) -> str:
    """A target as the plan writes it, with its operator; a change with its own unit."""
    row = statement.row
    unit = f" {row.unit.name}" if row.operator == "change" and _apart(statement) else ""
    return f"{_printed(row)}{unit if row.text else ''}"


def _apart(statement: Statement) -> bool:
    return statement.baseline is None or statement.baseline.unit.name != statement.row.unit.name


def _printed(row: Indicator) -> str:
    operator = {"=": "", "change": "change "}.get(row.operator, row.operator)
    return f"{operator}{row.text}"
