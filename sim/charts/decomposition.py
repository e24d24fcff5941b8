"""What moves demand: the change since the base year as a waterfall of its drivers.

A variable of the run with a dim `driver` holds the parts of one resource's change since the base
year, in the resource's unit; parts add up to the change. It is named `<resource>_change`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.words import DRIVERS, unit, word
from sim.charts.axes import number_axis, zero_axis
from sim.charts.demand import resource_name
from sim.charts.style import WIDE, figure, frame, muted, pt, tint, unit_note
from sim.saved.numbers import digits_for, fixed, scale
from sim.saved.row import Row

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
    """Need in the base year, the part of each driver, need in the last year (central values)."""
    where = {"scenario": scenario, "region": region}
    need = run[f"{resource}_required"].sel(where)
    groups = [dim for dim in need.dims if dim not in ("year", "draw")]
    need = need.sel({dim: "total" for dim in groups})
    median = float(saved.central_and_band(need.isel(year=-1))[1])
    central = need.isel(draw=0)
    start, end = float(central.isel(year=0)), float(central.isel(year=-1))
    parts = _parts(run[f"{resource}{SUFFIX}"].sel(where).isel(year=-1))
    drivers, steps = list(parts), list(parts.values())
    divisor, scale_word = scale(max(start, end), lang)
    fig = figure(WIDE)
    ax = fig.subplots()
    nothing = label("无影响", "no change", lang)
    _bars(ax, start / divisor, [step / divisor for step in steps], end / divisor, nothing)
    years = saved.years(run)
    names = [word(DRIVERS, name, lang).replace(" ", "\n", 1) for name in drivers]
    ax.set_xticks(range(len(steps) + 2), [str(years[0]), *names, str(years[-1])])
    ax.grid(visible=False, axis="x")
    number_axis(ax, 1.0)
    units = unit(str(run[f"{resource}_required"].attrs.get("units", "")), lang, scale_word)
    unit_note(ax, units)
    name = resource_name(run, resource, lang)
    title = label(f"{name}需求变化的因素分解", f"{name}: change of need by driver", lang)
    note = _central(years[-1], end / divisor, median / divisor, units, lang)
    frame(
        fig,
        title,
        note=saved.subtitle(run, region, scenario, lang, saved.period(run)),
        foot=saved.foot(run, lang, note, band=False),
        bottom=0.24 if lang == "zh" else 0.36,
    )
    return fig


def _parts(change: xr.DataArray) -> dict[str, float]:
    """The part of each driver that has one, central values."""
    parts = change.isel(draw=0) if "draw" in change.dims else change
    found = {str(name): float(parts.sel(driver=name)) for name in change["driver"].values}
    return {name: value for name, value in found.items() if np.isfinite(value)}


def _central(year: int, central: float, median: float, units: str, lang: Lang) -> str:
    """How far the central values, which the parts are of, lie from the median of the draws."""
    figures = [fixed(value, digits_for([central])) for value in (central, median)]
    return label(
        f"参数取中心值（{year}年中心值{figures[0]}{units}，抽样中位数{figures[1]}{units}）",
        f"parameters at central values ({year}: central {figures[0]}, median of the draws "
        f"{figures[1]} {units})",
        lang,
    )


def _bars(ax: Axes, start: float, steps: Sequence[float], end: float, nothing: str) -> None:
    """Base, steps, end; rises hatched so that grey print tells them from falls.

    nothing: the word for a driver whose part rounds to nought.
    """
    tops = start + np.cumsum([0.0, *steps])
    digits = digits_for([*steps, start / 100] if steps else [start])
    ends = digits_for([start, end])
    ax.bar(0, start, color="#b9b9b9", width=0.6)
    ax.bar(len(steps) + 1, end, color="#7d7d7d", width=0.6)
    for i, (step, below) in enumerate(zip(steps, tops[:-1], strict=True), 1):
        rise = step > 0
        ax.bar(
            i,
            step,
            bottom=below,
            color=tint("need" if rise else "supply"),
            hatch="///" if rise else None,
            edgecolor="white",
            lw=0,
            width=0.6,
        )
        text = fixed(step, digits, signed=True) if round(step, digits) else nothing
        _above(ax, i, max(below, below + step), text)
        ax.plot([i - 0.7, i + 0.3], [below] * 2, color=muted(), lw=0.6)
    for x, value in ((0, start), (len(steps) + 1, end)):
        _above(ax, x, value, fixed(value, ends))
    zero_axis(ax, 1.12 * max(start, end, *tops))


def _above(ax: Axes, x: float, y: float, text: str) -> None:
    ax.annotate(text, (x, y), xytext=(0, 3), textcoords="offset points", ha="center", size=pt(7))
