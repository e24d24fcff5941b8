"""Which figures does an answer rest on?  Each parameter moved alone, every output watched.

One block of draws does it: two draws have parameter i at its 10 and 90 % point, all others at
their central values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.params import Parameter, Sampler
from sim.run import pipeline
from sim.run.reduce import BASIS_PARAMETERS, reduce
from sim.run.setup import Setup

COLUMNS = (
    "region", "output", "group", "year", "parameter", "quality", "low", "central", "high",
    "relative_swing",
)  # fmt: skip
POINTS = (0.1, 0.9)
_SHOWN = 0.002  # swings below this share of the value are left out of the table


@dataclass(frozen=True)
class Swings:
    """Outputs with each parameter moved alone, for one region."""

    region: str
    names: tuple[str, ...]
    qualities: tuple[str, ...]
    series: Mapping[str, xr.DataArray]
    """Kept series; draw 0 is central, 2i+1 and 2i+2 belong to parameter i."""

    def at(self, name: str, group: str | None, year: int) -> npt.NDArray[np.float64]:
        """All draws of one series in one year."""
        array = self.series[name].sel(year=year)
        dims = [d for d in array.dims if d != "draw"]
        if dims:
            array = array.sel({dims[0]: group})
        return np.asarray(array.values, float)

    def relative(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Largest change of `values` (all draws) by each parameter, relative to the centre."""
        centre = abs(values[0]) or 1.0
        moved = values[1:].reshape(-1, 2)
        return np.asarray(np.abs(moved - values[0]).max(axis=1) / centre)


def measure(setup: Setup) -> dict[str, Swings]:
    """Swings of every region under the first scenario."""
    scenario = setup.scenarios[0]
    return {
        region.code: _measure(region.code, setup.parameters[scenario, region.code], setup)
        for region in setup.regions
    }


def _measure(code: str, parameters: Mapping[str, Parameter], setup: Setup) -> Swings:
    used = {*pipeline.parameter_names(), *BASIS_PARAMETERS.values()}
    names = [n for n, p in sorted(parameters.items()) if n in used and p.is_uncertain]
    sampler = Sampler(parameters, setup.years, setup.experiment.draws.seed)
    params = one_at_a_time(sampler, names)
    n = 2 * len(names) + 1
    state = pipeline.project(params, setup.years, range(n))
    qualities = tuple(parameters[n].record.quality for n in names)
    return Swings(code, tuple(names), qualities, reduce(state, params))


def one_at_a_time(sampler: Sampler, names: list[str]) -> dict[str, xr.DataArray]:
    """Parameters with dim draw: central, but parameter i at its two points in its own draws."""
    at_points = sampler.block([1, 2], {n: np.array(POINTS) for n in names})
    draws = np.arange(2 * len(names) + 1)
    out: dict[str, xr.DataArray] = {}
    for name, array in sampler.block([0]).items():
        base = array.isel(draw=0, drop=True) if "draw" in array.dims else array
        if name not in names:
            out[name] = base
            continue
        own = [at_points[name].isel(draw=k, drop=True) for k in (0, 1)]
        full = base.broadcast_like(own[0]).expand_dims(draw=draws).transpose(..., "draw").copy()
        first = 1 + 2 * names.index(name)
        for k in (0, 1):
            full[{"draw": first + k}] = own[k].transpose(*full.dims[:-1])
        out[name] = full
    return out


def rows(found: Mapping[str, Swings]) -> Iterator[dict[str, Any]]:
    """Rows of influence.csv: required and outcome series, first test years only where they move."""
    for swings in found.values():
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
        "population_group", "births", "e0", "premature_ncd_mortality", "bed_days",
    )  # fmt: skip


def _rows(swings: Swings, output: str, group: str | None, year: int) -> Iterator[dict[str, Any]]:
    values = swings.at(output, group, year)
    relative = swings.relative(values)
    for i in np.argsort(-relative, kind="stable"):
        if relative[i] < _SHOWN:
            return
        yield {
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
