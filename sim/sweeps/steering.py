"""A sweep's factors laid on the parameters: which values a point gives, what the sampler may not draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.params import Parameter, Sampler, central, override
from sim.params.units import unit
from sim.sweeps.factors import Factor, key_of


def reached(sampler: Sampler, factor: Factor, points: Sequence[float]) -> tuple[tuple[str, ...], str]:
    """What a factor takes at these coordinates, as text, and the unit of that.

    A range over many cells is told by what it does to them: a factor, or what it adds.
    """
    record = sampler.parameters[factor.parameter].record
    if factor.kind == "choice":
        named = sampler.parameters[factor.parameter].is_method
        return tuple(factor.choices[int(p)] for p in points), "" if named else record.unit
    if factor.kind == "range":
        values, label = readable(sampler, factor.parameter, range(1, len(points) + 1), np.array(points))
    else:
        values = factor.values(np.array(points))
        label = "x central" if factor.kind == "times" else record.unit
    return tuple(f"{v:.5g}" for v in values), label


def readable(
    sampler: Sampler, name: str, draws: Sequence[int], own: Floats | None = None
) -> tuple[Floats, str]:
    """One number for each draw, and its unit: the value where there is one, else its factor or addition.

    own: probabilities at which the range is read instead of the draws' own.
    """
    parameter = sampler.parameters[name]
    deviation = sampler.deviation(name, draws, own)
    values = np.asarray(deviation.mean("year") if "year" in deviation.dims else deviation, float)
    spread = parameter.record.range
    assert spread is not None
    factor = unit(parameter.record.unit).factor
    if spread.scale == "value":
        return values / factor, parameter.record.unit
    if parameter.data.size == 1 and "year" not in deviation.dims:
        base = float(parameter.data.values.item())
        whole = base * values if spread.scale == "relative" else base + values
        return whole / factor, parameter.record.unit
    mean = ", mean of the years" if "year" in deviation.dims else ""
    if spread.scale == "relative":
        return values, f"x central{mean}"
    return values / factor, f"{parameter.record.unit} added{mean}"


def fixed_choices(factors: Sequence[Factor], row: Floats) -> tuple[tuple[str, str], ...]:
    """(name, value) of the choices of one point; those at NaN stay as they are."""
    return tuple(
        (f.name, f.choices[int(p)])
        for f, p in zip(factors, row, strict=True)
        if f.kind == "choice" and not np.isnan(p)
    )


def choose(
    parameters: Mapping[str, Parameter], choices: Sequence[tuple[str, str]]
) -> Mapping[str, Parameter]:
    """Parameters with these choices made."""
    for name, value in choices:
        key = key_of(name, parameters, f"--over {name}")
        given = value if parameters[key].is_method else float(value)
        parameters = override(parameters, name, given, f"--over {name}")
    return parameters


def steer(sampler: Sampler, factors: Sequence[Factor], points: Floats) -> dict[str, xr.DataArray]:
    """All parameters, moved as the points (run, factor) say; dim draw = the runs."""
    columns = {f: points[:, i] for i, f in enumerate(factors) if f.kind != "choice"}
    ranges = {f.parameter: u for f, u in columns.items() if f.kind == "range"}
    out = sampler.steered(ranges)
    for factor, u in columns.items():
        if factor.kind != "range":
            out[factor.parameter] = _moved(sampler, factor, u, out[factor.parameter])
    return out


def _moved(sampler: Sampler, factor: Factor, points: Floats, current: xr.DataArray) -> xr.DataArray:
    parameter = sampler.parameters[factor.parameter]
    # the stated ends take the place of the range: that it could not follow there is no matter
    settled = replace(parameter, record=parameter.record.model_copy(update={"range": None}))
    ends = []  # what the parameter is at both ends: in between it moves along a straight line
    for value in (factor.low, factor.high):
        given = {"multiply": value} if factor.kind == "times" else value
        place = f"--over {factor.name}"
        changed = override({parameter.name: settled}, factor.name, given, place)
        ends.append(central(changed, sampler.years)[parameter.name])
    low, high = ends
    centre = central({parameter.name: parameter}, sampler.years)[parameter.name]
    runs = np.arange(len(points))
    share = xr.DataArray(np.nan_to_num(points), {"draw": runs}, ("draw",))
    stays = xr.DataArray(np.isnan(points), {"draw": runs}, ("draw",))
    cells = (low != centre) | (high != centre)
    moved = (low + (high - low) * share).where(cells & ~stays, current)
    return moved.transpose(*low.dims, "draw")
