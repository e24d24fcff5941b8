"""How two labelled arrays meet: dims of both in order of first appearance, the same labels on both sides."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.labelled.labels import Labels

Dims = tuple[Hashable, ...]
Coords = dict[Hashable, Labels]
Scalars = dict[Hashable, npt.NDArray[Any]]


@lru_cache(maxsize=4096)
def together(*dims: Dims) -> Dims:
    """All the dims, in order of first appearance."""
    return tuple(dict.fromkeys(d for own in dims for d in own))


@lru_cache(maxsize=4096)
def _order(own: Dims, wanted: Dims) -> tuple[int, tuple[int, ...]]:
    """New axes in front, and the transposition that then leads to `wanted`."""
    new = [d for d in wanted if d not in own]
    there = (*new, *own)
    return len(new), tuple(there.index(d) for d in wanted)


def spread(values: npt.NDArray[Any], own: Dims, wanted: Dims) -> npt.NDArray[Any]:
    """A view with the dims `wanted`, of length 1 where the array lacks one."""
    if own == wanted:
        return values
    new, axes = _order(own, wanted)
    return values[(None,) * new + (...,)].transpose(axes)


def sizes_agree(parts: Sequence[tuple[Dims, npt.NDArray[Any]]]) -> bool:
    """Whether dims of one name have one length: NumPy would stretch a length of 1 in silence."""
    seen: dict[Hashable, int] = {}
    return all(
        seen.setdefault(d, n) == n for dims, values in parts for d, n in zip(dims, values.shape, strict=True)
    )


def merged(first: Coords, second: Coords) -> Coords | None:
    """Labels of both; None where a dimension has other labels on each side."""
    if first is second or not second:
        return first
    if not first:
        return second
    out = None
    for dim, labels in second.items():
        own = first.get(dim)
        if own is None:
            out = dict(first) if out is None else out
            out[dim] = labels
        elif own is not labels and not own.same(labels):
            return None
    return first if out is None else out


def agreed(first: Scalars, second: Scalars) -> Scalars:
    """Scalar coordinates that only one of two has, or both alike; those that contradict are dropped."""
    if not first or not second:
        return first or second
    out = {**first, **second}
    for name in first.keys() & second.keys():
        if not np.array_equal(first[name], second[name]):
            del out[name]
    return out
