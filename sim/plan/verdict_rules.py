"""What may be said of an indicator, and the sentence that stands in its row.

parameters/plans/verdict_rules.csv: an indicator may stand under several rules.  Whoever makes
verdicts reads the rules here; what a rule means is told in parameters/plans/README.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.catalogue.words import SCOPES
from sim.errors import PlanError, fault, raise_all
from sim.expression import faults_of
from sim.plan.slips import ALL
from sim.plan.vocabulary import load_vocabulary, plans_folder
from sim.schema import kept_labels
from sim.textfile import did_you_mean, read_csv

NORM_PATTERN = "norm_pattern"
"""The norm is a pattern that nobody has to meet: it stands beside, and binds no proposal."""
RULES = (
    "no_target",
    "access_rule",
    "stress_need",
    "national_pattern",
    "rare_count",
    "below_national_workload",
    "norm_only",
    "detection",
    "own_share",
    NORM_PATTERN,
)
EFFECTS = ("decline", "by_norm", "mark", "not_below_stock")
COLUMNS = (
    "indicator_id",
    "scope",
    "rule",
    "effect",
    "unless_local",
    "measure",
    "limit",
    "note_en",
    "note_zh",
)
OF_PLAN = "plan."
PLANNING = "planning_assumption"


@dataclass(frozen=True)
class VerdictRule:
    """One rule on an indicator.

    effect: `decline` (no verdict), `by_norm` (judged by norm or rule and by a normal year, never by a
    peak; no proposal), `mark` (a verdict with the note beside it), `not_below_stock` (no proposal below
    what exists).  unless_local: the rule falls where the region's own files hold one of these
    parameters, or the plan prints a baseline of `plan.<indicator>`.  measure, limit: the rule holds
    only where this quotient of two series of a run lies below the limit.
    """

    indicator_id: str
    scope: str
    rule: str
    effect: str
    unless_local: tuple[str, ...]
    measure: str
    limit: float | None
    note_en: str
    note_zh: str

    def falls(self, local: Collection[str], baselines: Collection[str]) -> bool:
        """Whether local knowledge lifts the rule.

        local: dotted names of the region's own parameters that are measured or derived.
        baselines: indicators of which the plan prints a baseline.
        """
        known = {*local, *(f"{OF_PLAN}{b}" for b in baselines)}
        return any(name in known for name in self.unless_local)


@cache
def load_verdict_rules(root: Path) -> dict[str, tuple[VerdictRule, ...]]:
    """Rules by indicator; root: the folder `parameters`, or the folder of plans in it.

    Raises PlanError with every fault of the table.
    """
    path = plans_folder(root) / "verdict_rules.csv"
    entries = load_vocabulary(root).indicators
    rules: dict[str, tuple[VerdictRule, ...]] = {}
    faults: list[str] = []
    for row in read_csv(path, COLUMNS):
        place = f"{path}:{row['_line']}"
        limit = _limit(row, place, faults)
        faults += [fault(place, *f) for f in _faults(row, entries)]
        rule = VerdictRule(
            indicator_id=row["indicator_id"],
            scope=row["scope"],
            rule=row["rule"],
            effect=row["effect"],
            unless_local=tuple(row["unless_local"].split()),
            measure=row["measure"],
            limit=limit,
            note_en=row["note_en"],
            note_zh=row["note_zh"],
        )
        before = rules.get(rule.indicator_id, ())
        if any((b.rule, b.scope) == (rule.rule, rule.scope) for b in before):
            wrong = f"rule '{rule.rule}' of '{rule.indicator_id}' stands twice"
            faults.append(fault(place, wrong, "keep one of them"))
        rules[rule.indicator_id] = (*before, rule)
    for name, entry in entries.items():
        if entry.role == PLANNING and "no_target" not in {r.rule for r in rules.get(name, ())}:
            wrong = f"planning assumption '{name}' without the rule no_target"
            faults.append(fault(str(path), wrong, "add the row, or change its role in the dictionary"))
    raise_all(PlanError, faults)
    return rules


def _limit(row: Mapping[str, str], place: str, faults: list[str]) -> float | None:
    if bool(row["measure"]) != bool(row["limit"]):
        wrong = f"measure '{row['measure']}' with limit '{row['limit']}'"
        faults.append(fault(place, wrong, "state both or neither"))
    if not row["limit"]:
        return None
    try:
        return float(row["limit"])
    except ValueError:
        faults.append(fault(place, f"limit '{row['limit']}' is not a number", "write a number"))
        return None


def _faults(row: Mapping[str, str], entries: Collection[str]) -> list[tuple[str, str]]:
    found = []
    if row["indicator_id"] not in entries:
        wrong = f"unknown indicator '{row['indicator_id']}'"
        found.append((wrong, did_you_mean(row["indicator_id"], list(entries))))
    if row["rule"] not in RULES:
        found.append((f"rule '{row['rule']}'", did_you_mean(row["rule"], RULES)))
    if row["scope"] not in ("", ALL, *SCOPES):
        found.append((f"scope '{row['scope']}' is unknown", did_you_mean(row["scope"], [*SCOPES])))
    if row["effect"] not in EFFECTS:
        found.append((f"effect '{row['effect']}'", did_you_mean(row["effect"], EFFECTS)))
    for name in row["unless_local"].split():
        if name.startswith(OF_PLAN) and name.removeprefix(OF_PLAN) not in entries:
            found.append((f"unless_local '{name}'", "plan.<indicator of the dictionary>"))
        elif "." not in name:
            found.append((f"unless_local '{name}'", "a parameter by its dotted name"))
    if row["measure"]:
        found += list(faults_of(row["measure"], kept_labels()))
    for name in ("note_en", "note_zh"):
        if not row[name]:
            found.append((f"{row['indicator_id']}: no {name}", "the sentence that stands in the row"))
    return found
