"""What was asked, what was found, and which targets would hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.verdicts import JUDGED, VERDICTS, is_judged
from sim.catalogue.words import unit
from sim.document.blocks import Block, Heading, Table, Text
from sim.document.material import Material, edited_text
from sim.document.sentences import BOUNDS, figure, units_of, verdict_sentences
from sim.plan.needs import is_need
from sim.saved.judgement import by_norm, by_use, judged_by_norm
from sim.saved.probability_text import probability_text
from sim.saved.row import Row
from sim.saved.rows import indicator_text, ratio_text
from sim.schema import RESOURCES

NONE = "—"


def task(m: Material) -> list[Block]:
    """What was asked, of which run, and what came out in numbers."""
    lang, first, last = m.lang, m.years[0], m.years[-1]
    names = [saved.scenario_name(s, lang, m.run.results) for s in saved.scenarios(m.run.results)]
    joint = label("、", ", ", lang)
    blocks: list[Block] = [Heading(label("一、测算任务", "1. What was asked", lang))]
    if m.judged:
        asks = label(
            f"对照《{m.plan_title}》，以{first}年人口普查口径人口为起点，测算{m.place}{first}—{last}年人口、"
            "健康负担、卫生资源需求与供给，逐项回答三个问题：目标能否达到，达到后够不够用，把握有多大；"
            "不够用的，提出多大的目标才够，每年需要建设和补充多少。",
            f"The targets of “{m.plan_title}” are held against a projection of {m.place} from {first} to "
            f"{last}: "
            "population, burden of disease, need and supply. Of each target three things are asked: will it "
            "be "
            "reached, is it enough, how surely; and where it is not, which target would be enough and what "
            "it takes a year.",
            lang,
        )
    else:
        asks = label(
            f"测算{m.place}{first}—{last}年人口、健康负担、卫生资源需求与供给。",
            f"Population, burden of disease, need and supply of {m.place} are projected from {first} to "
            f"{last}.",
            lang,
        )
    blocks.append(Text(asks))
    blocks.append(
        Text(
            label(
                f"测算设{len(names)}个情景（{joint.join(names)}），正文为{m.scenario_name}情景；"
                "参数按其不确定范围抽样"
                f"{m.draws}次，区间为第10—90百分位。运行编号{m.run.results.attrs['run_id']}，"
                "全部数字可由该次运行重现。",
                f"{len(names)} scenario{'s' if len(names) > 1 else ''} ({joint.join(names)}) were run; the "
                "text "
                f"is on {m.scenario_name}. Parameters were drawn {m.draws} times from their ranges; bands "
                "hold 80 % "
                f"of the draws. Every figure is of run {m.run.results.attrs['run_id']} and can be "
                "reproduced.",
                lang,
            )
        )
    )
    if m.edited:
        blocks.append(
            Text(edited_text(m.edited, lang) + label("。", ".", lang), lead=label("提示：", "Note: ", lang))
        )
    return blocks


def conclusions(m: Material) -> list[Block]:
    """Counts, all tested targets in a table, and sentences on those that are short or tight."""
    lang, rows = m.lang, m.judged
    if not rows:
        return []
    blocks: list[Block] = [
        Heading(label("二、主要结论", "2. What was found", lang)),
        Text(
            _counts(rows, lang)
            + others(m)
            + label("各项结果见[[verdicts]]。", " All results: [[verdicts]].", lang)
        ),
        verdict_table(m, rows),
    ]
    bad = [row for row in rows if row.verdict in ("short", "tight")]
    for n, row in enumerate(bad, 1):
        blocks.append(Text(verdict_sentences(m, row), lead=f"{n}. "))
    good = [row for row in rows if row.verdict not in ("short", "tight")]
    if good:
        listed = label("；", "; ", lang).join(indicator_text(row, lang) for row in good)
        blocks.append(
            Text(
                label(
                    f"其余{len(good)}项够用或富余：{listed}。",
                    f"The other {len(good)} are adequate or in surplus: {listed}.",
                    lang,
                )
            )
        )
    blocks.append(Text(_not_judged(m)))
    return blocks


def _counts(rows: Sequence[Row], lang: Lang) -> str:
    found = Counter(row.verdict for row in rows)
    joint = label("、", ", ", lang)
    said = joint.join(
        label(f"{VERDICTS[v].zh}{found[v]}项", f"{found[v]} {VERDICTS[v].en}", lang)
        for v in JUDGED
        if found[v]
    )
    text = label(
        f"共检验{len(rows)}项目标，按本地使用需求判定：{said}。",
        f"{len(rows)} targets were tested. By use: {said}. ",
        lang,
    )
    by = Counter(row.verdict_norm for row in rows if judged_by_norm(row))
    if by:
        said = joint.join(
            label(f"{VERDICTS[v].zh}{by[v]}项", f"{by[v]} {VERDICTS[v].en}", lang) for v in JUDGED if by[v]
        )
        text += label(
            f"其中{sum(by.values())}项另按国家标准判定：{said}。",
            f"By national norm ({sum(by.values())} of them): {said}. ",
            lang,
        )
    return text


def others(m: Material) -> str:
    """How many targets are short in the other scenarios."""
    lang = m.lang
    parts = []
    for name in saved.scenarios(m.run.results):
        if name == m.scenario:
            continue
        rows = saved.rows_of(m.run.adequacy, m.region, name)
        short = sum(row.verdict == "short" for row in rows)
        parts.append(f"{saved.scenario_name(name, lang, m.run.results)} {short}")
    if not parts:
        return ""
    listed = label("、", ", ", lang).join(parts)
    return label(f"其他情景下不足的项数：{listed}。", f"Short in other scenarios: {listed}. ", lang)


def verdict_table(m: Material, rows: Sequence[Row]) -> Table:
    """Every tested target: need, ratio, probability, both verdicts, and from when too little."""
    lang = m.lang
    years = sorted({row.year for row in rows})
    heads = [
        label("指标与目标", "Target", lang),
        label("年份", "Year", lang),
        label("需求（80%区间）", "Need (80 % band)", lang),
        label("目标/需求", "Target/need", lang),
        label("概率", "Prob.", lang),
        label("结论", "Verdict", lang),
        label("按标准", "By norm", lang),
        label("不足自", "Short from", lang),
    ]
    body = []
    for row in rows:
        need = NONE
        if row.need is not None:
            need = "{1}（{0}—{2}）" if lang == "zh" else "{1} ({0} to {2})"
            need = need.format(*map(figure, row.need))
        body.append(
            [
                indicator_text(row, lang),
                str(row.year),
                need,
                ratio_text(row.ratio_p50) if row.ratio_p50 is not None else NONE,
                probability_text(row.chance, row.draws),
                by_use(row, lang),
                by_norm(row, lang) or NONE,
                row.level_short_year or NONE,
            ]
        )
    note = label(
        "注：概率为够用的概率，无需求数的指标为达标的概率；≥0.9够用，0.5—0.9偏紧，<0.5不足；±临界。"
        "“不足自”为目标水平开始低于需求的年份。",
        "Note: probability of being enough, of outcomes and coverage of being reached; 0.9 or more adequate, "
        "0.5 to 0.9 tight, less short; ± on the line. Short from: year from which the level is too little.",
        lang,
    )
    caption = label("规划指标供需测算结果", "Targets held against need", lang)
    widths = [34, 10, 26, 12, 11, 14, 12, 11]
    if len(years) == 1:
        for cells in (heads, widths, *body):
            del cells[1]  # type: ignore[attr-defined]
        caption += label(f"（{years[0]}年）", f" ({years[0]})", lang)
        return Table("verdicts", caption, heads, body, widths, frozenset({1, 2, 3, 6}), note)
    return Table("verdicts", caption, heads, body, widths, frozenset({1, 2, 3, 4, 7}), note)


def _not_judged(m: Material) -> str:
    rows = saved.rows_of(m.run.adequacy, m.region, m.scenario)
    names = {v: {r.indicator_id for r in rows if r.verdict == v} for v in ("not_tested", "national_pattern")}
    judged = {r.indicator_id for r in rows if is_judged(r.verdict)}
    untested, national = (len(names[v] - judged) for v in ("not_tested", "national_pattern"))
    asked = {
        r.indicator_id
        for r in m.run.adequacy
        if is_need(r.indicator_id) and r.region == m.region and r.scenario == m.scenario
    }
    return label(
        f"未作判定的指标{untested + national}项（其中{national}项没有本地数据支撑，"
        "只给出全国模式下的参考值），"
        f"规划只有文字要求的需求{len(asked)}项，其原因与测算值见随附工作簿。",
        f"{untested + national} indicators are not judged ({national} of them have nothing local behind "
        "them), and "
        f"{len(asked)} needs are asked for in words only: reasons and figures stand in the workbook.",
        m.lang,
    )


def revised(m: Material) -> list[Block]:
    """Targets that would be enough, with yearly build and recruitment."""
    lang = m.lang
    body = []
    for row in sorted(m.judged, key=lambda r: (r.indicator_id, r.year)):
        found = {p: m.revision(row, p) for p in (0.8, 0.9, 0.95)}
        best = found[0.9]
        if best is None or best["kind"] not in ("build", "recruit") or not best["revised"]:
            continue
        resource = RESOURCES.get(best["variable"])
        units = resource.units if resource else "1"
        joint = units_of(row, lang)
        body.append(
            (
                indicator_text(row, lang),
                *(
                    figure(float(line["enough"])) if line and line["enough"] else NONE
                    for line in found.values()
                ),
                figure(float(best["proposed"] or best["revised"])) + joint,
                label(*BOUNDS.get(best["bound"], ("", "")), lang) or NONE,
                _whole(best["count_p50"]) + label("", " ", lang) + unit(units, lang),
                _whole(best["per_year"]),
            )
        )
    if not body:
        return []
    heads = (
        label("指标与规划目标", "Target of the plan", lang),
        *(label(f"{p}%把握", f"{p} % sure", lang) for p in (80, 90, 95)),
        label("建议目标", "Proposed", lang),
        label("保底依据", "Held at", lang),
        label("折合总量", "In all", lang),
        label("年均新增", "A year", lang),
    )
    note = label(
        "注：前三列为按本地使用分别以80%、90%、95%的把握够用的目标；建议目标取90%，且不低于现状、规划基期、"
        "国家标准和底线；年均新增为基年至目标年每年建设数，人员为每年补充数（含补离退）；负数为可减少数。",
        "Note: columns 2 to 4: the target that is enough by use with 80, 90 and 95 %; proposed: with 90 %, "
        "never "
        "worse than the present level, the baseline, the national norm and floor. A year: to be built, of "
        "staff to be "
        "recruited with those who leave; minus: fewer.",
        lang,
    )
    table = Table(
        "revised",
        label("建议修订目标", "Proposed targets", lang),
        heads,
        body,
        (34, 11, 11, 11, 13, 19, 17, 13),
        frozenset({1, 2, 3, 4, 6, 7}),
        note,
    )
    text = label(
        "修订目标由抽样直接求得：在每次抽样中求出恰好够用的目标，再取相应的分位数。"
        "[[revised]]列出有资源投入含义的指标。"
        "建议目标高于规划目标的，可作为修订依据；低于规划目标的，表明规划目标已留有余地，不作下调建议。",
        "A proposed target comes from the draws themselves: in each the target that is just enough, then the "
        "quantile. [[revised]] has the targets that are built or recruited. Where the proposal is above the "
        "plan's it is a "
        "reason to revise; where it is below, the plan has room and no lower target is advised.",
        lang,
    )
    return [Heading(label("四、目标修订建议", "4. Targets that would be enough", lang)), Text(text), table]


def _whole(text: str) -> str:
    try:
        value = float(text)
    except ValueError:
        return NONE
    return f"{value:,.0f}".replace("-", "−")
