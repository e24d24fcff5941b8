"""What `propose` recommends to a place without a plan: targets by year, what they take and cost, and why."""

from __future__ import annotations

from sim.catalogue.language import Lang, label, labels
from sim.document.blocks import NONE, Block, Heading, Table, Text
from sim.document.material import Line, Material
from sim.document.sentences import capital, is_count, level, money, whole
from sim.document.table_columns import filled
from sim.report.cells import cell_text
from sim.report.propose_table import BASES
from sim.saved.attached import PROPOSAL
from sim.saved.numbers import grouped
from sim.saved.probability_text import probability_text
from sim.saved.rows import name_with_unit

_WIDTHS = (31, 11, 10, 11, 28, 9, 14, 11)


def recommended(m: Material) -> list[Block]:
    """Proposed targets of each year with yearly build and recruitment, their cost, and their reasons.

    Nothing where the run is of no `propose`.
    """
    lang = m.lang
    if not m.proposed:
        return []
    years = proposed_years(m)
    tables = [proposed_table(m, year) for year in years]
    listed = label("、", ", ", lang).join(f"[[{table.key}]]" for table in tables)
    first = m.proposed[0]
    p, now = f"{100 * float(first['p_asked']):g}%", first["now_year"]
    text = label(
        f"建议值取到目标年以{p}的把握够用（健康结果和覆盖率为达到）的值，以最快可行的增速为限，且不低于现状、国家标准"
        f"和国家目标；现状为{now}年模型值。{listed}列出各项建议值及其依据，理由逐项附后。",
        f"A proposed target is the value that is enough (of outcomes and coverage: reached) with {p}, as far "
        "as the fastest growth leads, and never worse than today, the national norm and the national goal; "
        f"today is {now} by the model. {listed}: the targets and what decides each; the reasons stand below.",
        lang,
    )
    blocks: list[Block] = [
        Heading(label("四、规划指标建议", "4. Proposed targets", lang)),
        Text(text),
        *tables,
        *_costs(m),
        Text(
            label(
                f"{years[0]}年各项建议值的理由如下。", f"Why each target of {years[0]} is what it is:", lang
            )
        ),
    ]
    reasons = [line for line in lines_of(m, years[0]) if line["recommended"]]
    for n, line in enumerate(reasons, 1):
        said = f"{_name(line, lang)}{label('：', ': ', lang)}{reason(line, lang)}"
        blocks.append(Text(said, lead=f"{n}. ", detail=True))
    return blocks


def proposed_years(m: Material) -> list[str]:
    """The years that targets are proposed for; none where the run is of no `propose`."""
    return list(dict.fromkeys(line["year"] for line in m.proposed))


def lines_of(m: Material, year: str) -> list[Line]:
    """What is proposed for a year, a line an indicator."""
    return [line for line in m.proposed if line["year"] == year]


def reason(line: Line, lang: Lang) -> str:
    """Why a proposed target is what it is, as a sentence."""
    return line[f"reason_{lang}"] + label("。", ".", lang)


def proposed_table(m: Material, year: str) -> Table:
    """The targets of one year, a row for each of `lines_of`."""
    lang, mine = m.lang, lines_of(m, year)
    now = mine[0]["now_year"]
    named = labels(
        lang,
        ("指标", "Indicator"),
        (f"{now}年\n现状", f"Today\n({now})"),
        ("使用\n需求", "Need\nby use"),
        ("按标准\n需求", "Need\nby norm"),
        ("建议值\n（依据）", "Proposed\n(by)"),
        ("把握", "P"),
        ("折合\n总量", "In all"),
        ("年均\n新增", "A year"),
    )
    body = [_cells(line, lang, m.draws) for line in mine]
    heads, rows, widths = filled(named, body, _WIDTHS)
    note = label(
        "注：现状、需求为中位数；把握为建议值够用（结果和覆盖率为达到）的概率；年均新增自现状年年底起算，"
        "人员含补充离退。无本地数据的指标不给概率。",
        "Note: today and need are medians; P: probability that the proposed value is enough (of outcomes and "
        "coverage: reached); a year: built or recruited from the end of today's year, leavers replaced. "
        "No probability where nothing local is known.",
        lang,
    )
    caption = label(f"{year}年建议指标", f"Targets proposed for {year}", lang)
    right = frozenset(range(1, len(heads)))
    roomy = frozenset(i for i, head in enumerate(heads) if head in (named[2], named[3], named[6]))
    return Table(f"proposal{year}", caption, heads, rows, widths, right, note, roomy)


def _cells(line: Line, lang: Lang, draws: int) -> tuple[str, ...]:
    shown = whole if is_count(line["unit"]) else level
    basis = label(*BASES.get(line["basis"], ("", "")), lang)
    value = grouped(line["recommended"])
    proposed = value + (label(f"（{basis}）", f" ({basis})", lang) if value and basis else "")
    chance = probability_text(float(line["p"]), draws) if line["p"] else NONE
    return (
        _name(line, lang),
        *(shown(line[column]) if line[column] else NONE for column in ("now_p50", "need_p50", "norm")),
        proposed or NONE,
        chance,
        whole(line["count"]),
        whole(line["per_year"]),
    )


def _costs(m: Material) -> list[Block]:
    table = cost_table(m)
    if table is None:
        return []
    return [Text(label("费用见[[proposal_costs]]。", "Cost: [[proposal_costs]].", m.lang)), table]


def cost_table(m: Material) -> Table | None:
    """What the proposal costs by resource: built up to each year, and more a year in it; None without any."""
    lang, years = m.lang, [int(year) for year in proposed_years(m)]
    now = int(m.proposed[0]["now_year"])
    items = list(dict.fromkeys(line["item"] for line in m.costs if line["option"] == PROPOSAL))
    found = {item: [m.cost(PROPOSAL, item, now, year) for year in years] for item in items}
    body = [
        (capital(cell_text("item", item, lang), lang), *(money(value) for pair in pairs for value in pair))
        for item, pairs in found.items()
        if any(value is not None for pair in pairs for value in pair)
    ]
    if not body:
        return None
    heads = [label("资源", "Resource", lang)]
    for year in years:
        heads.append(label(f"{now + 1}—{year}年\n建设费", f"Capital\n{now + 1}-{year}", lang))
        heads.append(label(f"{year}年\n年运行增量", f"Yearly, more\nin {year}", lang))
    note = label(
        f"注：亿元，不变价，平均值；年运行增量为比基年多出的运行与人员经费。建议方案自{now}年底起算。",
        "Note: CNY 100m, constant prices, means; yearly: running and pay above the base year's. The proposal "
        f"starts at the end of {now}.",
        lang,
    )
    caption = label("建议方案的费用", "Cost of the proposal", lang)
    widths = (30, *(18 for _ in heads[1:]))
    return Table("proposal_costs", caption, heads, body, widths, frozenset(range(1, len(heads))), note)


def _name(line: Line, lang: Lang) -> str:
    return name_with_unit(line[f"name_{lang}"], line["unit"], lang)
