"""A parameter's value, range, unit and source in words."""

from __future__ import annotations

import re

from sim.catalogue.cell_words import WORDS
from sim.catalogue.language import Lang, label
from sim.catalogue.words import FIGURE_LEVELS, unit, word
from sim.document.blocks import NONE
from sim.document.material import Line
from sim.saved.numbers import plain

EVIDENCE = {
    "counted_here": ("本地计数", "counted here"),
    "counted_elsewhere": ("外地计数", "counted elsewhere"),
    "published": ("公开汇总", "published summaries"),
    "derived": ("按方法推算", "derived by a stated method"),
    "judgement": ("判断假设", "judgement"),
}
"""From the best kind of knowledge to the weakest, as parameters.csv and the shares name them."""
SPANS = re.compile("年数|年份|起始年(?!龄)")  # in the name of what is counted in years, not an age


_OF_BIRTHS = re.compile("婴儿|5岁以下|孕产妇")
_DEATHS = {"per 1000": "‰", "per 100000": "/10万"}


def source_text(line: Line, lang: Lang) -> str:
    """A source as a list has it: title, publisher, address."""
    title = (line["title_zh"] if lang == "zh" else "") or line["title_en"]
    publisher = (line.get("publisher_zh", "") if lang == "zh" else "") or line["publisher"]
    said = (title, publisher, line["url"])
    return label("，", ", ", lang).join(part for part in said if part)


def evidence_text(line: Line, lang: Lang) -> str:
    """What a figure is known by, and whose it is: the place's own, or that of a level above."""
    evidence = label(*EVIDENCE.get(line["evidence"], ("", "")), lang)
    level = "" if line["evidence"] == "counted_here" else level_text(line, lang)
    return label("，", ", ", lang).join(part for part in (evidence, level) if part)


def level_text(line: Line, lang: Lang) -> str:
    """Level that a figure comes from, in words; "" in a run of before levels were written."""
    name = line.get("level", "")
    return word(FIGURE_LEVELS, name, lang) if name else ""


def parameter_unit(line: Line, lang: Lang) -> str:
    """The unit of a parameter in words; "" of one without.

    A span or a date in years is 年, an age or a life expectancy 岁: the parameter's name says which.
    """
    if lang == "zh" and line["unit"] == "year" and SPANS.search(line["name_zh"]):
        return "年"
    if lang == "zh" and line["unit"] in _DEATHS and _OF_BIRTHS.search(line["name_zh"]):
        return _DEATHS[line["unit"]]
    return unit(line["unit"], lang) if line["unit"] else ""


def value_text(line: Line, lang: Lang) -> str:
    """A value with its unit; of a path its first and last year, of a table its ends."""
    text, units = line["value"], parameter_unit(line, lang)
    if text in WORDS["value"]:
        return label(*WORDS["value"][text], lang)
    joint = "" if lang == "zh" or units in ("", "%") else " "
    if ": " in text:
        steps = [part.split(": ") for part in text.split("; ")]
        ends = [steps[0]] if len(steps) == 1 else [steps[0], steps[-1]]
        if lang == "zh":
            return "，".join(f"{y}年{_plain(v)}{units}" for y, v in ends)
        return ", ".join(f"{_plain(v)}{joint}{units} ({y})" for y, v in ends)
    if ".." in text:
        return label("—", " to ", lang).join(_plain(v) for v in text.split("..")) + joint + units
    is_year = line["unit"] == "year" or line.get("parameter", "").endswith("_year")
    if is_year and text.isdigit() and len(text) == 4:  # a calendar year has no thousands
        return text + joint + units if lang == "zh" else text
    return _plain(text) + joint + units


def range_text(line: Line, lang: Lang) -> str:
    """The 10 and 90% points: values, factors (×) or amounts (±)."""
    if not line["low"]:
        return NONE
    sign = {"relative": "×", "absolute": ""}.get(line["scale"], "")
    low, high = (_plain(line[end]) for end in ("low", "high"))
    around = line["scale"] == "absolute" or (line["scale"] == "value" and line["value"] == "0")
    if around and float(line["low"]) == -float(line["high"]):
        return f"±{high}"
    percent = "%" if line["scale"] not in ("relative", "absolute") and unit(line["unit"], lang) == "%" else ""
    return f"{sign}{low}{label('—', ' to ', lang)}{sign}{high}{percent}"


def _plain(text: str) -> str:
    try:
        return plain(float(text)).replace("-", "−")
    except ValueError:
        return text
