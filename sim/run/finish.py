"""What follows once results.nc stands: tables, verdicts and charts, from the saved file alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.adequacy import quantiles
from sim.run import assess, basis, decompose, influence, revise, rules
from sim.run.setup import Setup
from sim.store import number, write_json, write_rows

TIMESERIES_COLUMNS = (
    "scenario", "region", "variable", "group", "year", "unit", "central", "p10", "p50", "p90",
)  # fmt: skip


def write_tables(setup: Setup, folder: Path) -> None:
    """The tables of a run folder.

    timeseries, influence, standards, decomposition (and .json), basis, adequacy,
    adequacy_detail, revise.
    """
    with xr.open_dataset(folder / "results.nc", engine="netcdf4") as results:
        write_rows(folder / "timeseries.csv", TIMESERIES_COLUMNS, timeseries(results))
        swings = influence.measure(setup)
        write_rows(folder / "influence.csv", influence.COLUMNS, influence.rows(swings))
        write_rows(folder / "standards.csv", rules.COLUMNS, rules.rules(setup, results))
        rows = assess.assess(setup, results, swings)
        on_bases = basis.basis_rows(setup, results, swings)
        _write_decomposition(setup, results, folder)
    basis.note_effects(rows, on_bases)
    write_rows(folder / "basis.csv", basis.COLUMNS, map(basis.printed, on_bases))
    write_rows(folder / "adequacy.csv", assess.COLUMNS, map(assess.printed, rows))
    write_rows(folder / "adequacy_detail.csv", assess.DETAIL_COLUMNS, map(assess.detail, rows))
    revise.write(folder, revise.revise(folder))


def _write_decomposition(setup: Setup, results: xr.Dataset, folder: Path) -> None:
    years = sorted({*setup.experiment.test_years, setup.years[-1]} - {setup.years[0]})
    rows = chain(decompose.decomposition_rows(setup), decompose.scenario_rows(results, years))
    write_rows(folder / "decomposition.csv", decompose.COLUMNS, rows)
    write_json(folder / "decomposition.json", decompose.describe(setup))


def draw(folder: Path) -> None:
    """Charts and the workbook of a run folder."""
    from sim.report import draw_charts, write_workbook

    draw_charts(folder)
    write_workbook(folder)


def timeseries(results: xr.Dataset) -> Iterator[dict[str, Any]]:
    """Tidy rows: every series kept, by scenario, region, group and year."""
    for name in sorted(map(str, results.data_vars)):
        array = results[name]
        if "draw" not in array.dims:
            continue
        group_dim = next(
            (str(d) for d in array.dims if d not in ("scenario", "region", "year", "draw")), None
        )
        groups = [str(g) for g in array[group_dim].values] if group_dim else ["total"]
        shown = "population" if name == "population_group" else name
        for s, scenario in enumerate(results.scenario.values):
            for r, region in enumerate(results.region.values):
                values = array[s, r].values.astype(float)
                if group_dim is None:
                    values = values[:, None, :]
                low, mid, high = quantiles(values[..., 1:] if values.shape[-1] > 1 else values)
                for g, group in enumerate(groups):
                    for y, year in enumerate(results.year.values):
                        row = (values[y, g, 0], low[y, g], mid[y, g], high[y, g])
                        if not np.isfinite(row[0]):
                            continue
                        yield dict(
                            zip(
                                TIMESERIES_COLUMNS,
                                (scenario, region, shown, group, int(year), array.units,
                                 *(number(v) for v in row)),
                                strict=True,
                            )
                        )  # fmt: skip
