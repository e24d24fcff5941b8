"""What a sweep leaves: sensitivity.csv (tidy), sensitivity.nc (sample, values, measures)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import netCDF4
import numpy as np

from sim.writing import number, write_rows

if TYPE_CHECKING:
    from sim.sweeps.sweep import Result, Sweep

FORMAT = "healthplan sweep 1"
COLUMNS = (
    "scenario",
    "region",
    "output",
    "year",
    "unit",
    "method",
    "factor",
    "quality",
    "measure",
    "value",
    "low",
    "high",
    "rank",
)
RANKED_BY = {
    "sobol": "total",
    "morris": "mu_star",
    "lhs": "prcc",
    "oat": "swing",
    "grid": "main_range",
}
MEASURES = {
    "first_order": "share of the variance that goes if the factor alone is known",
    "total": "share of the variance that stays if all but the factor are known",
    "mu_star": "mean size of the elementary effects, 5 to 95 % point of the factor",
    "mu": "mean elementary effect",
    "sigma": "spread of the elementary effects",
    "prcc": "partial rank correlation",
    "src": "standardised regression coefficient",
    "swing": "highest less lowest output with the factor moved alone",
    "relative_swing": "swing divided by the central output",
    "at_low": "output with the factor at its lowest level",
    "at_high": "output with the factor at its highest level",
    "centre": "output with every factor at its centre",
    "main_range": "range of the mean output over the factor's levels",
    "share": "share of the grid's variance that the factor's level means make up",
}
_MANY_RUNS = 20_000  # runs.csv is written up to this size; sensitivity.nc always has the runs


def write(plan: Sweep, results: Sequence[Result], folder: Path) -> None:
    """The files of a sweep folder."""
    write_rows(folder / "sensitivity.csv", COLUMNS, _rows(plan, results))
    _netcdf(plan, results, folder / "sensitivity.nc")
    if plan.design.method in ("grid", "oat") and len(plan.design.points) <= _MANY_RUNS:
        columns = ["scenario", "region", "run", *(f.name for f in plan.factors)]
        columns += [o.label for o in plan.outputs]
        write_rows(folder / "runs.csv", columns, _runs(plan, results))


def _rows(plan: Sweep, results: Sequence[Result]) -> Iterator[dict[str, Any]]:
    method = plan.design.method
    quality = _qualities(plan)
    for result in results:
        ranks = _ranks(plan, result)
        for o, output in enumerate(plan.outputs):
            for f in ranks[:, o].argsort(kind="stable"):
                for measure in result.measures:
                    value = measure.value[f, o]
                    if not np.isfinite(value):
                        continue
                    half = None if measure.half_width is None else measure.half_width[f, o]
                    yield {
                        "scenario": result.scenario,
                        "region": result.region,
                        "output": output.name,
                        "year": output.year,
                        "unit": output.unit,
                        "method": method,
                        "factor": plan.design.factors[f],
                        "quality": quality[f],
                        "measure": measure.name,
                        "value": number(float(value)),
                        "low": "" if half is None else number(float(value - half)),
                        "high": "" if half is None else number(float(value + half)),
                        "rank": int(ranks[f, o]) + 1,
                    }


def _ranks(plan: Sweep, result: Result) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Rank of each factor for each output, 0 = moves it most."""
    wanted = RANKED_BY[plan.design.method]
    value = next(m.value for m in result.measures if m.name == wanted)
    size = np.nan_to_num(np.abs(value), nan=-1.0)
    order = np.argsort(-size, axis=0, kind="stable")
    return np.argsort(order, axis=0, kind="stable")


def _qualities(plan: Sweep) -> list[str]:
    parameters = next(iter(plan.setup.parameters.values()))
    grades: list[set[str]] = [set() for _ in plan.design.factors]
    for factor, at in zip(plan.factors, plan.design.factor_of, strict=True):
        grades[at].add(parameters[factor.parameter].record.quality)
    return [max(g) for g in grades]


def _runs(plan: Sweep, results: Sequence[Result]) -> Iterator[dict[str, Any]]:
    for result in results:
        for r, point in enumerate(plan.design.points):
            row: dict[str, Any] = {"scenario": result.scenario, "region": result.region, "run": r}
            row |= {f.name: f.shown(p) for f, p in zip(plan.factors, point, strict=True)}
            for output, value in zip(plan.outputs, result.values[r], strict=True):
                row[output.label] = number(float(value)) if np.isfinite(value) else ""
            yield row


def _netcdf(plan: Sweep, results: Sequence[Result], path: Path) -> None:
    try:
        with netCDF4.Dataset(path, "w", format="NETCDF4") as file:
            file.setncatts({"Conventions": "CF-1.11", "format": FORMAT})
            file.setncatts({"method": plan.design.method, "seed": str(plan.design.seed)})
            _labels(file, "factor", plan.design.factors)
            _labels(file, "parameter", [f.name for f in plan.factors])
            _labels(file, "output", [o.label for o in plan.outputs])
            _labels(file, "place", [f"{r.scenario}/{r.region}" for r in results])
            file.createDimension("run", len(plan.design.points))
            units = file.createVariable("unit", str, ("output",))
            units[:] = np.array([o.unit for o in plan.outputs], dtype=object)
            sample = file.createVariable("sample", "f8", ("run", "parameter"), zlib=True)
            sample.setncatts({"long_name": "coordinate of the factor, NaN = central value"})
            sample[:] = plan.design.points
            values = file.createVariable("values", "f8", ("place", "run", "output"), zlib=True)
            values.setncatts({"long_name": "output of each run"})
            for p, result in enumerate(results):
                values[p] = result.values
                for measure in result.measures:
                    _measure(file, measure.name, p, measure.value)
                    if measure.half_width is not None:
                        _measure(file, f"{measure.name}_half_width", p, measure.half_width)
    except RuntimeError as error:  # how the netCDF library says that the disk is full
        raise OSError(f"{path.name}: {error}; is the disk full?") from error


def _labels(file: netCDF4.Dataset, name: str, labels: Sequence[str]) -> None:
    file.createDimension(name, len(labels))
    file.createVariable(name, str, (name,))[:] = np.array(labels, dtype=object)


def _measure(file: netCDF4.Dataset, name: str, place: int, value: Any) -> None:
    if name not in file.variables:
        v = file.createVariable(name, "f8", ("place", "factor", "output"), zlib=True)
        stem = name.removesuffix("_half_width")
        half = "half of the 95 % interval of " if stem != name else ""
        v.setncatts({"long_name": half + MEASURES[stem]})
    file.variables[name][place] = value
