"""A small population and the parameters of the parameter folder, for whole-stage tests."""

from collections.abc import Mapping

import numpy as np
import pytest
import xarray as xr
from place import place

import sim.burden
import sim.demand
from sim.params import central

YEARS = list(range(2020, 2036))


def health_params(region: str = "410500_anyang"):
    """Central values of national, standard and regional parameters."""
    return central(place(region[:6]), YEARS)


@pytest.fixture(scope="session")
def params() -> dict[str, xr.DataArray]:
    """The parameters, for the stages' tests (each conftest names it)."""
    return health_params()


@pytest.fixture(scope="session")
def inputs() -> xr.Dataset:
    """The population, likewise."""
    return world()


def needs(
    inputs: xr.Dataset, params: Mapping[str, xr.DataArray], **changes: xr.DataArray
) -> tuple[xr.Dataset, xr.Dataset]:
    """What burden and demand write of a population; changes: parameters by name, `__` for the point."""
    changed = dict(params) | {k.replace("__", "."): v for k, v in changes.items()}
    own = [{n: changed[n] for n in stage.PARAMETERS} for stage in (sim.burden, sim.demand)]
    burden = sim.burden.project(inputs[list(sim.burden.READS)], own[0])
    return burden, sim.demand.project(inputs.merge(burden)[list(sim.demand.READS)], own[1])


def world(draws: int = 1, growth: float = 0.0) -> xr.Dataset:
    """A made-up ageing population of about five million and what burden reads of it."""
    age = np.arange(101)
    mx = 0.00004 * np.exp(0.092 * age) + 0.0002
    survivors = np.exp(-np.cumsum(mx))
    size = 70000 * survivors * np.exp(-(((age - 45) / 60.0) ** 2))
    old = (1 + 0.02 * np.arange(len(YEARS)))[:, None] ** (age > 60) * np.exp(growth * np.arange(len(YEARS)))[
        :, None
    ]
    people = 0.5 * old[:, None, :, None] * size[None, None, :, None] * np.ones((1, 2, 1, draws))
    fertile = np.exp(-(((age - 28) / 5.0) ** 2)) * (age >= 10) * (age <= 54)
    by_age = 55000 * fertile / fertile.sum() * np.ones((len(YEARS), 1))
    coords = {"year": YEARS, "sex": ["female", "male"], "age": age, "draw": np.arange(draws)}
    full = ("year", "sex", "age", "draw")
    births = np.broadcast_to(27500.0, (len(YEARS), 2, draws))
    rate = np.broadcast_to(mx[None, None, :, None], people.shape)
    return xr.Dataset(
        {
            "population": (full, people),
            "births": (("year", "sex", "draw"), births),
            "births_by_age": (("year", "age", "draw"), by_age[..., None] * np.ones(draws)),
            "deaths": (full, people * rate),
            "mx": (full, rate),
        },
        coords,
    )
