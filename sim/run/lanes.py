"""Blocks of several places or scenarios computed at once, as lanes of one (sim.lanes).

People are projected place by place, for their rates by age are a place's own. The later stages are walked
once for all lanes whose parameters differ by draw alone, or in a figure without dims. The numbers are the
same to the bit either way, so any blocks may share one.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from types import ModuleType
from typing import TypeVar

import numpy as np
import xarray as xr

from sim.arrays import Integers
from sim.labelled import labelled_set, made
from sim.lanes import lane_labels
from sim.run import blocks, pipeline
from sim.run.blocks import Begun, Block
from sim.run.kept import PARAMETERS, Kept, reduce

MOST_DRAWS = 512
"""Of all lanes together, as a block of a large run has."""
_TURNS = 2
"""Groups for each worker at least: half the memory is new to it, which costs as much as lanes save."""

_Task = TypeVar("_Task")


def grouped(tasks: Sequence[_Task], workers: int) -> list[tuple[_Task, ...]]:
    """Tasks in their order, those that can be lanes of one block together; work is left for every worker."""
    share = -(-len(tasks) // (_TURNS * max(workers, 1)))
    groups: list[list[_Task]] = []
    for task in tasks:
        last = groups[-1] if groups else []
        most = min(share, MOST_DRAWS // _width(task))
        if last and len(last) < most and _alike(last[0]) == _alike(task) is not None:
            last.append(task)
        else:
            groups.append([task])
    return [tuple(group) for group in groups]


def _alike(task: object) -> Hashable:
    """What lanes have in common; None for what is no block."""
    if not isinstance(task, Block):
        return None
    return task.first, task.stop, task.years, task.seed, task.targets, task.series, task.digits


def _width(task: object) -> int:
    return len(blocks.numbered(task.first, task.stop)[0]) if isinstance(task, Block) else MOST_DRAWS


def compute_rounded(tasks: Sequence[object]) -> list[Kept]:
    """The series of each block in the precision of results.nc."""
    lanes = [task for task in tasks if isinstance(task, Block)]
    return [block.rounded(kept) for block, kept in zip(lanes, compute(lanes), strict=True)]


def compute(lanes: Sequence[Block]) -> list[Kept]:
    """The series of each block, as `blocks.compute` gives them one by one."""
    started = [blocks.begin(block) for block in lanes]
    stages = pipeline.stages_for(started[0].wanted)[1:]
    names = sorted({n for stage in stages for n in stage.PARAMETERS} | set(PARAMETERS))
    found: dict[int, Kept] = {}
    for group in _agreeing(started, names):
        own = [started[i] for i in group]
        series = _walked(own, stages, names) if len(own) > 1 else [blocks.end(own[0])]
        found |= zip(group, series, strict=True)
    return [found[i] for i in range(len(started))]


def _agreeing(started: Sequence[Begun], names: Sequence[str]) -> list[list[int]]:
    """Places of the list in groups whose parameters differ by draw alone."""
    groups: list[list[int]] = []
    for i, own in enumerate(started):
        for group in groups:
            if _agree(own.params, started[group[0]].params, names):
                group.append(i)
                break
        else:
            groups.append([i])
    return groups


def _agree(one: Mapping[str, xr.DataArray], other: Mapping[str, xr.DataArray], names: Sequence[str]) -> bool:
    return all(one[n] is other[n] or _same_but_draws(one[n], other[n]) for n in names)


def _walked(started: Sequence[Begun], stages: Sequence[ModuleType], names: Sequence[str]) -> list[Kept]:
    """The series of blocks that go through the later stages as lanes of one."""
    first, width = started[0], len(started[0].labels)
    labels = np.concatenate([lane_labels(own.labels, i) for i, own in enumerate(started)])
    params = _side_by_side([own.params for own in started], names, labels)
    state = pipeline.walk(_together(started, labels), params, stages, first.wanted)
    kept = reduce(state, params, first.block.targets)
    return [_own_series(own, kept, i * width) for i, own in enumerate(started)]


def _together(started: Sequence[Begun], labels: Integers) -> xr.Dataset:
    """What the first stage wrote of each, one after the other along dim draw."""
    states = [own.state for own in started]
    arrays = {
        str(name): _joined([state[name] for state in states], labels) for name in started[0].state.data_vars
    }
    return labelled_set(arrays, {"year": list(started[0].block.years), "draw": labels})


def _side_by_side(
    given: Sequence[Mapping[str, xr.DataArray]], names: Sequence[str], labels: Integers
) -> dict[str, xr.DataArray]:
    """Parameters of all lanes, which agree but for their draws."""
    return {name: _beside([params[name] for params in given], labels) for name in names}


def _same_but_draws(one: xr.DataArray, other: xr.DataArray) -> bool:
    """Whether two parameters have the same labels, and numbers that are the same or may differ by draw.

    A figure without dims may: whatever is computed with it is computed cell by cell.
    """
    dims = [d for d in one.dims if d != "draw"]
    if dims != [d for d in other.dims if d != "draw"] or _labels(one) != _labels(other):
        return False
    if not all(np.array_equal(one[c].values, other[c].values) for c in _labels(one)):
        return False
    if "draw" in one.dims and "draw" in other.dims:
        return True
    number = not dims and one.dtype.kind == other.dtype.kind == "f"
    return number or (one.dims == other.dims and np.array_equal(one.values, other.values))


def _labels(array: xr.DataArray) -> set[Hashable]:
    return set(array.coords) - {"draw"}


def _beside(arrays: Sequence[xr.DataArray], labels: Integers) -> xr.DataArray:
    """A parameter of all lanes: the one that all have, or each lane's draws one after the other."""
    first = arrays[0]
    if not any("draw" in a.dims for a in arrays):
        if all(a is first or np.array_equal(a.values, first.values) for a in arrays):
            return first
    width = len(labels) // len(arrays)
    return _joined([a if "draw" in a.dims else a.expand_dims(draw=labels[:width]) for a in arrays], labels)


def _joined(arrays: Sequence[xr.DataArray], labels: Integers) -> xr.DataArray:
    """Arrays that differ along dim draw, their last, one after the other."""
    first = arrays[0]
    coords = {d: first[d].values for d in first.dims if d in first.coords} | {"draw": labels}
    joined = made(np.concatenate([a.values for a in arrays], axis=-1), coords, first.dims)
    joined.attrs = first.attrs
    scalars = {str(c): first[c].values for c in first.coords if c not in first.dims}
    return joined.assign_coords(scalars) if scalars else joined


def _own_series(lane: Begun, kept: Kept, at: int) -> Kept:
    """A lane's own of all lanes' series, whose draws begin `at`; the central people are its own stage's."""
    cut = slice(at + lane.own.start, at + lane.own.stop)
    found = {k: a.isel(draw=cut) if "draw" in a.dims else a for k, a in kept.items()}
    for name in found.keys() & {"population_central"}:
        found[name] = lane.state["population"].sel(draw=0, drop=True)
    return blocks.asked_for(lane.block, found)
