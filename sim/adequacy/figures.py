"""The figures of a verdict: need, supply and probabilities in the plan's unit."""

from __future__ import annotations

import numpy as np

from sim.adequacy import (
    Comparison,
    compare,
    judge,
    mean_probability_mcse,
    probability_mcse,
    quantile_mcse,
    quantiles,
)
from sim.adequacy.case import Case
from sim.adequacy.held import Held
from sim.adequacy.series import median
from sim.adequacy.table import Row
from sim.draws import sampled
from sim.plan import Indicator
from sim.plan.statements import meets


def supply_figures(context: Case, statement: Indicator, held: Held) -> Row:
    """What is planned and what the trend brings against the need: gap, probabilities, verdict."""
    assert held.required is not None
    required, available = sampled(held.required), sampled(held.available)
    c: Comparison = compare(required, available, context.thresholds.surplus_ratio)
    low, mid, high = quantiles(sampled(held.shown(held.required)))
    shown = held.shown(held.available)
    out: Row = {
        "required_p10": float(low),
        "required_p50": float(mid),
        "required_p90": float(high),
        "available_p50": median(shown),
        "ratio_p50": c.ratio,
        "p_enough": c.p_enough,
        "p_enough_mcse": probability_mcse(c.p_enough, c.n),
        "required_p50_mcse": float(quantile_mcse(sampled(held.shown(held.required)), 0.5)),
        "verdict": judge(c.p_enough, c.p_surplus, context.thresholds),
        "required_count_p50": c.required[1],
        "available_count_p50": c.available,
        "need_plan_p50": median(shown),
    }
    if held.norm is not None:
        out["need_norm_p50"] = median(held.shown(held.norm))
        out["note"] = _norm_note(context, statement, held)
    if held.projected is not None:
        projected = sampled(held.projected)
        trend = sampled(held.shown(held.projected))  # in the plan's unit: its operator counts there
        reached = float(np.mean(meets(statement, trend, sampled(shown))))
        out |= {
            "projected_p50": median(held.shown(held.projected)),
            "projected_count_p50": float(np.median(projected)),
            "p_reached": reached,
            "p_reached_mcse": probability_mcse(reached, c.n),
            "p_enough_projected": compare(required, projected, 1.0).p_enough,
        }
    return out


def _norm_note(context: Case, statement: Indicator, held: Held) -> str:
    """What to know where need by use and by national norm lie far apart; "" where they do not."""
    assert held.required is not None
    assert held.norm is not None
    use, norm = median(held.shown(held.required)), median(held.shown(held.norm))
    if abs(norm - use) <= context.norm_gap * norm:
        return ""
    unit = statement.unit.name
    return (
        f"need by use {use:.4g} {unit} counts what is used inside the region, "
        f"by national norm {norm:.4g} / "
        f"使用需求{use:.4g}只计本地区内实际利用，按国家标准为{norm:.4g}"
    )


def outcome_figures(context: Case, held: Held) -> Row:
    """How surely an outcome meets its target, and the verdict on it."""
    assert held.p_meets is not None
    met = sampled(held.p_meets)
    p = float(np.mean(met))
    return {
        "available_p50": median(held.shown(held.available)),
        "p_reached": p,
        "p_reached_mcse": mean_probability_mcse(met),
        "verdict": judge(p, 0.0, context.thresholds),
        "note": "verdict on reaching the target / 按达标概率判定",
    }
