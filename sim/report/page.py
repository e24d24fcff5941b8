"""One A4 page, landscape, that puts six charts of a run together."""

from __future__ import annotations

from collections.abc import Sequence

import xarray as xr
from matplotlib.figure import Figure, SubFigure

from sim.report import saved
from sim.report.charts.adequacy import heatmap_panel
from sim.report.charts.demand import (
    MAIN_RESOURCES,
    demand_panel,
    draw_demand,
    resources,
)
from sim.report.charts.fans import births_panel, fan_panel
from sim.report.charts.pyramid import pyramid_panel
from sim.report.saved import Row
from sim.report.style import (
    A4_LANDSCAPE,
    MUTED,
    Lang,
    figure,
    footer,
    head_room,
    heading,
    inches,
    label,
    margins,
)

PAGE_GROUPS = ("total", "0-14", "15-59", "65+")
PAGE_ROWS = 13  # indicators that fit into the page's heat map


def page(run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang) -> Figure:
    """Pyramid, fans, births; demand for beds, demand for four others, adequacy heat map."""
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
        height_ratios=(0.062, 0.453, 0.453, 0.032),
    )
    parts = [[fig.add_subfigure(grid[row, col]) for col in range(3)] for row in (1, 2)]
    where = {"scenario": scenario, "region": region}
    pyramid_panel(parts[0][0], run, adequacy, **where, lang=lang, note="")
    fan_panel(parts[0][1], run, adequacy, **where, lang=lang, note="", wanted=PAGE_GROUPS)
    births_panel(parts[0][2], run, adequacy, **where, lang=lang, note="")
    known = resources(run)
    first = "beds" if "beds" in known else next(iter(known), "")
    grades = []
    if first:
        grades.append(demand_panel(parts[1][0], run, adequacy, **where, lang=lang, resource=first, note=""))
    others = [name for name in MAIN_RESOURCES if name in known and name != first]
    others += [name for name in known if name not in others and name != first]
    grades.append(_small_demand(parts[1][1], run, adequacy, others[:4], scenario, region, lang))
    grades.append(
        heatmap_panel(
            parts[1][2],
            run,
            adequacy,
            **where,
            lang=lang,
            most=PAGE_ROWS,
            all_scenarios=False,
            label_inches=2.45 if lang == "en" else 1.9,
            note="",
        )
    )
    name = saved.region_name(run, region, lang)
    plan = str(run.attrs.get("plan_name_zh" if lang == "zh" else "plan_name_en", ""))
    plan = plan or str(run.attrs.get("plan", ""))
    title = label(f"{name}：卫生健康规划够不够？", f"{name}: is the health plan enough?", lang)
    fig.text(0.012, 0.982, title, size=15, va="top")
    note = saved.subtitle(run, region, scenario, lang)
    note = f"{plan}  ·  {note}" if plan else note
    fig.text(0.988, 0.975, note, size=8.5, color=MUTED, ha="right", va="top")
    footer(fig, saved.source_line(run, lang, max(grades, default="")))
    return fig


def _small_demand(
    fig: SubFigure,
    run: xr.Dataset,
    adequacy: Sequence[Row],
    names: Sequence[str],
    scenario: str,
    region: str,
    lang: Lang,
) -> str:
    heading(fig, "其他资源：需求与规划", "Other resources: need against plan", lang)
    if not names:
        return ""
    grid = margins(fig, left=0.42, top=head_room(lang, "") + 0.28, bottom=0.52)
    axes = fig.subplots(2, 2, gridspec_kw={**grid, "wspace": 0.25, "hspace": 0.45}).ravel()
    rows = saved.rows_of(adequacy, region, scenario)
    grades = []
    for ax, name in zip(axes, names, strict=False):
        _, path = draw_demand(ax, run, rows, scenario, region, lang, name, small=True)
        grades.append(path.grade if path else "")
    for ax in axes[len(names) :]:
        ax.set_visible(False)
    note = label(
        "橙：需求；蓝：供给趋势；虚线与标记：规划目标，颜色为结论",
        "Orange: need. Blue: supply by trend. Dashes, marks: plan target, coloured by verdict",
        lang,
    )
    fig.text(0.012, 0.12 / inches(fig)[1], note, size=6.3, color=MUTED, va="bottom")
    return max(grades, default="")
