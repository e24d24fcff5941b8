"""What the plan of a place's province asks by a year: shown beside a proposal, binding nothing.

A province's targets stand where every plan's do: in a plan folder whose `region` is the province's
code (`healthplan plan draft` and `accept`, or written by hand). Proposals are no targets and are left
out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.catalogue.bases import UNSTATED
from sim.plan import list_plans, load_plan
from sim.plan.document import Plan
from sim.plan.indicator import Indicator
from sim.plan.vocabulary import Unit
from sim.propose.plan_folder import MADE
from sim.textfile import read_yaml

Key = tuple[str, str]
"""Indicator, scope."""


@dataclass(frozen=True)
class Goal:
    """A target of the province's plan: in the model's unit, for a year, and the plan's folder."""

    fraction: float
    unit: Unit
    basis: str
    year: int
    plan: str

    def shown(self, unit: Unit, basis: str, *, below: bool) -> float | None:
        """In another unit; None where it measures something else.

        basis: of the ratio beside it.  below: whether the place is a part of the province, which a count
        of the whole province says nothing of.
        """
        other = unit.base != self.unit.base or self.basis not in (basis, "", UNSTATED)
        return None if other or (below and self.unit.quantity == "count") else self.fraction / unit.factor


Goals = Mapping[Key, Sequence[Goal]]
"""A province's targets, in the order of their years."""


def asked_by(root: Path, province: str | None) -> Goals:
    """The province's targets by indicator and scope.

    root: the folder `parameters`.  province: its code; None for the nation.
    Raises PlanError with every fault of a plan of that province.
    """
    found: dict[Key, list[Goal]] = {}
    for plan in _plans(root, province):
        for row in plan.targets:
            if _is_level(row):
                found.setdefault((row.id, row.scope), []).append(_asked(plan, row))
    return {key: sorted(each, key=lambda a: (a.year, a.plan)) for key, each in found.items()}


def for_year(asked: Sequence[Goal], year: int) -> Goal | None:
    """The newest target that is due by a year; None where none is."""
    return next((a for a in reversed(asked) if a.year <= year), None)


def _plans(root: Path, province: str | None) -> list[Plan]:
    if province is None:
        return []
    folder = root / "plans"
    own = [n for n in list_plans(root) if _says(folder / n, "region") == province]
    return [load_plan(root, name) for name in own if _says(folder / name, "source") != MADE]


def _says(folder: Path, key: str) -> object:
    content = read_yaml(folder / "plan.yaml")
    return content.get(key) if isinstance(content, Mapping) else None


def _is_level(row: Indicator) -> bool:
    return row.operator != "change" and row.fraction is not None and row.last_year is not None


def _asked(plan: Plan, row: Indicator) -> Goal:
    fraction, year = row.fraction, row.last_year
    assert fraction is not None
    assert year is not None
    return Goal(fraction, row.unit, row.population_basis, year, plan.id)
