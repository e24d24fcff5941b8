"""Demand against the plan, one chart for each resource that the run holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Patch

from sim import saved
from sim.arrays import Floats
from sim.catalogue.language import Lang, label
from sim.catalogue.words import GROUPS, short_unit, unit, word
from sim.charts.axes import history, number_axis, past_line, year_axis, zero_axis
from sim.charts.plan_path import PlanPath, draw_path, plan_path
from sim.charts.style import WIDE, figure, frame, muted, tint, titled, unit_note
from sim.saved.numbers import scale
from sim.saved.row import Row
from sim.schema import RESOURCES, STAFF_METHODS

MAIN_RESOURCES = ("doctors", "nurses", "childcare_slots", "care_beds", "gps")
# Other notions of need drawn as thin lines beside the one the verdict uses: groups and variables.
OTHER_NEEDS: Mapping[str, tuple[str, ...]] = {"childcare_slots": ("rule", "enrolled")}
SUPPLY_DASH = (0, (6, 1.5))
STAFF_NEEDS = STAFF_METHODS[1:]


def resources(run: xr.Dataset) -> list[str]:
    """Resources with a total need by year in the run, in the schema's order."""
    found = [str(name).removesuffix("_required") for name in run.data_vars if str(name).endswith("_required")]
    known = [name for name in RESOURCES if name in found]
    known += [name for name in found if name not in RESOURCES]
    return [name for name in known if total_of(run, f"{name}_required") is not None]


def resource_name(run: xr.Dataset, resource: str, lang: Lang) -> str:
    """The resource's name from the schema, else from the variable's own attributes."""
    if resource in RESOURCES:
        row = RESOURCES[resource]
        return label(row.long_name_zh, row.long_name[0].upper() + row.long_name[1:], lang)
    attrs = run[f"{resource}_required"].attrs if f"{resource}_required" in run else {}
    fallback = str(attrs.get("long_name", resource.replace("_", " ")))
    fallback = fallback[:1].upper() + fallback[1:]
    return label(str(attrs.get("long_name_zh", fallback)).removesuffix("需求"), fallback, lang)


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
    note = saved.subtitle(run, region, scenario, lang, saved.period(run))
    demand_panel(
        fig,
        run,
        adequacy,
        scenario=scenario,
        region=region,
        lang=lang,
        resource=resource,
        note=note,
        foot=True,
    )
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
    note: str = "",
    foot: bool = False,
) -> str:
    """The chart on a figure or a part of one; returns the weakest grade behind its verdicts."""
    ax = fig.subplots()
    rows = saved.rows_of(adequacy, region, scenario)
    entries, path = draw_demand(ax, run, rows, scenario, region, lang, resource)
    grade = path.grade if path else ""
    frame(
        fig,
        demand_title(run, resource, path, lang),
        note=note,
        legend=entries,
        foot=saved.foot(run, lang, grades=grade) if foot else (),
        top=0.24,
    )
    return grade


def demand_title(run: xr.Dataset, resource: str, path: PlanPath | None, lang: Lang) -> str:
    """What the chart holds: a plan's line, a present level, a supply, or the need alone."""
    name = resource_name(run, resource, lang)
    if path and path.is_target:
        return label(f"{name}需求与规划目标", f"{name}: need and plan target", lang)
    if path:
        return label(f"{name}需求与现状水平", f"{name}: need and present level", lang)
    if supply_of(run, resource) is not None:
        return label(f"{name}需求与供给趋势", f"{name}: need and supply by trend", lang)
    return label(f"{name}需求测算", f"{name}: projected need", lang)


def demand_line(run: xr.Dataset, adequacy: Sequence[Row], resource: str, lang: Lang) -> str:
    """The title of the chart as it is drawn unasked: of the run's first scenario and region."""
    scenario, region = saved.scenarios(run)[0], saved.regions(run)[0]
    need = total_of(run, f"{resource}_required")
    assert need is not None
    middle = saved.central_and_band(need.sel(scenario=scenario, region=region).transpose("year", ...))[1]
    rows = saved.rows_of(adequacy, region, scenario)
    return demand_title(run, resource, plan_path(run, rows, resource, scenario, region, middle), lang)


def supply_of(run: xr.Dataset, resource: str) -> xr.DataArray | None:
    """Total supply of a resource, by trend if the run projects it; None without any."""
    supply = total_of(run, f"{resource}_projected")
    return supply if supply is not None else total_of(run, f"{resource}_available")


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
    need = total_of(run, f"{resource}_required")
    assert need is not None
    need = need.sel(where).transpose("year", ...)
    low, middle, high = saved.central_and_band(need)
    supply = supply_of(run, resource)
    path = plan_path(run, rows, resource, scenario, region, middle)
    others = [] if small else _other_needs(run, resource, where)
    tops = [float(high.max())]
    supplied: Sequence[np.ndarray] = ()
    if supply is not None:
        supplied = saved.central_and_band(supply.sel(where).transpose("year", ...))
        tops.append(float(supplied[-1].max()))
    if path:
        tops.append(max(path.counts))
    tops += [float(values.max()) for _, values in others]
    divisor, scale_word = scale(max(tops), lang)
    bands = saved.has_band(run) and not small

    entries = _draw_need(ax, year, [part / divisor for part in (low, middle, high)], lang, bands=bands)
    past_line(ax, need, year, middle / divisor, zorder=3.1, lw=1.6)
    if supplied:
        entries += _draw_supply(ax, year, [part / divisor for part in supplied], lang, bands=bands)
    entries += _draw_others(ax, year, [(name, values / divisor) for name, values in others], lang)
    if path:
        entries += draw_path(ax, path, divisor, lang, small)
    zero_axis(ax, 1.08 * max(tops) / divisor)
    _axes(ax, run, resource, scale_word, lang, small=small)
    return entries, path


def _axes(ax: Axes, run: xr.Dataset, resource: str, scale_word: str, lang: Lang, *, small: bool) -> None:
    """Ticks, and the unit; a small one says whose it is too."""
    number_axis(ax, 1.0, bins=4 if small else 5)
    history(ax, run, lang)
    year_axis(ax, saved.years(run), most=4 if small else 8)
    units = str(run[f"{resource}_required"].attrs.get("units", ""))
    if small:
        titled(ax, resource_name(run, resource, lang), short_unit(units, lang, scale_word), lang)
    else:
        unit_note(ax, unit(units, lang, scale_word))


def _draw_need(ax: Axes, year: Any, band: Sequence[Any], lang: Lang, *, bands: bool) -> list[tuple[Any, str]]:
    low, middle, high = band
    ax.fill_between(year, low, high, **need_band())
    (line,) = ax.plot(year, middle, color=tint("need"), zorder=3)
    named = [(Patch(**need_band()), label("需求 P10–P90", "need, P10–P90", lang))] if bands else []
    return [(line, label("需求", "need", lang)), *named]


def _draw_supply(
    ax: Axes, year: Floats, band: Sequence[Floats], lang: Lang, *, bands: bool
) -> list[tuple[Any, str]]:
    """Supply by trend; returns legend entries, that of its band where it is seen."""
    low, middle, high = band
    ax.fill_between(year, low, high, **supply_band())
    (line,) = ax.plot(year, middle, color=tint("supply"), ls=SUPPLY_DASH, zorder=3)
    entries: list[tuple[Any, str]] = [(line, label("供给（按趋势）", "supply by trend", lang))]
    if bands and not np.allclose(low, high):
        entries.append((Patch(**supply_band()), label("供给 P10–P90", "supply, P10–P90", lang)))
    return entries


def _draw_others(
    ax: Axes, year: Floats, others: Sequence[tuple[str, Floats]], lang: Lang
) -> list[tuple[Any, str]]:
    """Need by other methods, each with a mark of its own; returns legend entries."""
    entries: list[tuple[Any, str]] = []
    looks = ((tint("norm"), "s"), (tint("other"), "^"), (muted(), "D"))
    for (name, values), (colour, mark) in zip(others, looks, strict=False):
        style: dict[str, Any] = {
            "color": colour,
            "lw": 1.0,
            "ls": (0, (1.2, 1.2)),
            "marker": mark,
            "ms": 3,
            "mfc": "white",
        }
        (line,) = ax.plot(year, values, markevery=3, **style)
        entries.append((line, _need_name(name, lang)))
    return entries


def need_band() -> dict[str, Any]:
    """Keywords of the band of need: hatched, so that grey print tells it from the supply's."""
    return {"facecolor": (*to_rgb(tint("need")), 0.14), "edgecolor": tint("need"), "hatch": "////", "lw": 0}


def supply_band() -> dict[str, Any]:
    """Keywords of the band of supply."""
    return {"facecolor": (*to_rgb(tint("supply")), 0.16), "lw": 0}


def _need_name(name: str, lang: Lang) -> str:
    if name == "norm":
        return label("按国家标准的需求", "need by national norm", lang)
    return label("需求：", "need ", lang) + word(GROUPS, name, lang)


def total_of(run: xr.Dataset, name: str) -> xr.DataArray | None:
    """A variable without its groups, their total; None where there is none."""
    if name not in run:
        return None
    array = run[name]
    groups = [dim for dim in array.dims if dim not in ("scenario", "region", "year", "draw")]
    if len(groups) == 1 and "total" in array[groups[0]].values.astype(str):
        array = array.sel({groups[0]: "total"})
    elif groups:
        return None
    return None if np.isnan(array.values).all() else array


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
