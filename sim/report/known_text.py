"""What local counts changed, line by line: from a run's run.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.catalogue.language import Lang, label

_FAR = 4  # times as many or as few as projected that are told
_SMALL = 1000  # below it figures are shown with two decimals
_UNUSUAL = 2.0  # standard deviations from which a count is asked back
_PER_1000 = 1000.0


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
    moves = _moves(record, lang) + _far(record, lang)
    year, grade, source = record["year"], record["quality"], record["source"]
    if lang == "zh":
        counted = f"统计数 {value}{record['unit_zh']}，{grade} 级，{source}"
        return f"  {record['region']} {year}年{record['zh']}：{before} → {after}（{counted}）" + moves
    counted = f"counted {value} {record['unit']}, quality {grade}, {source}"
    return f"  {record['region']} {record['en']}, {year}: {before} -> {after} ({counted})" + moves


def _moves(record: Mapping[str, Any], lang: Lang) -> str:
    """The migration that a total of residents is read as; asked back where it would be unusual."""
    if "net_migration" not in record:
        return ""
    rate, projected = (_PER_1000 * float(record[k]) for k in ("net_migration", "net_migration_before"))
    text = label(
        f"；读作年均净迁移 {rate:+.1f}‰（推算 {projected:+.1f}‰）",
        f"; read as net migration of {rate:+.1f} per 1000 a year (projected {projected:+.1f})",
        lang,
    )
    sd = _PER_1000 * float(record["net_migration_sd"])
    away = abs(rate - projected) / sd if sd > 0 else 0.0
    if away < _UNUSUAL:
        return text
    return text + label(
        f"\n    注意：相差 {away:.1f} 个标准差（各地为 {sd:.1f}‰），请核对：若口径修订或区划调整，"
        "在 old_basis 列填写旧口径数，即不作迁移",
        f"\n    note: {away:.1f} standard deviations away (places: {sd:.1f} per 1000); check it: where the"
        " register was revised or borders moved, write the figure on the basis before under old_basis,"
        " and it is no migration",
        lang,
    )


def _far(record: Mapping[str, Any], lang: Lang) -> str:
    """What is said of a count many times what was projected without it, which nothing refuses."""
    before, value = float(record["before"]), float(record["value"])
    if not before > 0 or not value > 0 or 1 / _FAR < value / before < _FAR:
        return ""
    more, times = value > before, max(value / before, before / value)
    zh, en = (f"{times:.1f}倍", f"{times:.1f} times") if more else (f"{times:.1f}分之一", f"1/{times:.1f}")
    return label(
        f"——是推算值的{zh}，请核对单位和地区", f" - {en} of what is projected: check unit and place", lang
    )


def _figure(value: float) -> str:
    small = abs(value) < _SMALL and value != round(value)
    return f"{value:,.2f}" if small else f"{value:,.0f}"
