"""Demand against the plan, one chart for each resource that the run holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Patch

from sim.report import saved
from sim.report.charts.plan_path import PlanPath, draw_path, plan_path
from sim.report.saved import Row
from sim.report.style import (
    BLUE,
    GREEN,
    MUTED,
    ORANGE,
    PINK,
    WIDE,
    Lang,
    figure,
    footer,
    head_room,
    heading,
    inches,
    label,
    legend_columns,
    margins,
    number_axis,
    scale,
    titled,
    year_axis,
)
from sim.report.words import GROUPS, short_unit, unit, word
from sim.schema import RESOURCES

MAIN_RESOURCES = ("doctors", "nurses", "childcare_slots", "care_beds", "gps")
# Other notions of need drawn as thin lines beside the one the verdict uses: groups and variables.
OTHER_NEEDS: Mapping[str, tuple[str, ...]] = {"childcare_slots": ("rule", "enrolled")}
STAFF_NEEDS = ("ratio", "wisn", "service_target")


def resources(run: xr.Dataset) -> list[str]:
    """Resources with a total need by year in the run, in the schema's order."""
    found = [str(name).removesuffix("_required") for name in run.data_vars if str(name).endswith("_required")]
    known = [name for name in RESOURCES if name in found]
    known += [name for name in found if name not in RESOURCES]
    return [name for name in known if _total(run, f"{name}_required") is not None]


def resource_name(run: xr.Dataset, resource: str, lang: Lang) -> str:
    """The resource's name from the schema, else from the variable's own attributes."""
    if resource in RESOURCES:
        row = RESOURCES[resource]
        return label(row.long_name_zh, row.long_name[0].upper() + row.long_name[1:], lang)
    attrs = run[f"{resource}_required"].attrs
    fallback = str(attrs.get("long_name", resource.replace("_", " ")))
    return label(str(attrs.get("long_name_zh", fallback)), fallback, lang)


def demand(
    run: xr.Dataset,
    adequacy: Sequence[Row],
    *,
    scenario: str,
    region: str,
    lang: Lang,
    resource: str,
) -> Figure:
    """Need with its band, expected supply, plan path and verdicts for one resource."""
    fig = figure(WIDE)
    grade = demand_panel(fig, run, adequacy, scenario=scenario, region=region, lang=lang, resource=resource)
    footer(fig, saved.source_line(run, lang, grade))
    return fig


def demand_panel(
    fig: Figure | SubFigure,
    run: xr.Dataset,
    adequacy: Sequence[Row],
    *,
    scenario: str,
    region: str,
    lang: Lang,
    resource: str,
    note: str | None = None,
) -> str:
    """The chart on a figure or a part of one; returns the weakest grade behind its verdicts."""
    ax = fig.subplots()
    rows = saved.rows_of(adequacy, region, scenario)
    entries, path = draw_demand(ax, run, rows, scenario, region, lang, resource)
    handles, texts = [h for h, _ in entries], [t for _, t in entries]
    columns = min(legend_columns(fig, texts), 4)
    lines = -(-len(texts) // columns)
    around = margins(fig, left=0.55, top=head_room(lang, note) + 0.22, bottom=0.44 + 0.15 * lines)
    fig.subplots_adjust(**around)
    fig.legend(
        handles,
        texts,
        loc="lower left",
        bbox_to_anchor=(0.005, 0.13 / inches(fig)[1]),
        ncols=columns,
        columnspacing=1.2,
        fontsize=7,
    )
    zh = f"{resource_name(run, resource, 'zh')}：需求与规划"
    en = f"{resource_name(run, resource, 'en')}: need against plan"
    heading(fig, zh, en, lang, saved.subtitle(run, region, scenario, lang) if note is None else note)
    return path.grade if path else ""


def draw_demand(
    ax: Axes,
    run: xr.Dataset,
    rows: Sequence[Row],
    scenario: str,
    region: str,
    lang: Lang,
    resource: str,
    *,
    small: bool = False,
) -> tuple[list[tuple[Any, str]], PlanPath | None]:
    """Lines of one resource on `ax`; returns legend entries and the plan's path if it has one."""
    where = {"scenario": scenario, "region": region}
    year = saved.years(run)
    need = _total(run, f"{resource}_required")
    assert need is not None
    need = need.sel(where).transpose("year", ...)
    low, middle, high = saved.central_and_band(need)
    supply = _total(run, f"{resource}_projected")
    if supply is None:
        supply = _total(run, f"{resource}_available")
    path = plan_path(run, rows, resource, scenario, region, middle)
    others = [] if small else _other_needs(run, resource, where)
    tops = [float(high.max())]
    if supply is not None:
        supply_low, supply_middle, supply_high = saved.central_and_band(
            supply.sel(where).transpose("year", ...)
        )
        tops.append(float(supply_high.max()))
    if path:
        tops.append(max(path.counts))
    tops += [float(values.max()) for _, values in others]
    divisor, scale_word = scale(max(tops), lang)
    entries: list[tuple[Any, str]] = []

    ax.fill_between(year, low / divisor, high / divisor, color=ORANGE, alpha=0.18, lw=0)
    (line,) = ax.plot(year, middle / divisor, color=ORANGE, zorder=3)
    entries.append((line, label("需求（按使用）", "need by use", lang)))
    if saved.has_band(run):
        entries.append((Patch(color=ORANGE, alpha=0.18, lw=0), label("需求 P10–P90", "need, P10–P90", lang)))
    if supply is not None:
        ax.fill_between(year, supply_low / divisor, supply_high / divisor, color=BLUE, alpha=0.15, lw=0)
        (line,) = ax.plot(year, supply_middle / divisor, color=BLUE, zorder=3)
        entries.append((line, label("供给（按趋势）", "supply by trend", lang)))
    for (name, values), colour, dash in zip(others, (GREEN, PINK, MUTED), ("--", "-.", ":"), strict=False):
        (line,) = ax.plot(year, values / divisor, color=colour, lw=1.0, ls=dash)
        entries.append(
            (
                line,
                word(GROUPS, name, lang) if name != "norm" else label("按国家标准", "by national norm", lang),
            )
        )
    if path:
        entries += draw_path(ax, path, divisor, lang, small)
    ax.set_ylim(0, 1.08 * max(tops) / divisor)
    number_axis(ax, 1.0, bins=4 if small else 5)
    year_axis(ax, year)
    units = str(run[f"{resource}_required"].attrs.get("units", ""))
    text = unit(units, lang, scale_word)
    if small:
        titled(ax, resource_name(run, resource, lang), short_unit(units, lang, scale_word), lang)
    else:
        ax.text(0, 1.02, text, transform=ax.transAxes, va="bottom", size=6.5, color=MUTED)
    return entries, path


def _total(run: xr.Dataset, name: str) -> xr.DataArray | None:
    if name not in run:
        return None
    array = run[name]
    groups = [dim for dim in array.dims if dim not in ("scenario", "region", "year", "draw")]
    if len(groups) == 1 and "total" in array[groups[0]].values.astype(str):
        array = array.sel({groups[0]: "total"})
    elif groups:
        return None
    return array if bool(array.notnull().any()) else None


def _other_needs(
    run: xr.Dataset, resource: str, where: Mapping[str, str]
) -> list[tuple[str, np.ndarray[Any, Any]]]:
    array = run[f"{resource}_required"].sel(where)
    groups = [dim for dim in array.dims if dim not in ("year", "draw")]
    found: list[tuple[str, np.ndarray[Any, Any]]] = []
    if groups:
        known = [str(value) for value in array[groups[0]].values]
        main = saved.central_and_band(array.sel({groups[0]: "total"}).transpose("year", ...))[1]
        wanted = STAFF_NEEDS if groups[0] == "staff_method" else OTHER_NEEDS.get(resource, ())
        for name in (name for name in wanted if name in known):
            values = saved.central_and_band(array.sel({groups[0]: name}).transpose("year", ...))[1]
            if np.isfinite(values).all() and not np.allclose(values, main, rtol=1e-6):
                found.append((name, values))
    norm = f"{resource}_required_norm"
    if norm in run:
        array = run[norm].sel(where)
        for dim in [d for d in array.dims if d not in ("year", "draw")]:
            array = array.sel({dim: "total"})
        values = saved.central_and_band(array.transpose("year", ...))[1]
        found.append(("norm", values))
    return found
