"""A row of review.csv for each target, and of review_parts.csv for each of its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from sim.adequacy.case import Case
from sim.adequacy.gap import TIE
from sim.adequacy.kinds import kind_of
from sim.adequacy.verdict import judge
from sim.draws import sampled
from sim.known.words import PARTS
from sim.plan.statements import goal_text, target_text
from sim.plan.targets import Target
from sim.review.standings import ENOUGH, NEED, REACHED, TREND, VALUE, Held, path, stands
from sim.run.counted import Entry
from sim.writing import number

COLUMNS = (
    *("plan", "region", "scenario", "indicator_id", "name_zh", "name_en", "unit"),
    *("year", "path", "stands_before", "stands_p10", "stands", "stands_p90", "pace", "counted"),
    *("target_year", "target", "p_reached_before", "p_reached", "p_enough_before", "p_enough"),
    *("verdict_before", "verdict", "main", *(f"by_{part}" for part in PARTS), "of"),
)
PART_COLUMNS = (
    *("indicator_id", "scope", "unit", "target_year", "quantity", "before"),
    *(f"by_{part}" for part in PARTS),
    "after",
)
PACES = ("ahead", "on_path", "behind", "")
_SHOWN = (0.1, 0.5, 0.9)
_COUNTED = {
    "e0": "life_expectancy",
    "infant_mortality": "infant_deaths",
    "maternal_mortality": "maternal_deaths",
    "bed_occupancy": "occupancy",
    "population_group": "population",
    "beds": "beds",
}
Shares = Mapping[str, Mapping[str, float]]


def row_of(
    before: Case, after: Case, held: Held, year: int, shares: Shares, new: Sequence[Entry]
) -> dict[str, Any]:
    """One target: on its path in `year`, reached and enough when due, and what moved it most."""
    target, statement = held.target, held.stated.statement
    entry = statement.row.entry
    scope = "" if target.scope in ("", "all") else f" ({target.scope})"
    aim = path(before, held, year)
    was, now = stands(before, target, year), stands(after, target, year)
    band = None if now is None else np.quantile(sampled(now), _SHOWN)
    rules = after.rules_on(target.indicator, target.scope, target.year)
    sides = tuple(zip((before, after), _SIDES, strict=True))
    declined = next((rule.rule for rule in rules if rule.effect == "decline"), "")
    unsaid = {(q, side) for q in (ENOUGH, REACHED) for _, side in _SIDES if declined}
    unsaid |= {(REACHED, side) for case, (_, side) in sides if not _is_counted(case, target, shares)}
    told = {q: v for q, v in shares.items() if (q, "after") not in unsaid}
    main, of, parts = ("", "", {}) if declined else _main(told)
    return {
        "plan": after.plan.id,
        "region": after.region,
        "scenario": after.scenario,
        "indicator_id": target.indicator,
        "name_zh": entry.name_zh + scope,
        "name_en": entry.name_en + scope,
        "unit": target.unit,
        "year": year,
        "path": _text(aim),
        "stands_before": _text(None if was is None else float(np.median(sampled(was)))),
        **{
            f"stands{end}": _text(None if band is None else float(band[i]))
            for i, end in enumerate(("_p10", "", "_p90"))
        },
        "pace": _pace(held, aim, None if band is None else float(band[1])),
        "counted": _counted(held, new, year),
        "target_year": target.year,
        "target": goal_text(statement) or target_text(statement),
        **{
            f"{p}{end}": "" if (p, side) in unsaid else _of(shares, p, side)
            for p in (REACHED, ENOUGH)
            for end, side in _SIDES
        },
        **{f"verdict{end}": _verdict(case, shares, side) for case, (end, side) in sides},
        "main": main,
        **{f"by_{part}": _text(parts.get(part)) for part in PARTS},
        "of": of,
    }


_SIDES = (("_before", "before"), ("", "after"))


def _is_counted(case: Case, target: Target, shares: Shares) -> bool:
    """Whether what is reached starts from a count, as a run asks it; an outcome starts from none."""
    return ENOUGH not in shares or case.knows_stock(target.variable, target.group)


def part_rows(held: Held, shares: Shares, there: Sequence[str]) -> Iterator[dict[str, Any]]:
    """A row for each figure of a target: before, what people, use and supply add, after."""
    target = held.target
    for quantity, own in shares.items():
        yield {
            "indicator_id": target.indicator,
            "scope": target.scope,
            "unit": "1" if quantity in (ENOUGH, REACHED) else target.unit,
            "target_year": target.year,
            "quantity": quantity,
            "before": number(own["before"]),
            **{f"by_{part}": number(own[part]) if part in there else "" for part in PARTS},
            "after": number(own["after"]),
        }


def _main(shares: Shares) -> tuple[str, str, dict[str, float]]:
    """The part of the counts that moved the answer most, of which figure, and all its parts.

    The figure: the probability of enough, else of reached; where it stays as it is, need, trend or value.
    """
    order = [q for q in (ENOUGH, REACHED, NEED, TREND, VALUE) if q in shares]
    for quantity in order:
        parts = {p: v for p, v in shares[quantity].items() if p in PARTS}
        size = max((abs(v) for v in parts.values()), default=0.0)
        scale = 1.0 if quantity in (ENOUGH, REACHED) else abs(shares[quantity]["before"])
        if size > _SMALL * scale:
            return max(parts, key=lambda p: abs(parts[p])), quantity, parts
    return "", "", {}


_SMALL = 0.005  # of a probability, or of a figure: a change below it is none that is said


def _pace(held: Held, aim: float | None, now: float | None) -> str:
    """ahead, on_path or behind, to the digits that the plan prints."""
    if aim is None or now is None or held.target.sense == "in":
        return ""
    step = held.target.step
    alike = step > 0 and round(now / (2 * step)) == round(aim / (2 * step))  # as the plan would print them
    if alike or abs(now - aim) <= step + TIE * abs(aim):
        return "on_path"
    more = now > aim
    return "ahead" if more == kind_of(held.target).rises(held.target) else "behind"


def _counted(held: Held, new: Sequence[Entry], year: int) -> str:
    """The count of the year, in the plan's own words: its value, "" where nothing of it was counted."""
    name = _COUNTED.get(held.target.variable, held.target.variable)
    whole = held.target.group in ("", "total", "both")
    found = [e.count for e in new if e.count.indicator.id == name and e.count.year == year and whole]
    return f"{found[0].value:.10g} {found[0].indicator.unit}" if found else ""


def _of(shares: Shares, quantity: str, side: str) -> str:
    return number(shares[quantity][side]) if quantity in shares else ""


def _verdict(case: Case, shares: Shares, side: str) -> str:
    """The verdict on enough, as a run gives it but for a surplus; "" where nothing is needed."""
    if ENOUGH not in shares:
        return ""
    return judge(shares[ENOUGH][side], 0.0, case.thresholds)


def _text(value: float | None) -> str:
    return "" if value is None or not np.isfinite(value) else number(float(value))
