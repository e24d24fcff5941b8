"""The assumptions that the verdicts rest on most, and the sources behind them."""

from __future__ import annotations

from collections import Counter

from sim import saved
from sim.catalogue.language import Lang, label, labels
from sim.document.blocks import Block, Heading, Table, Text
from sim.document.material import Line, Material, parameter_name
from sim.document.parameter_text import evidence_text, range_text, source_text, value_text
from sim.document.sentences import FIRST

MOST = 12  # assumptions shown
_UNJUDGED = 1e-6  # the weight of a result without a verdict: it counts where verdicts rest on too little
_HEADS = (
    ("假设", "Assumption"),
    ("取值", "Value"),
    ("80%范围", "80% range"),
    ("依据", "Evidence"),
    ("等级", "Grade"),
    ("来源", "Source"),
)
_WIDTHS = {"zh": (27, 20, 15, 22, 7, 8), "en": (30, 17, 17, 20, 8, 8)}


def assumptions(m: Material) -> list[Block]:
    """The figures that the verdicts rest on most, with value, range, evidence and source."""
    lang = m.lang
    found = _weightiest(m)
    if not found:
        return []
    order = {key: n for n, key in enumerate(dict.fromkeys(line["source"] for line in found), 1)}
    text = label(
        "[[assumptions]]列出对结论影响最大的假设及其证据。",
        "[[assumptions]] lists what moves the verdicts most, and how well each is known.",
        lang,
    )
    return [
        Heading(label("七、主要假设", "7. Assumptions", lang)),
        Text(text),
        _table(found, order, lang),
        Heading(label("八、资料来源", "8. Sources", lang)),
        *_sources(m, [next(line for line in found if line["source"] == key) for key in order]),
    ]


def _weightiest(m: Material) -> list[Line]:
    """What most verdicts rest on first, where it is a parameter of the run; then what other results do."""
    weight: Counter[str] = Counter()
    judged = m.judged
    for row in (r for r in m.run.adequacy if (r.scenario, r.region) == (m.scenario, m.region)):
        first = FIRST.fullmatch(row.find_first)
        named = row.rests() or ([first["name"]] if first else [])
        for rank, name in enumerate(named):
            weight[name] += (1.0 if row in judged else _UNJUDGED) / (1 + rank)  # type: ignore[assignment]
    for line in m.proposed if not weight else ():  # of `propose`, which judges no plan
        weight[line["find_first"].partition(" (")[0]] += 1
    known = (m.given(name) for name, _ in weight.most_common())
    return [line for line in known if line is not None][:MOST]


def _table(found: list[Line], order: dict[str, int], lang: Lang) -> Table:
    """The assumptions, each with the number of its source."""
    body = [
        (
            parameter_name(line, lang),
            value_text(line, lang).replace(
                label("，", ", ", lang), "\n"
            ),  # the years of a path, each its line
            range_text(line, lang),
            evidence_text(line, lang),
            line["quality"],
            f"[{order[line['source']]}]",
        )
        for line in found
    ]
    note = label(
        "注：按对各项结论的影响排序。等级：A实测表，B公开汇总，C假设，D推算；×为对全部取值的倍数，±为加减数。"
        "全部参数见随附工作簿。",
        "Note: in the order of what they move. Grades: A observed table, B published summary, C assumed, D "
        "derived; × a factor on "
        "all values, ± added to them. All parameters: the workbook.",
        lang,
    )
    caption = label("结论所依据的主要假设", "What the verdicts rest on most", lang)
    return Table("assumptions", caption, labels(lang, *_HEADS), body, _WIDTHS[lang], frozenset({1, 2}), note)


def _sources(m: Material, cited: list[Line]) -> list[Block]:
    lang = m.lang
    blocks: list[Block] = []
    people = saved.source_names(m.run.meta, lang)
    named = [*people, m.plan_document] if m.judged else people
    head = label("、", "; ", lang).join(label(f"《{name}》", name, lang) for name in named)
    if head:
        said = label(f"人口与规划：{head}。", f"People and plan: {head}. ", lang)
        cited_in = label(
            "主要假设的来源见[[sources]]。", "The sources of the assumptions stand in [[sources]].", lang
        )
        blocks.append(Text(said + cited_in))
    body = [(f"[{n}]", source_text(line, lang)) for n, line in enumerate(cited, 1)]
    heads = labels(lang, ("编号", "No."), ("来源", "Source"))
    caption = label("主要假设的来源", "Sources of the assumptions", lang)
    note = label(
        "注：注明“译名”的为本项目所译，“题名未核对”的凭记忆书写；其余为原题名或对内容的说明。",
        "",
        lang,
    )
    return [*blocks, Table("sources", caption, heads, body, (8, 92), note=note)]
