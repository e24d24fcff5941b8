"""The chain in many draws that differ in few parameters: each stage in the draws only that reach it.

Runs that differ in length of stay alone share one population. What tells draws apart is up to the
caller; a stage is evaluated once for all draws that agree in everything that it and the stages
before it read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.known import conditioned
from sim.labelled import labelled_set, made
from sim.run import pipeline

Arrays = Mapping[str, xr.DataArray]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Classes:
    """Draws that stand for all."""

    rows: Index
    """The draws that are computed, the central one first."""
    place: Index
    """For each draw, the number of the computed one that stands for it."""


class Draws(Protocol):
    """Draws and their parameters."""

    def classes(self, read: Collection[str]) -> Classes:
        """Draws that differ in a parameter of `read`."""

    def parameter(self, name: str, rows: Index) -> xr.DataArray:
        """A parameter in some draws; dim draw last, where it moves at all."""


def walk_reached(draws: Draws, years: Sequence[int], wanted: Collection[str] | None = None) -> xr.Dataset:
    """What the stages write, in all draws: everything, or the variables `wanted`.

    Stages that no wanted variable needs are not walked; of what a stage wrote only what is still to be
    read goes on.
    Raises SchemaError or BalanceError where a law of the model does not hold.
    """
    read: set[str] = set()
    now = draws.classes(read)
    state = labelled_set({}, {"year": list(years), "draw": np.arange(len(now.rows))})
    stages = pipeline.stages_for(wanted)
    for i, stage in enumerate(stages):
        read |= set(stage.PARAMETERS)
        new = draws.classes(read)
        if not np.array_equal(new.rows, now.rows):
            state = _spread(state, now.place[new.rows])
            now = new
        own = {name: draws.parameter(name, now.rows) for name in stage.PARAMETERS}
        state = pipeline.step(stage, state, own)
        if i == 0:
            pipeline.check_balance(state)
        if wanted is not None:
            later = {name for other in stages[i + 1 :] for name in other.READS}
            state = state[[name for name in state.data_vars if name in wanted or name in later]]
    return _spread(state, now.place)


def walk_counted(
    params: Mapping[str, xr.DataArray], years: Sequence[int], draws: int
) -> tuple[Arrays, xr.Dataset]:
    """The same where a place has local counts: the parameters that meet them, and what stages write.

    params: every parameter; those that move have the draws 0, 1, ... .  Counts move people, stocks and
    use in each draw by all that differs, so that no stage can be shared.
    """
    found = conditioned(params, years, range(draws))
    return found, pipeline.project(found, years, list(range(draws)))


def taken(array: xr.DataArray, index: Index) -> xr.DataArray:
    """Draws by place, dim draw last and next to each other in memory; an array without draws as it is.

    Indexing alone may lay the array out otherwise, and sums then round otherwise.
    """
    if "draw" not in array.dims:
        return array
    array = array.transpose(..., "draw")
    labels = {d: array[d].values for d in array.dims if d in array.coords}
    return made(np.take(array.values, index, axis=-1), labels | {"draw": np.arange(len(index))}, array.dims)


def _spread(state: xr.Dataset, index: Index) -> xr.Dataset:
    arrays = {str(name): taken(state[str(name)], index) for name in state.data_vars}
    return labelled_set(arrays, {"year": state.year.values, "draw": np.arange(len(index))})
