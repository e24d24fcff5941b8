"""Charts of the hospital model, from hospital.nc alone: the year, the beds, the blocked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.catalogue.bed_groups import pool_text
from sim.errors import ConfigError, fault
from sim.report.style import AMBER, BLUE, FULL, MUTED, ORANGE, Lang, label, save, use

NORMAL = "none"
_COLUMNS = 3


def draw_hospital(run_dir: Path | str, stem: str, *, lang: str = "zh", fmt: str = "png") -> list[Path]:
    """Draw the hospital charts of `<stem>.nc` in a run folder into its `charts/`; returns the files.

    Their names carry what the stem says (scenario, years, wave), region and language.

    Raises ConfigError where the run has not been stressed.
    """
    folder = Path(run_dir)
    path = folder / f"{stem}.nc"
    if not path.is_file():
        raise ConfigError(fault(str(folder), f"holds no {path.name}", "run healthplan stress first"))
    charts = folder / "charts"
    charts.mkdir(exist_ok=True)
    written = []
    with xr.open_dataset(path) as stored, use(lang) as language:
        data = stored.load()
        for region in data.region.values:
            tail = f"{stem.removeprefix('hospital_')}_{region}_{lang}"
            one = data.sel(region=region)
            for name, figure in (
                ("hospital_occupancy", occupancy_through_the_year(one, language)),
                ("hospital_beds", beds_for_service(one, language)),
                ("hospital_blocked", blocked_by_beds(one, language)),
            ):
                target = charts / f"{name}_{tail}.{fmt}"
                save(figure, target)
                written.append(target)
    return written


def occupancy_through_the_year(data: xr.Dataset, lang: Lang) -> Figure:
    """Daily occupancy by pool in the last year: mean and 80 % band of replications, by case."""
    year = int(data.year.values[-1])
    one = data.sel(year=year)
    figure, axes = _grid(one.pool.values)
    for pool, axis in zip(one.pool.values, axes, strict=False):
        for case, colour in zip(one.surge.values, (BLUE, ORANGE), strict=False):
            daily = one.occupancy_daily.sel(pool=pool, surge=case).values
            daily = daily[:, np.isfinite(daily).any(axis=0)]
            if daily.size == 0:
                continue
            low, high = np.quantile(daily, [0.1, 0.9], axis=1)
            days = one.day.values
            axis.fill_between(days, 100 * low, 100 * high, color=colour, alpha=0.25, lw=0)
            axis.plot(days, 100 * daily.mean(axis=1), color=colour, lw=1, label=_case(case, lang))
        axis.axhline(100, color=MUTED, lw=0.6)
        _title(axis, pool, lang)
        axis.set_xlim(1, 365)
        axis.set_xticks([1, 91, 182, 274], ["1", "4", "7", "10"])
    title = label(f"{year}年逐日病床使用率（%）", f"Daily bed occupancy in {year} (%)", lang)
    foot = label("月份（1日）；色带：重复模拟的80%", "Month (1st); band: 80 % of replications", lang)
    return _finish(figure, axes, title, foot, len(one.surge) > 1)


def beds_for_service(data: xr.Dataset, lang: Lang) -> Figure:
    """Beds needed against the service level asked for, with the plan's beds as a line."""
    return _curves(
        data,
        lang,
        label("所需床位与服务水平", "Beds needed by service level", lang),
        label(
            "横轴：找到床位的急诊比例（%）；虚线：规划床位",
            "Across: emergencies that find a bed (%); dashed: the plan's beds",
            lang,
        ),
        turned=True,
    )


def blocked_by_beds(data: xr.Dataset, lang: Lang) -> Figure:
    """Share of emergencies that find their unit full against beds, with the plan's beds."""
    return _curves(
        data,
        lang,
        label("无床比例与床位数", "Emergencies finding no bed, by beds", lang),
        label(
            "横轴：床位数；纵轴：本单元无床的急诊（%）；竖线：规划床位",
            "Across: beds; up: emergencies that find their unit full (%); line: the plan's beds",
            lang,
        ),
        turned=False,
    )


def _curves(data: xr.Dataset, lang: Lang, title: str, foot: str, *, turned: bool) -> Figure:
    figure, axes = _grid(data.pool.values)
    for pool, axis in zip(data.pool.values, axes, strict=False):
        for year, colour in zip(data.year.values, (BLUE, AMBER, ORANGE), strict=False):
            one = data.sel(pool=pool, year=year)
            beds = one.curve_beds.values
            low, mid, high = (100 * one[f"curve_blocked{end}"].values for end in ("_low", "", "_high"))
            plan = float(one.beds)
            if turned:
                axis.plot(100 - mid, beds, "o-", ms=2, lw=1, color=colour, label=str(year))
                axis.fill_betweenx(beds, 100 - high, 100 - low, color=colour, alpha=0.2, lw=0)
                axis.axhline(plan, color=colour, lw=0.8, ls="--")
            else:
                axis.plot(beds, mid, "o-", ms=2, lw=1, color=colour, label=str(year))
                axis.fill_between(beds, low, high, color=colour, alpha=0.2, lw=0)
                axis.axvline(plan, color=colour, lw=0.8, ls="--")
        _title(axis, pool, lang)
    return _finish(figure, axes, title, foot, True)


def _grid(pools: Sequence[str]) -> tuple[Figure, list[Axes]]:
    rows = -(-len(pools) // _COLUMNS)
    figure = Figure(figsize=(FULL[0], 1.45 * rows + 0.9), layout="constrained")
    axes = [figure.add_subplot(rows, _COLUMNS, k + 1) for k in range(len(pools))]
    return figure, axes


def _title(axis: Axes, pool: str, lang: Lang) -> None:
    axis.set_title(pool_text(str(pool), lang))


def _case(case: str, lang: Lang) -> str:
    if case == NORMAL:
        return label("常态", "normal year", lang)
    named = {"winter_wave_2022": ("2022年冬季疫情", "winter wave of 2022")}
    zh, en = named.get(case, ("疫情情景", case.replace("_", " ")))
    return label(zh, en, lang)


def _finish(figure: Figure, axes: Sequence[Axes], title: str, foot: str, legend: bool) -> Figure:
    figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
    figure.supxlabel(foot, fontsize=7, color=MUTED)
    if legend:
        axes[0].legend(loc="best")
    return figure
