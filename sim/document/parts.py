"""The parts of a region in its annex: people and needs of each county, adding up to the whole."""

from __future__ import annotations

from collections.abc import Mapping

from sim.catalogue.language import Lang, label
from sim.charts.demand import MAIN_RESOURCES, resource_name
from sim.charts.parts import divided
from sim.document.blocks import NONE, Block, Heading, Table, Text
from sim.document.material import Line, Material
from sim.document.pictures import Pictures
from sim.saved.attached import read_lines
from sim.saved.numbers import number

SHOWN = ("beds", *MAIN_RESOURCES[:4])
"""Resources whose need stands in the table, as far as the run has them."""


def by_part(m: Material, pictures: Pictures) -> list[Block]:
    """People and needs of each part in a table and a picture; nothing for a run without parts."""
    lang, (first, last) = m.lang, (m.years[0], m.years[-1])
    if not divided(m.run.results):
        return []
    rows = read_lines(m.run.folder / "parts.csv")
    mine = [r for r in rows if (r["scenario"], r["region"]) == (m.scenario, m.region)]
    median = {(r["part"], r["variable"], r["year"]): r for r in mine if r["group"] == "total"}
    names = {r["part"]: r[f"part_{lang}"] for r in mine}
    shown = [s for s in SHOWN if any(key[1] == f"{s}_required" for key in median)]
    heads = [
        label("地区", "Part", lang),
        *(label(f"{y}年\n人口\n（万人）", f"People\n{y},\n1000", lang) for y in (first, last)),
        *(resource_name(m.run.results, s, lang) for s in shown),
    ]
    divisor = 1e4 if lang == "zh" else 1e3
    body = [
        (
            name,
            *(_value(median.get((part, "population", str(y))), divisor) for y in (first, last)),
            *(_value(median.get((part, f"{s}_required", str(last)))) for s in shown),
        )
        for part, name in names.items()
    ]
    note = label(
        "注：中位数；各部分之和逐次抽样等于全域。需求按全域的利用率推算到常住地，不含跨区就医和机构布局。",
        "Note: medians; the parts add up to the whole in every draw. Need is of residents at the whole's "
        "use, without patients who cross borders and without where institutions stand.",
        lang,
    )
    caption = label(f"分县（市、区）人口与{last}年需求", f"People and need in {last} by part", lang)
    widths = (22, *(13 for _ in heads[1:]))
    return [
        Heading(label("（三）分县（市、区）", "3.3 By part", lang), 2),
        Text(_said(m, median, names)),
        Table("parts", caption, heads, body, widths, frozenset(range(1, len(heads))), note),
        *pictures.picture(
            "parts", "parts_picture", label("分县（市、区）人口与需求", "People and need by part", lang)
        ),
    ]


def _value(line: Line | None, divisor: float = 1.0) -> str:
    if line is None or not line["p50"]:
        return NONE
    return f"{float(line['p50']) / divisor:,.{1 if divisor > 1 else 0}f}"


def _said(m: Material, median: Mapping[tuple[str, str, str], Line], names: Mapping[str, str]) -> str:
    """Which part grows most and which loses most, and where the tables are."""
    lang, (first, last) = m.lang, (m.years[0], m.years[-1])
    change = {}
    for part, name in names.items():
        ends = [median.get((part, "population", str(y))) for y in (first, last)]
        if all(ends):
            start, end = (float(line["p50"]) for line in ends if line is not None)
            change[name] = (end / start - 1, end - start)
    if not change:
        return label("见[[parts]]。", "See [[parts]].", lang)
    most, least = max(change, key=lambda n: change[n][0]), min(change, key=lambda n: change[n][0])
    return label(
        f"{last}年与{first}年相比，{most}常住人口{_moved(*change[most], lang)}，"
        f"{least}{_moved(*change[least], lang)}，见[[parts]]和[[parts_picture]]。",
        f"From {first} to {last} residents {_moved(*change[most], lang)} in {most} and "
        f"{_moved(*change[least], lang)} in {least}: [[parts]], [[parts_picture]].",
        lang,
    )


def _moved(share: float, people: float, lang: Lang) -> str:
    """By how much people grow or fall, as a share and in number."""
    size, count = f"{abs(share):.1%}", number(abs(people), lang)
    zh, en = ("增加", "grow") if people >= 0 else ("减少", "fall")
    return label(f"{zh}{size}（{count}人）", f"{en} by {size} ({count} people)", lang)


__all__ = ["by_part"]
