"""A row of adequacy.csv and adequacy_detail.csv: one typed record, one writer, one reader."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import ConfigError, fault
from sim.plan.targets import Target
from sim.writing import number, write_rows

Number = float | None


@dataclass
class Row:
    """One indicator of a plan in one year, region and scenario, beside the model.

    Numbers are in the plan's unit unless named `_count`.  None, or "": there is none.
    """

    plan: str
    region: str
    scenario: str
    indicator_id: str
    name_zh: str
    name_en: str
    year: int
    unit: str
    population_basis: str = ""
    baseline: str = ""
    target: str = ""
    required_p10: Number = None
    required_p50: Number = None
    required_p90: Number = None
    available_p50: Number = None
    ratio_p50: Number = None
    p_enough: Number = None
    p_reached: Number = None
    verdict: str = "not_tested"
    grade: str = ""
    need_norm_p50: Number = None
    p_enough_norm: Number = None
    verdict_norm: str = ""
    on_the_line: str = ""
    """Thresholds that lie within two standard errors of the probability that the verdict reads."""
    share_counted_here: Number = None
    """Of the variance of what the verdict stands on: the part that rests on counts of this place."""
    share_counted_elsewhere: Number = None
    share_published: Number = None
    share_derived: Number = None
    share_judgement: Number = None
    find_first: str = ""
    """The parameter that a count of the place's own would narrow the answer most by."""
    first_short_year: str = ""
    """First year in which the need is more than the plan brings, on the way to a target too."""
    level_short_year: str = ""
    """First year, from the target year on, in which the need is more than the target's level."""
    reason: str = ""
    test: str = "none"
    variable: str = ""
    group: str = ""
    question: str = ""
    operator: str = ""
    binding: str = ""
    scope: str = ""
    location: str = ""
    target_year: int = 0
    projected_p50: Number = None
    need_plan_p50: Number = None
    available_count_p50: Number = None
    required_count_p50: Number = None
    projected_count_p50: Number = None
    capacity_p50: Number = None
    p_capacity: Number = None
    p_enough_projected: Number = None
    p_enough_mcse: Number = None
    p_reached_mcse: Number = None
    required_p50_mcse: Number = None
    rests_on: str = ""
    scale: str = ""
    sense: str = ""
    unit_factor: Number = None
    goal: str = ""
    goal_model: Number = None
    step: Number = None
    basis_read: str = ""
    growth: bool = False
    counted: bool = False
    stated: bool = False
    good_low: Number = None
    good_high: Number = None
    special: str = ""
    """Names of the rules of verdict_rules.csv that hold."""
    baseline_value: Number = None
    """The plan's baseline in the row's unit; None where it has none in that unit."""
    floor: Number = None
    """The figure of law or national standard that a proposal may not be worse than."""
    better: str = ""
    basis_effect: str = ""
    notes: list[str] = field(default_factory=list)
    """Sentences "en / zh" that make up the reason."""

    def say(self, *sentences: str) -> None:
        """Add to the reason."""
        self.notes += [s for s in sentences if s]
        self.reason = "; ".join(self.notes)

    @property
    def is_tested(self) -> bool:
        """Whether the model says something of it."""
        return self.verdict != "not_tested"

    @property
    def of_target(self) -> Target | None:
        """The target as it was tested; None where there was none."""
        if self.goal_model is None or self.unit_factor is None:
            return None
        nan = float("nan")
        return Target(
            indicator=self.indicator_id,
            scope=self.scope,
            test=self.test,
            variable=self.variable,
            group=self.group,
            scale=self.scale,
            goal=self.goal_model,
            year=self.target_year,
            sense=self.sense,
            unit=self.unit,
            factor=self.unit_factor,
            step=self.step or 0.0,
            basis=self.basis_read,
            growth=self.growth,
            counted=self.counted,
            stated=self.stated,
            low=nan if self.good_low is None else self.good_low,
            high=nan if self.good_high is None else self.good_high,
        )

    def hold(self, target: Target, basis_read: str) -> None:
        """Take over what was tested."""
        self.test, self.variable, self.group = target.test, target.variable, target.group
        self.scale, self.sense = target.scale, target.sense
        self.unit, self.unit_factor = target.unit, target.factor
        self.goal_model, self.step, self.basis_read = target.goal, target.step, basis_read
        self.growth, self.counted, self.stated = target.growth, target.counted, target.stated
        self.good_low = target.low if np.isfinite(target.low) else None
        self.good_high = target.high if np.isfinite(target.high) else None


_FIELDS = {f.name: f for f in fields(Row) if f.name != "notes"}
DETAIL_COLUMNS = tuple(_FIELDS)
COLUMNS = DETAIL_COLUMNS[: DETAIL_COLUMNS.index("reason") + 1]
_EXACT = frozenset(("unit_factor", "goal_model", "step", "good_low", "good_high", "baseline_value", "floor"))


def write(folder: Path, rows: Iterable[Row]) -> None:
    """adequacy.csv and adequacy_detail.csv, the same rows with fewer and with all columns."""
    printed = [_printed(row) for row in rows]
    for name, columns in (("adequacy.csv", COLUMNS), ("adequacy_detail.csv", DETAIL_COLUMNS)):
        write_rows(folder / name, columns, ({c: row[c] for c in columns} for row in printed))


def read(folder: Path) -> list[Row]:
    """Rows of a saved run's adequacy_detail.csv.

    Raises ConfigError where the file is not there, or is of an older version.
    """
    path = folder / "adequacy_detail.csv"
    if not path.is_file():
        raise ConfigError(fault(str(path), "is not there", "run the experiment again"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    missing = [c for c in DETAIL_COLUMNS if lines and c not in lines[0]]
    if missing:
        raise ConfigError(fault(str(path), f"has no column {missing[0]}", "run the experiment again"))
    return [_parsed(line) for line in lines]


def _printed(row: Row) -> dict[str, Any]:
    return {name: _text(name, getattr(row, name)) for name in DETAIL_COLUMNS}


def _text(name: str, value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if not isinstance(value, float):
        return value
    if name in _EXACT:
        return repr(value)
    return number(round(value, 6) if abs(value) < 1e6 else value) if np.isfinite(value) else ""


def _parsed(line: Mapping[str, str]) -> Row:
    found: dict[str, Any] = {}
    for name, f in _FIELDS.items():
        text = line[name]
        kind = str(f.type)
        if kind == "Number":
            found[name] = float(text) if text else None
        elif kind == "int":
            found[name] = int(text) if text else (0 if f.default is MISSING else f.default)
        elif kind == "bool":
            found[name] = text == "yes"
        else:
            found[name] = text
    return Row(**found, notes=[found["reason"]] if found["reason"] else [])
