"""What a reviewer must look at in a proposed row, each with its sentence in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sim.drafting.proposal import Proposal
from sim.plan.figure import parse_number
from sim.plan.rowcheck import indicator_faults
from sim.plan.vocabulary import Vocabulary

FLAGS: dict[str, tuple[str, str]] = {
    "two values": ("一格两个数", "two values in one cell"),
    "merged value": ("数值取自上方合并单元格", "value taken from the merged cell above"),
    "merged attribute": ("属性取自上方合并单元格", "kind of obligation taken from the merged cell above"),
    "no head": ("续表：表头取自上一张表", "no head: taken from the table before"),
    "yearly column": ("列为增幅，不是水平值", "a column of changes, not of levels"),
    "no number": ("原文没有数字", "the document prints no number"),
    "not read": ("有数字，但未读成数值", "holds a number that was not read as a value"),
    "added up": ("括号内可能是五年累计数", "in such brackets: it may be what five years add up to"),
    "not a figure": (
        "有数字，看不出是不是指标数值",
        "a number that nothing shows to be a figure or none",
    ),
    "words": ("原文为“全部”“全覆盖”", "the document says all, not a number"),
    "year not printed": ("年份未写明，按规划期取", "year not printed, taken from the plan's period"),
    "time span": ("年份为一段时期", "the year is a span of time"),
    "another unit": ("单位与该指标常用单位不同", "a unit that the indicator is not given in elsewhere"),
    "close": ("另有指标相近", "another indicator is nearly as likely"),
    "weak": ("与词表相似度低", "little likeness with any indicator"),
    "none": ("不像词表中的指标", "like no indicator of the dictionary"),
    "of several": ("名称为并列多项", "the name is a list"),
    "share unnamed": ("比例的名称不全", "a share whose name is not complete"),
    "each": ("每县（乡、所）一项的规则", "a rule for each county, township, facility"),
    "added": ("原文是新增数，不是总数", "the document says how many are added, not how many there will be"),
    "row": ("像是未识别的表格行", "looks like a row of a table that was not recognised"),
    "part": ("上一行的一部分", "a part of the row above"),
    "history": ("历史数据", "a figure of the past"),
    "repeated": ("同一行已有同指标同口径的数", "the same indicator stands on this line already"),
    "below baseline": ("目标比本文基期值更差", "target worse than the document's own baseline"),
    "jump": (
        "目标与基期相差悬殊，核对每千/每万",
        "target far from its baseline: per 1000 read as per 10,000?",
    ),
    "check": ("校验不通过", "refused by the check"),
}


NOTES: dict[str, tuple[str, str]] = {
    "no number": ("原文未给数值", "no number"),
    "words": ("原文为文字", "words"),
    "approx": ("约数", "approx"),
}
"""What the note of a row says of its figure."""


def note_said(note: str, lang: str) -> str:
    """The note of a row; it may carry words of the document behind a colon."""
    key, _, more = note.partition(": ")
    if not key:
        return ""
    zh, en = NOTES[key]
    own = zh if lang == "zh" else en
    return own + (f"：{more}" if lang == "zh" else f": {more}") if more else own


def said(flags: Sequence[str], lang: str) -> str:
    """Flags as a sentence; a flag may carry its own words behind a colon."""
    texts = []
    for flag in flags:
        key, _, more = flag.partition(": ")
        zh, en = FLAGS[key]
        own = zh if lang == "zh" else en
        texts.append(f"{own}: {more}" if more else own)
    return ("；" if lang == "zh" else "; ").join(texts)


def flagged(proposals: Sequence[Proposal], words: Vocabulary) -> list[Proposal]:
    """Proposals with what only the check of rows and the rows beside them show; a flagged one is not sure."""
    found = []
    seen: set[tuple[str, ...]] = set()
    baselines = {(p.indicator, p.scope): p for p in proposals if p.kind == "baseline" and p.value}
    for p in proposals:
        more: list[str] = []
        if p.indicator:
            key = (p.indicator, p.kind, p.year, p.unit, p.basis, p.scope, str(p.reading.line))
            more += ["repeated"] if key in seen else []
            seen.add(key)
            more += [f"check: {_wrong(f)}" for f in indicator_faults(p.row(), "", words)]
            more += _against_baseline(p, baselines.get((p.indicator, p.scope)), words)
        sure = p.sure and not any(f.partition(":")[0] not in ("below baseline",) for f in more)
        found.append(replace(p, flags=(*p.flags, *more), sure=sure))
    return found


def _wrong(text: str) -> str:
    return text.replace(" | ", ": ", 1)


def _against_baseline(p: Proposal, base: Proposal | None, words: Vocabulary) -> list[str]:
    """A target worse than its baseline, or so far from it that another unit was meant."""
    if p.kind != "target" or base is None or p.operator == "change" or not p.value:
        return []
    level, before = _level(p, words.units), _level(base, words.units)
    if level is None or before is None or words.units[p.unit].base != words.units[base.unit].base:
        return []
    found = []
    better = words.indicators[p.indicator].better
    if (better == "higher" and level < before) or (better == "lower" and level > before):
        found.append("below baseline")
    limits = words.rules["target_jump"]
    if before and p.unit.startswith("per 10") and not limits["low"] <= level / before <= limits["high"]:
        found.append("jump")
    return found


def _level(p: Proposal, units: Mapping[str, object]) -> float | None:
    ends = parse_number(p.value)
    return None if ends is None else ends[0] * units[p.unit].factor  # type: ignore[attr-defined]
