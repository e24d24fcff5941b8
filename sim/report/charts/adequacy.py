"""Adequacy heat map: indicator by scenario and year; colour and mark = verdict, number = ratio."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Patch, Rectangle

from sim.catalogue.verdicts import JUDGED, VERDICTS, is_judged, severity, verdict_text
from sim.report import saved
from sim.report.probability_text import probability_text
from sim.report.saved import Row
from sim.report.style import (
    INK,
    MUTED,
    Lang,
    figure,
    footer,
    head_room,
    heading,
    inches,
    label,
    margins,
    places,
)
from sim.report.words import indicator_name, unit

ROW_INCHES = 0.215
FEW = 4  # columns; with so few there is room for long names
NARROW = 5.0  # inches; below, notes are short
Key = tuple[str, int]


def adequacy_heatmap(
    run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang
) -> Figure:
    """Every tested indicator; not tested ones are counted in a line below."""
    lines = len(indicator_keys(saved.rows_of(adequacy, region, None)))
    fig = figure((6.3, 1.5 + ROW_INCHES * max(lines, 3)))
    grade = heatmap_panel(fig, run, adequacy, scenario=scenario, region=region, lang=lang)
    footer(fig, saved.source_line(run.drop_dims("draw", errors="ignore"), lang, grade))
    return fig


def heatmap_panel(
    fig: Figure | SubFigure,
    run: xr.Dataset,
    adequacy: Sequence[Row],
    *,
    scenario: str,
    region: str,
    lang: Lang,
    most: int | None = None,
    all_scenarios: bool = True,
    label_inches: float | None = None,
    note: str | None = None,
) -> str:
    """The heat map on a figure or a part of one; at most `most` indicators, the worst first.

    Returns the weakest grade among the rows shown.
    """
    rows = saved.rows_of(adequacy, region, None)
    shown = [scenario]
    if all_scenarios:
        shown += [name for name in saved.scenarios(run) if name != scenario]
    shown = shown[:5]
    keys = indicator_keys(rows)
    cells = {(key, row["scenario"], row["year"]): row for key, row in keyed(rows)}
    left_out = 0
    if most is not None and len(keys) > most:
        worst = {key: _worst(cells, key, scenario) for key in keys}
        keep = set(sorted(keys, key=lambda k: (worst[k], keys.index(k)))[:most])
        left_out = len(keys) - most
        keys = [key for key in keys if key in keep]
    tested_years = sorted({row["year"] for key, row in keyed(rows) if key in set(keys)})
    columns = [(name, year) for name in shown for year in tested_years]
    roomy = label_inches is None and len(columns) <= FEW
    if label_inches is None:
        label_inches = {"zh": 2.9, "en": 3.6}[lang] if roomy else 2.55
    ax = fig.subplots(
        gridspec_kw=margins(fig, left=label_inches, right=0.12, top=head_room(lang, note) + 0.38, bottom=0.62)
    )
    _cells(ax, keys, columns, cells, len(tested_years))
    _axes(ax, keys, columns, cells, shown, lang, {"zh": 58, "en": 72}[lang] if roomy else 50)
    _legend(fig, rows, scenario, lang, left_out)
    heading(
        fig,
        "规划指标够不够：充足率热图",
        "Is each indicator enough? Adequacy heat map",
        lang,
        saved.subtitle(run, region, None, lang) if note is None else note,
    )
    grades = [str(row["grade"]) for (key, _, _), row in cells.items() if key in keys]
    return max((g for g in grades if g in "ABCD"), default="")


def keyed(rows: Sequence[Row]) -> list[tuple[Key, Row]]:
    """Each row with its indicator and its running number where a plan states one twice."""
    seen: dict[tuple[str, str, int], int] = {}
    out = []
    for row in rows:
        at = (str(row["indicator_id"]), str(row["scenario"]), int(row["year"]))
        seen[at] = seen.get(at, -1) + 1
        out.append(((at[0], seen[at]), row))
    return out


def indicator_keys(rows: Sequence[Row]) -> list[Key]:
    """Indicators tested in at least one row, in the plan's order."""
    return list(dict.fromkeys(key for key, row in keyed(rows) if is_judged(row["verdict"])))


def not_tested(rows: Sequence[Row]) -> int:
    """Number of indicators that no row tests."""
    return len({key for key, _ in keyed(rows)} - set(indicator_keys(rows)))


def _worst(cells: dict[tuple[Key, str, int], Row], key: Key, scenario: str) -> float:
    mine = [row for (k, name, _), row in cells.items() if k == key and name == scenario]
    return min((severity(row["verdict"]) for row in mine), default=severity(""))


def cell_text(row: Row) -> str:
    """Ratio of target to need; the probability that the target is met where there is no ratio."""
    if np.isfinite(row["ratio_p50"]):
        return ratio_text(row["ratio_p50"])
    for key in ("p_enough", "p_reached"):
        if np.isfinite(row[key]):
            return probability_text(row[key], row.get("draws"))
    return ""


def ratio_text(value: float) -> str:
    """A ratio with two decimals; what is beyond 99 as >99."""
    return f"{value:.2f}" if value < 99 else ">99"


def _cells(
    ax: Axes,
    keys: Sequence[Key],
    columns: Sequence[tuple[str, int]],
    cells: dict[tuple[Key, str, int], Row],
    per_scenario: int,
) -> None:
    for y, key in enumerate(keys):
        for x, (name, year) in enumerate(columns):
            row = cells.get((key, name, year))
            verdict = row["verdict"] if row else "not_tested"
            tested = is_judged(verdict)
            gap = 0.06 * (x // per_scenario)
            ax.add_patch(
                Rectangle(
                    (x + gap, y),
                    0.97,
                    0.93,
                    lw=0,
                    facecolor=VERDICTS[verdict if tested else "not_tested"].fill,
                    edgecolor="#b5b5b5",
                    hatch=None if tested else "////",
                )
            )
            if row and tested:
                text = f"{cell_text(row)} {VERDICTS[verdict].mark}"
                ax.text(x + gap + 0.485, y + 0.48, text, ha="center", va="center", size=6.3)


def _axes(
    ax: Axes,
    keys: Sequence[Key],
    columns: Sequence[tuple[str, int]],
    cells: dict[tuple[Key, str, int], Row],
    shown: Sequence[str],
    lang: Lang,
    most: int,
) -> None:
    per = max(len(columns) // max(len(shown), 1), 1)
    ax.set_xlim(-0.05, len(columns) + 0.06 * len(shown))
    ax.set_ylim(max(len(keys), 1), -0.05)
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.tick_params(length=0)
    ax.set_xticks([])
    for x, (_, year) in enumerate(columns):
        ax.text(
            x + 0.06 * (x // per) + 0.485, -0.15, str(year), ha="center", va="bottom", size=6.5, color=MUTED
        )
    for i, name in enumerate(shown):
        text = saved.scenario_name(name, lang)
        ax.annotate(
            text,
            (i * per + 0.06 * i + per / 2, -0.15),
            xytext=(0, 9.5),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=7,
            annotation_clip=False,
        )
    texts = []
    for key in keys:
        row = next(row for (k, _, _), row in cells.items() if k == key)
        texts.append(indicator_text(row, lang, most))
    ax.set_yticks(np.arange(len(keys)) + 0.48, texts, size=6.8)


def indicator_text(row: Row, lang: Lang, most: int = 50) -> str:
    """Name of the indicator with its target and unit, at most `most` half-width places long.

    The unit is left out where the name already says "per 1000" or 每千.
    """
    name = indicator_name(row, lang)
    units = unit(str(row["unit"]), lang)
    said = str(row["unit"]).startswith("per 1") and ("每" in name or "per 1" in name)
    target = target_text(str(row["target_text"]), lang)
    if not row["target_text"] and np.isfinite(row["baseline"]):
        target = label("现状", "now ", lang) + f"{row['baseline']:,.10g}"
    if target:
        joint = "" if lang == "zh" or units == "%" else " "
        target += "" if said or target.endswith(units) else joint + units
    room = most - places(target) - 2
    if places(name) > room:
        name = name.replace(" population", "")
    if places(name) > room:
        while places(name) > room - 2:
            name = name[:-1]
        name = name.rstrip(" ,(") + label("…", "..", lang)
    return f"{name}  {target}".rstrip()


def target_text(text: str, lang: Lang) -> str:
    """A target as the plan writes it: ≥570, change of +30."""
    for written, sign in ((">=", "≥"), ("<=", "≤")):
        text = text.replace(written, sign)
    if text.startswith("change"):
        value = text.removeprefix("change").strip()
        signed = value if not value or value[0] in "+-" else f"+{value}"
        return label("变动", "change ", lang) + signed if value else ""
    return text


def _legend(fig: Figure | SubFigure, rows: Sequence[Row], scenario: str, lang: Lang, left_out: int) -> None:
    handles: list[Any] = [Patch(facecolor=VERDICTS[v].fill, edgecolor="none") for v in JUDGED]
    handles.append(Patch(facecolor="#eeeeee", edgecolor="#b5b5b5", hatch="////", lw=0))
    texts = [f"{VERDICTS[v].mark} {VERDICTS[v].text(lang)}" for v in JUDGED]
    texts.append(verdict_text("not_tested", lang))
    inch = inches(fig)[1]
    fig.legend(
        handles,
        texts,
        loc="lower left",
        bbox_to_anchor=(0.005, 0.31 / inch),
        ncols=5,
        columnspacing=1.1,
        handlelength=1.2,
        fontsize=7 if inches(fig)[0] > NARROW else 6.3,
    )
    count = not_tested([row for row in rows if row["scenario"] in (scenario, "")])
    note = label(
        f"数字：目标与需求之比（中位数）；百分数：达到概率。{count}项未检验，见 adequacy.csv",
        f"Number: target over need (median); %: probability that it is met. {count} "
        "indicators not tested: see adequacy.csv",
        lang,
    )
    if left_out or inches(fig)[0] < NARROW:
        note = label(
            f"数字为目标/需求，%为达到概率。另有{left_out}项已检验，{count}项未检验",
            f"Target/need, or % = p(met). {left_out} more tested, {count} not tested",
            lang,
        )
    fig.text(0.012, 0.20 / inch, note, size=6.3, color=INK, va="bottom")
