"""What local counts changed, line by line: from a run's run.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.catalogue.language import Lang, label

_SMALL = 1000  # below it figures are shown with two decimals


def known_text(records: Sequence[Mapping[str, Any]], lang: Lang, *, most: int = 40) -> str:
    """A head, and for each count the projection's figure without it -> with all of them; "" without any.

    records: `known` of run.json.
    """
    if not records:
        return ""
    head = label(
        f"地方统计数 {len(records)} 项（不用时的推算值 → 采用后）：",
        f"{len(records)} local counts (projected without -> with them):",
        lang,
    )
    lines = [known_line(record, lang) for record in records[:most]]
    more = len(records) - most
    if more > 0:
        lines.append(
            label(f"  另有 {more} 项，见 run.json 的 known", f"  {more} more: known in run.json", lang)
        )
    return "\n".join([head, *lines])


def known_line(record: Mapping[str, Any], lang: Lang) -> str:
    """One count."""
    before, after, value = (_figure(float(record[k])) for k in ("before", "after", "value"))
    year, grade, source = record["year"], record["quality"], record["source"]
    if lang == "zh":
        counted = f"统计数 {value}{record['unit_zh']}，{grade} 级，{source}"
        return f"  {record['region']} {year}年{record['zh']}：{before} → {after}（{counted}）"
    counted = f"counted {value} {record['unit']}, quality {grade}, {source}"
    return f"  {record['region']} {record['en']}, {year}: {before} -> {after} ({counted})"


def _figure(value: float) -> str:
    small = abs(value) < _SMALL and value != round(value)
    return f"{value:,.2f}" if small else f"{value:,.0f}"
