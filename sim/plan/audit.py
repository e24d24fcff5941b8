"""The audit: a plan document against itself, before any projection.

Verdicts follow from arithmetic on the printed figures and the interval that their rounding allows.
What belongs together is read from the rows (checks/automatic.py) or declared in the plan's
relations.yaml (checks/implied.py, checks/statements.py and those beside them); no verdict is stored
as data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from sim.errors import PlanError, fault, raise_all
from sim.plan.checks import births, hospital_use, implied, statements, sums, target_counts
from sim.plan.checks.automatic import automatic
from sim.plan.checks.finding import VERDICTS, Finding, check_zh
from sim.plan.checks.quoted import Figures, Relation, Watched
from sim.plan.document import Plan
from sim.textfile import did_you_mean

_DECLARED: dict[str, Callable[[Figures, Relation], Finding]] = {
    "implied population": implied.implied_population,
    "implied population: agreement": implied.agreement_of_populations,
    "implied rate": implied.implied_rate,
    "implied births": births.implied_births,
    "implied admissions": hospital_use.implied_admissions,
    "implied visits": hospital_use.implied_visits,
    "implied length of stay": hospital_use.length_of_stay,
    "implied value": implied.implied_value,
    "implied target counts": target_counts.implied_target_counts,
    "count vs rate": implied.count_against_rate,
    "coverage vs count": implied.coverage_against_count,
    "sum of parts": sums.sum_of_parts,
    "share": sums.share,
    "ratio": sums.ratio,
    "weighted mean": sums.weighted_mean,
    "small numbers": births.small_numbers,
    "demography": implied.demography,
    "rate change": implied.rate_change,
    "count stated twice": statements.count_twice,
    "stated twice": statements.twice,
    "target vs own benchmark": statements.benchmark,
    "target in counts": target_counts.target_in_counts,
    "plan coherence": statements.coherence,
    "plan horizon": statements.horizon,
    "unit": statements.units,
    "table vs text": statements.table_against_text,
    "missing data": statements.missing,
    "numbering": statements.numbering,
}


def audit(plan: Plan) -> list[Finding]:
    """Every finding on the plan, automatic ones first, in document order of the rules.

    Raises PlanError if relations.yaml names a check or a figure that does not exist.
    """
    findings = list(automatic(plan))
    faults: list[str] = []
    for number, relation in enumerate(plan.relations, start=1):
        place = f"{plan.id}/relations.yaml: relation {number}"
        check = str(relation.get("check", ""))
        if check not in _DECLARED:
            remedy = did_you_mean(check, list(_DECLARED))
            faults.append(fault(place, f"unknown check '{check}'", remedy))
            continue
        watched = Watched(relation)
        try:
            findings.append(_DECLARED[check](Figures(plan), watched))
            faults += [
                fault(place, f"{check}: unknown key '{key}'", "correct or delete it")
                for key in watched.unread()
            ]
        except PlanError as error:
            faults.append(f"{place}: {error}")
        except KeyError as error:
            faults.append(fault(place, f"{check}: key {error} is missing", "add it"))
        except ZeroDivisionError:
            faults.append(fault(place, f"{check}: a divisor is zero", "choose another figure"))
    raise_all(PlanError, faults)
    return findings


COLUMNS = (
    "plan",
    "check",
    "check_zh",
    "indicator_ids",
    "arithmetic",
    "computed",
    "stated",
    "verdict",
    "verdict_zh",
    "basis",
    "location",
    "line",
    "message_en",
    "message_zh",
)


def audit_table(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Findings as rows of a table, in both languages."""
    return [
        {
            "plan": f.plan,
            "check": f.check,
            "check_zh": check_zh(f.check),
            "indicator_ids": " ".join(f.indicator_ids),
            "arithmetic": f.arithmetic.en,
            "computed": f.computed.en,
            "stated": f.stated.en,
            "verdict": f.verdict,
            "verdict_zh": VERDICTS[f.verdict],
            "basis": f.basis,
            "location": f.location,
            "line": str(f.line or ""),
            "message_en": f.message_en,
            "message_zh": f.message_zh,
        }
        for f in findings
    ]


def audit_counts(findings: Sequence[Finding]) -> dict[str, Counter[str]]:
    """Number of findings by verdict for each plan, verdicts in the order of the report."""
    counts: dict[str, Counter[str]] = {}
    for f in findings:
        counts.setdefault(f.plan, Counter())[f.verdict] += 1
    return counts


SERIOUS = frozenset(
    ("inconsistent", "laxer than baseline", "falls below baseline", "doubtful", "below own benchmark")
)
"""Verdicts of findings that a planner must see."""
