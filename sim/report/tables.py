"""The adequacy table for a terminal: what is judged, by use and by norm, verdicts in colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rich.table import Table
from rich.text import Text

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.verdicts import JUDGED, ROWS, VERDICTS, verdict_mark
from sim.catalogue.words import Titles
from sim.plan.needs import is_need
from sim.report.terminal import Page, bare_table
from sim.saved.judgement import ON_LINE, by_norm, by_use, carries_text, from_text, judged_by_norm, on_line
from sim.saved.numbers import plain
from sim.saved.probability_text import few_draws_text, probability_text
from sim.saved.row import Row
from sim.saved.rows import Key, keyed, left_out, name_with_unit, ratio_text, target_text

# Chinese, English, alignment, least width, whether it gives way on a narrow terminal
HEADERS: tuple[tuple[str, str, str, int, bool], ...] = (
    ("指标", "Indicator", "left", 24, False),
    ("年份", "Year", "right", 4, False),
    ("目标", "Target", "right", 6, False),
    ("需求 P10–P90", "Need P10–P90", "right", 12, True),
    ("目标/需求", "Ratio", "right", 5, False),
    ("够用", "Enough", "right", 5, False),
    ("达标", "Reached", "right", 5, False),
    ("结论", "Verdict", "left", 8, False),
    ("按标准", "By norm", "left", 6, False),
    ("不足自", "Short", "left", 6, False),
    ("级", "Gr", "center", 2, True),
)


def adequacy_text(
    rows: Sequence[Row],
    lang: str = "zh",
    *,
    scenario: str | None = None,
    colour: bool | None = None,
    width: int | None = None,
    draws: int | None = None,
    fewest: int = 0,
    titles: Titles | None = None,
) -> str:
    """Adequacy rows as a table for the terminal, one table for each region.

    rows: of adequacy_detail.csv.  scenario: the one shown, the first by
    default; a last column shows the verdicts of the others as marks.  colour: with terminal colours;
    by default if stdout is a terminal.  width: columns; by default the terminal's.  draws: behind
    each probability; with fewer than `fewest` a line says what that means.  titles: the experiment's
    own names of its scenarios.
    Judged rows alone; ends with the words for the signs, the indicators that are not judged, and
    what the plan asks without a target.
    """
    language: Lang = "en" if lang == "en" else "zh"
    rows = [replace(row, draws=draws) for row in rows]
    names = list(dict.fromkeys(row.scenario for row in rows))
    main = scenario if scenario is not None else (names[0] if names else "")
    page = Page(colour, width)
    for region in dict.fromkeys(row.region for row in rows):
        here = [row for row in rows if row.region == region]
        mine = [row for row in here if not is_need(row.indicator_id)]
        asked = [row for row in here if is_need(row.indicator_id)]
        shown = _shown(mine, main)
        if shown:
            _print(page, mine, shown, region, main, language, titles or {})
            page.line(_signs([row for _, row in shown], language))
        for line in _last_lines(mine, main, names, language, titles or {}):
            page.line(line)
        if asked:
            page.line(_asked(asked, main, language))
    if rows and draws is not None and (note := few_draws_text(draws, fewest, language)):
        page.line(note)
    return page.text()


def outside_text(
    series: Sequence[Mapping[str, Any]], lang: str = "zh", draws: int | None = None, fewest: int = 0
) -> str:
    """A line on the series whose central line leaves its own P10-P90; empty if there is none.

    series: `central_outside_band` of run.json.  draws, fewest: of the run, and how many a band needs;
    with fewer the line may lie outside by chance, and the text says so.
    """
    if not series:
        return ""
    language: Lang = "en" if lang == "en" else "zh"
    few = label(
        f"；只有 {draws} 次抽样，可能只是偶然，--draws {fewest} 以上才能判断",
        f"; with {draws} draws this may be chance: --draws {fewest} or more can tell",
        language,
    )
    names = list(dict.fromkeys(f"{s['variable']}.{s['group']}" for s in series))
    shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
    return label(
        f"{len(series)} 条序列的中心线在其 P10–P90 之外（{shown}）：见 run.json 的 central_outside_band",
        f"{len(series)} series have their central line outside P10-P90 ({shown}): "
        "see central_outside_band in run.json",
        language,
    ) + (few if draws is not None and draws < fewest else "")


def _shown(rows: Sequence[Row], main: str) -> list[tuple[Key, Row]]:
    """Judged rows of the scenario, years of an indicator together, in the plan's order."""
    shown = [(key, row) for key, row in keyed(rows) if row.scenario == main and row.is_judged]
    order = {key: i for i, key in reversed(list(enumerate(key for key, _ in shown)))}
    return sorted(shown, key=lambda pair: (order[pair[0]], pair[1].year))


def _print(
    page: Page,
    rows: Sequence[Row],
    shown: Sequence[tuple[Key, Row]],
    region: str,
    main: str,
    lang: Lang,
    titles: Titles,
) -> None:
    """The table in one piece, or below each other names and figures where that is too wide."""
    names = [name_with_unit(row.name(lang), row.unit, lang) for _, row in shown]
    for i in range(len(names) - 1, 0, -1):
        if shown[i][0] == shown[i - 1][0]:
            names[i] = ""
    wide = _table(page, rows, shown, region, main, lang, titles, names)
    if page.fits(wide):
        page.table(wide)
    else:
        page.table(_table(page, rows, shown, region, main, lang, titles, ()), names)


def _table(
    page: Page,
    rows: Sequence[Row],
    shown: Sequence[tuple[Key, Row]],
    region: str,
    main: str,
    lang: Lang,
    titles: Titles,
    names: Sequence[str],
) -> Table:
    """names: of the first column; without them the narrow form, in which columns give way."""
    narrow = not names
    plan = rows[0].plan if rows else ""
    years = {row.year for _, row in shown}
    title = f"{plan}  {region}  {saved.scenario_name(main, lang, titles)}".strip()
    gone = {zh for zh, *_, gives in HEADERS if gives} | {"指标"} if narrow else set()
    if narrow and len(years) == 1:
        gone.add("年份")
        title = f"{title}  {next(iter(years))}"
    table = bare_table(title)
    kept = [i for i, head in enumerate(HEADERS) if head[0] not in gone]
    for i in kept:
        zh, en, justify, least, _ = HEADERS[i]
        first = zh == "指标"
        table.add_column(
            label(zh, en, lang),
            justify=justify,  # type: ignore[arg-type]
            no_wrap=True,
            min_width=1 if narrow else least,
            max_width=None if page.whole or not first else 40,
            overflow="ellipsis",
        )
    others = [name for name in dict.fromkeys(row.scenario for row in rows) if name != main]
    if others:
        table.add_column(label("其他情景", "Others", lang), no_wrap=True, min_width=6)
    verdicts = {(key, row.scenario, row.year): row.verdict for key, row in keyed(rows)}
    for n, (key, row) in enumerate(shown):
        cells = [Text(names[n] if names else ""), *_cells(row, lang, narrow=narrow)]
        cells = [cells[i] for i in kept]
        if others:
            other = [verdict_mark(verdicts.get((key, o, row.year), "")) or " " for o in others]
            cells.append(Text(" ".join(other)))
        table.add_row(*cells)
    return table


def _cells(row: Row, lang: Lang, *, narrow: bool) -> list[Text]:
    """All columns but the name."""
    target = target_text(str(row.target), lang)
    need = carries_text(row, lang)
    if row.need is not None:
        need = f"{plain(row.need[0])}–{plain(row.need[2])}"
    norm = VERDICTS[row.verdict_norm].terminal if judged_by_norm(row) else ""
    return [
        Text(str(row.year)),
        Text(target),
        Text(need),
        Text(ratio_text(row.ratio_p50) if row.ratio_p50 is not None else ""),
        Text(probability_text(row.p_enough, row.draws)),
        Text(probability_text(row.p_reached, row.draws)),
        Text(by_use(row, lang), style=VERDICTS[row.verdict].terminal),
        Text(by_norm(row, lang, word=not narrow), style=norm),
        Text(from_text(row, lang)),
        Text(row.grade),
    ]


def _signs(rows: Sequence[Row], lang: Lang) -> str:
    """What the columns of verdicts mean, as far as the rows have them."""
    parts = [
        label(
            "结论：按使用需求（无需求数的按达标概率）",
            "Verdict: on the need by use (without a need: on reaching the target)",
            lang,
        )
    ]
    if any(judged_by_norm(row) for row in rows):
        parts.append(label("按标准：按国家标准的需求", "By norm: on the need by national norm", lang))
    if any(on_line(row) for row in rows):
        parts.append(
            label(
                f"{ON_LINE} 临界：概率距阈值不到两个标准误，增加抽样可能改判",
                f"{ON_LINE} on the line: within two standard errors of a threshold, more draws may turn it",
                lang,
            )
        )
    if any(from_text(row, lang) for row in rows):
        parts.append(
            label(
                "不足自：目标水平自该年起低于需求", "Short: from that year on the level is too little", lang
            )
        )
    if any(row.capacity_p50 is not None for row in rows):
        parts.append(
            label("能力：现有人力与服务可承担的覆盖", "carries: what staff and services can carry", lang)
        )
    return label("；", "; ", lang).join(parts)


def _asked(rows: Sequence[Row], main: str, lang: Lang) -> str:
    """Verdicts on questions without a target, each need in its last tested year."""
    mine = sorted((r for r in rows if r.scenario == main), key=lambda r: r.year)
    last = {row.indicator_id: row.verdict for row in mine}
    found = Counter(last.values())
    counts = ", ".join(f"{v.text(lang)} {found[v.id]}" for v in ROWS if found[v.id])
    return label(
        f"另有{len(last)}项规划只有文字、无目标的需求（{counts}），见 adequacy.csv 的 question_ 行",
        f"{len(last)} needs that the plan asks about without a target ({counts}): rows question_* "
        "of adequacy.csv",
        lang,
    )


def _last_lines(
    rows: Sequence[Row], main: str, names: Sequence[str], lang: Lang, titles: Titles
) -> list[str]:
    others = [saved.scenario_name(name, lang, titles) for name in names if name != main]
    lines = []
    if others and rows:
        marks = "  ".join(f"{VERDICTS[v].mark} {VERDICTS[v].text(lang)}" for v in JUDGED)
        listed = label("、", ", ", lang).join(others)
        lines.append(f"{label('其他情景依次为', 'Other scenarios in order', lang)}: {listed}  {marks}")
    found = left_out([row for row in rows if row.scenario == main])
    said = []
    if found["no_target"]:
        n = found["no_target"]
        said.append(label(f"{n} 项无目标", f"{n} without a target", lang))
    if found["national_pattern"]:
        n = found["national_pattern"]
        said.append(label(f"{n} 项只有全国模式", f"{n} with a national pattern only", lang))
    if found["not_tested"]:
        n = found["not_tested"]
        said.append(label(f"{n} 项未检验", f"{n} not tested", lang))
    if said:
        joined = label("，", ", ", lang).join(said)
        lines.append(
            label(
                f"未判定的指标：{joined}；原因见 adequacy.csv",
                f"Indicators without a verdict: {joined}; why: adequacy.csv",
                lang,
            )
        )
    return lines
