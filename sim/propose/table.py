"""propose.csv: one row for each indicator and year, with everything that stands beside a proposal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sim.adequacy.case import Case
from sim.adequacy.evidence import KINDS
from sim.adequacy.revise import PROBABILITIES
from sim.draws import sampled
from sim.places import Region
from sim.places.yearly import read_yearly
from sim.plan.counts import newest
from sim.plan.floors import in_force
from sim.plan.targets import stated_targets
from sim.propose import province
from sim.propose.levels import figures
from sim.propose.listed import WISH, Listed
from sim.propose.reason import beside, reason
from sim.propose.recommend import Aim, Proposal, recommend
from sim.saved.attached import POINTS
from sim.writing import cell, write_rows

COLUMNS = (
    "region",
    "scenario",
    "section_zh",
    "section_en",
    "indicator_id",
    "scope",
    "operator",
    "name_zh",
    "name_en",
    "year",
    "unit",
    "population_basis",
    "now_year",
    *(f"{name}_{point}" for name in ("now", "need") for point in POINTS),
    "norm",
    *(f"trend_{point}" for point in POINTS),
    "p_trend",
    *(f"enough_{round(100 * p)}" for p in PROBABILITIES),
    "carried",
    "reach",
    "floor",
    "floor_status",
    "nation",
    "nation_year",
    "province",
    "province_year",
    "province_goal",
    "province_goal_year",
    "province_plan",
    "recommended",
    "basis",
    "p_asked",
    "p",
    "verdict",
    "count",
    "stock_now",
    "net_per_year",
    "replacement_per_year",
    "per_year",
    "grade",
    *(f"share_{kind}" for kind in KINDS),
    "find_first",
    "reason_zh",
    "reason_en",
    "note",
)
_NOTHING = "nobody here whom it is for, or no such series / 本地无该类人口，或模型未覆盖该指标"
Made = tuple[Listed, int, Proposal | None]


def proposals(case: Case, listed: Sequence[Listed], now: int, p: float) -> Iterator[Made]:
    """(listed, year, its proposal) for each indicator and year of the case's probe."""
    by_row = {(one.indicator_id, one.scope): one for one in listed}
    pace = case.parameters["proposal.pace"].data
    wished = float(case.parameters["proposal.wish_p"].data)
    for stated in stated_targets(case.plan, case.rules, ()):
        one = by_row[stated.statement.row.id, stated.statement.row.scope]
        speed = float(pace.sel(pace=one.pace)) if one.pace else None
        made = None
        if stated.target is not None:
            aim = Aim(p, speed, min(p, wished) if one.need == WISH else None)
            made = recommend(case, stated.target, one.places, now, aim)
        yield one, stated.year, made


def row_of(
    case: Case, made: Made, region: Region, root: Path, asked: province.Goals, now: int, p: float
) -> dict[str, Any]:
    """A row of propose.csv, numbers as they are.  asked: targets of the place's province."""
    one, year, proposal = made
    counted = newest(root / "parameters", one.indicator_id)
    if counted is not None and counted.unit.name != one.unit:
        counted = None
    count, count_year = _province(one, region, root, case)
    out: dict[str, Any] = {
        **_named(case, one),
        "year": year,
        "now_year": now,
        "p_asked": p,
        "nation": None if counted is None else counted.value,
        "nation_year": "" if counted is None else counted.year,
        "province": count,
        "province_year": count_year,
        **_asked(one, region, asked, year, case),
    }
    if proposal is None:
        return out | {"note": _NOTHING}
    out |= _proposed(case, proposal, one.indicator_id, year)
    if "province_goal" in out:
        zh, en = beside(out["province_goal"], out["province_goal_year"], proposal.places)
        out |= {"reason_zh": out["reason_zh"] + zh, "reason_en": out["reason_en"] + en}
    return out


def _named(case: Case, one: Listed) -> dict[str, Any]:
    """The columns that say which indicator of which place it is."""
    entry = case.plan.vocabulary.indicators[one.indicator_id]
    parts = {"urban": ("（市区）", " (urban)"), "counties": ("（县域）", " (counties)")}
    zh, en = parts.get(one.scope, ("", ""))
    return {
        "region": case.region,
        "scenario": case.scenario,
        "section_zh": one.section_zh,
        "section_en": one.section_en,
        "indicator_id": one.indicator_id,
        "scope": one.scope,
        "operator": one.operator,
        "name_zh": entry.name_zh + zh,
        "name_en": entry.name_en + en,
        "unit": one.unit,
        "population_basis": one.population_basis,
    }


def _asked(
    one: Listed,
    region: Region,
    asked: province.Goals,
    year: int,
    case: Case,
) -> dict[str, Any]:
    """The newest target of the province that is due by the year, in the indicator's unit."""
    found = province.for_year(asked.get((one.indicator_id, one.scope), ()), year)
    unit, below = case.plan.vocabulary.units[one.unit], region.code != region.province
    value = None if found is None else found.shown(unit, one.population_basis, below=below)
    if found is None or value is None:
        return {}
    return {"province_goal": value, "province_goal_year": found.year, "province_plan": found.plan}


def _proposed(case: Case, proposal: Proposal, indicator: str, year: int) -> dict[str, Any]:
    """The columns of what is recommended: its levels, what it takes and why."""
    floor = in_force(case.floors.get(indicator, ()), year)
    found, took = proposal.row, proposal.effort
    status = floor.status if floor is not None and proposal.levels.floor is not None else ""
    m = case.reading.measures
    draws = len(sampled(m.population("resident", m.years()[0])))
    zh, en = reason(proposal, status, case.parameters, draws)
    return {
        **figures(proposal.levels),
        **{f"enough_{round(100 * q)}": value for q, value in proposal.enough.items()},
        **{f"share_{kind}": getattr(found, f"share_{kind}") for kind in KINDS},
        "p_trend": proposal.p_trend,
        "carried": proposal.carried,
        "floor_status": status,
        "recommended": proposal.text,
        "basis": proposal.basis,
        "p": proposal.p,
        "verdict": found.verdict,
        "count": took.count,
        "stock_now": took.stock,
        "net_per_year": took.net,
        "replacement_per_year": took.replacement,
        "per_year": took.per_year,
        "grade": found.grade,
        "find_first": found.find_first,
        "reason_zh": zh,
        "reason_en": en,
        "note": "; ".join(text for text in (found.reason, took.note) if text),
    }


def _province(one: Listed, region: Region, root: Path, case: Case) -> tuple[float | None, int | str]:
    """The newest yearly figure of the place's province per head, in the indicator's unit."""
    if not one.series or region.province is None:
        return None, ""
    yearly = read_yearly(root)
    stock, people = yearly.of(one.series), yearly.of("population")
    if region.province not in stock.region.values:
        return None, ""
    ratio = (stock / people).sel(region=region.province).dropna("year")
    if not ratio.size:
        return None, ""
    unit = case.plan.vocabulary.units[one.unit]
    return float(ratio[-1]) / unit.factor, int(ratio.year[-1])


def write(folder: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """propose.csv of a run folder."""
    path = folder / "propose.csv"
    write_rows(path, COLUMNS, ({c: cell(row.get(c)) for c in COLUMNS} for row in rows))
    return path
