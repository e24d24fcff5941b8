"""What every stage looks at before it computes: its inputs and its parameters.

A run hands a stage what earlier stages wrote and what files hold, both checked before; a script may
hand it anything. Labels that do not match must not be joined away, so arithmetic is exact inside.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import wraps

import numpy as np
import xarray as xr

from sim.argument_kinds import looked_at
from sim.arguments import cell_fault
from sim.arrays import Params, all_within, exact_arithmetic
from sim.errors import ParameterError, SchemaError, fault, raise_all
from sim.labelled import LabelledSet, labelled, labelled_set
from sim.schema import AGES, SEXES, checked

Project = Callable[..., xr.Dataset]
"""Of inputs, parameters and, of a stage with OPTIONAL variables, those `without` which it is to do."""

_LABELS: dict[str, tuple[str, ...] | tuple[int, ...]] = {"sex": SEXES, "age": AGES}


def stated(*modules: Sequence[str]) -> tuple[str, ...]:
    """Parameters of a stage: those that each of its modules states, each once, in that order."""
    return tuple(dict.fromkeys(name for names in modules for name in names))


def guarded(stage: str, reads: Sequence[str], parameters: Sequence[str]) -> Callable[[Project], Project]:
    """A stage's `project` that refuses wrong inputs and parameters by name.

    Raises SchemaError for a variable that is missing, has other dims, labels or values than the
    schema says, or years that do not follow one another; ParameterError for a parameter that is
    missing, not finite or over other years.
    """

    def guard(project: Project) -> Project:
        @looked_at
        @wraps(project)
        def guarded_project(inputs: xr.Dataset, params: Params, *without: Collection[str]) -> xr.Dataset:
            raise_all(SchemaError, input_faults(stage, inputs, reads))
            for name in reads:
                checked(name, inputs[name], stage)
            years = inputs["year"].values if reads else None
            raise_all(ParameterError, parameter_faults(stage, params, parameters, years))
            own = {name: labelled(params[name]) for name in parameters}
            with exact_arithmetic():
                return project(_labelled(inputs), own, *without)

        return guarded_project

    return guard


def _labelled(inputs: xr.Dataset) -> xr.Dataset:
    """The same arrays, with the arithmetic of a block; what is no set of arrays stays as it is."""
    if isinstance(inputs, LabelledSet) or set(inputs.coords) - set(inputs.dims):
        return inputs
    labels = {d: inputs[d].values for d in inputs.dims if d in inputs.coords}
    return labelled_set({name: inputs[name] for name in inputs.data_vars}, labels)


def input_faults(stage: str, inputs: xr.Dataset, reads: Sequence[str]) -> list[str]:
    """Variables that are missing, and labels that are not the model's."""
    place = f"sim.{stage}"
    faults = [fault(place, f"{name} is missing", f"it reads {name}") for name in reads if name not in inputs]
    for name in reads:
        if name not in inputs:
            continue
        array = inputs[name]
        for dim in array.dims:
            want = _LABELS.get(str(dim))
            if want is not None and sorted(array[dim].values.tolist()) != list(want):
                found = array[dim].values.tolist()
                wrong = f"{name}: {dim} {found[:2]}..{found[-1:]} ({len(found)})"
                faults.append(fault(place, wrong, f"{want[0]}..{want[-1]}, each once"))
    if reads and "year" in inputs.coords and (np.diff(inputs["year"].values) != 1).any():
        wrong = f"years {inputs['year'].values.tolist()[:4]}"
        faults.append(fault(place, wrong, "years that follow one another"))
    return faults


def parameter_faults(
    stage: str, params: Params, names: Sequence[str], years: np.ndarray[tuple[int], np.dtype[np.int_]] | None
) -> list[str]:
    """Parameters that are missing, hold no finite value, or stand over other years."""
    place, wanted = f"sim.{stage}", frozenset(names)
    faults = [
        fault(place, f"no parameter '{name}'", "give it") for name in names if name not in params.keys()
    ]
    for name, array in params.items():
        if name not in wanted:
            continue
        values = np.asarray(array.values)
        if values.dtype.kind == "f" and values.size and not all_within(values):
            faults.append(cell_fault(name, array, ~np.isfinite(values), "not finite", "a number"))
        if "year" in array.dims:
            own = array["year"].values
            years = own if years is None else years
            if not np.array_equal(own, years):
                wrong = f"years {own[0]}..{own[-1]} ({own.size})"
                faults.append(fault(name, wrong, f"{years[0]}..{years[-1]}, as the other years here"))
    return faults


def people_faults(name: str, array: xr.DataArray) -> list[str]:
    """People without one of the sexes or single ages 0..100: a sum over them would lose some."""
    faults = []
    for dim, want in _LABELS.items():
        if dim not in array.dims or dim not in array.coords:
            faults.append(fault(name, f"dims {array.dims} without labelled '{dim}'", f"a dim '{dim}'"))
        elif set(array[dim].values.tolist()) != set(want) or array.sizes[dim] != len(want):
            missing = [v for v in want if v not in array[dim].values.tolist()]
            wrong = f"without {missing[:3]}" if missing else f"{array.sizes[dim]} labels"
            faults.append(fault(f"{name}: {dim}", wrong, f"{want[0]}..{want[-1]}, each once"))
    return faults
