"""A piece of a finding in both languages, composed from the figures, never translated afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sim.errors import PlanError, fault
from sim.plan.indicator import Indicator
from sim.plan.vocabulary import BINDING_ZH, Unit

_SIGNS_ZH = {"=": "", ">=": "≥", "<=": "≤", ">": ">", "<": "<", "change": "变化"}


@dataclass(frozen=True)
class Phrase:
    """The same words in English and in Chinese."""

    en: str = ""
    zh: str = ""

    def __bool__(self) -> bool:
        return bool(self.en)

    def __add__(self, other: Phrase) -> Phrase:
        return Phrase(self.en + other.en, self.zh + other.zh)


def same(text: str) -> Phrase:
    """Arithmetic on numbers alone, which both languages write alike."""
    return Phrase(text, text)


def listed(parts: Iterable[Phrase], en: str = ", ", zh: str = "、") -> Phrase:
    """Several phrases in a row."""
    parts = list(parts)
    return Phrase(en.join(p.en for p in parts), zh.join(p.zh for p in parts))


def both(parts: Iterable[Phrase]) -> Phrase:
    """Phrases that hold together: A and B."""
    return listed(parts, " and ", "和")


def clauses(parts: Iterable[Phrase]) -> Phrase:
    """Phrases that stand one after the other: A; B."""
    return listed(parts, "; ", "；")


def versus(parts: Iterable[Phrase]) -> Phrase:
    """Phrases held against one another: A vs B."""
    return listed(parts, " vs ", "与")


def moved(before: Phrase, after: Phrase) -> Phrase:
    """From one figure to another: A -> B."""
    return Phrase(f"{before.en} -> {after.en}", f"由{before.zh}到{after.zh}")


def worded(words: object, key: str) -> Phrase:
    """What a relation says in its own words under `key`: `{en: ..., zh: ...}`.

    Raises PlanError for words in one language.
    """
    if not isinstance(words, Mapping) or set(words) != {"en", "zh"}:
        raise PlanError(fault(key, f"'{words}' is not in both languages", "write {en: ..., zh: ...}"))
    return Phrase(str(words["en"]), str(words["zh"]))


def amount(text: str, unit: Unit) -> Phrase:
    """A number in its unit: "5.76 per 1000", 每千人5.76."""
    if unit.name_zh.startswith("每"):
        zh = f"{unit.name_zh}{text}"
    elif "=" in unit.name_zh or unit.name_zh.endswith("百分比"):
        zh = f"{text}（{unit.name_zh}）"
    else:
        zh = f"{text}{unit.name_zh}"
    return Phrase(f"{text} {unit.name}", zh)


def people(count: float) -> Phrase:
    """A number of people, whole."""
    return Phrase(f"{count:.0f} people", f"{count:.0f}人")


def number(value: float) -> str:
    """A number for a sentence: whole when large, four digits when small."""
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def said(indicator: Indicator) -> Phrase:
    """A statement as printed, with its year and line."""
    zh = amount(_SIGNS_ZH[indicator.operator] + indicator.text, indicator.unit).zh  # 每千人>4.3
    figure = amount(indicator.text, indicator.unit)
    sign = "" if indicator.operator == "=" else f"{indicator.operator} "
    where = f"{indicator.year}, " if indicator.year else ""
    where_zh = f"{indicator.year}年，" if indicator.year else ""
    return Phrase(
        f"{sign}{figure.en} ({where}line {indicator.line})",
        f"{zh}（{where_zh}第{indicator.line}行）",
    )


def named(indicator: Indicator) -> Phrase:
    """The indicator's id, in Chinese its name."""
    return Phrase(indicator.id, indicator.entry.name_zh)


def bound(indicator: Indicator) -> Phrase:
    """Whether the statement binds: binding, expected, guidance or unsaid."""
    zh = BINDING_ZH[indicator.binding]
    return Phrase(indicator.binding, f"为{zh}指标" if zh else "")


def apart(gap: float, unit: Unit, en: str, zh: str) -> Phrase:
    """How far two figures lie apart, of percentages in points: differ by 5 points, 相差5个百分点."""
    if not gap:
        return Phrase("the same figure", "数值相同")
    points = unit.name == "%"
    return Phrase(
        f"{en}{gap:.4g}" + (" points" if points else ""), f"{zh}{gap:.4g}" + ("个百分点" if points else "")
    )
