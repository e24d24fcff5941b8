"""The plan's own text: what its figures say against each other."""

from __future__ import annotations

from collections import Counter

from sim.catalogue.language import label, labels
from sim.document.blocks import NONE, Block, Heading, Table, Text
from sim.document.material import Material
from sim.document.sentences import many
from sim.plan.audit import SERIOUS
from sim.plan.checks.finding import VERDICTS
from sim.report.audit_text import finding_text


def audit_findings(m: Material) -> list[Block]:
    """What the plan's text says against itself: what a planner must see, and how many of the rest."""
    lang = m.lang
    if not m.audit:
        return []
    bad = [line for line in m.audit if line["verdict"] in SERIOUS]
    rest = Counter(line["verdict"] for line in m.audit if line["verdict"] not in SERIOUS)
    listed = label("、", ", ", lang).join(
        label(f"{VERDICTS[v]}{n}项", f"{n} {v}", lang) for v, n in rest.most_common()
    )
    text = label(
        f"对规划文本自身的数字作了{len(m.audit)}项核对（数量与比率、增长与水平、分项与合计、前后表述、"
        "目标与基期）："
        f"需要处理的{len(bad)}项，见[[audit]]；其余为{listed}。",
        f"{many(len(m.audit), 'figure', 'figures')} of the plan's text were held against each other (counts "
        "and rates, growth and levels, parts and totals, statements made twice, targets and baselines): "
        f"{many(len(bad), 'wants', 'want')} attention, see [[audit]]; "
        f"the rest: {listed}.",
        lang,
    )
    blocks: list[Block] = [Heading(label("五、规划文本核查", "5. The plan's text against itself", lang))]
    if not bad:
        return [*blocks, Text(text.replace("，见[[audit]]", "").replace(", see [[audit]]", ""))]
    body = [
        (
            label(VERDICTS.get(line["verdict"], ""), line["verdict"], lang),
            finding_text(line, m.indicator_names, lang),
            line["line"] or NONE,
        )
        for line in bad
    ]
    heads = labels(lang, ("结论", "Finding"), ("内容", "What"), ("行号", "Line"))
    caption = label("规划文本需要处理的问题", "What of the text wants attention", lang)
    note = label("注：行号为规划文本中的行。", "Note: line: of the plan's text.", lang)
    return [*blocks, Text(text), Table("audit", caption, heads, body, (18, 72, 8), frozenset({2}), note)]
