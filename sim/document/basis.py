"""What the answers stand on: the plan's own text, the method, the assumptions, the sources."""

from __future__ import annotations

import re
from collections import Counter

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.words import unit
from sim.document.blocks import Block, Heading, Table, Text
from sim.document.material import Line, Material
from sim.document.sentences import EVIDENCE
from sim.plan.audit import SERIOUS
from sim.plan.checks.finding import VERDICTS
from sim.saved.numbers import plain

MOST = 16  # assumptions shown
_RESTS = re.compile(r"(\S+) \([A-D]\)")
NONE = "—"
SPANS = re.compile("年数|年份|起始年(?!龄)")  # in the name of what is counted in years, not an age


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
        f"{len(m.audit)} figures of the plan's text were held against each other (counts and rates, growth "
        "and levels, "
        f"parts and totals, statements made twice, targets and baselines): {len(bad)} want attention, see "
        "[[audit]]; "
        f"the rest: {listed}.",
        lang,
    )
    blocks: list[Block] = [Heading(label("五、规划文本核查", "5. The plan's text against itself", lang))]
    if not bad:
        return [*blocks, Text(text.replace("，见[[audit]]", "").replace(", see [[audit]]", ""))]
    body = [
        (
            label(VERDICTS.get(line["verdict"], ""), line["verdict"], lang),
            _finding(line, lang),
            line["line"] or NONE,
        )
        for line in bad
    ]
    heads = (label("结论", "Finding", lang), label("内容", "What", lang), label("行号", "Line", lang))
    caption = label("规划文本需要处理的问题", "What of the text wants attention", lang)
    return [*blocks, Text(text), Table("audit", caption, heads, body, (15, 75, 8), frozenset({2}))]


def _finding(line: Line, lang: Lang) -> str:
    """The message without the verdict that stands before it."""
    text = line[f"message_{lang}"]
    for arrow in (" → ", " -> "):
        head, found, tail = text.rpartition(arrow)
        if found:
            comment = re.search(r"[（(](.*)[）)]$", tail)
            return head + (label(f"（{comment[1]}）", f" ({comment[1]})", lang) if comment else "")
    return text


def method(m: Material) -> list[Block]:
    """The method in a page."""
    lang = m.lang
    paragraphs = [
        (
            label("人口。", "People. ", lang),
            label(
                "以普查人口为基础，按单岁和性别用队列要素法逐年推算：死亡按寿命表与预期寿命路径，"
                "生育按孩次递进并计入"
                "二孩、三孩政策的时间效应，迁移按本地净迁移及其年龄模式。每一年、每一格人口均满足平衡："
                "年末等于年初加出生减死亡"
                "加净迁入。",
                "From the census, by single year of age and sex, cohorts are carried on year by year: deaths "
                "by life table and a "
                "path of life expectancy, births by parity with the timing of the two- and three-child "
                "policies, migration by "
                "the place's own net flow and its age pattern. Each cell balances in each year.",
                lang,
            ),
        ),
        (
            label("需求。", "Need. ", lang),
            label(
                "按使用：分年龄性别的住院、门诊、失能照护和分娩乘以人口，得到床日与服务量，再按平均住院日、"
                "病床使用率、"
                "人员工时折成床位和人员；基年用本地实际使用校准。按标准："
                "国家和规划自身的人均配置标准乘以人口。两者分别判定，互不替代。",
                "By use: admissions, visits, dependence and deliveries by age and sex times people give "
                "bed-days and services; length "
                "of stay, occupancy and working time turn them into beds and staff; the base year is "
                "anchored on what is used here. By norm: "
                "national standards times people. Both are judged, neither stands in for the other.",
                lang,
            ),
        ),
        (
            label("供给。", "Supply. ", lang),
            label(
                "床位、托位等按本地趋势推算，增速逐年减半衰减；人员按进入与离退的存量流量推算。"
                "规划供给为目标如期实现后的水平，"
                "目标年之后保持该水平。",
                "Beds and slots go on by their trend, whose growth fades; staff by entrants and leavers. The "
                "plan's supply is its "
                "target reached in time and held on.",
                lang,
            ),
        ),
        (
            label("判定。", "Verdict. ", lang),
            label(
                f"全部参数按各自的不确定范围同时抽样{m.draws}次，每次抽样完整推算一遍；"
                "目标不低于需求的次数所占比例即够用的概率。"
                "概率不低于0.9判为够用，0.5至0.9偏紧，低于0.5不足；远超使用需求判为富余。"
                "概率离界限不足两个标准误的标为临界。",
                f"All parameters are drawn together {m.draws} times from their ranges and the whole chain is "
                "run each time; the share of "
                "draws in which the target is no less than the need is the probability of being enough. 0.9 "
                "or more is adequate, 0.5 to 0.9 "
                "tight, less short; far above the need by use is surplus. Within two standard errors of a "
                "threshold it is on the line.",
                lang,
            ),
        ),
        (
            label("局限。", "Limits. ", lang),
            label(
                "不含路程与可及半径，结论不计费用（费用另见运行文件夹的 costs.csv），"
                "不含传染病传播模型（疫情按给定波次）；"
                "跨地区就医计为净流入。判断假设"
                "一经本地核实，结论的把握即可提高。",
                "There are no travel times and no transmission of disease (an epidemic is a stated wave); "
                "no verdict reads costs (see costs.csv in the run's folder); patients across the border "
                "enter as one net flow. Each assumption that is counted here makes the verdicts surer.",
                lang,
            ),
        ),
    ]
    heading = Heading(label("六、测算方法", "6. Method", lang))
    return [heading, *(Text(text, lead=lead) for lead, text in paragraphs)]


def assumptions(m: Material) -> list[Block]:
    """The figures that the verdicts rest on most, with value, range, evidence and source."""
    lang = m.lang
    weight: Counter[str] = Counter()
    for row in m.judged or [r for r in m.run.adequacy if r.scenario == m.scenario]:
        for rank, name in enumerate(_RESTS.findall(row.rests_on)):
            weight[name] += 1.0 / (1 + rank)  # type: ignore[assignment]
    known = [(name, m.given(name)) for name, _ in weight.most_common()]
    found = [(name, line) for name, line in known if line is not None][:MOST]
    if not found:
        return []
    sources = {line["source"]: n for n, (_, line) in reversed(list(enumerate(found)))}
    order = {key: n for n, key in enumerate(sorted(sources, key=lambda k: sources[k]), 1)}
    body = [
        (
            line[f"name_{lang}"],
            value_text(line, lang),
            range_text(line, lang),
            label(*EVIDENCE.get(line["evidence"], ("", "")), lang),
            line["quality"],
            f"[{order[line['source']]}]",
        )
        for _, line in found
    ]
    heads = (
        label("假设", "Assumption", lang),
        label("取值", "Value", lang),
        label("80%范围", "80 % range", lang),
        label("依据", "Evidence", lang),
        label("等级", "Grade", lang),
        label("来源", "Source", lang),
    )
    note = label(
        "注：按对各项结论的影响排序。等级：A实测表，B公开汇总，C假设，D推算；×为对全部取值的倍数，±为加减数。"
        "全部参数见随附工作簿。",
        "Note: in the order of what they move. Grades: A observed table, B published summary, C assumed, D "
        "derived; × a factor on "
        "all values, ± added to them. All parameters: the workbook.",
        lang,
    )
    caption = label("结论所依据的主要假设", "What the verdicts rest on most", lang)
    widths = (34, 20, 20, 13, 7, 8)
    text = label(
        "[[assumptions]]列出对结论影响最大的假设及其证据。",
        "[[assumptions]] lists what moves the verdicts most, and how well each is known.",
        lang,
    )
    return [
        Heading(label("七、主要假设", "7. Assumptions", lang)),
        Text(text),
        Table("assumptions", caption, heads, body, widths, frozenset({1, 2}), note),
        Heading(label("八、资料来源", "8. Sources", lang)),
        *_sources(m, [next(line for _, line in found if line["source"] == key) for key in order]),
    ]


def _sources(m: Material, cited: list[Line]) -> list[Block]:
    lang = m.lang
    blocks: list[Block] = []
    people = saved.source_names(m.run.meta, lang)
    head = label("、", "; ", lang).join([*people, m.plan_title] if m.judged else people)
    if head:
        blocks.append(Text(label(f"人口与规划：{head}。", f"People and plan: {head}.", lang)))
    body = [(f"[{n}]", source_text(line, lang)) for n, line in enumerate(cited, 1)]
    heads = (label("编号", "No.", lang), label("来源", "Source", lang))
    caption = label("主要假设的来源", "Sources of the assumptions", lang)
    return [*blocks, Table("sources", caption, heads, body, (8, 92))]


def source_text(line: Line, lang: Lang) -> str:
    """A source as a list has it: title, publisher, address."""
    title = (line["title_zh"] if lang == "zh" else "") or line["title_en"]
    publisher = (line.get("publisher_zh", "") if lang == "zh" else "") or line["publisher"]
    return label("，", ", ", lang).join(part for part in (title, publisher, line["url"]) if part)


def parameter_unit(line: Line, lang: Lang) -> str:
    """The unit of a parameter in words; "" of one without.

    A span or a date in years is 年, an age or a life expectancy 岁: the parameter's name says which.
    """
    if lang == "zh" and line["unit"] == "year" and SPANS.search(line["name_zh"]):
        return "年"
    return unit(line["unit"], lang) if line["unit"] else ""


def value_text(line: Line, lang: Lang) -> str:
    """A value with its unit; of a path its first and last year, of a table its ends."""
    text, units = line["value"], parameter_unit(line, lang)
    joint = "" if lang == "zh" or not units else " "
    if ": " in text:
        steps = [part.split(": ") for part in text.split("; ")]
        ends = [steps[0]] if len(steps) == 1 else [steps[0], steps[-1]]
        return label("，", ", ", lang).join(f"{y}: {_plain(v)}" for y, v in ends) + joint + units
    if ".." in text:
        return label("—", " to ", lang).join(_plain(v) for v in text.split("..")) + joint + units
    return _plain(text) + joint + units


def range_text(line: Line, lang: Lang) -> str:
    """The 10 and 90 % points: values, factors (×) or amounts (±)."""
    if not line["low"]:
        return NONE
    sign = {"relative": "×", "absolute": ""}.get(line["scale"], "")
    low, high = (_plain(line[end]) for end in ("low", "high"))
    if line["scale"] == "absolute" and float(line["low"]) == -float(line["high"]):
        return f"±{high}"
    return f"{sign}{low}{label('—', ' to ', lang)}{sign}{high}"


def _plain(text: str) -> str:
    try:
        return plain(float(text)).replace("-", "−")
    except ValueError:
        return text
