"""People to come: in words, in a table by age, and their pyramid."""

from __future__ import annotations

import numpy as np

from sim.catalogue.language import label
from sim.document.blocks import NONE, Block, Heading, Table, Text
from sim.document.material import Material
from sim.document.pictures import Pictures
from sim.saved.numbers import MINUS, number

GROUPS = ("total", "0-14", "15-59", "60+", "65+", "80+")


def people(m: Material, pictures: Pictures) -> list[Block]:
    """Population in words, table and picture."""
    lang = m.lang
    return [
        Heading(label("（一）人口", "3.1 People", lang), 2),
        Text(_people_text(m)),
        _people_table(m),
        *pictures.picture(
            "population_pyramid",
            "pyramid",
            label("分性别年龄人口金字塔", "Population by age and sex", lang),
            width=0.7,
        ),
    ]


def _people_text(m: Material) -> str:
    lang, (first, last) = m.lang, (m.years[0], m.years[-1])
    start, end = m.people("total", first), m.people("total", last)
    old = [m.people("60+", y) / m.people("total", y) for y in (first, last)]
    risen = _went(old[0], old[1], "上升", "下降")
    young = [m.people("0-14", y) for y in (first, last)]
    births = [m.band("births", y) for y in (first, last)]
    text = label(
        f"{m.scenario_name}情景下，{m.place}常住人口由{first}年末的{number(start, lang)}人"
        f"{_went(start, end)}到{last}年末的{number(end, lang)}人（{_went(start, end)}"
        f"{abs(end / start - 1):.1%}）；60岁及以上人口占比由{old[0]:.1%}{risen}到"
        f"{old[1]:.1%}（{risen}{_points(old[0], old[1])}个百分点）；0—14岁人口由"
        f"{number(young[0], lang)}人{_went(young[0], young[1])}到{number(young[1], lang)}人。",
        f"In the {m.scenario_name} scenario the resident population of {m.place} goes from "
        f"{number(start, lang)} at "
        f"the end of {first} to {number(end, lang)} at the end of {last} ({_change(end / start - 1)}); the "
        "share aged "
        f"60 and over from {old[0]:.1%} to {old[1]:.1%} ({_points(old[0], old[1])} percentage points "
        f"{'more' if old[1] >= old[0] else 'less'}); children under 15 from "
        f"{number(young[0], lang)} to {number(young[1], lang)}. ",
        lang,
    )
    if births[0] and births[1]:
        text += label(
            f"年出生人数由{number(births[0][1], lang)}人{_went(births[0][1], births[1][1])}到"
            f"{number(births[1][1], lang)}人"
            f"（80%区间{number(births[1][0], lang)}—{number(births[1][2], lang)}人）。",
            f"Births a year go from {number(births[0][1], lang)} to {number(births[1][1], lang)} (80% band "
            f"{number(births[1][0], lang)} to {number(births[1][2], lang)}). ",
            lang,
        )
    return text + label("见[[people]]和[[pyramid]]。", "See [[people]] and [[pyramid]].", lang)


def _went(before: float, after: float, up: str = "增加", down: str = "减少") -> str:
    """The verb of a Chinese sentence on two figures."""
    return up if after >= before else down


def _points(before: float, after: float) -> str:
    """Between two shares as they are printed, to a tenth of a point."""
    return f"{abs(round(100 * after, 1) - round(100 * before, 1)):.1f}"


def _change(value: float) -> str:
    return f"{'+' if value >= 0 else MINUS}{abs(value):.1%}"


def _people_table(m: Material) -> Table:
    lang, (first, last) = m.lang, (m.years[0], m.years[-1])
    years = sorted({*range(first, last + 1, 5), last})
    thousands = label("万人", "thousands", lang)
    divisor = 1e4 if lang == "zh" else 1e3
    known = [g for g in GROUPS if np.isfinite(_safe(m, g, first))]
    names = {"total": label("总人口", "All", lang)}
    heads = [
        label("年末", "End of", lang),
        *(names.get(g, g if lang == "en" else g.replace("-", "—").replace("+", "岁及以上")) for g in known),
        label("60岁及以上占比", "60+ share", lang),
        label("出生", "Births", lang),
    ]
    body = []
    for year in years:
        births = m.band("births", year)
        body.append(
            (
                str(year),
                *(f"{m.people(g, year) / divisor:,.1f}" for g in known),
                f"{m.people('60+', year) / m.people('total', year):.1%}",
                f"{births[1] / divisor:,.2f}" if births else NONE,
            )
        )
    caption = label(f"分年龄人口（{thousands}，中位数）", f"Population by age ({thousands}, medians)", lang)
    widths = [9, *(11 if g in ("total", "0-14", "15-59") else 15 for g in known), 15, 9]
    return Table("people", caption, heads, body, widths, frozenset(range(1, len(heads))))


def _safe(m: Material, group: str, year: int) -> float:
    try:
        return m.people(group, year)
    except KeyError:
        return float("nan")
