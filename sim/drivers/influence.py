"""Which figures does an answer rest on?  Each parameter moved alone, every output watched.

Two draws have parameter i at its 10 and 90 % point, all others at their central values; a stage
runs in those draws only that move something it depends on. Swings are measured under the first
scenario and serve the grades of all: what a verdict rests on is taken to be the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from sim.adequacy.case import Swings
from sim.arrays import exact_arithmetic
from sim.catalogue import bases
from sim.known import count_names, is_known
from sim.labelled import made
from sim.params import Sampler
from sim.run import pipeline
from sim.run.kept import reduce
from sim.run.reached import Classes, Index, walk_counted, walk_reached
from sim.run.setup import Setup

COLUMNS = (
    "scenario",
    "region",
    "output",
    "group",
    "year",
    "parameter",
    "quality",
    "low",
    "central",
    "high",
    "relative_swing",
)
POINTS = (0.1, 0.9)
_SHOWN = 0.002  # swings below this share of the value are left out of the table


def measure(setup: Setup) -> dict[str, Swings]:
    """Swings of every region under the first scenario."""
    return {swings.region: swings for swings in each(setup)}


def each(setup: Setup) -> Iterator[Swings]:
    """The same, measured region by region as they are asked for."""
    for region in setup.regions:
        yield _measure(setup.scenarios[0], region.code, setup)


def _measure(scenario: str, code: str, setup: Setup) -> Swings:
    parameters = setup.parameters[scenario, code]
    used = {*pipeline.parameter_names(), *bases.PARAMETERS.values(), *count_names(parameters)}
    names = [n for n, p in sorted(parameters.items()) if n in used and p.is_uncertain]
    sampler = Sampler(parameters, setup.years, setup.experiment.draws.seed)
    qualities = tuple(parameters[n].record.quality for n in names)
    series = _series(_Moved(sampler, names), setup.years)
    return Swings(code, tuple(names), qualities, series, scenario)


def _series(moved: _Moved, years: Sequence[int]) -> Mapping[str, xr.DataArray]:
    """Kept series with each parameter moved alone, dim draw over all of them."""
    rows = moved.classes(moved.names).rows
    params = _All(moved, rows)
    if is_known(params):  # every draw goes through the counts, whatever is moved
        found, state = walk_counted(params, years, len(rows))
        with exact_arithmetic():
            return reduce(state, found)
    state = walk_reached(moved, years)
    with exact_arithmetic():
        return reduce(state, params)


class _Moved:
    """Parameters moved one at a time: draw 0 central, 2i+1 and 2i+2 parameter i at its points."""

    def __init__(self, sampler: Sampler, names: Sequence[str]) -> None:
        self.names = list(names)
        self._central = sampler.steered({})
        at_points = sampler.block([1, 2], {n: np.array(POINTS) for n in names})
        self._points = {name: at_points[name] for name in names}

    def classes(self, read: Collection[str]) -> Classes:
        """The draws that move a parameter of `read`; all others are the central one to it."""
        moving = [i for i, name in enumerate(self.names) if name in read]
        rows = np.array([0, *(d for i in moving for d in (2 * i + 1, 2 * i + 2))], np.intp)
        place = np.zeros(2 * len(self.names) + 1, np.intp)
        place[rows] = np.arange(len(rows))
        return Classes(rows, place)

    def parameter(self, name: str, rows: Index) -> xr.DataArray:
        """One parameter; with dim draw, last, if it moves."""
        base, points = self._central[name], self._points.get(name)
        if points is None:
            return base
        if base.dims != tuple(d for d in points.dims if d != "draw"):
            base = base.broadcast_like(points.isel(draw=0, drop=True))
        points = points.transpose(*base.dims, "draw")
        values = np.repeat(base.values[..., None], len(rows), axis=-1)
        first = int(np.searchsorted(rows, 2 * self.names.index(name) + 1))
        values[..., first : first + 2] = points.values
        labels = {d: points[d].values for d in base.dims}
        return made(values, {**labels, "draw": np.arange(len(rows))}, points.dims)

    def every(self) -> Iterator[str]:
        """Names of all parameters, moved or not."""
        return iter(self._central)


@dataclass(frozen=True)
class _All(Mapping[str, xr.DataArray]):
    """Every parameter in some draws, made when asked for."""

    moved: _Moved
    rows: Index

    def __getitem__(self, name: str) -> xr.DataArray:
        return self.moved.parameter(name, self.rows)

    def __iter__(self) -> Iterator[str]:
        return self.moved.every()

    def __len__(self) -> int:
        return sum(1 for _ in self.moved.every())


def one_at_a_time(sampler: Sampler, names: Sequence[str]) -> dict[str, xr.DataArray]:
    """Every parameter, draw 0 central, parameter i at its two points in draws 2i+1 and 2i+2."""
    moved = _Moved(sampler, names)
    return dict(_All(moved, moved.classes(names).rows))


def rows(found: Iterable[Swings]) -> Iterator[dict[str, Any]]:
    """Rows of influence.csv: required and outcome series, first test years only where they move."""
    for swings in found:
        for output, array in swings.series.items():
            if "draw" not in array.dims or not _of_interest(output):
                continue
            group_dim = next((str(d) for d in array.dims if d not in ("year", "draw")), None)
            groups = [str(g) for g in array[group_dim].values] if group_dim else [None]
            years = [y for y in array.year.values if y % 5 == 0]
            for group in groups:
                for year in years:
                    yield from _rows(swings, output, group, int(year))


def _of_interest(output: str) -> bool:
    return output.endswith("_required") or output in (
        "population_group",
        "births",
        "e0",
        "premature_ncd_mortality",
        "bed_days",
    )


def _rows(swings: Swings, output: str, group: str | None, year: int) -> Iterator[dict[str, Any]]:
    values = swings.at(output, group, year)
    relative = swings.relative(values)
    for i in np.argsort(-relative, kind="stable"):
        if relative[i] < _SHOWN:
            return
        yield {
            "scenario": swings.scenario,
            "region": swings.region,
            "output": output,
            "group": group or "total",
            "year": year,
            "parameter": swings.names[i],
            "quality": swings.qualities[i],
            "low": f"{values[1 + 2 * i]:.7g}",
            "central": f"{values[0]:.7g}",
            "high": f"{values[2 + 2 * i]:.7g}",
            "relative_swing": f"{relative[i]:.4f}",
        }
