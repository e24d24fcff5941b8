"""Places of one run side by side: what each needs and will have by trend, who is shortest first.

Ratio and probability are by draw: the trend of the place's own stock against its need by use. Where a
stock is not the place's own count, `stock_level` says whose it is: such a rank compares need alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.draws import quantiles, sampled
from sim.places import level_of
from sim.run.part_tables import shown_years
from sim.run.setup import Setup
from sim.schema import RESOURCES
from sim.store import open_results
from sim.writing import cell, write_rows

COLUMNS = (
    *("scenario", "resource", "year", "rank", "region", "region_zh", "region_en", "unit"),
    *("population_p50", "share_60_p50", "need_p10", "need_p50", "need_p90", "need_per_1000_p50"),
    *("trend_p50", "ratio_p50", "p_enough", "stock_level"),
)
_PER_1000 = 1000.0


def write_places(setup: Setup, folder: Path) -> None:
    """places.csv of a run with several regions."""
    with open_results(folder / "results.nc") as results:
        write_rows(folder / "places.csv", COLUMNS, place_rows(setup, results))


def place_rows(setup: Setup, results: xr.Dataset) -> Iterator[dict[str, Any]]:
    """A row for each scenario, resource with a trend, year and place, the least ratio first.

    Of a run of some series also resources whose need alone is stored: no ratio, no rank.
    """
    years, some = shown_years(setup), bool(setup.experiment.results.series)
    for s, scenario in enumerate(setup.scenarios):
        groups = results.population_group.isel(scenario=s).sel(year=years)
        people, old = (_drawn(groups.sel(age_group=group)) for group in ("total", "60+"))
        levels = _stock_levels(setup, scenario)
        for resource in RESOURCES.values():
            wanted, there = (f"{resource.name}_{side}" for side in ("required", "projected"))
            if "total" in resource.held or wanted not in results or (not some and there not in results):
                continue
            need = _total(results[wanted].isel(scenario=s).sel(year=years))
            trend = _total(results[there].isel(scenario=s).sel(year=years)) if there in results else need
            if need is None or trend is None:
                continue
            figures = _figures(people, old, need, trend if there in results else None, setup)
            for t, year in enumerate(years):
                told = {"scenario": scenario, "resource": resource.name, "year": year, "unit": resource.units}
                rows = [
                    told
                    | {"region": r.code, "region_zh": r.name_zh, "region_en": r.name_en}
                    | {name: float(values[i, t]) for name, values in figures.items()}
                    | {"stock_level": levels.get((r.code, resource.name), "")}
                    for i, r in enumerate(setup.regions)
                ]
                yield from _ranked(rows)


def _stock_levels(setup: Setup, scenario: str) -> dict[tuple[str, str], str]:
    """Whose count each place's stock of a resource is."""
    found = {}
    for region in setup.regions:
        parameters = setup.parameters[scenario, region.code]
        for name in RESOURCES:
            stock = parameters.get(f"supply.{name}_base")
            if stock is not None:
                found[region.code, name] = level_of(stock)
    return found


def _total(array: xr.DataArray) -> Floats | None:
    """Its total (region, year, draw); None where it has groups and no total."""
    groups = [d for d in array.dims if d not in ("region", "year", "draw")]
    if groups and "total" not in array[groups[0]].values:
        return None
    return _drawn(array.sel({groups[0]: "total"}) if groups else array)


def _drawn(array: xr.DataArray) -> Floats:
    return sampled(np.asarray(array.transpose("region", "year", "draw").values, float))


def _figures(
    people: Floats, old: Floats, need: Floats, trend: Floats | None, setup: Setup
) -> dict[str, Floats]:
    """Figures of one resource by column, each (region, year); NaN without a trend.

    people, old, need, trend: (region, year, draw).
    """
    none = np.full(need.shape[:2], np.nan)
    low, middle, high = quantiles(need)
    found = {
        "population_p50": _median(people),
        "share_60_p50": _median(old / people),
        "need_p10": low,
        "need_p50": middle,
        "need_p90": high,
        "need_per_1000_p50": _median(need / people * _PER_1000),
        "trend_p50": none,
        "ratio_p50": none,
        "p_enough": none,
    }
    if trend is not None:
        ratio = np.divide(trend, need, out=np.full_like(trend, np.nan), where=need > 0)
        found |= {"trend_p50": _median(trend), "ratio_p50": _median(ratio)}
        if setup.experiment.draws.n:
            found["p_enough"] = (trend >= need).mean(axis=-1)
    return found


def _median(values: Floats) -> Floats:
    return np.asarray(quantiles(values)[1])


def _ranked(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows of one resource and year as printed, by rank; places of one ratio share a rank."""
    ratios = np.sort([row["ratio_p50"] for row in rows])  # those that are none come last
    for row in sorted(rows, key=lambda row: (np.nan_to_num(row["ratio_p50"], nan=np.inf), row["region"])):
        rank = int(np.searchsorted(ratios, row["ratio_p50"])) + 1 if np.isfinite(row["ratio_p50"]) else ""
        yield {key: cell({**row, "rank": rank}[key]) for key in COLUMNS}
