"""Verdicts as sentences made from the run's numbers: enough or not, how surely, from when, what would be.

Each sentence is written only where its numbers are there; none is stored.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from sim.catalogue.language import Lang, label, said
from sim.catalogue.verdicts import VERDICTS
from sim.catalogue.words import unit
from sim.document.blocks import NONE
from sim.document.material import Line, Material
from sim.document.parameter_text import EVIDENCE
from sim.saved.judgement import judged_by_norm, on_line
from sim.saved.numbers import MINUS, number, or_nan
from sim.saved.probability_text import probability_text
from sim.saved.row import Row
from sim.saved.rows import basis_text, indicator_name, of_one, says_unit, target_text
from sim.schema import RESOURCES

BOUNDS = {
    "present": ("不低于现状", "never below the present level"),
    "baseline": ("不低于规划基期", "never below the plan's baseline"),
    "norm": ("按国家标准保底", "held at the national norm"),
    "floor": ("按国家底线保底", "held at the national floor"),
}
_FROM = {  # kind of knowledge, within a sentence
    "counted_here": ("本地统计数", "figures counted here"),
    "counted_elsewhere": ("外地统计数", "figures counted elsewhere"),
    "published": ("公开汇总数", "published summaries"),
    "derived": ("按方法推算的参数", "figures derived by a stated method"),
    "judgement": ("判断假设", "judgement"),
}
FIRST = re.compile(r"(?P<name>\S+) \((?P<share>\d+)%\)")


def figure(value: float) -> str:
    """A figure of an indicator: two decimals, one from 100, none from 1000."""
    size = abs(value)
    digits = 0 if size >= 1000 else 1 if size >= 100 else 2
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits and float(text.replace(",", "")) == round(value) else text


def level(text: str | float) -> str:
    """A computed level of an indicator: as `figure`, its noughts kept, so that 6.00 stands under 5.89."""
    value = float(text)
    size = abs(value)
    return f"{value:,.{0 if size >= 1000 else 1 if size >= 100 else 2}f}"


def computed(row: Row, value: float) -> str:
    """What the model finds for a row: beds and persons whole, a level with its noughts kept."""
    return f"{value:,.0f}" if is_count(row.unit) else level(value)


def set_figure(row: Row, value: float) -> str:
    """What is set for a row, by a norm or as a target: beds and persons whole, else as `figure`."""
    return f"{value:,.0f}" if is_count(row.unit) else figure(value)


def is_count(units: str) -> bool:
    """Whether a unit is that of beds, persons, ... and not of a rate."""
    return any(units in (resource.units, f"{resource.units}s") for resource in RESOURCES.values())


def many(n: int, one: str, more: str) -> str:
    """So many of something in English: 1 target was, 2 targets were."""
    return f"{n} {one if n == 1 else more}"


def money(value: float | None) -> str:
    """A cost of a table, CNY 100m: one decimal, two below 1; nothing where there is none."""
    if value is None:
        return NONE
    return f"{value:,.{2 if abs(value) < 1 else 1}f}".replace("-", MINUS)


def whole(text: str) -> str:
    """A count of beds or people in a table; nothing where it is no number."""
    try:
        value = float(text)
    except ValueError:
        return NONE
    return f"{value:,.0f}".replace("-", MINUS)


def units_of(row: Row, lang: Lang) -> str:
    """The unit behind a figure of this row; "" where the name says it."""
    found = unit(row.unit, lang)
    if not found or says_unit(row.unit, indicator_name(row.name(lang), lang)):
        return ""
    return found if lang == "zh" or found == "%" else f" {found}"


def counted(row: Row, value: float | str | None, lang: Lang) -> str:
    """A number of beds, people, ... of a row's resource; "" where it is none."""
    resource = RESOURCES.get(row.variable)
    found = np.nan if value is None else or_nan(value)
    if resource is None or not np.isfinite(found) or is_count(row.unit):
        return ""
    return amount(found, resource.units, lang)


def amount(value: float, units: str, lang: Lang) -> str:
    """So many beds, persons, ...: whole from one on, in 万 or thousands where many."""
    text = f"{value:,.0f}" if 1 <= abs(value) < 1e4 else number(value, lang)
    return f"{text}{'' if lang == 'zh' else ' '}{unit(units, lang)}"


def asked(row: Row, lang: Lang, among: Sequence[Row] = ()) -> str:
    """Name and target: 每千人口床位数目标为5.76（2025年）."""
    target = target_text(row.target, lang)
    units = of_one(target, units_of(row, lang), lang)
    target += "" if target.endswith(units.strip() or "\0") else units
    name = indicator_name(row.name(lang), lang) + basis_text(row, among, lang)
    count = counted(row, row.target_count, lang)
    about = label(f"（约{count}）", f" (about {count})", lang) if count else ""
    return label(
        f"{name}{row.year}年目标{target}{about}", f"{name}: target {target} in {row.year}{about}", lang
    )


def judgement(row: Row, lang: Lang) -> str:
    """Enough or not and how surely; of outcomes and coverage: reached or not."""
    word = VERDICTS[row.verdict].text(lang)
    draws = row.draws
    near = (
        label("（临界，增加抽样可能改判）", " (on the line: more draws may turn it)", lang)
        if on_line(row)
        else ""
    )
    if row.p_enough is not None and row.need is not None:
        units = units_of(row, lang)
        middle = computed(row, row.need[1])
        count = counted(row, row.required_count_p50, lang)
        about = label(f"（约{count}）", f" (about {count})", lang) if count else ""
        p = chance_text(row.p_enough, draws, lang)
        return label(
            f"按本地使用需{middle}{units}{about}，够用的概率{p}，判定{word}{near}",
            f"by use {middle}{units} are needed{about}; the target is enough with a probability of {p}: "
            f"{word}{near}",
            lang,
        )
    p = chance_text(row.chance, draws, lang)
    seen = ""
    if row.available_p50 is not None:
        reaches = f"{computed(row, row.available_p50)}{units_of(row, lang)}"
        seen = label(f"按趋势预计为{reaches}，", f"the trend leads to {reaches}; ", lang)
    return label(
        f"{seen}达标的概率{p}，判定{word}{near}",
        f"{seen}the target is reached with a probability of {p}: {word}{near}",
        lang,
    )


_BEYOND = {
    "≥": ("不低于", "at least "),
    "≤": ("不超过", "at most "),
    ">": ("高于", "more than "),
    "<": ("低于", "less than "),
}


def chance_text(value: float | None, draws: int | None, lang: Lang) -> str:
    """A probability within a sentence: 为46%, 不超过2%; 46%, at most 2%."""
    text = probability_text(value, draws)
    zh, en = _BEYOND.get(text[:1], ("为", ""))
    return label(zh, en, lang) + text.lstrip("≥≤<>")


def by_norm(row: Row, lang: Lang) -> str:
    """What the national norm asks, and the verdict by it; "" where none is modelled."""
    if not judged_by_norm(row) or row.need_norm_p50 is None:
        return ""
    need, word = set_figure(row, row.need_norm_p50), VERDICTS[row.verdict_norm].text(lang)
    p = chance_text(row.p_enough_norm, row.draws, lang)
    units = units_of(row, lang)
    return label(
        f"按国家标准需{need}{units}，够用的概率{p}，判定{word}",
        f"the national norm asks for {need}{units}: enough with a probability of {p}, {word}",
        lang,
    )


def from_when(row: Row, lang: Lang) -> str:
    """The year from which the target's level is too little; "" where it never is in the run."""
    year = row.level_short_year
    if not year:
        return ""
    if int(float(year)) <= row.year:
        return label("该水平在目标年即低于需求", "it is below the need in the target year already", lang)
    return label(f"保持该水平，{year}年起低于需求", f"held on, it is below the need from {year}", lang)


def what_would(material: Material, row: Row) -> str:
    """The target that is enough with 90 %, the one proposed, and what it takes a year; "" where none is."""
    lang, line = material.lang, material.revision(row)
    if line is None:
        return why_none(material, row)
    if line["kind"] not in ("build", "recruit") or not line["enough"]:
        return ""
    units = units_of(row, lang)
    enough = computed(row, float(line["enough"]))
    parts = [label(f"90%把握够用需{enough}{units}", f"{enough}{units} is enough with 90%", lang)]
    proposed = computed(row, or_nan(line["proposed"] or line["revised"]))
    count = counted(row, line["count_p50"], lang)
    told = [label(f"约{count}", f"about {count}", lang) if count else ""]
    told.append(label(*BOUNDS.get(line["bound"], ("", "")), lang))
    about = label("，", ", ", lang).join(part for part in told if part)
    about = about and label(f"（{about}）", f" ({about})", lang)
    parts.append(label(f"建议目标{proposed}{units}{about}", f"proposed: {proposed}{units}{about}", lang))
    parts.append(a_year(line, lang))
    return label("，", "; ", lang).join(part for part in parts if part)


def why_none(material: Material, row: Row) -> str:
    """Why no other target is proposed, as revise.csv says it; "" where the target stands."""
    if not row.is_bad:
        return ""
    line = material.without_revision(row)
    note = said(line["note"], material.lang) if line else ""
    return note and label(f"不提出修订值：{note}", f"no other target is proposed: {note}", material.lang)


def a_year(line: Line, lang: Lang) -> str:
    """Yearly build or recruitment up to the target; "" where there is none."""
    value = or_nan(line["per_year"])
    if not np.isfinite(value):
        return ""
    resource = RESOURCES.get(line["variable"])
    units = resource.units if resource else "1"
    many = amount(abs(value), units, lang)
    if value < 0:
        return label(f"年均可减少{many}", f"{many} a year fewer", lang)
    if line["kind"] == "recruit":
        back = or_nan(line["replacement_per_year"])
        of = amount(back, units, lang)
        parted = np.isfinite(back) and back > 0
        return label(
            f"年均需补充{many}" + (f"（其中补充离退{of}）" if parted else ""),
            f"{many} to be recruited a year" + (f" ({of} of them in place of leavers)" if parted else ""),
            lang,
        )
    return label(f"年均需新增{many}", f"{many} to be built a year", lang)


def rests_on(material: Material, row: Row) -> str:
    """The kind of knowledge that most of the spread rests on, and the figure to find first."""
    lang = material.lang
    shares = {kind: getattr(row, f"share_{kind}") for kind in EVIDENCE}
    known = {kind: share for kind, share in shares.items() if share is not None}
    parts = []
    if known:
        kind = max(known, key=lambda k: known[k])
        word, share = label(*_FROM[kind], lang), f"{known[kind]:.0%}"
        whole = share == "100%"
        parts.append(
            label(
                f"不确定性几乎全部来自{word}" if whole else f"不确定性的{share}来自{word}",
                f"nearly all of the spread comes from {word}"
                if whole
                else f"{share} of the spread comes from {word}",
                lang,
            )
        )
    first = find_first(material, row)
    if first:
        parts.append(label(f"应先查清{first}", f"to be found first: {first}", lang))
    return label("，", "; ", lang).join(parts)


def find_first(material: Material, row: Row) -> str:
    """The figure that a count of the place's own would narrow the answer most by, with its share."""
    found = FIRST.fullmatch(row.find_first)
    if found is None or found["share"] == "0":  # none of them moves it
        return ""
    name, count = material.parameter_name(found["name"]), material.countable(found["name"])
    by_count = label(f"，可统计{count}", f", by a count of {count}", material.lang) if count else ""
    return label(
        f"“{name}”（占{found['share']}%{by_count}）", f"{name} ({found['share']}%{by_count})", material.lang
    )


def verdict_sentences(material: Material, row: Row) -> str:
    """All that is said of one target, as sentences."""
    lang = material.lang
    sentences: Sequence[str] = (
        label("，", ". ", lang).join(
            (asked(row, lang, material.judged), capital(judgement(row, lang), lang))
        ),
        by_norm(row, lang),
        from_when(row, lang),
        what_would(material, row),
        rests_on(material, row),
    )
    end = label("。", ". ", lang)
    return end.join(capital(part, lang) for part in sentences if part) + end.rstrip()


def capital(text: str, lang: Lang) -> str:
    """With a capital first letter: of a sentence, of the first cell of a row."""
    return text if lang == "zh" else text[:1].upper() + text[1:]
