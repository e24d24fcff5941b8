"""Adequacy heat map: indicator by scenario and year; colour and mark = verdict, number = ratio.

The colour is the verdict by use, a second mark that by national norm. Years after the target year
have no verdict: ratio and the year from which the level is too little, without colour.
Names are broken into lines, cells are as wide as their text; scenarios that do not fit beside
each other stand in further blocks below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Patch, Rectangle

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.verdicts import JUDGED, VERDICTS, is_judged, severity, verdict_text
from sim.catalogue.words import Titles
from sim.charts.letters import text_width, wrap
from sim.charts.style import figure, frame, inches, ink, muted, pt
from sim.saved.judgement import from_text, mark_words, marks
from sim.saved.row import Row
from sim.saved.rows import Key, cell_text, indicator_keys, indicator_text, keyed, not_tested

WIDTH = 6.3
LABEL_INCHES = {"zh": 2.3, "en": 2.6}
LINE = 0.115  # inches of a line of a name or a cell
NAME, HEAD, CELL = 6.6, 6.6, 6.3  # points
NOTHING = "–"  # neither a verdict nor a ratio
GAP = 0.06  # of a cell, between scenarios
PAGE_ROWS = 6  # rows that share the height on the page at least

Cells = Mapping[tuple[Key, str, int], Row]


@dataclass(frozen=True)
class Grid:
    """What a block of the map shows."""

    keys: Sequence[Key]
    scenarios: Sequence[str]
    years: Sequence[int]
    cells: Cells
    names: Sequence[Sequence[str]]
    """Each indicator's name, in lines."""
    cell_inches: float

    @property
    def stacked(self) -> bool:
        """Whether cells are too narrow for number and mark side by side."""
        return self.cell_inches < text_width("≥99% ▼±/▼", pt(CELL)) + 0.04

    @property
    def row_inches(self) -> float:
        """Height of a row: of the longest name or of a cell's lines."""
        lines = max([len(name) for name in self.names] + [2 if self.stacked else 1])
        return lines * LINE * pt(1.0) + 0.09


def adequacy_heatmap(
    run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang
) -> Figure:
    """Every tested indicator; not tested ones are counted in a line below."""
    rows = saved.rows_of(adequacy, region, None)
    shown = [scenario, *(name for name in saved.scenarios(run) if name != scenario)]
    wide = WIDTH - LABEL_INCHES[lang] - 0.12
    years = _years(rows, indicator_keys(rows))
    least = max(text_width(t, pt(CELL)) for t in ("≥99%", "▼±/▼", label("2099起", "2099–", lang))) + 0.05
    together = max(int(wide / (least + GAP * least) / max(len(years), 1)), 1)
    blocks = [shown[i : i + together] for i in range(0, len(shown), together)]
    grids = [_grid(rows, indicator_keys(rows), block, wide, LABEL_INCHES[lang], lang) for block in blocks]
    heights = [grid.row_inches * max(len(grid.keys), 1) for grid in grids]
    titles = saved.titles_of(run)
    room = max(_head_inches(grid, lang, titles) for grid in grids)
    fig = figure((WIDTH, 1.35 + sum(heights) + room * len(grids)))
    note = saved.subtitle(run, region, None, lang)
    grade = max((r.grade for r in rows if r.is_judged), default="")
    space = room / (sum(heights) / len(heights))  # as a share of the mean height of a block
    shares = {"height_ratios": heights, "hspace": space}
    axes = fig.subplots(len(grids), 1, squeeze=False, gridspec_kw=shares)
    for ax, grid in zip(axes.ravel(), grids, strict=True):
        _draw(ax, grid, lang, titles)
    count = not_tested([row for row in rows if row.scenario in (scenario, "")])
    notes = _notes(rows, count, lang)
    frame(
        fig,
        label("规划指标供需测算结果", "Plan indicators: target against need", lang),
        note=note,
        legend=verdict_legend(lang),
        foot=saved.foot(run, lang, notes, grades=grade, band=False),
        left=LABEL_INCHES[lang],
        right=0.12,
        top=room,
        bottom=0.1,
    )
    return fig


def _notes(rows: Sequence[Row], count: int, lang: Lang) -> str:
    """What the figures and marks of the map are, and how many indicators it leaves out."""
    figures = label(
        "数字为目标与使用需求之比（中位数），百分数为达到的概率",
        "number: target over need by use (median); %: probability that it is met",
        lang,
    )
    more = label(
        f"另有{count}项未检验或无目标，见 adequacy.csv",
        f"{count} indicators not tested or without a target: see adequacy.csv",
        lang,
    )
    notes = (figures, mark_words(lang), _later_words(rows, lang), more if count else "")
    return label("；", "; ", lang).join(note for note in notes if note)


def _head_inches(grid: Grid, lang: Lang, titles: Titles) -> float:
    """Room above a block for its heads: years, and the lines of the longest name of a scenario."""
    lines = max(len(_head(grid, name, lang, titles)) for name in grid.scenarios)
    return 0.36 + max(lines - 2, 0) * pt(HEAD) * 1.2 / 72


def _head(grid: Grid, name: str, lang: Lang, titles: Titles) -> list[str]:
    """A scenario's name in lines over its years."""
    return wrap(saved.scenario_name(name, lang, titles), pt(HEAD), len(grid.years) * grid.cell_inches)


def heatmap_panel(
    fig: Figure | SubFigure,
    run: xr.Dataset,
    adequacy: Sequence[Row],
    *,
    scenario: str,
    region: str,
    lang: Lang,
    most: int,
) -> str:
    """The map of one scenario as a part of a page: at most `most` indicators, the worst first.

    Returns the weakest grade among the rows shown.
    """
    rows = saved.rows_of(adequacy, region, scenario)
    keys = indicator_keys(rows)
    cells = {(key, row.year): row for key, row in keyed(rows)}
    worst = {key: min(severity(row.verdict) for (k, _), row in cells.items() if k == key) for key in keys}
    kept = set(sorted(keys, key=lambda k: (worst[k], keys.index(k)))[:most])
    keys_shown = [key for key in keys if key in kept]
    wide = inches(fig)[0]
    left = 0.56 * wide
    grid = _grid(rows, keys_shown, [scenario], wide - left - 0.1, left, lang, size=5.9)
    _draw(fig.subplots(), grid, lang, saved.titles_of(run), size=5.9, least=PAGE_ROWS)
    note = label(
        "数字为目标/使用需求，%为达到概率；“/”后按国家标准；±临界；灰字：规划期后，比值与水平不足起始年",
        "Target over need by use, or % = p(met); after '/' by norm; ± on the line; grey: after the plan, "
        "ratio and year from which too little",
        lang,
    ) + _left_out(len(keys) - len(kept), not_tested(rows), lang)
    title = label("规划指标供需测算结果", "Plan indicators: target against need", lang)
    frame(fig, title, legend=verdict_legend(lang), foot=[note], left=left, right=0.1, top=0.22, bottom=0.05)
    return max((r.grade for key, r in keyed(rows) if key in kept), default="")


def _left_out(judged: int, untested: int, lang: Lang) -> str:
    """How many indicators the panel leaves out, of either sort; "" where it leaves out none."""
    counts = (
        (judged, label(f"{judged}项已判定", f"{judged} more judged", lang)),
        (
            untested,
            label(f"{untested}项未检验或无目标", f"{untested} not tested or without target", lang),
        ),
    )
    said = label("，", ", ", lang).join(text for count, text in counts if count)
    return label("；另有", "; ", lang) + said if said else ""


def _grid(
    rows: Sequence[Row],
    keys: Sequence[Key],
    scenarios: Sequence[str],
    wide: float,
    label_inches: float,
    lang: Lang,
    *,
    size: float = NAME,
) -> Grid:
    cells = {(key, row.scenario, row.year): row for key, row in keyed(rows)}
    years = _years(rows, keys)
    first = {key: row for (key, _, _), row in reversed(list(cells.items()))}
    names = [wrap(indicator_text(first[key], lang, rows), pt(size), label_inches - 0.12) for key in keys]
    columns = max(len(years), 1) * len(scenarios)
    return Grid(keys, scenarios, years, cells, names, wide / (columns + GAP * len(scenarios)))


def _years(rows: Sequence[Row], keys: Sequence[Key]) -> list[int]:
    """Years with a verdict, and later ones in which a judged target stands beside the need."""
    known = set(keys)
    return sorted({row.year for key, row in keyed(rows) if key in known and _said(row)})


def _said(row: Row) -> bool:
    return row.is_judged or is_later(row)


def is_later(row: Row) -> bool:
    """Whether a row without a verdict has a ratio to show, as after the target year."""
    return row.verdict == "no_target" and row.ratio_p50 is not None


def _later_words(rows: Sequence[Row], lang: Lang) -> str:
    """What the uncoloured cells are; "" where there are none."""
    known = set(indicator_keys(rows))
    if not any(key in known and is_later(row) for key, row in keyed(rows)):
        return ""
    return label(
        "无底色：目标年之后不判定，为目标水平与需求之比和该水平开始不足的年份",
        "without colour: years after the target year, not judged: level over need, and the year from which "
        "the level is too little",
        lang,
    )


def _draw(ax: Axes, grid: Grid, lang: Lang, titles: Titles, *, size: float = NAME, least: int = 1) -> None:
    """least: rows that the height is shared by, so that a single row does not fill it."""
    per = len(grid.years)
    for i, name in enumerate(grid.scenarios):
        left = i * (per + GAP)
        for j, year in enumerate(grid.years):
            for y, key in enumerate(grid.keys):
                _cell(ax, left + j, y, grid.cells.get((key, name, year)), grid.stacked, lang)
            ax.text(
                left + j + 0.485,
                -0.15,
                str(year),
                ha="center",
                va="bottom",
                size=pt(6 if grid.stacked else 6.5),
                color=muted(),
            )
        text = "\n".join(_head(grid, name, lang, titles))
        if len(grid.scenarios) > 1:
            ax.annotate(
                text,
                (left + per / 2, -0.15),
                xytext=(0, 9),
                textcoords="offset points",
                ha="center",
                va="bottom",
                size=pt(HEAD),
                annotation_clip=False,
            )
    ax.set_xlim(-0.05, max(len(grid.scenarios) * (per + GAP), 1))
    ax.set_ylim(max(len(grid.keys), least), -0.05)
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.tick_params(length=0)
    ax.set_xticks([])
    texts = ["\n".join(lines) for lines in grid.names]
    ax.set_yticks(np.arange(len(grid.keys)) + 0.48, texts, size=pt(size))
    for tick in ax.get_yticklabels():
        tick.set_linespacing(1.1)


def _cell(ax: Axes, x: float, y: int, row: Row | None, stacked: bool, lang: Lang) -> None:
    verdict = row.verdict if row else "not_tested"
    judged = is_judged(verdict)
    later = verdict == "no_target"
    fill = "none" if later else VERDICTS[verdict if judged else "not_tested"].fill
    edge = 0.4 if later else 0
    box = Rectangle((x, y), 0.97, 0.93, lw=edge, facecolor=fill, edgecolor="#b5b5b5")
    if not judged and not later:
        box.set_hatch("////")
    ax.add_artist(box)  # the axes' limits are known: none is sought
    if row and (judged or later):
        first = cell_text(row) if judged or is_later(row) else NOTHING
        second = marks(row) if judged else from_text(row, lang)
        between = "\n" if stacked else " " if judged else label("，", ", ", lang)
        text = f"{first}{between if second else ''}{second}"
        how: dict[str, Any] = {"ha": "center", "va": "center", "size": pt(CELL), "linespacing": 1.0}
        ax.text(x + 0.485, y + 0.48, text, color=muted() if later else ink(), **how).set_gid("cell")


def verdict_legend(lang: Lang) -> list[tuple[Patch, str]]:
    """Entries for the verdicts, the worst first, and for what is not tested."""
    entries = [
        (
            Patch(facecolor=VERDICTS[v].fill, edgecolor="none"),
            f"{VERDICTS[v].mark} {VERDICTS[v].text(lang)}",
        )
        for v in JUDGED
    ]
    left_out = Patch(facecolor=VERDICTS["not_tested"].fill, edgecolor="#b5b5b5", hatch="////", lw=0)
    return [*entries, (left_out, verdict_text("not_tested", lang))]
