"""What kind of thing each argument of a public function is, by its own annotations.

None, a word or a bare NumPy array where labelled rates are meant would else end inside NumPy or xarray, in
words that name no argument.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np
import xarray as xr

from sim.errors import ParameterError, fault, raise_all

P = ParamSpec("P")
T = TypeVar("T")
Is = Callable[[Any], bool]

_NUMERIC = "fiub"
_COLUMNS = "fiubUS"  # of a Dataset: its texts are names
_LONGEST_NAME = 255  # bytes of a name that a disk takes
_MOST = 40  # characters of a value that are shown
_LEFT_OUT = object()


def _is_labelled(value: Any) -> bool:
    return isinstance(value, xr.DataArray) and value.dtype.kind in _NUMERIC


def _is_array(value: Any) -> bool:
    if isinstance(value, np.ma.MaskedArray):  # its mask is lost on the way: what it hides would count
        return False
    return hasattr(value, "shape") and getattr(getattr(value, "dtype", None), "kind", "") in _NUMERIC


def _is_dataset(value: Any) -> bool:
    return isinstance(value, xr.Dataset) and all(a.dtype.kind in _COLUMNS for a in value.data_vars.values())


def _is_number(value: Any) -> bool:
    if isinstance(value, bool | np.bool_):
        return False
    return isinstance(value, int | float | np.number) or (_is_array(value) and value.shape == ())


def _is_whole(value: Any) -> bool:
    return _is_number(value) and bool(np.isfinite(value)) and int(value) == value


def _are_numbers(value: Any) -> bool:
    if isinstance(value, str | bool | np.ma.MaskedArray):
        return False
    return np.asarray(value).dtype.kind in _NUMERIC


def _are_several(value: Any) -> bool:
    return _are_numbers(value) and np.ndim(value) == 1


def _are_words(value: Any) -> bool:
    words = not isinstance(value, str | Mapping) and isinstance(value, Collection)
    return words and all(isinstance(word, str) for word in value)


def _are_pairs(value: Any) -> bool:
    return isinstance(value, Sequence) and all(
        isinstance(pair, Sequence) and len(pair) == 2 and isinstance(pair[0], str) for pair in value
    )


def _is_path(value: Any) -> bool:
    if not isinstance(value, str | os.PathLike) or "\0" in str(value):
        return False
    name = os.fsencode(value)
    return bool(name) and all(len(part) <= _LONGEST_NAME for part in name.split(os.fsencode(os.sep)))


KINDS: Mapping[str, tuple[Is, str]] = {
    "None": (lambda value: value is None, "nothing"),
    "xr.DataArray": (_is_labelled, "an xarray.DataArray of numbers"),
    "xr.Dataset": (_is_dataset, "an xarray.Dataset of numbers"),
    "Params": (lambda value: isinstance(value, Mapping), "parameters by dotted name"),
    "Floats": (_is_array, "an array of numbers"),
    "_T": (_is_array, "an array of numbers"),
    "_Width": (_are_numbers, "a number, or one for each group"),
    "ArrayLike": (_are_numbers, "numbers"),
    "Sequence[float]": (_are_several, "numbers in a list"),
    "tuple[float, ...]": (_are_several, "numbers in a list"),
    "float": (_is_number, "a number"),
    "int": (_is_whole, "a whole number"),
    "str": (lambda value: isinstance(value, str), "a word"),
    "Lang": (lambda value: value in ("zh", "en"), "'zh' or 'en'"),
    "bool": (lambda value: isinstance(value, bool | np.bool_), "True or False"),
    "Path": (_is_path, "a path"),
    "Sequence[str]": (_are_words, "words in a list"),
    "list[str]": (_are_words, "words in a list"),
    "Collection[str]": (_are_words, "words in a list"),
    "Sequence[tuple[str, Any]]": (_are_pairs, "pairs of a dotted name and a value"),
    "Mapping[str, Any]": (lambda value: isinstance(value, Mapping), "values by name"),
    "Phase": (callable, "a function"),
    "Progress": (callable, "a function"),
}
"""Annotation -> whether a value is of it, and what is meant."""


def looked_at(function: Callable[P, T]) -> Callable[P, T]:
    """The function, that refuses arguments of another kind than its annotations say, by name.

    Annotations that are not in KINDS are classes of its module, whose instances are meant, or not looked at.
    Raises ParameterError for all of them at once.
    """
    parameters = inspect.signature(function).parameters.values()
    asked = [
        (i, p.name, kinds)
        for i, p in enumerate(parameters)
        if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
        and (kinds := _kinds(str(p.annotation), inspect.unwrap(function).__globals__))
    ]

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        faults: list[str] = []
        for i, name, kinds in asked:
            value = args[i] if i < len(args) else kwargs.get(name, _LEFT_OUT)
            for is_one, _ in () if value is _LEFT_OUT else kinds:
                if is_one(value):
                    break
            else:  # of no kind that is meant
                if value is not _LEFT_OUT:
                    meant = " or ".join(said for _, said in kinds if said != "nothing")
                    faults.append(fault(name, shown(value), meant))
        if faults:
            raise_all(ParameterError, faults)
        return function(*args, **kwargs)

    return call


def _kinds(annotation: str, known: Mapping[str, Any]) -> list[tuple[Is, str]]:
    """Kinds that an annotation admits; none where one of them is not known."""
    names = annotation.split(" | ")
    if "Path" in names:
        names = [name for name in names if name != "str"]  # a path may be written as a word
    found = []
    for name in names:
        own = known.get(name)
        if name in KINDS:
            found.append(KINDS[name])
        elif isinstance(own, type):
            found.append((partial(_is_of, own), f"a {own.__name__}"))
        else:
            return []
    return found


def _is_of(kind: type, value: Any) -> bool:
    return isinstance(value, kind)


def shown(value: Any) -> str:
    """A value of the wrong kind, in short."""
    if isinstance(value, xr.Dataset):
        bad = [f"{n} of {a.dtype}" for n, a in value.data_vars.items() if a.dtype.kind not in _COLUMNS]
        return f"Dataset with {bad[0]}" if bad else "Dataset"
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{type(value).__name__} of {value.dtype}, shape {tuple(value.shape)}"
    text = repr(value)
    return text if len(text) <= _MOST else f"{text[:_MOST]}.. ({type(value).__name__})"
