"""Tables of the parts: what each needs, and how far they alone are from the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.draws import quantiles, sampled
from sim.run.part_files import PARTS, PARTS_ALONE
from sim.run.setup import Setup
from sim.store import open_results
from sim.writing import finite, write_rows

_PLACE = ("scenario", "region", "part", "part_zh", "part_en")
_SERIES = ("variable", "group", "year", "unit")
COLUMNS = (*_PLACE, *_SERIES, "central", "p10", "p50", "p90", "share_p50", "alone_p50")
GAP_COLUMNS = (
    *("scenario", "region", *_SERIES, "whole_p50", "alone_p50"),
    *("difference_p10", "difference_p50", "difference_p90", "relative_p50"),
)
EVERY = 5
"""Years between those of the tables; parts.nc has all."""
_HEADLINES = ("population_group", "births", "deaths", "net_migration", "beds_required")
_PEOPLE = "population"  # as timeseries.csv calls population_group


def write_parts(setup: Setup, folder: Path) -> list[dict[str, Any]]:
    """parts.csv and parts_gap.csv of a run with parts; returns the gaps of the last year, for run.json."""
    years = shown_years(setup)
    with (
        open_results(folder / "results.nc") as whole,
        open_results(folder / PARTS) as parts,
        open_results(folder / PARTS_ALONE) as alone,
    ):
        write_rows(folder / "parts.csv", COLUMNS, part_rows(whole, parts, alone, years))
        gaps = list(gap_rows(whole, alone, years))
        write_rows(folder / "parts_gap.csv", GAP_COLUMNS, gaps)
    last = str(years[-1])
    names = {_shown(name) for name in _HEADLINES}
    return [
        row
        for row in gaps
        if str(row["year"]) == last and row["group"] == "total" and row["variable"] in names
    ]


def shown_years(setup: Setup) -> list[int]:
    """Base year, every fifth, the tested ones and the last."""
    own = {setup.years[0], setup.years[-1], *setup.experiment.test_years}
    return sorted(own | {year for year in setup.years if year % EVERY == 0})


def part_rows(
    whole: xr.Dataset, parts: xr.Dataset, alone: xr.Dataset, years: Sequence[int]
) -> Iterator[dict[str, Any]]:
    """A row for each part, series, group and year; share_p50 of the whole, alone_p50 without it."""
    code = str(whole.region.values[0])
    for name, s, group, of_whole in _each(whole, parts, years):
        own, before = (_picked(d[name].isel(scenario=s), group, years) for d in (parts, alone))
        shares = np.divide(own, of_whole, out=np.full_like(own, np.nan), where=of_whole != 0)
        levels, share, single = (quantiles(sampled(x)) for x in (own, shares, before))
        for i, part in enumerate(parts.region.values):
            for y, year in enumerate(years):
                if not np.isfinite(own[i, y, 0]):
                    continue
                figures = (own[i, y, 0], *levels[:, i, y], share[1, i, y], single[1, i, y])
                names = (str(parts.region_name.values[i]), str(parts.region_name_en.values[i]))
                place = (str(parts.scenario.values[s]), code, str(part), *names)
                series = (_shown(name), group, year, parts[name].units)
                yield dict(zip(COLUMNS, (*place, *series, *map(finite, figures)), strict=True))


def gap_rows(whole: xr.Dataset, alone: xr.Dataset, years: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The sum of the parts alone against the whole, by series, group and year.

    difference: sum less whole, by draw; relative: over the whole, by draw.
    """
    code = str(whole.region.values[0])
    for name, s, group, of_whole in _each(whole, alone, years):
        total = _picked(alone[name].isel(scenario=s), group, years).sum(axis=0)
        gap = total - of_whole
        size = np.abs(of_whole)
        relative = np.divide(gap, size, out=np.full_like(gap, np.nan), where=size > 0)
        levels, ratio = quantiles(sampled(gap)), quantiles(sampled(relative))[1]
        middle, both = (quantiles(sampled(x))[1] for x in (of_whole, total))
        for y, year in enumerate(years):
            if not np.isfinite(of_whole[y, 0]):
                continue
            place = (str(alone.scenario.values[s]), code, _shown(name), group, year, alone[name].units)
            figures = (middle[y], both[y], *levels[:, y], ratio[y])
            yield dict(zip(GAP_COLUMNS, (*place, *map(finite, figures)), strict=True))


def _each(
    whole: xr.Dataset, parts: xr.Dataset, years: Sequence[int]
) -> Iterator[tuple[str, int, str, Floats]]:
    """Each series, scenario and group of the parts, with the whole's draws (year, draw)."""
    for name in sorted(map(str, parts.data_vars)):
        if name not in whole or "draw" not in parts[name].dims:
            continue
        dim = _dim(parts[name])
        for s in range(parts.sizes["scenario"]):
            for group in [str(g) for g in parts[name][dim].values] if dim else ["total"]:
                yield name, s, group, _picked(whole[name].isel(scenario=s), group, years)[0]


def _picked(array: xr.DataArray, group: str, years: Sequence[int]) -> Floats:
    """One group in these years (region, year, draw)."""
    dim = _dim(array)
    chosen = array.sel({dim: group}) if dim else array
    return np.asarray(chosen.sel(year=list(years)).transpose("region", "year", "draw").values, float)


def _dim(array: xr.DataArray) -> str | None:
    return next((str(d) for d in array.dims if d not in ("scenario", "region", "year", "draw")), None)


def _shown(name: str) -> str:
    return _PEOPLE if name == "population_group" else name
