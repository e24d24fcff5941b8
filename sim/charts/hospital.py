"""Charts of the hospital model, from hospital.nc alone: the year, the beds, the blocked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Unpack

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim import saved
from sim.catalogue.bed_groups import pool_text
from sim.catalogue.language import Lang, label
from sim.charts.axes import number_axis
from sim.charts.drawing import Options, Sheet, draw_into
from sim.charts.looks import DASHES, MARKS
from sim.charts.style import ROLES, figure, frame, muted, tint
from sim.errors import ConfigError, fault
from sim.intact import intact

NORMAL = "none"
_COLUMNS = 3
_MONTHS = ((1, "1"), (91, "4"), (182, "7"), (274, "10"))  # day of the year, month


def draw_hospital(
    run_dir: Path | str,
    stem: str | None = None,
    *,
    names: Sequence[str] | None = None,
    **options: Unpack[Options],
) -> list[Path]:
    """Draw the hospital charts of `<stem>.nc` in a run folder into its `charts/`; returns the files.

    stem: which stress test; every one of the folder if None.  A file's name carries what the stem
    says (scenario, years, wave), region and language: no test takes the place of another's charts.
    Raises ConfigError where the run has not been stressed.
    """
    folder = Path(run_dir)
    paths = [folder / f"{stem}.nc"] if stem is not None else stressed(folder)
    if not paths or not paths[0].is_file():
        wrong = f"holds no {stem or 'hospital_*'}.nc"
        raise ConfigError(fault(str(folder), wrong, "run healthplan stress first"))
    meta = intact(folder)
    sheets = (sheet for path in paths for sheet in _sheets(path, meta, list(names or HOSPITAL)))
    return draw_into(folder / "charts", sheets, **options)


def _sheets(path: Path, meta: Mapping[str, Any], names: Sequence[str]) -> Iterator[Sheet]:
    """The charts of one stress test, by region."""
    with xr.open_dataset(path) as stored:
        data = stored.load()
    scenario = str(data.attrs.get("scenario", ""))
    for region in map(str, data.region.values):
        tail = f"{path.stem.removeprefix('hospital_')}_{region}"
        about = partial(_About, meta, path.parent, region, scenario)
        for name in names:
            yield Sheet(f"{name}_{tail}", {}, partial(_figure, name, data.sel(region=region), about))


def _figure(name: str, data: xr.Dataset, about: Callable[[Lang], _About], lang: Lang) -> Figure:
    return HOSPITAL[name](data, about(lang))


def stressed(folder: Path) -> list[Path]:
    """The stress tests that a run folder holds."""
    return sorted(folder.glob("hospital*.nc"))


class _About:
    """Where a stress test belongs: second line and foot of its charts."""

    def __init__(self, meta: Mapping[str, Any], folder: Path, region: str, scenario: str, lang: Lang) -> None:
        self.lang = lang
        places = {str(r["code"]): r for r in meta.get("regions", ())}
        place = str(places.get(region, {}).get(f"name_{lang}", region))
        experiment = meta.get("experiment") or {}
        plan = str((experiment.get("title") or {}).get(lang, "")) if experiment.get("plan") else ""
        named = (
            saved.scenario_name(scenario, lang, saved.titles_of(meta)) + label("情景", " scenario", lang)
            if scenario
            else ""
        )
        self.note = label("，", ", ", lang).join(
            part for part in (place if place not in plan else "", plan, named) if part
        )
        sources = "; ".join(saved.source_names(meta, lang))
        attrs = {f"sources_{lang}": sources, "run_id": saved.run_name(meta, folder)}
        self.source = saved.source(attrs, lang)

    def foot(self, note: str) -> list[str]:
        """The chart's own note, then the source."""
        return [label("注：", "Note: ", self.lang) + note + label("。", ".", self.lang), self.source]


def occupancy_through_the_year(data: xr.Dataset, about: _About) -> Figure:
    """Daily occupancy by pool in the last year: mean and 80 % band of replications, by case."""
    lang = about.lang
    year = int(data.year.values[-1])
    one = data.sel(year=year)
    fig, axes = _grid(one.pool.values)
    legend: dict[str, Any] = {}
    top = 1.0
    for pool, axis in zip(one.pool.values, axes, strict=False):
        for i, case in enumerate(one.surge.values):
            daily = one.occupancy_daily.sel(pool=pool, surge=case).values
            daily = daily[:, np.isfinite(daily).any(axis=0)]
            if daily.size == 0:
                continue
            low, high = np.quantile(daily, [0.1, 0.9], axis=1)
            top = max(top, float(high.max()))
            days = one.day.values
            colour = tint(ROLES[i % len(ROLES)])
            band: dict[str, Any] = {"facecolor": colour, "alpha": 0.25, "lw": 0}
            axis.fill_between(days, 100 * low, 100 * high, **band)
            dash = "-" if i == 0 else DASHES[(i - 1) % len(DASHES)]
            (line,) = axis.plot(days, 100 * daily.mean(axis=1), color=colour, lw=1, ls=dash)
            legend[_case(case, lang)] = line
            legend[_case(case, lang) + label("：重复模拟的80%", ": 80 % of replications", lang)] = Patch(
                **band
            )
        axis.axhline(100, color=muted(), lw=0.6)
        _title(axis, pool, lang)
        axis.set_xlim(1, 365)
        axis.set_xticks([day for day, _ in _MONTHS], [label(f"{m}月", m, lang) for _, m in _MONTHS])
    _sides(fig, axes, label("使用率（%）", "occupancy (%)", lang), label("", "month", lang))
    for axis in axes:
        axis.set_ylim(0, 106 * top)
        number_axis(axis, bins=4)
    frame(
        fig,
        label(f"{year}年逐日病床使用率", f"Daily bed occupancy in {year}", lang),
        note=about.note,
        legend=[(handle, text) for text, handle in legend.items()],
        foot=about.foot(label("横线为100%", "line across: 100 %", lang)),
        **_ROOM,
    )
    return fig


def beds_for_service(data: xr.Dataset, about: _About) -> Figure:
    """Beds needed against the service level asked for, with the plan's beds as a line."""
    return _curves(
        data,
        about,
        label(*HOSPITAL_LINES["hospital_beds"], about.lang),
        label("找到床位的急诊（%）", "emergencies that find a bed (%)", about.lang),
        label("床位（张）", "beds", about.lang),
        turned=True,
    )


def blocked_by_beds(data: xr.Dataset, about: _About) -> Figure:
    """Share of emergencies that find their unit full against beds, with the plan's beds."""
    return _curves(
        data,
        about,
        label(*HOSPITAL_LINES["hospital_blocked"], about.lang),
        label("床位（张）", "beds", about.lang),
        label("本单元无床的急诊（%）", "emergencies: unit full (%)", about.lang),
        turned=False,
    )


def _curves(data: xr.Dataset, about: _About, title: str, across: str, up: str, *, turned: bool) -> Figure:
    fig, axes = _grid(data.pool.values)
    lang = about.lang
    legend: dict[str, Any] = {}
    for pool, axis in zip(data.pool.values, axes, strict=False):
        for i, year in enumerate(data.year.values):
            colour, mark = tint(ROLES[i % len(ROLES)]), MARKS[i % len(MARKS)]
            one = data.sel(pool=pool, year=year)
            beds = one.curve_beds.values
            low, mid, high = (100 * one[f"curve_blocked{end}"].values for end in ("_low", "", "_high"))
            style: dict[str, Any] = {"color": colour, "marker": mark, "ms": 2.6, "lw": 1, "ls": "-"}
            dash = DASHES[i % len(DASHES)]
            plan = float(one.beds)
            if turned:
                (line,) = axis.plot(100 - mid, beds, **style)
                axis.fill_betweenx(beds, 100 - high, 100 - low, color=colour, alpha=0.2, lw=0)
                axis.axhline(plan, color=colour, lw=0.9, ls=dash)
            else:
                (line,) = axis.plot(beds, mid, **style)
                axis.fill_between(beds, low, high, color=colour, alpha=0.2, lw=0)
                axis.axvline(plan, color=colour, lw=0.9, ls=dash)
            legend[f"{year}"] = line
            legend[label(f"{year}年床位数", f"beds of {year}", lang)] = Line2D(
                [], [], color=colour, lw=0.9, ls=dash
            )
        _title(axis, pool, lang)
        number_axis(axis, bins=4)
        number_axis(axis, which="x", bins=4)
        axis.set_ylim(bottom=0)
    _sides(fig, axes, up, across)
    note = label(
        "曲线为常态年份，不含疫情；色带为重复模拟的区间；床位数为规划或趋势的床位",
        "curves: a normal year, without any wave; band: of replications; beds: of the plan or the trend",
        lang,
    )
    frame(
        fig,
        title,
        note=about.note,
        legend=[(handle, text) for text, handle in legend.items()],
        foot=about.foot(note),
        **_ROOM,
    )
    return fig


HOSPITAL = {
    "hospital_occupancy": occupancy_through_the_year,
    "hospital_beds": beds_for_service,
    "hospital_blocked": blocked_by_beds,
}
HOSPITAL_LINES = {
    "hospital_occupancy": ("逐日病床使用率", "Daily bed occupancy"),
    "hospital_beds": ("常态下不同服务水平所需床位", "Beds needed by service level, normal year"),
    "hospital_blocked": ("常态下急诊无床比例与床位数", "Emergencies finding no bed, by beds, normal year"),
}
_ROOM: dict[str, Any] = {"left": 0.6, "right": 0.12, "top": 0.3, "bottom": 0.42}


def _grid(pools: Sequence[str]) -> tuple[Figure, list[Axes]]:
    rows = -(-len(pools) // _COLUMNS)
    fig = figure((6.3, 1.45 * rows + 1.5))
    grid = fig.subplots(rows, _COLUMNS, squeeze=False, gridspec_kw={"wspace": 0.32, "hspace": 0.55})
    axes = list(grid.ravel())
    for axis in axes[len(pools) :]:
        axis.set_visible(False)
    return fig, axes[: len(pools)]


def _sides(fig: Figure, axes: Sequence[Axes], up: str, across: str) -> None:
    """Titles of the axes at the outer panels."""
    for i, axis in enumerate(axes):
        if i % _COLUMNS == 0:
            axis.set_ylabel(up)
        if i + _COLUMNS >= len(axes) and across:
            axis.set_xlabel(across)


def _title(axis: Axes, pool: str, lang: Lang) -> None:
    axis.set_title(pool_text(str(pool), lang))


def _case(case: str, lang: Lang) -> str:
    if case == NORMAL:
        return label("常态", "normal year", lang)
    named = {"winter_wave_2022": ("2022年冬季疫情", "winter wave of 2022")}
    zh, en = named.get(case, (f"疫情情景 {case}", case.replace("_", " ")))
    return label(zh, en, lang)
