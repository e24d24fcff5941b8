"""The figures of a verdict in the plan's unit, and the verdict: by use, by norm, by outcome."""

from __future__ import annotations

import numpy as np

from sim.adequacy.case import Case
from sim.adequacy.gap import TIE, Comparison, compare
from sim.adequacy.series import median
from sim.adequacy.standing import Standing, meets
from sim.adequacy.verdict import Thresholds, judge
from sim.arrays import Floats
from sim.catalogue.words import unit
from sim.draws import mean_probability_mcse, probability_mcse, quantile_mcse, quantiles, sampled
from sim.plan.targets import Target
from sim.saved.row import Row

NATIONS_STOCK = (
    "no count of the place's own stock: the trend is the nation's per head and says nothing of reaching it / "
    "无本地存量统计：趋势按全国人均推算，不判断能否达到"
)
LINE = 2.0  # standard errors within which a probability is on the line


def judge_standing(case: Case, target: Target, standing: Standing, row: Row) -> None:
    """Write the figures and the verdict of a standing into its row."""
    if standing.required is None:
        _outcome(case, standing, row)
    else:
        _provision(case, target, standing, row)
    if standing.capacity is not None:
        _capacity(standing, row)
    row.name_none()


def _provision(case: Case, target: Target, standing: Standing, row: Row) -> None:
    """What is planned and what the trend brings against the need by use and by norm."""
    assert standing.required is not None
    required, available = sampled(standing.required), sampled(standing.available)
    c: Comparison = compare(required, available, case.thresholds.surplus_ratio, standing.hidden_draws)
    needed = sampled(standing.shown(standing.required))
    low, mid, high = quantiles(needed)
    row.required_p10, row.required_p50, row.required_p90 = float(low), float(mid), float(high)
    row.available_p50 = row.need_plan_p50 = median(standing.shown(standing.available))
    row.ratio_p50, row.p_enough = c.ratio, c.p_enough
    row.p_enough_mcse = probability_mcse(c.p_enough, c.n)
    row.required_p50_mcse = float(quantile_mcse(needed, 0.5))
    row.verdict = judge(c.p_enough, c.p_surplus, case.thresholds)
    row.required_count_p50, row.available_count_p50 = c.required[1], c.available
    row.on_the_line = on_the_line(c.p_enough, row.p_enough_mcse, case.thresholds)
    if np.any(standing.hidden_draws):
        row.say(_by_digits(target, c, compare(required, available, case.thresholds.surplus_ratio), row.unit))
    if standing.norm is not None:
        _norm(case, target, standing, row)
    if standing.projected is not None:
        _trend(target, standing, standing.projected, row)
        if not case.knows_stock(target.variable, target.group):
            row.p_reached = row.p_reached_mcse = row.p_enough_projected = None
            row.say(NATIONS_STOCK)


def _by_digits(target: Target, read: Comparison, exact: Comparison, per: str) -> str:
    """What the digits that the plan prints make of it, where they decide more than a norm's own spread."""
    if read.p_enough == exact.p_enough:
        return ""
    less, p = f"{target.step:.2g}", f"{exact.p_enough:.0%}"
    return (
        f"a norm is met to the digits that the plan prints: up to {less} {per} less counts as met, "
        f"to the last digit enough with {p} / "
        f"标准按规划所印位数核对：少于标准不超过{less}视为达到，逐位比较则够用的概率为{p}"
    )


def _norm(case: Case, target: Target, standing: Standing, row: Row) -> None:
    """The second verdict: on the need by national norm, to the digits that the plan prints."""
    assert standing.norm is not None
    hidden = 0.0 if standing.per is None else target.step * standing.per
    c = compare(sampled(standing.norm), sampled(standing.available + hidden), case.thresholds.surplus_ratio)
    row.need_norm_p50 = median(standing.shown(standing.norm))
    row.p_enough_norm = c.p_enough
    row.verdict_norm = judge(c.p_enough, 0.0, case.thresholds)  # a norm is a floor: above it is no surplus
    use, norm = row.required_p50 or 0.0, row.need_norm_p50
    if abs(norm - use) > case.norm_gap * abs(norm):
        row.say(
            f"need by use {use:.4g} {row.unit} counts what is used inside the region, by national norm "
            f"{norm:.4g} / 使用需求{use:.4g}只计本地区内实际利用，按国家标准为{norm:.4g}"
        )


def _trend(target: Target, standing: Standing, projected: Floats, row: Row) -> None:
    """Whether supply, going on as before, reaches the target: in the plan's unit, as its operator counts."""
    trend, goal = sampled(standing.shown(projected)), sampled(standing.shown(standing.available))
    required = standing.required
    assert required is not None
    row.projected_p50 = median(standing.shown(projected))
    row.projected_count_p50 = median(projected)
    row.p_reached = float(np.mean(meets(target, trend, goal)))
    row.p_reached_mcse = probability_mcse(row.p_reached, len(trend))
    row.p_enough_projected = compare(sampled(required), sampled(projected), 1.0).p_enough


def _outcome(case: Case, standing: Standing, row: Row) -> None:
    """How surely an outcome or a coverage meets its target, and the verdict on it."""
    assert standing.p_meets is not None
    met = sampled(standing.p_meets)
    p = float(np.mean(met))
    row.available_p50 = median(standing.shown(standing.available))
    row.p_reached = p
    row.p_reached_mcse = mean_probability_mcse(met)
    row.verdict = judge(p, 0.0, case.thresholds)
    row.on_the_line = on_the_line(p, row.p_reached_mcse, case.thresholds)
    if standing.planned is not None:
        row.available_count_p50 = median(standing.planned)
        row.projected_count_p50 = median(standing.available)
    row.say("verdict on reaching the target / 按达标概率判定")


def _capacity(standing: Standing, row: Row) -> None:
    """What staff and services can carry, beside a coverage."""
    assert standing.capacity is not None
    assert standing.load is not None
    load, most = sampled(standing.load), sampled(standing.capacity)
    row.capacity_p50 = median(standing.shown(standing.capacity))
    row.p_capacity = float(np.mean(most * (1 + TIE) >= load))
    row.required_count_p50 = median(standing.load)
    row.available_count_p50 = median(standing.available)
    row.say(
        f"means {row.required_count_p50:,.0f} people or events a year; capacity comes to "
        f"{row.capacity_p50:.4g} {row.unit} / "
        f"意味着每年{row.required_count_p50:,.0f}人（次）；"
        f"现有能力可承担{row.capacity_p50:.4g}{unit(row.unit, 'zh')}"
    )


def on_the_line(p: float, mcse: float, at: Thresholds) -> str:
    """The thresholds that more draws may put on the other side of p; "" for none."""
    near = {"adequate": at.adequate, "tight": at.tight}
    return " ".join(name for name, limit in near.items() if abs(p - limit) < LINE * mcse)
