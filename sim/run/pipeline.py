"""The chain of stages for one region, one scenario and a block of draws."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import ModuleType

import numpy as np
import xarray as xr

import sim.burden
import sim.demand
import sim.demography
import sim.supply
from sim.arrays import exact_arithmetic
from sim.errors import BalanceError, ParameterError, SchemaError, fault, raise_all
from sim.labelled import LabelledSet, labelled_set
from sim.schema import VARIABLES

STAGES: tuple[ModuleType, ...] = (sim.demography, sim.burden, sim.demand, sim.supply)

Arrays = Mapping[str, xr.DataArray]
PARTS: dict[str, dict[str, slice]] = {
    name: part for stage in STAGES for name, part in getattr(stage, "PARTS", {}).items()
}
"""Of each parameter of which one stage alone reads a part, that part, by dim."""


def check_chain() -> None:
    """Every variable is written once, and before it is read.

    Raises SchemaError otherwise.
    """
    written: dict[str, str] = {}
    faults = []
    for stage in STAGES:
        place = stage.__name__
        for name in stage.READS:
            if name not in written:
                faults.append(fault(place, f"reads {name}, which no earlier stage writes"))
        for name in stage.WRITES:
            if name in written:
                faults.append(fault(place, f"writes {name}, as {written[name]} does", "one writer"))
            if name not in VARIABLES:
                faults.append(fault(place, f"writes {name}, unknown to schema.py", "add its row"))
            written[name] = place
    read = {name for stage in STAGES for name in stage.READS}
    faults += [
        fault(stage.__name__, f"may leave out {name}, which a stage reads", "take it out of OPTIONAL")
        for stage in STAGES
        for name in _optional(stage)
        if name in read
    ]
    raise_all(SchemaError, faults)


def stages_for(wanted: Collection[str] | None) -> tuple[ModuleType, ...]:
    """The stages that some variables need, in order; all of them for None.

    The first always runs: what it writes holds the law of balance.
    """
    if wanted is None:
        return STAGES
    needed, chosen = set(wanted), []
    for stage in reversed(STAGES):
        if stage is STAGES[0] or needed & set(stage.WRITES):
            chosen.append(stage)
            needed |= set(stage.READS)
    return tuple(reversed(chosen))


def parameter_names() -> tuple[str, ...]:
    """Dotted names of every parameter that some stage reads."""
    return tuple(sorted({name for stage in STAGES for name in stage.PARAMETERS}))


def check_parameters(params: Mapping[str, object], place: str) -> None:
    """Every parameter that a stage reads is there.

    Raises ParameterError that lists the missing ones.
    """
    missing = [
        fault(
            place,
            f"{stage.__name__} reads '{name}', which no parameter set gives",
            "name the set that holds it under `parameters`",
        )
        for stage in STAGES
        for name in stage.PARAMETERS
        if name not in params
    ]
    raise_all(ParameterError, missing)


def project(
    params: Arrays, years: Sequence[int], draws: Sequence[int], wanted: Collection[str] | None = None
) -> xr.Dataset:
    """Everything that the stages write, for one region and scenario.

    params: by dotted name, in model units; dim draw last where uncertain.  wanted: variables that are
    asked for; the stages that they need are walked, no others, and none writes what it may leave out.
    Raises SchemaError or BalanceError where a law of the model does not hold.
    """
    empty = labelled_set({}, {"year": list(years), "draw": list(draws)})
    state = walk(empty, params, stages_for(wanted), wanted)
    check_balance(state)
    return state


def walk(
    state: xr.Dataset,
    params: Arrays,
    stages: Sequence[ModuleType] | None = None,
    wanted: Collection[str] | None = None,
) -> xr.Dataset:
    """The state after some stages, one after the other; after all of them if none are named."""
    for stage in STAGES if stages is None else stages:
        state = step(stage, state, params, wanted)
    return state


def step(
    stage: ModuleType, state: xr.Dataset, params: Arrays, wanted: Collection[str] | None = None
) -> xr.Dataset:
    """The state after one stage, which is handed the variables and parameters that it declares.

    wanted: of the variables that it may leave out, those that it is to write; all of them for None.
    Raises SchemaError where it writes other variables than it declares.
    """
    with exact_arithmetic():
        inputs = state[list(stage.READS)]
        if not isinstance(inputs, LabelledSet):
            inputs = inputs.assign_coords(state.coords)
        without = frozenset() if wanted is None else frozenset(_optional(stage)).difference(wanted)
        own = {name: params[name] for name in stage.PARAMETERS}
        out = stage.project(inputs, own, *([without] if without else []))
        names = [name for name in stage.WRITES if name not in without]
        _same_names(stage, out, names)
        return state.assign({name: out[name] for name in names})


def _optional(stage: ModuleType) -> tuple[str, ...]:
    """Variables of a stage that it leaves out where nobody asks for them."""
    return getattr(stage, "OPTIONAL", ())


def _same_names(stage: ModuleType, out: xr.Dataset, names: Sequence[str]) -> None:
    place = stage.__name__
    faults = [fault(place, f"did not write {n}") for n in names if n not in out]
    faults += [fault(place, f"wrote {n}, which it does not declare") for n in out.data_vars if n not in names]
    raise_all(SchemaError, faults)


def check_balance(state: xr.Dataset) -> None:
    """Population(t) = population(t-1) + births - deaths + net migration, each year and draw.

    Raises BalanceError that names the first year and draw where it does not hold.
    """
    stock = state.population.sum(("sex", "age"), skipna=False)
    flows = state.births.sum("sex", skipna=False) - state.deaths.sum(("sex", "age"), skipna=False)
    flows = flows + state.net_migration.sum(("sex", "age"), skipna=False)
    gap = (stock.diff("year") - flows.isel(year=slice(1, None))).transpose("year", "draw")
    tolerance = 1e-9 * float(stock.max())
    wrong = np.argwhere(~(np.abs(gap.values) <= tolerance))  # a gap that is no number too
    if len(wrong):
        year, draw = gap.year.values[wrong[0][0]], gap.draw.values[wrong[0][1]]
        amount = gap.values[tuple(wrong[0])]
        raise BalanceError(
            fault("sim.demography", f"population misses {amount:g} persons in {year}, draw {draw}")
        )
