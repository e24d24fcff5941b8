"""Rows of adequacy.csv for what a plan asks in words: the need, without a target to test.

required_* hold the need (or the figure that the question asks for, such as the population).
Where a supply is projected from a stock of the place's own the verdict is the ordinary one on that
supply, p_enough = P(projected >= required), and the same by national norm where there is one; where the
stock is the nation's per head, it is `national_pattern`; without a supply `no_target`.  `target` stays
empty and the indicator is called question_<number>_<what>: these rows never pass for targets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import xarray as xr

from sim.adequacy import (
    compare,
    evidence,
    judge,
    probability_mcse,
    quantile_mcse,
    quantiles,
)
from sim.adequacy.case import Case
from sim.adequacy.judged import on_the_line
from sim.adequacy.population_basis import Figures
from sim.adequacy.question_words import reason, turned
from sim.adequacy.series import Measures, median
from sim.arrays import Floats
from sim.draws import sampled
from sim.expression import Leaf, NotReadableError, Stated, evaluate, parse
from sim.params import Sampler
from sim.plan import Plan
from sim.plan.needs import OF_PLAN, Need
from sim.saved.row import Row

TEST = "need"
NATIONS_SUPPLY = (
    "no count of the place's own stock: the supply beside the need is the nation's per head / "
    "无本地存量统计：与需求并列的供给按全国人均推算"
)
CAPACITY = "managed_"
_BASIS = "population_basis."
Shares = Mapping[str, xr.DataArray]


def need_rows(cases: Iterable[Case], on_bases: Sequence[Figures]) -> Iterator[Row]:
    """Rows for every need of the plan, tested year, region and scenario.

    on_bases: rows of basis.csv, for what a population basis does to the plan's ratios.
    """
    for context in cases:
        needs = context.needs
        shares = _shares(context)
        at = (context.region, context.scenario)
        mine = [b for b in on_bases if (b["region"], b["scenario"]) == at]
        for need in needs:
            for year in _years(context, context.test_years):
                yield _row(context, shares, need, year, mine)


def _shares(context: Case) -> Shares:
    """Central values of the parameters that needs name as a share."""
    named = {n.share for n in context.needs if n.share and not n.share.startswith(OF_PLAN)}
    chosen = {name: context.parameters[name] for name in sorted(named)}
    return Sampler(chosen, context.measures.years(), 0).block([0])


def _years(context: Case, test_years: Sequence[int]) -> list[int]:
    """The plan's target year and the tested years after it, within the run."""
    first, known = context.plan.target_year, context.measures.years()
    tested = (first, *(y for y in test_years if y > first))
    return [y for y in tested if known[0] <= y <= known[-1]]


def _row(context: Case, shares: Shares, need: Need, year: int, on_bases: Sequence[Figures]) -> Row:
    row = Row(
        plan=context.plan.id,
        region=context.region,
        scenario=context.scenario,
        indicator_id=need.id,
        name_zh=need.name_zh,
        name_en=need.name_en,
        year=year,
        unit=need.unit.name,
        test=TEST,
        variable=need.required,
        question=need.question,
        target_year=context.plan.target_year,
        unit_factor=need.unit.factor,
    )
    required = value(context.plan, context.measures, need.required, year)
    share = _share(context.plan, shares, need, year)
    if required is None or share is None:
        missing = f"the model has no {need.required if required is None else need.share}"
        row.say(f"{missing} / 模型未覆盖该变量")
        return row
    supply = value(context.plan, context.measures, need.available, year)
    norm = _norm(context.measures, need, year)
    row.need_norm_p50 = None if norm is None else median(norm)
    _judge(context, need, required * share / need.unit.factor, supply, norm, row)
    evidence.write(context, row, _swung(context, need, year, with_supply=supply is not None))
    said = reason(need, row.required_p50 or 0.0, row.p_enough is not None, row.need_norm_p50)
    if need.required.startswith(_BASIS):
        said += turned(need.required.removeprefix(_BASIS), year, on_bases)
    row.say(said)
    row.name_none()
    return row


def _judge(
    context: Case, need: Need, required: Floats, supply: Floats | None, norm: Floats | None, row: Row
) -> None:
    """Quantiles, and the verdicts on the supply if there is one; required and norm in the row's unit."""
    low, mid, high = quantiles(sampled(required))
    row.required_p10, row.required_p50, row.required_p90 = float(low), float(mid), float(high)
    row.required_p50_mcse = float(quantile_mcse(sampled(required), 0.5))
    row.verdict = "no_target"
    if supply is None:
        return
    shown = supply / need.unit.factor
    c = compare(sampled(required), sampled(shown), context.thresholds.surplus_ratio)
    row.available_p50 = row.projected_p50 = median(shown)
    row.ratio_p50 = c.ratio
    if not context.knows_stock(need.available, ""):
        row.verdict = "national_pattern"
        row.say(NATIONS_SUPPLY)
        return
    row.p_enough = c.p_enough
    row.p_enough_mcse = probability_mcse(c.p_enough, c.n)
    carried = need.available.startswith(CAPACITY)  # what staff can carry: more of it is no surplus of care
    row.verdict = judge(c.p_enough, 0.0 if carried else c.p_surplus, context.thresholds)
    row.on_the_line = on_the_line(c.p_enough, row.p_enough_mcse, context.thresholds)
    if norm is not None:
        row.p_enough_norm = compare(sampled(norm), sampled(shown), 1.0).p_enough
        row.verdict_norm = judge(row.p_enough_norm, 0.0, context.thresholds)  # a norm is a floor


def _share(plan: Plan, shares: Shares, need: Need, year: int) -> float | None:
    """The factor on what is required; 1 where the need names none."""
    if not need.share:
        return 1.0
    if need.share.startswith(OF_PLAN):
        return printed(plan, need.share)
    found = shares[need.share]
    return float(found.sel(year=year) if "year" in found.dims else found)


def value(plan: Plan, m: Measures, text: str, year: int) -> Floats | None:
    """An expression over draws, in which `plan.<indicator>` is what the plan itself prints.

    None if the text is empty or a part of it is not modelled, or not printed.
    """
    if not text:
        return None

    def read(leaf: Leaf) -> Floats | None:
        if not isinstance(leaf, Stated):
            return m.leaf(leaf, year)
        stated = printed(plan, f"{OF_PLAN}{leaf.indicator}")
        return None if stated is None else np.full_like(m.population("resident", year), stated)

    try:
        tree = parse(text, m.known, of_plan=True)
    except NotReadableError:
        return None  # the table was read against the schema: what is left is not modelled here
    return evaluate(tree, read)


def printed(plan: Plan, term: str) -> float | None:
    """The plan's baseline of `plan.<indicator>` in the model's unit, binding rows first."""
    rows = plan.rows(term.removeprefix(OF_PLAN), "baseline")
    ordered = sorted(rows, key=lambda r: r.binding != "binding")
    return next((r.fraction for r in ordered if r.fraction is not None), None)


def _norm(m: Measures, need: Need, year: int) -> Floats | None:
    """The same need by national norm, by draw, where the model has one, in the row's unit."""
    name, _, group = need.required.partition(".")
    if need.share or not name.endswith("_required") or not m.has(f"{name}_norm", group):
        return None
    return m.at(f"{name}_norm", group, year) / need.unit.factor


def _swung(context: Case, need: Need, year: int, *, with_supply: bool) -> Floats | None:
    """What the answer is with each parameter moved alone."""
    moved = value(context.plan, context.swung.measures, need.required, year)
    if moved is None:
        return None
    supply = value(context.plan, context.swung.measures, need.available, year) if with_supply else None
    if supply is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            moved = np.where(moved > 0, supply / moved, 0.0)
    return moved
