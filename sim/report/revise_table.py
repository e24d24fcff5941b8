"""The table of revised targets for a terminal: which target would be enough, what it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from sim.report import saved
from sim.report.charts.rows import target_text
from sim.report.probability_text import probability_text
from sim.report.style import Lang, label
from sim.report.terminal import Page
from sim.report.words import indicator_name, unit

PLAN = "plan"
HEADS = (("年份", "Year"), ("目标", "Target"), ("概率", "P now"))
Figures = dict[str, dict[str, Any]]


def revise_text(
    rows: Sequence[Mapping[str, Any]],
    lang: str = "zh",
    *,
    scenario: str | None = None,
    colour: bool | None = None,
    width: int | None = None,
    draws: int | None = None,
) -> str:
    """Rows of revise.csv as a table for the terminal, one table for each region.

    scenario: the one shown, the first by default.  colour, width, draws: as in adequacy_text.
    A line for each indicator and year: the plan's target, the targets that are enough with each
    probability, and the yearly build or recruitment of each.
    """
    language: Lang = "en" if lang == "en" else "zh"
    names = list(dict.fromkeys(str(row["scenario"]) for row in rows))
    main = scenario if scenario is not None else (names[0] if names else "")
    page = Page(colour, width)
    shown = [row for row in rows if row["scenario"] == main and row["p"]]
    for region in dict.fromkeys(str(row["region"]) for row in shown):
        mine = [row for row in shown if row["region"] == region]
        page.table(_table(mine, region, main, language, draws))
    page.line(_last_lines(shown, language))
    return page.text()


def _table(
    rows: Sequence[Mapping[str, Any]], region: str, main: str, lang: Lang, draws: int | None = None
) -> Table:
    chances = sorted({str(row["p"]) for row in rows} - {PLAN}, key=float)
    title = f"{rows[0]['plan']}  {region}  {saved.scenario_name(main, lang)}"
    table = Table(
        title=title,
        title_justify="left",
        box=None,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="bold",
        title_style="bold",
    )
    table.add_column(
        label("指标", "Indicator", lang), min_width=20, max_width=34, no_wrap=True, overflow="ellipsis"
    )
    heads = [label(zh, en, lang) for zh, en in HEADS]
    levels = [f"{100 * float(p):g}%" for p in chances]
    every = label("年增", "/yr ", lang)
    heads += [*levels, f"{every}{label('规划', 'plan', lang)}", *(f"{every}{p}" for p in levels)]
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True, min_width=cell_len(head))
    last = ""
    for figures in _grouped(rows):
        row = next(iter(figures.values()))
        name = _name(row, lang)
        cells = [
            "" if name == last else name,
            str(row["year"]),
            _target(row, lang),
            probability_text(_float(row["p_now"]), draws),
            *_shown([figures.get(p, {}) for p in chances]),
            *(_yearly(figures.get(p, {})) for p in (PLAN, *chances)),
        ]
        style = "red" if _low(row["p_now"], chances) else ""
        table.add_row(*(Text(cell, style=style if i == 3 else "") for i, cell in enumerate(cells)))
        last = name
    return table


def _grouped(rows: Sequence[Mapping[str, Any]]) -> list[Figures]:
    """Rows of one indicator, target and year together, by probability; statements once."""
    found: dict[tuple[str, ...], Figures] = {}
    for row in rows:
        names = ("indicator_id", "scope", "unit", "year", "target")
        key = tuple(str(row[name]).lstrip("<>=") for name in names)
        found.setdefault(key, {}).setdefault(str(row["p"]), dict(row))
    order = {key[:3]: i for i, key in reversed(list(enumerate(found)))}
    return [found[key] for key in sorted(found, key=lambda k: (order[k[:3]], k[4], k[3]))]


def _name(row: Mapping[str, Any], lang: Lang) -> str:
    name, units = indicator_name(row, lang), unit(str(row["unit"]), lang)
    if not units or (str(row["unit"]).startswith("per 1") and ("每" in name or "per 1" in name)):
        return name
    return f"{name}（{units}）" if lang == "zh" else f"{name} ({units})"


def _target(row: Mapping[str, Any], lang: Lang) -> str:
    """The plan's target; where it has none, the level that it states."""
    if row["target"]:
        return target_text(str(row["target"]), lang)
    return f"{label('现状', 'now ', lang)}{row['baseline']}" if row["baseline"] else ""


def _low(text: Any, chances: Sequence[str]) -> bool:
    value = _float(text)
    return bool(chances) and np.isfinite(value) and value < float(chances[0])


def _shown(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    """Proposed targets with the same decimals, thousands parted by commas; none: a dash."""
    texts = [str(f.get("proposed", "")) for f in figures]
    places = max((len(text.partition(".")[2]) for text in texts), default=0)
    dashes = ["\u2013" if f.get("revised") else "" for f in figures]
    return [
        f"{_float(text):,.{places}f}" if np.isfinite(_float(text)) else dash
        for text, dash in zip(texts, dashes, strict=True)
    ]


def _yearly(row: Mapping[str, Any]) -> str:
    value = _float(row.get("per_year"))
    return "" if not np.isfinite(value) else "0" if value <= 0 else f"{value:,.0f}"


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def _last_lines(rows: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    errors = [
        _float(r["revised_mcse"]) / _float(r["revised"])
        for r in rows
        if _float(r["revised"]) > 0 and r["p"] != PLAN and r["target_now"]
    ]
    known = [e for e in errors if np.isfinite(e)]
    error = max(known, default=0.0)
    lines = [
        label(
            "百分比列：以该概率够用（结果指标：达到；覆盖率：现有能力可承担的最大值）的目标，"
            "按规划位数向安全侧取整；年增：自基年起每年新增（人员含退休离职补充），0 为无需新增",
            "Columns of percentages: the target that is enough (outcomes: reached; coverage: the "
            "largest that can be carried) with that probability, rounded to the safe side; /yr: "
            "build or recruitment each year from the base year on (staff with replacement of "
            "leavers), 0 where none is needed",
            lang,
        ),
        label(
            f"抽样误差（MCSE）最大为目标的 {error:.1%}，逐项见 revise.csv",
            f"Monte-Carlo standard error at most {error:.1%} of a target: see revise.csv",
            lang,
        ),
    ]
    return "\n".join(lines)
