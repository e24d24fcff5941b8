"""Burden, demand and supply of the made-up population, whose death rates fall by 1 % a year."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import xarray as xr
from health_world import health_params, world

import sim.burden
import sim.demand
import sim.supply

STAGES = {"burden": sim.burden, "demand": sim.demand, "supply": sim.supply}


@cache
def params() -> dict[str, xr.DataArray]:
    """Central values of Anyang."""
    return health_params()


@cache
def outputs(stage: str) -> xr.Dataset:
    """What a stage writes at central values."""
    return run(stage)


def inputs(stage: str) -> xr.Dataset:
    """What a stage reads, all earlier stages at central values."""
    return _inputs(stage).copy(deep=False)


@cache
def _inputs(stage: str) -> xr.Dataset:
    state = world()
    falling = xr.DataArray(0.99 ** np.arange(state.year.size), dims="year", coords={"year": state.year})
    state = state.assign(mx=state["mx"] * falling, deaths=state["deaths"] * falling)
    for name in STAGES:
        if name == stage:
            break
        state = state.assign(outputs(name).data_vars)
    return state


def run(stage: str, **changes: Any) -> xr.Dataset:
    """A stage with some parameters changed: topic__key=value."""
    module = STAGES[stage]
    own = {n: params()[n] for n in module.PARAMETERS}
    for name, value in changes.items():
        dotted = name.replace("__", ".")
        assert dotted in own, f"{stage} does not read {dotted}"
        own[dotted] = value if isinstance(value, xr.DataArray) else xr.DataArray(value)
    return module.project(_read(stage).copy(deep=False), own)


@cache
def _read(stage: str) -> xr.Dataset:
    return _inputs(stage)[list(STAGES[stage].READS)]


def filled(name: str, value: float) -> xr.DataArray:
    """A parameter with every cell at one value."""
    return xr.full_like(params()[name], value, dtype=float)
