"""One A4 page, landscape, that puts six charts of a run together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import xarray as xr
from matplotlib.figure import Figure, SubFigure

from sim import saved
from sim.catalogue.language import Lang, label
from sim.charts.adequacy import heatmap_panel
from sim.charts.ageing import ageing_panel, grouped
from sim.charts.demand import MAIN_RESOURCES, demand_panel, draw_demand, resources
from sim.charts.fans import age_panels, birth_panels, draw_panels
from sim.charts.letters import wrap
from sim.charts.looks import TOGETHER
from sim.charts.pyramid import pyramid_panel
from sim.charts.style import (
    A4_LANDSCAPE,
    SOURCE,
    SUBTITLE,
    TITLE,
    figure,
    frame,
    inches,
    legend_columns,
    muted,
    pt,
)
from sim.saved.row import Row
from sim.saved.run import TESTED

PAGE_GROUPS = ("total", "0-14", "15-59", "60+")  # the last three make up the first
LEGEND_ROWS = 4  # that leave the small fans their height
PAGE_ROWS = 12  # indicators that fit into the page's heat map


def page(run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang) -> Figure:
    """Pyramid, fans, births; demand for beds, for four others; the plan's indicators, or ageing."""
    fig = figure(A4_LANDSCAPE)
    # Subfigures keep no margins of their grid, so title and footer are rows of it.
    grid = fig.add_gridspec(
        4,
        3,
        left=0,
        right=1,
        top=1,
        bottom=0,
        wspace=0,
        hspace=0,
        width_ratios=(1, 1.12, 1.12),
        height_ratios=(0.062, 0.448, 0.448, 0.042),
    )
    parts = [[fig.add_subfigure(grid[row, col]) for col in range(3)] for row in (1, 2)]
    where: dict[str, Any] = {"scenario": scenario, "region": region}
    others = _beside(run, scenario, lang, min(inches(part)[0] for part in parts[0][1:]))
    pyramid_panel(parts[0][0], run, adequacy, **where, lang=lang)
    by_age, births = age_panels(run, region, lang, PAGE_GROUPS), birth_panels(run, region, lang)
    for part, panels, title in (
        (parts[0][1], by_age, ("总人口与各年龄组人口", "Population by age group")),
        (parts[0][2], births, ("出生人数与3岁以下儿童数", "Births and children under 3")),
    ):
        draw_panels(part, panels, 2, run, scenario, others, lang, label(*title, lang))
    known = resources(run)
    first = "beds" if "beds" in known else next(iter(known), "")
    grades = []
    if first:
        grades.append(demand_panel(parts[1][0], run, adequacy, **where, lang=lang, resource=first))
    names = [name for name in MAIN_RESOURCES if name in known and name != first]
    names += [name for name in known if name not in names and name != first]
    grades.append(_small_demand(parts[1][1], run, adequacy, names[:4], scenario, region, lang))
    if run.attrs.get(TESTED):
        grades.append(heatmap_panel(parts[1][2], run, adequacy, **where, lang=lang, most=PAGE_ROWS))
    elif grouped(run):
        ageing_panel(parts[1][2], run, **where, lang=lang)
    _around(fig, run, scenario, region, lang, max(grades, default=""))
    return fig


def _beside(run: xr.Dataset, scenario: str, lang: Lang, width: float) -> list[str]:
    """Scenarios beside the main one on the page: at most so many as have room for their names."""
    others = [name for name in saved.scenarios(run) if name != scenario][:TOGETHER]
    while len(others) > 1:
        names = [
            saved.scenario_name(name, lang, run) for name in (scenario, scenario, *others)
        ]  # and its band
        if -(-len(names) // legend_columns(width, names, pt(6.3))) <= LEGEND_ROWS:
            break
        others.pop()
    return others


def _around(fig: Figure, run: xr.Dataset, scenario: str, region: str, lang: Lang, grade: str) -> None:
    name = saved.region_name(run, region, lang)
    title = label(f"{name}人口与卫生资源需求测算", f"{name}: population and health resources needed", lang)
    if run.attrs.get(TESTED):
        title = label(f"{name}卫生健康规划供需测算总览", f"{name}: the health plan against need", lang)
    fig.text(0.012, 0.982, title, size=pt(15), va="top", gid=TITLE)
    note = saved.subtitle(run, region, scenario, lang, saved.period(run))
    plan = str(run.attrs.get(f"title_{lang}", ""))
    note = f"{plan}  ·  {note}" if plan else note
    fig.text(0.988, 0.975, note, size=pt(8.5), color=muted(), ha="right", va="top", gid=SUBTITLE)
    foot = "  ".join(t for t in saved.foot(run, lang, grades=grade) if t)
    lines = wrap(foot, pt(6.2), A4_LANDSCAPE[0] - 0.3)
    fig.text(0.012, 0.006, "\n".join(lines), size=pt(6.2), color=muted(), va="bottom", gid=SOURCE)


def _small_demand(
    fig: SubFigure,
    run: xr.Dataset,
    adequacy: Sequence[Row],
    names: Sequence[str],
    scenario: str,
    region: str,
    lang: Lang,
) -> str:
    """Four resources in small; one legend of what their lines are. Returns the weakest grade."""
    if not names:
        return ""
    axes = fig.subplots(2, 2, gridspec_kw={"wspace": 0.25, "hspace": 0.45}).ravel()
    rows = saved.rows_of(adequacy, region, scenario)
    grades: list[str] = []
    legend: dict[str, Any] = {}
    planned = False
    for ax, name in zip(axes, names, strict=False):
        entries, path = draw_demand(ax, run, rows, scenario, region, lang, name, small=True)
        grades.append(path.grade if path else "")
        planned |= path is not None and path.is_target
        legend |= {text: handle for handle, text in entries}
    for ax in axes[len(names) :]:
        ax.set_visible(False)
    title = label("其他资源需求与供给", "Other resources: need and supply", lang)
    if planned:
        title = label("其他资源需求与规划目标", "Other resources: need and plan target", lang)
    frame(fig, title, legend=[(handle, text) for text, handle in legend.items()], left=0.42, top=0.28)
    return max(grades, default="")
