"""The table of revised targets for a terminal: which target would be enough, what it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.words import Titles
from sim.plan.needs import is_need
from sim.report.terminal import Page, bare_table
from sim.saved.attached import main_chance
from sim.saved.numbers import or_nan, plain
from sim.saved.probability_text import probability_text
from sim.saved.rows import name_with_unit, target_text

PLAN = "plan"
BOUNDS = {
    "present": ("现状", "present"),
    "baseline": ("基期", "baseline"),
    "norm": ("标准", "norm"),
    "floor": ("底线", "floor"),
}
Figures = dict[str, dict[str, Any]]


def revise_text(
    rows: Sequence[Mapping[str, Any]],
    lang: str = "zh",
    *,
    scenario: str | None = None,
    colour: bool | None = None,
    width: int | None = None,
    draws: int | None = None,
    titles: Titles | None = None,
) -> str:
    """Rows of revise.csv as a table for the terminal, one table for each region.

    scenario: the one shown, the first by default.  colour, width, draws, titles: as in adequacy_text.
    A line for each indicator and year: the plan's target, what is enough by use with each
    probability, the revised target and what bounds it, and the yearly build or recruitment.
    """
    language: Lang = "en" if lang == "en" else "zh"
    names = list(dict.fromkeys(str(row["scenario"]) for row in rows))
    main = scenario if scenario is not None else (names[0] if names else "")
    page = Page(colour, width)
    mine = [row for row in rows if row["scenario"] == main]
    shown = [row for row in mine if row["p"]]
    for region in dict.fromkeys(str(row["region"]) for row in shown):
        found = _grouped([row for row in shown if row["region"] == region])
        title = f"{shown[0]['plan']}  {region}  {saved.scenario_name(main, language, titles)}"
        _print(page, found, title, language, draws)
    page.line(_last_lines(shown, language))
    without = {(r["region"], r["indicator_id"], r["scope"], r["target"]) for r in mine if not r["p"]}
    without = {key for key in without if not is_need(str(key[1]))}
    if without:
        page.line(
            label(
                f"另有{len(without)}项不提出修订目标，原因见 revise.csv 的 note 列",
                f"{len(without)} indicators without a proposal: why stands under note in revise.csv",
                language,
            )
        )
    return page.text()


def _print(page: Page, found: Sequence[Figures], title: str, lang: Lang, draws: int | None) -> None:
    """The table in one piece, or below each other names and figures where that is too wide."""
    heads = [next(iter(figures.values())) for figures in found]
    names = [name_with_unit(str(row[f"name_{lang}"]), str(row["unit"]), lang) for row in heads]
    for i in range(len(names) - 1, 0, -1):
        if names[i] == names[i - 1]:
            names[i] = ""
    wide = _table(page, found, title, lang, draws, names)
    if page.fits(wide):
        page.table(wide)
    else:
        page.table(_table(page, found, title, lang, draws, ()), names)


def _table(
    page: Page,
    found: Sequence[Figures],
    title: str,
    lang: Lang,
    draws: int | None,
    names: Sequence[str],
) -> Table:
    """names: of the first column; without them the narrow form, in which heads are shorter."""
    chances = sorted({p for figures in found for p in figures} - {PLAN}, key=float)
    main = next((p for p in chances if float(p) == main_chance(map(float, chances))), "")
    table = bare_table(title)
    if names:
        table.add_column(
            label("指标", "Indicator", lang),
            min_width=20,
            max_width=None if page.whole else 34,
            no_wrap=True,
            overflow="ellipsis",
        )
    for head in _heads(chances, main, lang, short=not names):
        table.add_column(head, justify="right", no_wrap=True, min_width=cell_len(head))
    for n, figures in enumerate(found):
        row = next(iter(figures.values()))
        best = figures.get(main, {})
        cells = [
            str(row["year"]),
            _target(row, lang),
            probability_text(or_nan(row["p_now"]), draws),
            *_enough([figures.get(p, {}) for p in chances]),
            *_revised(best, lang),
            *(_yearly(figures.get(p, {})) for p in ((PLAN, main) if names else (main,))),
        ]
        style = "red" if _low(row["p_now"], chances) else ""
        texts = [Text(cell, style=style if i == 2 else "") for i, cell in enumerate(cells)]
        table.add_row(*([Text(names[n])] if names else []), *texts)
    return table


def _revised(best: Mapping[str, Any], lang: Lang) -> tuple[str, str]:
    """The proposed target and what bounds it; a dash where no figure is better than the bound."""
    (figure,) = _shown([best])
    bound = label(*BOUNDS.get(str(best.get("bound", "")), ("", "")), lang)
    return (figure, bound) if figure else ("\u2013" if bound else "", "")


def _heads(chances: Sequence[str], main: str, lang: Lang, *, short: bool) -> list[str]:
    levels = [f"{100 * float(p):g}%" for p in chances]
    at = f"{100 * float(main):g}%"
    enough = levels if short else [f"{label('够用', 'enough ', lang)}{p}" for p in levels]
    return [
        label("年份", "Year", lang),
        label("目标", "Target", lang),
        label("概率", "P now", lang),
        *enough,
        label(f"修订{at}", "Revised" if short else f"Revised {at}", lang),
        label("依据", "Bound", lang),
        *([] if short else [label("年增规划", "/yr plan", lang)]),
        label("年增修订", "/yr rev.", lang),
    ]


def _enough(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is enough with each probability: as proposed where nothing bounds it, else as computed."""
    shown = _shown(figures)
    return [
        plain(or_nan(f["enough"])) if f.get("bound") and np.isfinite(or_nan(f.get("enough"))) else text
        for f, text in zip(figures, shown, strict=True)
    ]


def _grouped(rows: Sequence[Mapping[str, Any]]) -> list[Figures]:
    """Rows of one indicator, target and year together, by probability; statements once."""
    found: dict[tuple[str, ...], Figures] = {}
    for row in rows:
        names = ("indicator_id", "scope", "unit", "year", "target")
        key = tuple(str(row[name]).lstrip("<>=") for name in names)
        found.setdefault(key, {}).setdefault(str(row["p"]), dict(row))
    order = {key[:3]: i for i, key in reversed(list(enumerate(found)))}
    return [found[key] for key in sorted(found, key=lambda k: (order[k[:3]], k[4], k[3]))]


def _target(row: Mapping[str, Any], lang: Lang) -> str:
    """The plan's target; where it has none, the level that it states."""
    if row["target"]:
        return target_text(str(row["target"]), lang)
    return f"{label('现状', 'now ', lang)}{row['baseline']}" if row["baseline"] else ""


def _low(text: Any, chances: Sequence[str]) -> bool:
    value = or_nan(text)
    return bool(chances) and np.isfinite(value) and value < float(chances[0])


def _shown(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    """Proposed targets with the same decimals, thousands parted by commas; none: a dash."""
    texts = [str(f.get("proposed", "")) for f in figures]
    places = max((len(text.partition(".")[2]) for text in texts), default=0)
    dashes = ["\u2013" if f.get("revised") else "" for f in figures]
    return [
        f"{or_nan(text):,.{places}f}" if np.isfinite(or_nan(text)) else dash
        for text, dash in zip(texts, dashes, strict=True)
    ]


def _yearly(row: Mapping[str, Any]) -> str:
    value = or_nan(row.get("per_year"))
    return "" if not np.isfinite(value) else "0" if value <= 0 else f"{value:,.0f}"


def _last_lines(rows: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    errors = [
        or_nan(r["revised_mcse"]) / or_nan(r["revised"])
        for r in rows
        if or_nan(r["revised"]) > 0 and r["p"] != PLAN and r["target_now"]
    ]
    known = [e for e in errors if np.isfinite(e)]
    error = max(known, default=0.0)
    lines = [
        label(
            "够用：以该概率够使用需求的目标（结果指标：达到；覆盖率：现有能力可承担的最大值），按规划位数向安全侧取整；"
            "修订：不低于现状、规划基期、国家标准与底线的目标，依据为其中起作用的一项；"
            "年增：自基年起每年新增（人员含退休离职补充），0 为无需新增",
            "enough: the target that is enough for the need by use (outcomes: reached; coverage: the largest "
            "that can be carried) with that probability, rounded to the safe side; Revised: the same, never "
            "worse than the present level, the plan's baseline, the national norm and floor, Bound says "
            "which of them holds; /yr: build or recruitment each year from the base year on (staff with "
            "replacement of leavers), 0 where none is needed",
            lang,
        ),
        label(
            f"抽样误差（MCSE）最大为目标的 {error:.1%}，逐项见 revise.csv",
            f"Monte-Carlo standard error at most {error:.1%} of a target: see revise.csv",
            lang,
        ),
    ]
    return "\n".join(lines)
