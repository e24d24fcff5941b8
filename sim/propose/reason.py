"""Why a value is recommended: one sentence in Chinese and in English."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.catalogue.language import LANGS
from sim.catalogue.words import unit
from sim.params import Parameter
from sim.propose.recommend import Proposal
from sim.saved.probability_text import probability_text
from sim.schema import RESOURCES

Pair = tuple[str, str]
"""Chinese, English."""
# by what decides: of what is provided, then of what is reached (outcomes, coverage)
_DECIDES: dict[str, tuple[Pair, Pair]] = {
    "wish": (
        (
            "按意愿需求的中位值（意愿多为判断，余量可能空置；够用需{enough}，随入托率上升再增）",
            "the median need by wish (a wish is mostly judgement and a margin may stand empty; enough would "
            "be {enough}: add as enrolment grows)",
        ),
    )
    * 2,
    "use": (("按使用需求够用的最小值", "the smallest value that is enough for the need by use"),) * 2,
    "trend": (("按趋势有把握达到的值", "what the trend reaches with the probability asked for"),) * 2,
    "reach": (
        (
            "够用需{enough}，按最快省份的持续增速只能到{reach}，先设此值",
            "enough would be {enough}; the fastest lasting growth brings {reach}, which is set first",
        ),
    )
    * 2,
    "present": (
        ("不低于现有水平{now}（够用只需{enough}）", "no worse than today's {now} ({enough} would be enough)"),
        (
            "不差于现有水平{now}（按趋势有把握的只有{enough}）",
            "no worse than today's {now} (the trend makes sure of {enough} only)",
        ),
    ),
    "norm": (
        ("按国家标准{norm}（使用需求只需{enough}）", "the national norm {norm} (for use {enough} would do)"),
    )
    * 2,
    "floor": (
        ("按{status}{floor}（自身够用需{enough}）", "the {status_en} of {floor} (for use {enough} would do)"),
        (
            "按{status}{floor}（按趋势有把握的为{enough}）",
            "the {status_en} of {floor} (the trend makes sure of {enough})",
        ),
    ),
}
# what bounds a value that is still less than would be enough
_SHORT: dict[str, Pair] = {
    "present": ("按现有水平{now}（够用需{enough}）", "today's {now} (enough would be {enough})"),
    "norm": (
        "按国家标准{norm}（使用需求够用需{enough}）",
        "the national norm {norm} (for use {enough} would be enough)",
    ),
    "floor": (
        "按{status}{floor}（自身够用需{enough}）",
        "the {status_en} of {floor} (enough would be {enough})",
    ),
}
_WHY_SHORT: dict[bool, Pair] = {
    True: ("；意愿多为判断，不按其上限", "; a wish is mostly judgement, its upper end is not aimed at"),
    False: ("", ""),
}
_BEYOND: Pair = (
    "，按最快省份的持续增速只能到{}",
    ", the fastest lasting growth brings {} only",
)
_PROVINCE: Pair = ("；省规划{year}年目标{goal}", "; the plan of the province asks {goal} by {year}")
_ACCESS: Pair = (
    "按{status}{floor}（由可及性决定，与使用量无关）",
    "the {status_en} of {floor} (access decides, not use)",
)
_PATTERN: dict[str, Pair] = {
    "present": ("按全国模式推算的现有水平{now}", "today's {now} by the nation's pattern"),
    "norm": ("按国家标准{norm}", "the national norm {norm}"),
    "floor": ("按{status}{floor}", "the {status_en} of {floor}"),
}
_BY_PATTERN: Pair = ("按全国模式推算的趋势", "the trend by the nation's pattern")
_UNCLAIMED: Pair = (
    "本地无统计，不判断概率",
    "no count of the place enters, so no probability is given",
)
_PATTERN_NORM: Pair = (
    "参考格局对应{}，并非国家标准，仅并列",
    "the planning pattern would give {}: no national standard, shown beside only",
)
_SAME = 1e-9  # of a level: the proposal itself
_WHOLE = 100  # beds, persons, ... of which no part is one
_FINER = 2  # digits that a level may show beyond those of the proposal
STATUS: dict[str, Pair] = {
    "law": ("法定底线", "law"),
    "guideline": ("国家指导标准", "national guideline"),
    "plan": ("国家规划目标", "goal of the national plan"),
}
"""With what force the nation asks."""


def reason(proposal: Proposal, status: str, parameters: Mapping[str, Parameter], draws: int) -> Pair:
    """The sentence: what decides, how surely it is enough and reached, what it rests on.

    status: of the floor in force (law, guideline, plan).  draws: those that probabilities are counted from.
    """
    words = _DECIDES[proposal.basis][0 if proposal.levels.need is not None else 1]
    if proposal.falls_short and proposal.basis in _SHORT:
        more = _WHY_SHORT[proposal.aim.wished is not None]
        words = (_SHORT[proposal.basis][0] + more[0], _SHORT[proposal.basis][1] + more[1])
    if not proposal.enough and proposal.basis == "floor":
        words = _ACCESS
    if proposal.is_the_nations:
        words = _PATTERN.get(proposal.basis, _BY_PATTERN)
    named = dict(zip(("status", "status_en"), STATUS.get(status, ("", "")), strict=True))
    zh, en = (text.format(**_figures(proposal), **named) for text in words)
    sure_zh, sure_en = _UNCLAIMED if proposal.is_the_nations else _surely(proposal, draws)
    rests_zh, rests_en = _rests(proposal, parameters)
    if proposal.levels.norm is not None and not proposal.levels.binds:
        pattern = _number(proposal.levels.norm, proposal.places)
        zh, en = f"{zh}；{_PATTERN_NORM[0].format(pattern)}", f"{en}; {_PATTERN_NORM[1].format(pattern)}"
    return f"{zh}；{sure_zh}{rests_zh}", f"{en}; {sure_en}{rests_en}"


def beside(goal: float, year: int, places: int) -> Pair:
    """What the sentence says of a target of the province."""
    zh, en = (text.format(goal=_number(goal, places), year=year) for text in _PROVINCE)
    return zh, en


def _figures(proposal: Proposal) -> dict[str, str]:
    found = proposal.levels
    known = {
        "enough": proposal.asked_for,
        "reach": found.reach,
        "now": None if found.now is None else found.now[1],
        "norm": found.norm,
        "floor": found.floor,
    }
    return {name: "–" if v is None else _beside(v, proposal) for name, v in known.items()}


def _beside(level: float, proposal: Proposal) -> str:
    """A level with the proposal's digits; with more where fewer make it look other than the proposal is."""
    if math.isclose(level, proposal.value, rel_tol=_SAME) or (proposal.places == 0 and level >= _WHOLE):
        return _number(level, proposal.places)
    for places in range(proposal.places, proposal.places + _FINER + 1):
        if _side(round(level, places), proposal.value) == _side(level, proposal.value):
            return _number(level, places)
    return _number(level, proposal.places)  # so near that no digit tells them apart


def _side(level: float, value: float) -> int:
    """Below the value (-1), on it, above it (1)."""
    return (level > value) - (level < value)


def _number(value: float, places: int) -> str:
    return f"{value:,.{places}f}"


def _surely(proposal: Proposal, draws: int) -> Pair:
    sure, trend = (probability_text(p, draws) for p in (proposal.p, proposal.p_trend))
    provides = proposal.row.p_enough is not None
    zh = sure and f"{'够用' if provides else '达到'}概率{sure}"
    en = sure and f"{'enough' if provides else 'reached'} with {_worded(sure)}"
    if provides and trend:
        zh, en = f"{zh}，按趋势达到概率{trend}", f"{en}, the trend alone reaches it with {_worded(trend)}"
    if proposal.beyond_reach and proposal.levels.reach is not None:
        most = _number(proposal.levels.reach, proposal.places)
        zh, en = zh + _BEYOND[0].format(most), en + _BEYOND[1].format(most)
    per_year = proposal.effort.per_year
    if per_year is not None and per_year >= 1:
        resource = RESOURCES.get(proposal.row.variable)
        zh_unit, en_unit = (unit(resource.units, x) if resource else "" for x in LANGS)
        zh = f"{zh}，每年新增{per_year:,.0f}{zh_unit}"
        en = f"{en}, {per_year:,.0f} {en_unit} more every year".replace("  ", " ")
    if proposal.carried is not None and proposal.value > proposal.carried:
        most = _number(proposal.carried, proposal.places)
        zh, en = f"{zh}，现有人力只能承担{most}", f"{en}, staff and services carry {most} only"
    return zh, en


def _worded(chance: str) -> str:
    """A probability in plain letters: at least 95%."""
    for sign, words in (("≥", "at least "), ("≤", "at most "), (">", "more than "), ("<", "less than ")):
        chance = chance.replace(sign, words)
    return chance


def _rests(proposal: Proposal, parameters: Mapping[str, Parameter]) -> Pair:
    """The share of judgement and what to count first; nothing where the place's own counts decide."""
    row = proposal.row
    own, judged = row.share_counted_here, row.share_judgement
    elsewhere = 1.0 - (own or 0.0) - (judged or 0.0)
    first = row.find_first.partition(" ")[0]
    if own is None or judged is None or first not in parameters:
        return "", ""
    name = parameters[first].record.name
    return (
        f"；不确定性中判断占{judged:.0%}、外地与推算{elsewhere:.0%}、本地统计{own:.0%}，先补：{name.zh}",
        f"; what is uncertain is judgement {judged:.0%}, figures from elsewhere {elsewhere:.0%}, "
        f"counts of the place {own:.0%}: count first: {name.en}",
    )
