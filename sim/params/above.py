"""Whether a place's figure can be in the unit that it states: beside that of the level above.

A density or a rate of a place is seldom several times that of its province or of the nation; ten,
a hundred or a thousand times is another unit, or a point that slipped.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sim.errors import fault
from sim.magnitude import looks, shifts
from sim.params.record import Parameter
from sim.params.units import unit

MOST, LEAST = "observation.above_most", "observation.above_least"
"""Between how many times the figure of the level above a figure by head lies."""
_BY_HEAD = "per 1"  # beginning of the units of what goes by so many heads or births
_NEAR = 2.0  # how many times a place differs from the level above at most, its unit apart


def unlike_above(new: Parameter, old: Parameter, known: Mapping[str, Parameter]) -> str:
    """The fault of a figure far from the one that it replaces; empty where there is none.

    known: parameters read so far; without the bounds (a folder of one's own) nothing is said.
    """
    span = known.get(LEAST), known.get(MOST)
    if not all(span) or new.record.unlike or not _compared(new, old):
        return ""
    low, high = (float(p.data) for p in span if p is not None)
    times = new.data.values / _beside(old, new)
    worst = float(max(times.ravel(), key=lambda ratio: abs(np.log(ratio))))
    if low <= worst <= high:
        return ""
    factor = unit(new.record.unit).factor
    given, above = (float(values.ravel()[0]) / factor for values in (new.data.values, _beside(old, new)))
    wrong = f"{given:.6g} {new.record.unit} is {worst:.3g} times the {above:.6g} of {old.file}"
    remedy = f"want {above * low:.3g} to {above * high:.3g}{_guess(worst)}, or say why in `unlike`"
    return fault(f"{new.file}: {new.name.partition('.')[2]}", wrong, remedy)


def far_from_own(new: Parameter, old: Parameter, known: Mapping[str, Parameter]) -> str:
    """What is said of a figure by head that is set to many times the place's own; empty where it is not."""
    span = known.get(LEAST), known.get(MOST)
    if not all(span) or not _compared(new, old):
        return ""
    low, high = (float(p.data) for p in span if p is not None)
    times = float(new.data.mean()) / float(old.data.mean())
    if low <= times <= high:
        return ""
    own = float(old.data.mean()) / unit(old.record.unit).factor
    wrong = f"{times:.3g} times the {own:.6g} {old.record.unit} that it replaces"
    remedy = f"want {own * low:.3g} to {own * high:.3g}{_guess(times)}"
    return f"{wrong} | {remedy}; write {{multiply: {times:.3g}}} if it is meant"


def _compared(new: Parameter, old: Parameter) -> bool:
    """Whether both are figures by head of the same kind, above 0."""
    if any(p.is_method or p.is_computed for p in (new, old)):
        return False
    by_head = all(p.record.unit.startswith(_BY_HEAD) for p in (new, old))
    alike = old.data.ndim == 0 or (new.data.dims == old.data.dims and new.data.shape == old.data.shape)
    first = old.data.dims == ("year",) and new.data.ndim == 0  # one number beside a path: beside its first
    return by_head and (alike or first) and all((p.data.values > 0).all() for p in (new, old))


def _beside(old: Parameter, new: Parameter) -> npt.NDArray[np.float64]:
    """What a figure is held against: its like of the level above, of a path the first for a single number."""
    values: npt.NDArray[np.float64] = old.data.values
    return values[:1] if values.ndim == 1 and new.data.ndim == 0 else values


def _guess(times: float) -> str:
    """By how much it seems to be off."""
    return looks(shifts(times, 1 / _NEAR, _NEAR))
