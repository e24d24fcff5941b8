"""What moves demand: the change since the base year as a waterfall of its drivers.

A variable of the run with a dim `driver` holds the parts of one resource's change since the base
year, in the resource's unit; parts add up to the change. It is named `<resource>_change`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from sim.report import saved
from sim.report.charts.demand import resource_name
from sim.report.saved import Row
from sim.report.style import (
    BLUE,
    MUTED,
    ORANGE,
    WIDE,
    Lang,
    figure,
    footer,
    heading,
    label,
    margins,
    number_axis,
    plain,
    scale,
)
from sim.report.words import DRIVERS, unit, word

SUFFIX = "_change"


def decomposed(run: xr.Dataset) -> list[str]:
    """Resources whose change the run holds by driver."""
    return [
        str(name).removesuffix(SUFFIX)
        for name, array in run.data_vars.items()
        if str(name).endswith(SUFFIX) and "driver" in array.dims
    ]


def decomposition(
    run: xr.Dataset,
    adequacy: Sequence[Row],
    *,
    scenario: str,
    region: str,
    lang: Lang,
    resource: str,
) -> Figure:
    """Need in the base year, the part of each driver, need in the last year (medians)."""
    where = {"scenario": scenario, "region": region}
    change = run[f"{resource}{SUFFIX}"].sel(where).isel(year=-1)
    need = run[f"{resource}_required"].sel(where)
    groups = [dim for dim in need.dims if dim not in ("year", "draw")]
    need = need.sel({dim: "total" for dim in groups}).isel(draw=0)
    parts = change.isel(draw=0) if "draw" in change.dims else change
    drivers = [str(name) for name in change["driver"].values if np.isfinite(float(parts.sel(driver=name)))]
    start, end = float(need.isel(year=0)), float(need.isel(year=-1))
    steps = [float(parts.sel(driver=name)) for name in drivers]
    divisor, scale_word = scale(max(start, end), lang)
    fig = figure(WIDE)
    ax = fig.subplots(gridspec_kw=margins(fig, left=0.6, top=0.75, bottom=0.55))
    tops = start + np.cumsum([0.0, *steps])
    ax.bar(0, start / divisor, color="#b9b9b9", width=0.6)
    ax.bar(len(steps) + 1, end / divisor, color="#7d7d7d", width=0.6)
    for i, (step, below) in enumerate(zip(steps, tops[:-1], strict=True), 1):
        ax.bar(i, step / divisor, bottom=below / divisor, color=ORANGE if step > 0 else BLUE, width=0.6)
        sign = "+" if step > 0 else "\u2212"
        ax.annotate(
            f"{sign}{plain(abs(step) / divisor)}",
            (i, max(below, below + step) / divisor),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            size=7,
        )
        ax.plot([i - 0.7, i + 0.3], [below / divisor] * 2, color=MUTED, lw=0.6)
    for x, value in ((0, start), (len(steps) + 1, end)):
        ax.annotate(
            plain(value / divisor),
            (x, value / divisor),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            size=7,
        )
    years = saved.years(run)
    names = [word(DRIVERS, name, lang) for name in drivers]
    ax.set_xticks(range(len(steps) + 2), [str(years[0]), *names, str(years[-1])])
    ax.grid(visible=False, axis="x")
    number_axis(ax, 1.0)
    ax.set_ylim(0, 1.1 * max(start, end, *tops) / divisor)
    units = str(run[f"{resource}_required"].attrs.get("units", ""))
    ax.text(
        0, 1.02, unit(units, lang, scale_word), transform=ax.transAxes, va="bottom", size=6.5, color=MUTED
    )
    zh = f"{resource_name(run, resource, 'zh')}：需求变化来自哪里"
    en = f"{resource_name(run, resource, 'en')}: what moves the need"
    heading(fig, zh, en, lang, saved.subtitle(run, region, scenario, lang))
    note = label("参数取中心值", "parameters at central values", lang)
    source = saved.source_line(run.drop_dims("draw", errors="ignore"), lang)
    footer(fig, f"{source}  ·  {note}")
    return fig
