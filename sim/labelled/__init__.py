"""Labelled arrays whose arithmetic costs what its numbers cost: the arrays that a block is computed with.

An `xr.DataArray` looks its labels up, aligns and copies them in every operation, some hundred
microseconds whatever the size; a block takes thousands.  Here labels are interned: two arrays of one
block share them, "the same labels" is one comparison, and what is left is NumPy's own call on
contiguous, draw-last arrays.  A `LabelledArray` is an `xr.DataArray`, so that a stage reads the same;
what it does not do itself, xarray does.
"""

from sim.labelled.array import LabelledArray, labelled
from sim.labelled.combine import concat, dot, each, like, made
from sim.labelled.dataset import LabelledSet, labelled_set

__all__ = [
    "LabelledArray",
    "LabelledSet",
    "concat",
    "dot",
    "each",
    "labelled",
    "labelled_set",
    "like",
    "made",
]
