"""Which targets would be enough, and what they take a year."""

from __future__ import annotations

from collections.abc import Sequence

from sim.catalogue.language import Lang, label, labels
from sim.catalogue.words import unit
from sim.document.blocks import NONE, Block, Heading, Table, Text
from sim.document.material import Line, Material
from sim.document.sentences import computed, money, units_of, whole
from sim.document.table_columns import filled
from sim.report.revise_table import BOUNDS
from sim.saved.numbers import or_nan
from sim.saved.row import Row
from sim.saved.rows import indicator_text
from sim.schema import RESOURCES

_HEADS = (
    ("指标与规划目标", "Target of the plan"),
    *((f"{p}%\n把握", f"{p}%\nsure") for p in (80, 90, 95)),
    ("建议目标", "Proposed"),
    ("折合总量", "In all"),
    ("年均\n新增", "A year"),
    ("建设费", "Capital"),
    ("年运行", "Yearly"),
)
_SAME = 1e-4  # of a count: figures as stored
_WIDTHS = (30, 9, 9, 9, 19, 16, 11, 10, 10)


def revised(m: Material) -> list[Block]:
    """Targets that would be enough, with yearly build and recruitment."""
    lang = m.lang
    ordered = sorted(m.judged, key=lambda r: (r.indicator_id, r.year))
    body = [cells for row in ordered if (cells := _cells(m, row))]
    if not body:
        return []
    text = label(
        "修订目标由抽样直接求得：在每次抽样中求出恰好够用的目标，再取相应的分位数。"
        "[[revised]]列出有资源投入含义的指标。"
        "建议目标高于规划目标的，可作为修订依据；注明“维持规划”的，规划目标已不低于所求，不作下调建议。",
        "A proposed target comes from the draws themselves: in each the target that is just enough, then the "
        "quantile. [[revised]] has the targets that are built or recruited. Where the proposal is above the "
        "plan's it is a reason to revise; “as planned”: the plan asks for as much already, and no lower "
        "target is advised.",
        lang,
    )
    caption = label("建议修订目标", "Proposed targets", lang)
    heads, rows, widths = filled(labels(lang, *_HEADS), body, _WIDTHS)
    right = frozenset(range(1, len(heads)))
    note = _note([head for head in labels(lang, *_HEADS[-3:]) if head in heads], lang)
    return [
        Heading(label("四、目标修订建议", "4. Targets that would be enough", lang)),
        Text(text),
        Table("revised", caption, heads, rows, widths, right, note),
    ]


def _note(shown: Sequence[str], lang: Lang) -> str:
    """What the columns are, of the last three those that the table has."""
    year, *costs = ([one] if one in shown else [] for one in labels(lang, *_HEADS[-3:]))
    said = label(
        "注：前三列为按本地使用分别以80%、90%、95%的把握够用的目标；建议目标取90%，且不低于现状、规划基期、"
        "国家标准和底线（括号内为由何者定下）",
        "Note: columns 2 to 4: the target that is enough by use with 80, 90 and 95%; proposed: with 90%, "
        "never worse than the present level, the baseline, the national norm and floor (in brackets what set "
        "it)",
        lang,
    )
    if year:
        said += label(
            "；年均新增为基年至目标年每年建设数，人员为每年补充数（含补离退），负数为可减少数",
            ". A year: to be built, of staff to be recruited with those who leave; minus: fewer",
            lang,
        )
    if any(costs):
        said += label(
            "；建设费为累计，年运行为目标年比基年多出的运行与人员经费，均为亿元、不变价、平均值",
            ". Capital: in all up to the target year; yearly: what running and pay are above the base year's "
            "in the target year; CNY 100m, constant prices, means",
            lang,
        )
    return said + label("。", ".", lang)


def _cells(m: Material, row: Row) -> tuple[str, ...]:
    """A target's line; empty for one that nothing is built or recruited for."""
    lang = m.lang
    found = {p: m.revision(row, p) for p in (0.8, 0.9, 0.95)}
    best = found[0.9]
    if best is None or best["kind"] not in ("build", "recruit") or not best["revised"]:
        return ()
    resource = RESOURCES.get(best["variable"])
    units = resource.units if resource else "1"
    enough = (line["enough"] if line else "" for line in found.values())
    shown = (
        computed(row, float(best["proposed"] or best["revised"])) + units_of(row, lang) + _held(best, lang)
    )
    option, count, yearly = "revised", best["count_p50"], best["per_year"]
    if keeps(row, best):
        plan = m.planned(row)
        shown, option, count = label("维持规划", "as planned", lang), "plan", str(row.available_count_p50)
        yearly = plan["per_year"] if plan else ""
    since = int(best["base_year"] or 0)
    is_whole = (row.group or "total") == "total"  # costs are of a resource, not of a part of it
    return (
        indicator_text(row, lang, m.judged),
        *(computed(row, float(text)) if text else NONE for text in enough),
        shown,
        whole(count) + label("", " ", lang) + unit(units, lang),
        whole(yearly),
        *(map(money, m.cost(option, row.variable, since, row.year)) if is_whole else (NONE, NONE)),
    )


def keeps(row: Row, best: Line) -> bool:
    """Whether the plan's own target means no less than the one that would be proposed."""
    proposed, planned = or_nan(best["count_p50"]), row.available_count_p50
    return planned is not None and planned >= proposed * (1 - _SAME)


def _held(line: Line, lang: Lang) -> str:
    """What a proposed target is held at, in brackets; "" where the need alone sets it."""
    held = label(*BOUNDS.get(line["bound"], ("", "")), lang)
    return held and label(f"（{held}）", f" ({held})", lang)
