"""What a run with parts says of them at its end: which, who is left out, how far alone from whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.catalogue.language import Lang, label
from sim.saved.numbers import number

_NAMED = {
    "population": ("人口", "people"),
    "births": ("出生", "births"),
    "deaths": ("死亡", "deaths"),
    "beds_required": ("床位需求", "need for beds"),
}
"""Series whose gap is told; net migration has no share, for it may be near 0."""


def parts_text(meta: Mapping[str, Any], lang: Lang) -> str:
    """Lines on the parts of a saved run; "" where it has none.

    meta: run.json, of which `parts` and `parts_gap` are read.
    """
    told = meta.get("parts")
    if not told:
        return ""
    (whole,) = (str(r[f"name_{lang}"]) for r in meta["regions"] if r["code"] == told["of"])
    n = len(told["parts"])
    lines = [
        label(
            f"{whole}的 {n} 个组成部分，逐次抽样相加等于全域（parts.csv，图 parts）",
            f"{n} parts of {whole}, which add up to it in every draw (parts.csv, chart parts)",
            lang,
        )
    ]
    return "\n".join([*lines, *_left_out(told["left_out"], lang), *_gap(meta.get("parts_gap", []), lang)])


def _left_out(left: Sequence[Mapping[str, Any]], lang: Lang) -> list[str]:
    if not left:
        return []
    names = [f"{p['code']} {p['name_zh']} ({number(float(p['people_2020']), lang)})" for p in left]
    return [
        label(
            f"  未列入（2020年普查人数过少，无法推算）：{'、'.join(names)}；其人口摊入其余各部分",
            f"  left out, too few people in 2020 to project: {', '.join(names)}; "
            "the others hold their people too",
            lang,
        )
    ]


def _gap(rows: Sequence[Mapping[str, Any]], lang: Lang) -> list[str]:
    """Of the first scenario: the sum of the parts by themselves over the whole, less one."""
    own = [r for r in rows if r["variable"] in _NAMED and r["scenario"] == rows[0]["scenario"]]
    if not own:
        return []
    shares = {str(r["variable"]): 100 * float(r["relative_p50"]) for r in own if r["relative_p50"] != ""}
    said = [f"{label(*_NAMED[name], lang)} {shares[name]:+.1f} %" for name in _NAMED if name in shares]
    return [
        label(
            f"  各自单独推算之和与全域之差，{own[0]['year']}年：{'，'.join(said)}（parts_gap.csv）",
            f"  the parts each by itself, their sum against the whole in {own[0]['year']}: "
            f"{', '.join(said)} (parts_gap.csv)",
            lang,
        )
    ]
