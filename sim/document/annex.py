"""The annex "规划指标测算与修订建议": all its parts in order, from one saved run."""

from __future__ import annotations

from sim.catalogue.language import label
from sim.document.assumptions import assumptions
from sim.document.blocks import Block, Document
from sim.document.findings import conclusions, task
from sim.document.material import Material
from sim.document.method import method
from sim.document.pictures import Pictures
from sim.document.plan_text import audit_findings
from sim.document.proposed import revised
from sim.document.recommended import recommended
from sim.document.resources import people_and_resources

LETTERS = 40  # of an English title's line
LINE = 20  # characters of a title's line, of 22 points on 156 mm


def annex(m: Material, pictures: Pictures) -> Document:
    """Task, findings, people and resources, revised targets, audit, method, assumptions, sources."""
    lang = m.lang
    title = label(
        f"{_parted(m.plan_title)}\n指标测算与修订建议",
        f"{_parted_english(m.plan_title)}:\ntargets held against need",
        lang,
    )
    if not m.judged:
        title = label(
            f"{m.place}人口与卫生资源需求测算", f"{m.place}: people and need to {m.years[-1]}", lang
        )
    if m.proposed:
        first = m.proposed[0]["year"]
        title = label(
            f"{m.place}{first}年规划指标测算与建议", f"{m.place}: targets proposed for {first}", lang
        )
    subtitle = label(
        f"（{m.place}，{m.years[0]}—{m.years[-1]}年，{m.scenario_name}情景）",
        f"({m.place}, {m.years[0]} to {m.years[-1]}, {m.scenario_name})",
        lang,
    )
    blocks: list[Block] = [
        *task(m),
        *conclusions(m),
        *people_and_resources(m, pictures),
        *revised(m),
        *recommended(m),
        *audit_findings(m),
        *method(m),
        *assumptions(m),
    ]
    return Document(title, subtitle, _renumbered(blocks, m), lang)


def _parted(title: str) -> str:
    """A title too long for a line, parted beside the words in quotes: 安阳市“十四五” / 公共卫生体系..."""
    before, opened, rest = title.partition("“")
    inside, closed, after = rest.partition("”")
    if len(title) < LINE or not closed:
        return title
    first = f"{before}{opened}{inside}{closed}"
    return f"{first}\n{after}" if len(after) > len(before) else f"{before}\n{title.removeprefix(before)}"


def _parted_english(title: str) -> str:
    """The same beside its last comma: Anyang public health plan, / 14th five-year period."""
    before, comma, after = title.rpartition(", ")
    return f"{before},\n{after}" if comma and len(title) > LETTERS else title


def _renumbered(blocks: list[Block], m: Material) -> list[Block]:
    """Headings counted through, where a run leaves some parts out."""
    from dataclasses import replace

    from sim.document.blocks import Heading

    zh = "一二三四五六七八九十"
    count, below, out = 0, 0, []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            count, below = count + 1, 0
            text = block.text.partition("、" if m.lang == "zh" else ". ")[2]
            number = f"{zh[count - 1]}、" if m.lang == "zh" else f"{count}. "
            block = replace(block, text=number + text)
        elif isinstance(block, Heading) and block.level == 2 and m.lang == "en":
            below += 1
            block = replace(block, text=f"{count}.{below} {block.text.partition(' ')[2]}")
        out.append(block)
    return out
