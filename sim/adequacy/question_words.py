"""What the row of a need says: how much, how it comes about, what a population basis turns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.adequacy.population_basis import Figures
from sim.plan.needs import Need


def reason(need: Need, mid: float, supplied: bool, norm: float | None) -> str:
    """The reason of a row in both languages; mid and norm in its unit."""
    unit, text = need.unit, f"{mid:,.0f}" if abs(mid) >= 1000 else f"{mid:.4g}"
    name = {"%": "%", "count": "", "hour": " hours"}.get(unit.name, f" {unit.name}")
    said = ("the need is", "需求为") if need.kind == "need" else ("the projection is", "预测为")
    parts = [
        (
            f"the plan sets no target; {said[0]} {text}{name}: {need.basis_en}",
            f"规划无目标；{said[1]}{text}{unit.name_zh}：{need.basis_zh}",
        )
    ]
    if supplied:
        parts.append(("verdict on the supply that the trend brings", "按趋势供给判定"))
    if norm is not None:
        parts.append((f"by national norm {norm:,.0f}", f"按国家标准{norm:,.0f}"))
    return "; ".join(en for en, _ in parts) + " / " + "；".join(zh for _, zh in parts)


def turned(basis: str, year: int, on_bases: Sequence[Figures]) -> str:
    """How many of the plan's ratios get another verdict on this population."""
    used = {_ratio(b): b["verdict"] for b in on_bases if b["used"] and b["year"] == year}
    other = [b for b in on_bases if b["basis"] == basis and b["year"] == year]
    if not other:
        return ""
    changed = [b for b in other if b["verdict"] != used.get(_ratio(b), b["verdict"])]
    names = ", ".join(f"{b['indicator_id']} {used[_ratio(b)]} -> {b['verdict']}" for b in changed)
    listed = f" ({names})" if names else ""
    return (
        f"; on it {len(changed)} of the plan's {len(other)} ratios get another verdict{listed}, "
        f"see basis.csv / 以此为口径，{len(other)}项比率中{len(changed)}项判定改变"
    )


def _ratio(row: Figures) -> tuple[Any, ...]:
    return tuple(row[n] for n in ("indicator_id", "scope", "location", "target", "unit"))
