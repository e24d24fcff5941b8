"""The sentences of the audit in Chinese: indicator and unit names from the vocabulary, the rest
phrase by phrase.
"""

from __future__ import annotations

import re

from sim.plan.vocabulary import Vocabulary

_WORD = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b|\btfr\b|\balos\b")
_PLACE = re.compile(r"\((?:([\d-]+), )?line (\d+)\)")
_PHRASES = (  # the first ones before units are replaced, the others after
    (" years in a plan of ", "年，规划期为"),
    ("longer than the plan by ", "超出规划期年数："),
    ("one population of ", "同一人口"),
    ("one population", "同一人口"),
    ("no common population: gap of ", "无共同人口，相差"),
    (" people behind the rate", "人（比率所含人口）"),
    (" per 1000 of the implied population", "‰（隐含人口）"),
    (" % of the implied population", "%（隐含人口）"),
    (" at the implied population", "（按隐含人口）"),
    (" per single year of age", "人/岁"),
    (" per 1000 of all people", "‰（全部人口）"),
    (" per 100 of all people", "%（全部人口）"),
    (" people", "人"),
    ("weighted mean ", "加权平均"),
    ("a mean lies between ", "均值应介于"),
    ("one death in ", "一例死亡对应出生数"),
    (" births; the place has ", "；当地年出生"),
    (" a year, where one death is ", "，一例死亡即为"),
    (" births", "例出生"),
    (" deaths", "例死亡"),
    (" coverage ", "覆盖率下"),
    (" of all", "（占全部人口）"),
    (" net migrants a year", "人/年净迁入"),
    (" of growth", "（占增量）"),
    (" a year", "/年"),
    (" per person", "次/人"),
    ("differ by ", "相差"),
    ("same value, different denominators", "数值相同，分母不同"),
    (" population", "人口"),
    (" of the benchmark", "（占自引标准）"),
    (" times", "倍"),
    (" without growth", "（人口不增）"),
    (" per 10 000", "/万人"),
    (" if all urban", "（全为市区）"),
    (" if all county", "（全为县）"),
    (" staff per bed; keeping it needs ", "人/床；保持该比值需"),
    ("target rates x ", "目标比率×"),
    ("same figure under two units", "同一数字两种单位"),
    ("bases: ", "口径："),
    ("units: ", "单位："),
    ("unstated", "未注明"),
    ("resident", "常住"),
    ("urban", "城镇"),
    ("agricultural", "农业"),
    ("registered", "户籍"),
    ("served", "服务"),
    ("change ", "变化"),
    ("plausible ", "合理范围"),
    ("no row in the main indicator table", "主要指标表中无此行"),
    ("no row in the ", "表中无此行："),
    ("indicators with a baseline and no target", "有基期而无目标的指标"),
    ("two boxes numbered 5, none numbered 4", "两个专栏5，缺专栏4"),
    (" for each", "（各项）"),
    (" against ", "对"),
    (" doctors", "名医师"),
    (" nurses", "名护士"),
    (" beds", "张床位"),
    (" days", "天"),
    (" million", "百万"),
    (" vs ", "与"),
    (" and ", "和"),
    (" to ", "至"),
    (" at ", "，按"),
    (" of ", "/"),
    (" in ", "，"),
    ("expected", "预期性"),
    ("binding", "约束性"),
    ("guidance", "指导性"),
)
_BEFORE_UNITS = 16


def chinese(text: str, words: Vocabulary) -> str:
    """An audit phrase in Chinese: "5.76 per 1000 (line 37)" -> "5.76每千人（第37行）"."""
    if text.startswith("units: "):
        names = text.removeprefix("units: ").split(", ")
        return "单位：" + "、".join(words.units[n].name_zh for n in names)
    text = _WORD.sub(lambda m: _name(m[0], words), text)
    text = _PLACE.sub(lambda m: f"（{m[1]}年，第{m[2]}行）" if m[1] else f"（第{m[2]}行）", text)
    for english, zh in _PHRASES[:_BEFORE_UNITS]:
        text = text.replace(english, zh)
    for unit in sorted(words.units.values(), key=lambda u: -len(u.name)):
        text = re.sub(rf"(?<=[\d.]) {re.escape(unit.name)}(?![\w%])", unit.name_zh, text)
    for english, zh in _PHRASES[_BEFORE_UNITS:]:
        text = text.replace(english, zh)
    return text


def _name(word: str, words: Vocabulary) -> str:
    return words.indicators[word].name_zh if word in words.indicators else word
