"""Outputs of a sweep: one number of each run, an expression on its series or a row of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.adequacy import asked as rows_asked
from sim.adequacy.case import Reading
from sim.adequacy.kinds import kind_of
from sim.adequacy.series import Measures
from sim.arrays import Floats
from sim.expression import Known, Series, Tree, leaves, unit
from sim.params import Parameter
from sim.plan.targets import Target
from sim.schema import RESOURCES


@dataclass(frozen=True)
class Output:
    """One number of each run."""

    name: str
    """As shown: without the year."""
    year: int
    tree: Tree | None = None
    row: Target | None = None
    """The plan's target, of which `asked` is asked, where it is no expression."""
    asked: str = ""

    @property
    def label(self) -> str:
        """Name and year."""
        return f"{self.name}@{self.year}"

    @property
    def unit(self) -> str:
        """Unit of the expression, or of the plan's row."""
        if self.row is not None:
            return rows_asked.unit(self.row, self.asked)
        assert self.tree is not None
        return unit(self.tree)


def known_series(kept: Mapping[str, xr.DataArray]) -> dict[str, tuple[str, ...]]:
    """Series of a block and their groups, () where there are none."""
    found = {}
    for name, array in kept.items():
        if "draw" in array.dims:
            dim = next((str(d) for d in array.dims if d not in ("year", "draw")), None)
            found[name] = tuple(str(g) for g in array[dim].values) if dim else ()
    return found


def default_outputs(known: Known) -> list[str]:
    """Every resource's ratio where supply is known, else what is required."""
    texts = []
    for name in RESOURCES:
        groups = known.get(f"{name}_required")
        if groups is not None and "total" in (groups or ("total",)):
            both = "total" in (known.get(f"{name}_available", ("",)) or ("total",))
            texts.append(f"{name}_ratio" if both else f"{name}_required")
    return texts


def evaluate(
    outputs: Sequence[Output],
    kept: Mapping[str, xr.DataArray],
    parameters: Mapping[str, Parameter] | None = None,
) -> Floats:
    """Values (run, output) from a block's series; parameters: how rows of the plan are read."""
    columns = []
    measures = Measures(kept)
    for output in outputs:
        if output.row is not None:
            columns.append(_of_row(output.row, output, measures, parameters))
            continue
        assert output.tree is not None
        value = measures.value(output.tree, output.year)
        assert value is not None
        columns.append(value)
    return np.stack(columns, axis=-1)


_OF_DERIVED = ("births", "deaths", "population_group")
"""Series that figures made of several years read."""


def read_by(outputs: Sequence[Output]) -> frozenset[str] | None:
    """The series that outputs read; None where a row of the plan is asked, whose test may read any."""
    found: set[str] = set()
    for output in outputs:
        if output.tree is None:
            return None
        for leaf in leaves(output.tree):
            found.update((leaf.name,) if isinstance(leaf, Series) else _OF_DERIVED)
    return frozenset(found)


def _of_row(
    target: Target, output: Output, measures: Measures, parameters: Mapping[str, Parameter] | None
) -> Floats:
    assert parameters is not None
    standing = kind_of(target).standing(Reading.of(measures, parameters), target, output.year)
    assert standing is not None
    value = rows_asked.value(target, standing, output.asked)
    return np.where(np.isfinite(value), value, np.nan)
