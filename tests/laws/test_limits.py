"""Every parameter at the ends of its limits: a run with finite figures, or a refusal by its input.

The whole of a parameter and one cell of a table; what another parameter rules out beside it (births below the
floor, more migrants than people) may be refused by the model, as an input, and never as a fault of the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from paths import ROOT

from sim.errors import BalanceError, ParameterError
from sim.params import Parameter, override
from sim.params.units import unit
from sim.run.blocks import Block, compute
from sim.run.possible import people_faults, rate_faults
from sim.run.setup import Setup, set_up

REGION = "410500"
TOPICS = sorted({p.stem for p in (ROOT / "parameters" / "national").glob("*.yaml")} - {"hospital"})
OF_PLACES = ("population.base", "migration.level", "migration.inflow", "migration.outflow")  # whole: nobody


@cache
def small() -> Setup:
    changes = {
        "plan": None,
        "years": {"base": 2020, "end": 2022},
        "test_years": [],
        "draws": {"n": 3, "seed": 7},
    }
    path: Path = ROOT / "experiments" / "anyang_14fyp.yaml"
    return set_up(path, scenarios=["reference"], changes=changes)


def ends(parameter: Parameter) -> Iterator[float]:
    """The lowest and the highest value that its limits allow, in the unit of its file."""
    own, limits = unit(parameter.record.unit), parameter.limits
    low, high = (limits.low, limits.high) if limits else (own.low, own.high)
    for end in (max(low, own.low), min(high, own.high)):
        if np.isfinite(end):
            yield end / own.factor


def settings(parameter: Parameter) -> Iterator[tuple[str, float]]:
    """What is set: the whole, and one cell of a table."""
    dims = [d for d in parameter.data.dims if d != "year"]
    cell = [str(parameter.data[d].values[min(1, parameter.data.sizes[d] - 1)]) for d in dims]
    for end in ends(parameter):
        if parameter.name not in OF_PLACES:
            yield parameter.name, end
        if cell:
            yield ".".join([parameter.name, *cell]), end


def outcome(name: str, value: float) -> str:
    """ "" for finite figures or a refusal of the input; else what went wrong."""
    setup = small()
    parameters = setup.parameters["reference", REGION]
    try:
        own = override(parameters, name, {"value": value, "exact": "an end of its limits"}, "--set")
    except ParameterError as error:
        return "" if name.split(".")[1] in str(error) else f"refused without its name: {error}"
    if people_faults(own, "population.base") or rate_faults(own):
        return ""
    try:
        found = compute(Block("reference", REGION, 0, 4, own, setup.years, 7, setup.targets))
    except ParameterError:
        return ""
    except BalanceError as error:
        return "" if "migration.level" in str(error) else str(error)
    base = usual()
    for series, array in found.items():
        if np.isinf(array.values).any() or (np.isnan(array.values) & ~np.isnan(base[series])).any():
            return f"{series} is not finite"
    return ""


@cache
def usual() -> dict[str, np.ndarray]:
    setup = small()
    block = Block(
        "reference", REGION, 0, 4, setup.parameters["reference", REGION], setup.years, 7, setup.targets
    )
    return {name: array.values for name, array in compute(block).items()}


@pytest.mark.slow
@pytest.mark.parametrize("topic", TOPICS)
def test_at_the_ends_of_its_limits_a_parameter_runs_or_is_refused(topic: str):
    found = {}
    for name, parameter in small().parameters["reference", REGION].items():
        if name.partition(".")[0] == topic and not parameter.is_method:
            for setting, value in settings(parameter):
                try:
                    wrong = outcome(setting, value)
                except Exception as error:
                    wrong = f"{type(error).__name__}: {error}"
                if wrong:
                    found[f"{setting} = {value:g}"] = wrong
    assert found == {}
