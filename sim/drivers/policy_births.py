"""Births that a scenario adds against the first one: the paired difference, draw by draw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import xarray as xr

from sim.demography.parity import births_added
from sim.draws import quantiles, sampled
from sim.writing import number

COLUMNS = ("scenario", "against", "region", "order", "year", "central", "p10", "p50", "p90")


def policy_rows(results: xr.Dataset) -> Iterator[dict[str, Any]]:
    """Births added a year, in all and by order, and their sum over the years (year "all")."""
    names = [str(s) for s in results.scenario.values]
    series = {"total": results["births"].sel(newborn_sex="total")}
    if "births_by_order" in results:
        orders = results["births_by_order"]
        series |= {str(o): orders.sel(order=o) for o in orders["order"].values}
    for scenario in names[1:]:
        for region in results.region.values:
            for order, births in series.items():
                own, first = (
                    births.sel(scenario=s, region=region).transpose("year", "draw").values
                    for s in (scenario, names[0])
                )
                added = births_added(own.astype(float), first.astype(float))
                labels = [*map(str, results.year.values), "all"]
                added = np.concatenate([added, added.sum(axis=0, keepdims=True)])
                if not added.any():
                    continue
                low, middle, high = quantiles(sampled(added))
                for t, year in enumerate(labels):
                    figures = (added[t, 0], low[t], middle[t], high[t])
                    head = (scenario, names[0], str(region), order, year)
                    yield dict(zip(COLUMNS, (*head, *map(number, figures)), strict=True))
