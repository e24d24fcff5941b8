"""The adequacy table for a terminal: tested indicators by year, verdicts in colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from rich.table import Table
from rich.text import Text

from sim.catalogue.verdicts import JUDGED, ROWS, VERDICTS, is_judged, verdict_mark
from sim.plan.needs import is_need
from sim.report import saved
from sim.report.charts.rows import keyed, not_tested, ratio_text, target_text
from sim.report.numbers import plain
from sim.report.probability_text import few_draws_text, probability_text
from sim.report.saved import Row
from sim.report.style import Lang, label
from sim.report.terminal import Page
from sim.report.words import indicator_name, unit

HEADERS: tuple[tuple[str, str, str, int], ...] = (  # Chinese, English, alignment, least width
    ("指标", "Indicator", "left", 24),
    ("年份", "Year", "right", 4),
    ("目标", "Target", "right", 6),
    ("需求 P10–P90", "Need P10–P90", "right", 12),
    ("目标/需求", "Ratio", "right", 5),
    ("够用", "Enough", "right", 5),
    ("达标", "Reached", "right", 5),
    ("结论", "Verdict", "left", 10),
    ("级", "Gr", "center", 2),
)


def adequacy_text(
    rows: Sequence[Mapping[str, Any]],
    lang: str = "zh",
    *,
    scenario: str | None = None,
    colour: bool | None = None,
    width: int | None = None,
    draws: int | None = None,
    fewest: int = 0,
) -> str:
    """Adequacy rows as a table for the terminal, one table for each region.

    rows: as read from adequacy.csv.  scenario: the one shown, the first by default; a last column
    shows the verdicts of the others as marks.  colour: with terminal colours; by default if
    stdout is a terminal.  width: columns; by default the terminal's.  draws: behind each
    probability; with fewer than `fewest` a line says what that means.
    Ends with the number of indicators not tested, and the verdicts on what the plan asks without
    a target.
    """
    language: Lang = "en" if lang == "en" else "zh"
    tidy = [saved.tidy({**row, "draws": draws}) for row in rows]
    names = list(dict.fromkeys(row["scenario"] for row in tidy))
    main = scenario if scenario is not None else (names[0] if names else "")
    page = Page(colour, width)
    for region in dict.fromkeys(row["region"] for row in tidy):
        here = [row for row in tidy if row["region"] == region]
        mine = [row for row in here if not is_need(str(row["indicator_id"]))]
        asked = [row for row in here if is_need(str(row["indicator_id"]))]
        page.table(_table(mine, region, main, names, language))
        page.line(_last_lines(mine, main, names, language))
        if asked:
            page.line(_asked(asked, main, language))
    if tidy and draws is not None and (note := few_draws_text(draws, fewest, language)):
        page.line(note)
    return page.text()


def outside_text(series: Sequence[Mapping[str, Any]], lang: str = "zh") -> str:
    """A line on the series whose central line leaves its own P10-P90; empty if there is none.

    series: `central_outside_band` of run.json.
    """
    if not series:
        return ""
    names = list(dict.fromkeys(f"{s['variable']}.{s['group']}" for s in series))
    shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
    return label(
        f"{len(series)} 条序列的中心线在其 P10–P90 之外（{shown}）：见 run.json 的 central_outside_band",
        f"{len(series)} series have their central line outside P10-P90 ({shown}): "
        "see central_outside_band in run.json",
        "en" if lang == "en" else "zh",
    )


def _table(rows: Sequence[Row], region: str, main: str, names: Sequence[str], lang: Lang) -> Table:
    plan = str(rows[0].get("plan", "")) if rows else ""
    title = f"{plan}  {region}  {saved.scenario_name(main, lang)}".strip()
    table = Table(
        title=title,
        title_justify="left",
        box=None,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="bold",
        title_style="bold",
    )
    for zh, en, justify, least in HEADERS:
        first = zh == "指标"
        table.add_column(
            f"{zh} {en}" if first else label(zh, en, lang),
            justify=justify,  # type: ignore[arg-type]
            no_wrap=True,
            min_width=least,
            max_width=40 if first else None,
            overflow="ellipsis",
        )
    others = [name for name in names if name != main]
    if others:
        table.add_column(label("其他情景", "Others", lang), no_wrap=True, min_width=6)
    verdicts = {(key, row["scenario"], row["year"]): row["verdict"] for key, row in keyed(rows)}
    last = None
    shown = [(key, row) for key, row in keyed(rows) if row["scenario"] == main and is_judged(row["verdict"])]
    order = {key: i for i, key in reversed(list(enumerate(key for key, _ in shown)))}
    for key, row in sorted(shown, key=lambda pair: (order[pair[0]], pair[1]["year"])):
        cells = _cells(row, lang, repeated=key == last)
        if others:
            marks = [verdict_mark(verdicts.get((key, o, row["year"]), "")) or " " for o in others]
            cells.append(Text(" ".join(marks)))
        table.add_row(*cells)
        last = key
    return table


def _cells(row: Row, lang: Lang, *, repeated: bool) -> list[Text]:
    name = indicator_name(row, lang)
    units = unit(str(row["unit"]), lang)
    said = str(row["unit"]).startswith("per 1") and ("每" in name or "per 1" in name)
    target = target_text(str(row["target_text"]), lang)
    if not row["target_text"] and np.isfinite(row["baseline"]):
        target = label("现状", "now ", lang) + f"{row['baseline']:,.10g}"
    need = ""
    if np.isfinite(row["required_p10"]):
        need = f"{plain(row['required_p10'])}–{plain(row['required_p90'])}"
    verdict = VERDICTS[row["verdict"]]
    shown = f"{name}（{units}）" if lang == "zh" else f"{name} ({units})"
    return [
        Text("" if repeated else name if said or not units else shown),
        Text(str(row["year"])),
        Text(target),
        Text(need),
        Text(ratio_text(row["ratio_p50"]) if np.isfinite(row["ratio_p50"]) else ""),
        Text(probability_text(row["p_enough"], row["draws"])),
        Text(probability_text(row["p_reached"], row["draws"])),
        Text(f"{verdict.mark} {verdict.text(lang)}", style=verdict.terminal),
        Text(str(row["grade"])),
    ]


def _asked(rows: Sequence[Row], main: str, lang: Lang) -> str:
    """Verdicts on questions without a target, each need in its last tested year."""
    mine = sorted((r for r in rows if r["scenario"] == main), key=lambda r: r["year"])
    last = {str(row["indicator_id"]): row["verdict"] for row in mine}
    found = Counter(last.values())
    counts = ", ".join(f"{v.text(lang)} {found[v.id]}" for v in ROWS if found[v.id])
    return label(
        f"另有{len(last)}项规划只有文字、无目标的需求（{counts}），见 adequacy.csv 的 question_ 行",
        f"{len(last)} needs that the plan asks about without a target ({counts}): rows question_* "
        "of adequacy.csv",
        lang,
    )


def _last_lines(rows: Sequence[Row], main: str, names: Sequence[str], lang: Lang) -> str:
    others = [saved.scenario_name(name, lang) for name in names if name != main]
    lines = []
    if others:
        marks = "  ".join(f"{VERDICTS[v].mark} {VERDICTS[v].text(lang)}" for v in JUDGED)
        listed = label("、", ", ", lang).join(others)
        lines.append(f"{label('其他情景依次为', 'Other scenarios in order', lang)}: {listed}  {marks}")
    count = not_tested([row for row in rows if row["scenario"] == main])
    lines.append(
        label(
            f"{count} 项指标未检验，原因见 adequacy.csv",
            f"{count} indicators not tested: see adequacy.csv",
            lang,
        )
    )
    return "\n".join(lines)
