"""timeseries.csv: every series of a run with its band; timeseries_mcse.csv: how sure the band itself is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.draws import ordered_mcse, ordered_quantiles, sampled
from sim.writing import as_cells, lines, number

_NAMES = ("scenario", "region", "variable", "group", "year")
_ERRORS = ("p10_mcse", "p50_mcse", "p90_mcse")
TIMESERIES_COLUMNS = (*_NAMES, "unit", "central", "p10", "p50", "p90")
MCSE_COLUMNS = (*_NAMES, *_ERRORS)
SERIES_TABLE, MCSE_TABLE = "timeseries.csv", "timeseries_mcse.csv"
_LEVELS = (0.1, 0.5, 0.9)
_SLAB = 8_000_000  # numbers of a series that are in memory at a time, one place at least
_SORTED = 1_000_000  # of these as doubles, sorted: one group at least


class Band(NamedTuple):
    """A series in one year, as it is printed."""

    names: tuple[str, str, str, str]
    """Scenario, region, series, group."""
    year: int
    unit: str
    figures: list[str]
    """Central, P10, P50, P90, and the Monte-Carlo standard errors of the three."""
    leaves: bool
    """Whether the central line is outside P10-P90, before they are printed."""

    @property
    def row(self) -> dict[str, Any]:
        """Of both tables."""
        columns = (*TIMESERIES_COLUMNS, *_ERRORS)
        return dict(zip(columns, (*self.names, self.year, self.unit, *self.figures), strict=True))


def write_bands(
    folder: Path, results: xr.Dataset, years: Collection[int] = (), begin: str = ""
) -> list[dict[str, Any]]:
    """Write both tables.

    years: all if empty.  begin: of the files' names.
    Returns the series whose central line leaves its band.
    """
    with (
        lines(folder / f"{begin}{SERIES_TABLE}", TIMESERIES_COLUMNS) as put,
        lines(folder / f"{begin}{MCSE_TABLE}", MCSE_COLUMNS) as put_mcse,
    ):

        def written() -> Iterator[Band]:
            names, head = ("",) * 4, ""
            for band in bands(results, years):
                if band.names is not names:  # as long as they are, they are written once
                    names, head, unit = band.names, as_cells(band.names), as_cells([band.unit])
                central, p10, p50, p90, *errors = band.figures
                put(f"{head},{band.year},{unit},{central},{p10},{p50},{p90}\n")
                put_mcse(f"{head},{band.year},{','.join(errors)}\n")
                yield band

        return outside_band(written())


def outside_band(found: Iterable[Band]) -> list[dict[str, Any]]:
    """Series of timeseries.csv whose central line leaves their own P10-P90, with the years.

    The figures are compared as printed.  What sets the centre did not reach the draws, or the
    distributions lean so far to one side that the central line says little.
    """
    outside: dict[tuple[str, ...], dict[str, Any]] = {}
    for band in found:
        if not band.leaves:  # nor does it in fewer digits
            continue
        central, low, _, high = map(float, band.figures[:4])
        if low <= central <= high:
            continue
        fresh: dict[str, Any] = dict(zip(_NAMES, band.names, strict=False))
        fresh |= {"years": [], "central": [], "p10": [], "p90": []}
        series = outside.setdefault(band.names, fresh)
        for key, value in (("years", band.year), ("central", central), ("p10", low), ("p90", high)):
            series[key].append(value)
    return list(outside.values())


def drawn_series(results: xr.Dataset) -> list[str]:
    """Names of the series that have draws, sorted."""
    return sorted(str(name) for name in results.data_vars if "draw" in results[name].dims)


def bands(results: xr.Dataset, years: Collection[int] = ()) -> Iterator[Band]:
    """The rows of both tables.

    years: all if empty.  Some places of one series are in memory at a time.
    """
    for name in drawn_series(results):
        array = results[name]
        slab = max(_SLAB // max(array[0, 0].size, 1), 1)
        for s, scenario in enumerate(results.scenario.values):
            for first in range(0, results.sizes["region"], slab):
                places = results.region.values[first : first + slab]
                held = array.variable[s, first : first + slab].values
                for region, stored in zip(places, held, strict=True):
                    yield from _bands_of_place(array, stored, (str(scenario), str(region)), years)


def _bands_of_place(
    array: xr.DataArray, stored: Floats, place: tuple[str, str], wanted: Collection[int]
) -> Iterator[Band]:
    """The rows of one series of one scenario and region; stored: year, [group], draw."""
    group_dim = next((str(d) for d in array.dims if d not in ("scenario", "region", "year", "draw")), None)
    groups = [str(g) for g in array[group_dim].values] if group_dim else ["total"]
    shown = "population" if array.name == "population_group" else str(array.name)
    unit = str(array.attrs["units"])
    years = [(y, year) for y, year in enumerate(array.year.values.tolist()) if not wanted or year in wanted]
    if group_dim is None:
        stored = stored[:, None, :]
    many = max(_SORTED // (stored[:, 0].size or 1), 1)
    for first in range(0, len(groups), many):
        values = stored[:, first : first + many].astype(float)
        ordered = np.sort(sampled(values), axis=-1)
        levels = ordered_quantiles(ordered, _LEVELS)
        central = values[..., 0]
        leaves = (~((levels[0] <= central) & (central <= levels[2]))).tolist()
        errors = [ordered_mcse(ordered, q) for q in _LEVELS]
        figures = np.stack([central, *levels, *errors], axis=-1).tolist()
        for g, group in enumerate(groups[first : first + many]):
            names = (*place, shown, group)
            for y, year in years:
                if isfinite(figures[y][g][0]):
                    # the usual ones without a call: there are as many as a hundred thousand
                    cells = [f"{v:.7g}" if 1e-4 <= abs(v) < 999_999.5 else number(v) for v in figures[y][g]]
                    yield Band(names, year, unit, cells, leaves[y][g])
