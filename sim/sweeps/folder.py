"""What a sweep leaves: sensitivity.csv (tidy), sensitivity.nc (sample, values, measures)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np

from sim import turns
from sim.params import Sampler
from sim.sweeps import sensitivity
from sim.sweeps.factors import MORRIS_SPAN, taken
from sim.sweeps.resolved import Result, Sweep
from sim.sweeps.steering import reached
from sim.writing import finite, write_rows

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
    "value_low",
    "value_high",
    "value_unit",
    "output_low",
    "output_high",
    "note",
    "note_zh",
)
NOTES = {"en": "note", "zh": "note_zh"}
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
    "at_low": "output with the factor at its lowest level (grid: the mean there)",
    "at_high": "output with the factor at its highest level (grid: the mean there)",
    "centre": "output with every factor at its centre",
    "main_range": "range of the mean output over the factor's levels",
    "share": "share of the grid's variance that the factor's level means make up",
}
_INTERVALS = {
    "_half_width": "half of the 95 % interval of ",
    "_low": "lower end of the 95 % interval of ",
    "_high": "upper end of the 95 % interval of ",
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
    quality = _qualities(plan)
    for result in results:
        ranks, taken = _ranks(plan, result), _taken(plan, result)
        found = {m.name: m for m in result.measures}
        for o, output in enumerate(plan.outputs):
            said = note(plan, result, o)
            for f in ranks[:, o].argsort(kind="stable"):
                ends = [found[end].value[f, o] for end in ("at_low", "at_high") if end in found]
                low, high = (finite(end) for end in ends) if ends else ("", "")
                factor = {
                    "scenario": result.scenario,
                    "region": result.region,
                    "output": output.name,
                    "year": output.year,
                    "unit": output.unit,
                    "method": plan.design.method,
                    "factor": plan.design.factors[f],
                    "quality": quality[f],
                    "rank": int(ranks[f, o]),
                    **taken[f],
                    "output_low": low,
                    "output_high": high,
                    **said,
                }
                for measure in result.measures:
                    value = measure.value[f, o]
                    if not np.isfinite(value) and not (
                        said["note"] and measure.name == RANKED_BY[plan.design.method]
                    ):
                        continue
                    ends = [] if measure.interval is None else [end[f, o] for end in measure.interval]
                    low, high = (finite(end) for end in ends) if ends else ("", "")
                    yield factor | {
                        "measure": measure.name,
                        "value": finite(value),
                        "low": low,
                        "high": high,
                    }


def note(plan: Sweep, result: Result, output: int) -> dict[str, str]:
    """Why the measures of an output are 0 or missing, in both languages; "" where they are neither."""
    values, asked = result.values[:, output], plan.outputs[output].asked
    runs = len(values)
    missing = int((~np.isfinite(values)).sum())
    wanted = next(m for m in result.measures if m.name == RANKED_BY[plan.design.method])
    en = zh = ""
    if missing:
        en = f"undefined in {missing} of {runs} runs: no measure"
        zh = f"{runs}次运行中有{missing}次无定义：不计算指标"
    elif sensitivity.constant(values[:, None])[0]:
        value = finite(values[0])
        en = f"constant, {value} in all {runs} runs: no factor moves it"
        zh = f"常数：{runs}次运行均为{value}，没有因素使其变动"
        if asked in ("enough", "reached"):
            stem = plan.outputs[output].name.removesuffix(f":{asked}")
            en += f"; a yes or no hides how near it is: ask {stem}:gap or {stem}:available"
            zh += f"；是与否不显示差距，可改问 {stem}:gap 或 {stem}:available"
    elif not np.isfinite(wanted.value[:, output]).any():
        en = "varies in too few runs: no measure; take a larger n"
        zh = "变动的运行太少：不计算指标；请增大 n"
    return {"note": en, "note_zh": zh}


def constants(plan: Sweep, results: Sequence[Result]) -> Iterator[dict[str, Any]]:
    """The outputs that no factor moves, for sweep.json."""
    for result in results:
        still = sensitivity.constant(result.values)
        for output, is_still, value in zip(plan.outputs, still, result.values[0], strict=True):
            if is_still:
                place = {"scenario": result.scenario, "region": result.region}
                yield place | {"output": output.name, "year": output.year, "value": float(value)}


def _taken(plan: Sweep, result: Result) -> list[dict[str, str]]:
    """The lowest and the highest value that each factor takes, with their unit.

    Of a whole distribution (lhs, sobol) these are its 5 and 95 % points; a group has none.
    """
    parameters = plan.setup.parameters[result.scenario, result.region]
    sampler = Sampler(parameters, plan.setup.years, 0)
    points = taken(plan.design, plan.factors)
    found = []
    for f in range(len(plan.design.factors)):
        columns = np.flatnonzero(plan.design.factor_of == f)
        if len(columns) > 1:
            found.append({"value_low": "", "value_high": "", "value_unit": ""})
            continue
        factor, column = plan.factors[columns[0]], points[:, columns[0]]
        ends = (float(np.nanmin(column)), float(np.nanmax(column)))
        if factor.kind == "range" and plan.design.method in ("lhs", "sobol"):
            ends = MORRIS_SPAN
        (low, high), unit = reached(sampler, factor, ends)
        found.append({"value_low": low, "value_high": high, "value_unit": unit})
    return found


def _ranks(plan: Sweep, result: Result) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Rank of each factor for each output, 1 = moves it most; equals share a rank."""
    wanted = RANKED_BY[plan.design.method]
    value = next(m.value for m in result.measures if m.name == wanted)
    size = np.nan_to_num(np.abs(value), nan=-1.0)
    return np.asarray(1 + (size[None, :, :] > size[:, None, :]).sum(axis=1), np.intp)


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
                row[output.label] = finite(value)
            yield row


def _netcdf(plan: Sweep, results: Sequence[Result], path: Path) -> None:
    try:
        with turns.writing(), netCDF4.Dataset(path, "w", format="NETCDF4") as file:
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
                    for end, bound in zip(("low", "high"), measure.bounds or (), strict=False):
                        _measure(file, f"{measure.name}_{end}", p, bound)
    except RuntimeError as error:  # how the netCDF library says that the disk is full
        raise OSError(f"{path.name}: {error}; is the disk full?") from error


def _labels(file: netCDF4.Dataset, name: str, labels: Sequence[str]) -> None:
    file.createDimension(name, len(labels))
    file.createVariable(name, str, (name,))[:] = np.array(labels, dtype=object)


def _measure(file: netCDF4.Dataset, name: str, place: int, value: Any) -> None:
    if name not in file.variables:
        v = file.createVariable(name, "f8", ("place", "factor", "output"), zlib=True)
        stem, said = name, ""
        for ending, words in _INTERVALS.items():
            if name not in MEASURES and name.endswith(ending):
                stem, said = name.removesuffix(ending), words
        v.setncatts({"long_name": said + MEASURES[stem]})
    file.variables[name][place] = value
