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
from sim.writing import number, write_rows

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
    """A row for each scenario, resource with a trend, year and place, the least ratio first."""
    years = shown_years(setup)
    for s, scenario in enumerate(setup.scenarios):
        groups = results.population_group.isel(scenario=s).sel(year=years)
        people, old = (_drawn(groups.sel(age_group=group)) for group in ("total", "60+"))
        for resource in RESOURCES.values():
            names = [f"{resource.name}_{side}" for side in ("required", "projected")]
            if "total" in resource.held or not set(names) <= set(results.data_vars):
                continue
            need, trend = (_total(results[name].isel(scenario=s).sel(year=years)) for name in names)
            if need is not None and trend is not None:
                found = [
                    _row(setup, scenario, resource.name, i, t, people, old, need, trend)
                    for t in range(len(years))
                    for i in range(len(setup.regions))
                ]
                yield from _ranked(found, resource.units, years)


def _total(array: xr.DataArray) -> Floats | None:
    """Its total (region, year, draw); None where it has groups and no total."""
    groups = [d for d in array.dims if d not in ("region", "year", "draw")]
    if groups and "total" not in array[groups[0]].values:
        return None
    return _drawn(array.sel({groups[0]: "total"}) if groups else array)


def _drawn(array: xr.DataArray) -> Floats:
    return sampled(np.asarray(array.transpose("region", "year", "draw").values, float))


def _row(
    setup: Setup,
    scenario: str,
    resource: str,
    i: int,
    t: int,
    people: Floats,
    old: Floats,
    need: Floats,
    trend: Floats,
) -> dict[str, Any]:
    """The figures of one place and year, numbers still."""
    region = setup.regions[i]
    stock = setup.parameters[scenario, region.code].get(f"supply.{resource}_base")
    here, wanted, there = people[i, t], need[i, t], trend[i, t]
    ratio = np.divide(there, wanted, out=np.full_like(there, np.nan), where=wanted > 0)
    low, middle, high = quantiles(wanted)
    return {
        "scenario": scenario,
        "resource": resource,
        "at": t,
        "region": region.code,
        "region_zh": region.name_zh,
        "region_en": region.name_en,
        "population_p50": _median(here),
        "share_60_p50": _median(old[i, t] / here),
        "need_p10": float(low),
        "need_p50": float(middle),
        "need_p90": float(high),
        "need_per_1000_p50": _median(wanted / here * _PER_1000),
        "trend_p50": _median(there),
        "ratio_p50": _median(ratio),
        "p_enough": float((there >= wanted).mean()) if setup.experiment.draws.n else float("nan"),
        "stock_level": level_of(stock) if stock is not None else "",
    }


def _median(values: Floats) -> float:
    return float(quantiles(values)[1])


def _ranked(rows: list[dict[str, Any]], unit: str, years: list[int]) -> Iterator[dict[str, Any]]:
    """Rows of one resource as printed, by year and rank; places of one ratio share a rank."""
    for t, year in enumerate(years):
        mine = [row for row in rows if row["at"] == t]
        order = sorted(mine, key=lambda row: (np.nan_to_num(row["ratio_p50"], nan=np.inf), row["region"]))
        for row in order:
            less = sum(other["ratio_p50"] < row["ratio_p50"] for other in mine)
            ranked = np.isfinite(row["ratio_p50"])
            told = {"year": year, "rank": less + 1 if ranked else "", "unit": unit}
            yield {key: _text({**row, **told}[key]) for key in COLUMNS}


def _text(value: Any) -> Any:
    if isinstance(value, float):
        return number(value) if np.isfinite(value) else ""
    return value
