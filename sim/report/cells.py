"""Cells of the workbook in words: variables, groups, statistics, kinds, as each column writes them."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from sim.catalogue import bases
from sim.catalogue.cell_words import WORDS
from sim.catalogue.language import Lang, label, located, said
from sim.catalogue.plan_words import PEOPLE, RULES
from sim.catalogue.words import DERIVED, DRIVERS, GROUPS, SCOPES, Pair, unit, word
from sim.saved.rows import indicator_name, target_text
from sim.schema import RESOURCES, VARIABLES

BASES: Mapping[str, Pair] = {
    bases.UNSTATED: ("未注明", "unstated"),
    **{row.id: (row.zh, row.en) for row in bases.ROWS},
}
# Groups along dimensions that no catalogue lists: severity, order of birth, causes, states of a bed.
_GROUPS: Mapping[str, Pair] = {
    "mild": ("轻度", "mild"),
    "moderate": ("中度", "moderate"),
    "severe": ("重度", "severe"),
    "1": ("一孩", "first"),
    "2": ("二孩", "second"),
    "3+": ("三孩及以上", "third and later"),
    "cancer": ("恶性肿瘤", "cancer"),
    "cardiovascular": ("心脑血管病", "cardiovascular"),
    "chronic_respiratory": ("慢性呼吸系统病", "chronic respiratory"),
    "copd": ("慢阻肺", "COPD"),
    "dementia": ("失智", "dementia"),
    "depression": ("抑郁", "depression"),
    "ischaemic_heart_disease": ("缺血性心脏病", "ischaemic heart disease"),
    "severe_mental_disorder": ("严重精神障碍", "severe mental disorder"),
    "stroke": ("卒中", "stroke"),
    "available": ("规划供给", "the plan's"),
    "in_use": ("实际使用", "in use"),
    "ward": ("普通病房", "wards"),
    "icu_convertible": ("可转换重症床位", "beds convertible to intensive care"),
}
_WAVES: Mapping[str, Pair] = {
    "mild": ("轻度情景", "mild"),
    "winter_2022": ("2022年冬季情景", "winter 2022"),
    "severe": ("重度情景", "severe"),
}
_AGES = re.compile(r"(?:(female|male)_)?(\d+)(?:-(\d+)|\+)")
_TOGETHER = re.compile(r"\w+(?:\+\w+)+")  # tertiary+secondary
_REPEATED = 50_000  # cells whose words are remembered: most stand in a workbook many times
_RULE = re.compile(r"[a-z_]+")
_WORKED_OUT = re.compile(r"[./+*]")
_WAVE = re.compile(r"(icu|infectious)_(\w+)")


def parameter_names(folder: Path, lang: Lang) -> dict[str, str]:
    """Name of each parameter that a run was given; none where its folder has no table of them."""
    path = folder / "parameters.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {line["parameter"]: line[f"name_{lang}"] for line in csv.DictReader(file)}


def group_word(group: str, lang: Lang) -> str:
    """A group's name; its own text where no catalogue has it."""
    for table in (GROUPS, _GROUPS, BASES):
        if group in table:
            return label(*table[group], lang)
    if found := _AGES.fullmatch(group):
        sex = word(GROUPS, found[1], lang) if found[1] else ""
        ages = f"{found[2]}–{found[3]}" if found[3] else f"{found[2]}+"
        zh = f"{sex}{ages.replace('+', '岁及以上')}" + ("岁" if found[3] else "")
        return label(zh, f"{sex} {ages}".strip(), lang)
    if _TOGETHER.fullmatch(group):
        return label("、", ", ", lang).join(group_word(part, lang) for part in group.split("+"))
    if found := _WAVE.fullmatch(group):
        zh, en = _WAVES.get(found[2], (found[2], found[2]))
        wave = label(zh, en.replace("_", " "), lang)
        return word(GROUPS, found[1], lang) + label("：", ": ", lang) + wave
    return group.replace("_", " ")


def variable_word(name: str, lang: Lang) -> str:
    """A variable or resource by its name in the data model; what is worked out from several is called so."""
    known = VARIABLES.get(name) or RESOURCES.get(name)
    if name in DERIVED:
        return label(*DERIVED[name], lang)
    if known is None and _WORKED_OUT.search(name):
        return label("由其他序列算得", "worked out from other series", lang)
    return name if known is None else label(known.long_name_zh, known.long_name, lang)


def _unit(text: str, lang: Lang) -> str:
    return label("比值", "ratio", lang) if text in ("1", "ratio") else unit(text, lang) or text


def _basis(text: str, lang: Lang) -> str:
    return label(*BASES.get(text, (PEOPLE.get(text, text), text)), lang)


def _scope(text: str, lang: Lang) -> str:
    return label("全部", "all", lang) if text == "all" else word(SCOPES, text, lang)


def _rules(text: str, lang: Lang) -> str:
    """Rules that hold, by their names: "rare_count; own_share" as "rare count; own share"."""
    return (
        text.replace("_", " ")
        if lang == "en"
        else _RULE.sub(lambda found: RULES.get(found[0], found[0]), text)
    )


_SAID: Mapping[str, Callable[[str, Lang], str]] = {
    "variable": variable_word,
    "resource": variable_word,
    "item": lambda text, lang: group_word(text, lang) if text == "total" else variable_word(text, lang),
    "group": group_word,
    "unit": _unit,
    "factor": lambda text, lang: word(DRIVERS, text, lang) if text in DRIVERS else group_word(text, lang),
    "target": target_text,
    "reason": said,
    "note": said,
    "location": located,
    "locator": located,
    "special": _rules,
    "population_basis": _basis,
    "basis": _basis,
    "scope": _scope,
    "basis_stated": _basis,
    "year": lambda text, lang: label("各年", "all", lang) if text == "all" else text,
    "name_zh": lambda text, lang: indicator_name(text, "zh"),
    "name_en": lambda text, lang: indicator_name(text, "en"),
}


@lru_cache(maxsize=_REPEATED)
def cell_text(column: str, text: str, lang: Lang) -> str:
    """A cell in words of a language; as it is where its column holds none."""
    if column in _SAID:
        return _SAID[column](text, lang)
    pair = WORDS.get(column, {}).get(text)
    return text if pair is None else label(*pair, lang)
