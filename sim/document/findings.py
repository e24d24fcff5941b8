"""What was asked and what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sim import saved
from sim.catalogue.language import Lang, label, labels
from sim.catalogue.verdicts import JUDGED, VERDICTS
from sim.document.blocks import NONE, Block, Heading, Table, Text
from sim.document.material import Material
from sim.document.sentences import computed, many, verdict_sentences
from sim.plan.needs import is_need
from sim.saved.judgement import by_norm, by_use, judged_by_norm
from sim.saved.probability_text import probability_text
from sim.saved.row import Row
from sim.saved.rows import indicator_text, left_out, ratio_text


def task(m: Material) -> list[Block]:
    """What was asked, of which run, and what came out in numbers."""
    lang = m.lang
    return [
        Heading(label("一、测算任务", "1. What was asked", lang)),
        Text(_asked(m)),
        Text(_computed(m)),
    ]


def _asked(m: Material) -> str:
    first, last = m.years[0], m.years[-1]
    if not m.judged:
        return label(
            f"测算{m.place}{first}—{last}年人口、健康负担、卫生资源需求与供给。",
            f"Population, burden of disease, need and supply of {m.place} are projected from {first} to "
            f"{last}.",
            m.lang,
        )
    return label(
        f"对照《{m.plan_document}》，以{first}年人口普查口径人口为起点，测算{m.place}{first}—{last}年人口、"
        "健康负担、卫生资源需求与供给，逐项回答三个问题：目标能否达到，达到后够不够用，把握有多大；"
        "不够用的，提出多大的目标才够，每年需要建设和补充多少。",
        f"The targets of “{m.plan_document}” are held against a projection of {m.place} from {first} to "
        f"{last}: population, burden of disease, need and supply. Of each target three things are asked: "
        "will it be reached, is it enough, how surely; and where it is not, which target would be enough "
        "and what it takes a year.",
        m.lang,
    )


def _computed(m: Material) -> str:
    """The run behind the text: its scenarios, draws and number."""
    lang, run_id = m.lang, m.run.results.attrs["run_id"]
    names = [saved.scenario_name(s, lang, m.run.results) for s in saved.scenarios(m.run.results)]
    listed = label("、", ", ", lang).join(names)
    chosen = (
        f"测算设{len(names)}个情景（{listed}），正文为{m.scenario_name}情景"
        if len(names) > 1
        else f"测算采用{m.scenario_name}情景"
    )
    ran = (
        f"{len(names)} scenarios were run ({listed}); the text is on {m.scenario_name}"
        if len(names) > 1
        else f"One scenario was run, {m.scenario_name}"
    )
    return label(
        f"{chosen}；参数按其不确定范围抽样"
        f"{m.draws}次，区间为第10—90百分位。运行编号{run_id}，全部数字可由该次运行重现。",
        f"{ran}. Parameters were drawn {m.draws} times from their ranges; bands hold 80% of "
        f"the draws. Every figure is of run {run_id} and can be reproduced.",
        lang,
    )


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
    bad = [row for row in rows if row.is_bad]
    for n, row in enumerate(bad, 1):
        blocks.append(Text(verdict_sentences(m, row), lead=f"{n}. ", detail=True))
    said = label("", " ", lang).join(_good(rows, verdict, lang) for verdict in ("adequate", "surplus"))
    if said.strip():
        blocks.append(Text(said.strip()))
    blocks.append(Text(_not_judged(m)))
    return blocks


def _good(rows: Sequence[Row], verdict: str, lang: Lang) -> str:
    """The targets of one good verdict in a sentence; "" where none has it."""
    good = [row for row in rows if row.verdict == verdict]
    if not good:
        return ""
    listed = label("；", "; ", lang).join(named_target(row, rows, lang) for row in good)
    word = VERDICTS[verdict].text(lang)
    return label(
        f"{word}的{len(good)}项：{listed}。", f"{many(len(good), 'is', 'are')} {word}: {listed}.", lang
    )


def named_target(row: Row, rows: Sequence[Row], lang: Lang) -> str:
    """Indicator and target within a sentence: in Chinese without blanks."""
    return label("", " ", lang).join(indicator_text(row, lang, rows).split("  ")).strip()


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
        f"{many(len(rows), 'target was', 'targets were')} tested. By use: {said}. ",
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
    short = {}
    for name in saved.scenarios(m.run.results):
        if name != m.scenario:
            rows = saved.rows_of(m.run.adequacy, m.region, name)
            called = saved.scenario_name(name, lang, m.run.results)
            short[called] = sum(row.verdict == "short" for row in rows)
    if not short:
        return ""
    joint = label("、", ", ", lang)
    if len(set(short.values())) > 1:
        listed = joint.join(label(f"{name}{n}项", f"{name} {n}", lang) for name, n in short.items())
        return label(f"其他情景下不足的项数：{listed}。", f"Short in other scenarios: {listed}.", lang)
    listed, n = joint.join(short), next(iter(short.values()))
    return label(
        f"其他情景（{listed}）下{f'不足的均为{n}项' if n else '均无不足'}。",
        f"In {'each of ' if len(short) > 1 else ''}the other scenarios ({listed}) {n or 'none'} "
        f"{'is' if n < 2 else 'are'} short.",
        lang,
    )


_HEADS = (
    ("指标与目标", "Target"),
    ("年份", "Year"),
    ("需求（80%区间）", "Need (80% band)"),
    ("倍数", "Ratio"),
    ("概率", "Prob."),
    ("结论", "Verdict"),
    ("按标准", "By norm"),
    ("不足自", "Short from"),
)
_WIDTHS = {"zh": (35, 9, 30, 10, 9, 14, 13, 10), "en": (31, 9, 27, 10, 9, 18, 16, 10)}


def verdict_table(m: Material, rows: Sequence[Row]) -> Table:
    """Every tested target: need, ratio, probability, both verdicts, and from when too little.

    Where all are of one year the caption says it, and no column.
    """
    lang = m.lang
    years = {row.year for row in rows}
    columns = [
        list(c) for c in zip(labels(lang, *_HEADS), *(_cells(row, rows, lang) for row in rows), strict=True)
    ]
    widths, right = list(_WIDTHS[lang]), frozenset({1, 2, 3, 4, 7})
    caption = label("规划指标供需测算结果", "Targets held against need", lang)
    if len(years) == 1:
        del columns[1], widths[1]
        right = frozenset({1, 2, 3, 6})
        year = next(iter(years))
        caption += label(f"（{year}年）", f" ({year})", lang)
    heads, *body = zip(*columns, strict=True)
    note = label(
        "注：倍数为目标除以需求；概率为够用的概率，无需求数的指标为达标的概率；≥{adequate}够用，"
        "{tight}—{adequate}偏紧，<{tight}不足；±临界。"
        "“不足自”为目标水平开始低于需求的年份。",
        "Note: ratio: target over need; probability of being enough, of outcomes and coverage of being "
        "reached; {adequate} or more adequate, {tight} to {adequate} tight, less short; ± on the line. "
        "Short from: year from which the level is too little.",
        lang,
    ).format(**m.thresholds)
    return Table("verdicts", caption, heads, body, widths, right, note)


def _cells(row: Row, rows: Sequence[Row], lang: Lang) -> tuple[str, ...]:
    need = NONE
    if row.need is not None:
        need = "{1}（{0}—{2}）" if lang == "zh" else "{1} ({0} to {2})"
        need = need.format(*(computed(row, value) for value in row.need))
    return (
        indicator_text(row, lang, rows),
        str(row.year),
        need,
        ratio_text(row.ratio_p50) if row.ratio_p50 is not None else NONE,
        probability_text(row.chance, row.draws),
        by_use(row, lang),
        by_norm(row, lang) or NONE,
        row.level_short_year or NONE,
    )


def _not_judged(m: Material) -> str:
    found = left_out(saved.rows_of(m.run.adequacy, m.region, m.scenario))
    untested, national = found["not_tested"] + found["no_target"], found["national_pattern"]
    asked = {
        r.indicator_id
        for r in m.run.adequacy
        if is_need(r.indicator_id) and r.region == m.region and r.scenario == m.scenario
    }
    return label(
        f"未作判定的指标{untested + national}项（其中{national}项没有本地数据支撑，"
        "只给出全国模式下的参考值），"
        f"规划只有文字要求的需求{len(asked)}项，其原因与测算值见随附工作簿。",
        f"{many(untested + national, 'indicator is', 'indicators are')} not judged "
        f"({many(national, 'has', 'of them have')} nothing local behind), and "
        f"{many(len(asked), 'need is', 'needs are')} asked for in words only: reasons and figures stand in "
        "the workbook.",
        m.lang,
    )
