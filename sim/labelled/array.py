"""The labelled array of a block; see the package."""

# what xarray holds in slots is made here when it is asked for, and methods hand on what they do not know
# mypy: disable-error-code="override,misc,assignment,no-untyped-call"
from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr
from xarray.core.coordinates import DataArrayCoordinates

from sim.labelled import reduction, selection
from sim.labelled.broadcast import Coords, Dims, Scalars, agreed, merged, sizes_agree, spread, together
from sim.labelled.labels import known

_NONE: Any = {}
_NUMBERS = (float, int, bool, np.floating, np.integer, np.bool_)
_DEFAULT: Any = object()
_SLOTS = ("_a", "_c", "_d", "_n", "_s", "_v")


class _Labels(DataArrayCoordinates["LabelledArray"]):
    """Coordinates, asked one by one without xarray's index."""

    __slots__ = ()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._data._c or key in self._data._s


def _reflected(f: Callable[..., Any]) -> Callable[..., Any]:
    """The method of an operator for the array on its right."""

    def method(self: LabelledArray, other: Any) -> Any:
        return self._binary_op(other, f, reflexive=True)

    return method


class LabelledArray(xr.DataArray):
    """An `xr.DataArray` that holds values, dims and interned labels; the rest is made when it is asked for.

    Labels that differ between two arrays are left to xarray, and so to its `arithmetic_join`.
    """

    __slots__ = _SLOTS

    _v: npt.NDArray[Any]
    _d: Dims
    _c: Coords
    _s: Scalars
    _n: Hashable | None
    _a: dict[Any, Any]

    def __new__(
        cls, data: Any = np.nan, coords: Any = None, dims: Any = None, name: Any = None, *_: Any, **given: Any
    ) -> Any:
        """As xarray's own methods make their results: of a variable and its coordinates, or of values."""
        if not given.pop("fastpath", False):
            return labelled(xr.DataArray(data, coords, dims, name, *_, **given))
        parts = _parts(data, coords)
        if parts is None:
            return xr.DataArray(data, coords, name=name, indexes=given["indexes"], fastpath=True)
        return _fill(object.__new__(cls), *parts, name, dict(data.attrs))

    def __init__(self, *parts: Any, **named: Any) -> None:
        """Made whole by `__new__`."""

    __setattr__ = object.__setattr__

    # what xarray's own methods read
    @property
    def _variable(self) -> xr.Variable:
        return xr.Variable(self._d, self._v, self._a or None, fastpath=True)

    @_variable.setter
    def _variable(self, variable: xr.Variable) -> None:
        self._v, self._d = np.asarray(variable.values), variable.dims

    @property
    def _coords(self) -> dict[Any, xr.Variable]:
        found: dict[Any, xr.Variable] = {d: labels.variable for d, labels in self._c.items()}
        found.update({name: xr.Variable((), value) for name, value in self._s.items()})
        return found

    @property
    def _indexes(self) -> dict[Hashable, Any]:
        return {d: labels.index for d, labels in self._c.items()}

    @property
    def _name(self) -> Hashable | None:
        return self._n

    @_name.setter
    def _name(self, name: Hashable | None) -> None:
        self._n = name

    @property
    def _close(self) -> None:
        return None

    def _replace(
        self,
        variable: Any = None,
        coords: Any = None,
        name: Any = _DEFAULT,
        attrs: Any = _DEFAULT,
        indexes: Any = None,
    ) -> Any:
        variable = self._variable if variable is None else variable
        coords = self._coords if coords is None else coords
        own = self._n if name is _DEFAULT or _is_xarray_default(name) else name
        if attrs is not _DEFAULT and not _is_xarray_default(attrs):
            variable = variable.copy(deep=False)
            variable.attrs = attrs
        parts = _parts(variable, coords)
        if parts is None:
            indexes = self._indexes if indexes is None else indexes
            return xr.DataArray(variable, coords, name=own, indexes=indexes, fastpath=True)
        return _fill(object.__new__(LabelledArray), *parts, own, dict(variable.attrs))

    def __reduce__(self) -> tuple[Any, ...]:
        labels = {d: own.values for d, own in self._c.items()}
        return _again, (self._v, self._d, labels, self._s, self._n, self._a)

    # what is asked most
    @property
    def values(self) -> Any:
        """The numbers."""
        return self._v

    @values.setter
    def values(self, values: Any) -> None:
        self._v = np.asarray(values)

    data = values

    @property
    def dims(self) -> tuple[Hashable, ...]:
        """Names of the axes."""
        return self._d

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""
        return self._v.shape

    @property
    def ndim(self) -> int:
        """How many axes."""
        return self._v.ndim

    @property
    def size(self) -> int:
        """How many numbers."""
        return self._v.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the numbers."""
        return self._v.dtype

    @property
    def sizes(self) -> Any:
        """Length of each axis by name."""
        return dict(zip(self._d, self._v.shape, strict=True))

    @property
    def attrs(self) -> dict[Any, Any]:
        """Unit, name and what else is said of it."""
        return self._a

    @attrs.setter
    def attrs(self, value: Mapping[Any, Any]) -> None:
        self._a = dict(value)

    @property
    def coords(self) -> Any:
        """Labels by dimension."""
        return _Labels(self)

    def _getitem_coord(self, key: Any) -> Any:
        labels = self._c.get(key)
        if labels is not None:
            return new(labels.values, (key,), {key: labels}, name=key)
        if key in self._s:
            return new(self._s[key], (), _NONE, {key: self._s[key]}, key)
        return super()._getitem_coord(key)

    def __getattr__(self, name: str) -> Any:
        if name in _SLOTS:
            raise AttributeError(name)
        if name != "__dict__" and name in self._c:
            return self._getitem_coord(name)
        return super().__getattr__(name)

    # arithmetic
    def _binary_op(self, other: Any, f: Callable[..., Any], reflexive: bool = False) -> Any:
        if isinstance(other, _NUMBERS):
            with np.errstate(all="ignore"):
                values = f(other, self._v) if reflexive else f(self._v, other)
            return new(values, self._d, self._c, self._s)
        right = labelled(other) if isinstance(other, xr.DataArray) else None
        if not isinstance(right, LabelledArray):
            return super()._binary_op(other, f, reflexive)
        left, right = (right, self) if reflexive else (self, right)
        met = meet(left, right)
        if met is None:
            return xr.DataArray._binary_op(left, right, f)
        dims, coords, scalars, (a, b) = met
        with np.errstate(all="ignore"):
            return new(f(a, b), dims, coords, scalars)

    # Python asks these first where an array of xarray's own stands on the left
    __radd__, __rsub__, __rmul__, __rtruediv__, __rpow__, __rand__, __ror__ = (
        _reflected(f)
        for f in (
            operator.add,
            operator.sub,
            operator.mul,
            operator.truediv,
            operator.pow,
            operator.and_,
            operator.or_,
        )
    )

    def _inplace_binary_op(self, other: Any, f: Callable[..., Any]) -> Any:
        plain = getattr(operator, f.__name__.removeprefix("i"), None)
        if plain is None:
            return super()._inplace_binary_op(other, f)
        return self._binary_op(other, plain)

    def _unary_op(self, f: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with np.errstate(all="ignore"):
            return new(f(self._v, *args, **kwargs), self._d, self._c, self._s)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "__call__" and not kwargs and ufunc.nout == 1 and len(inputs) <= 2:
            arrays = [i if isinstance(i, _NUMBERS) else labelled(i) for i in inputs]
            if all(isinstance(i, _NUMBERS) or isinstance(i, LabelledArray) for i in arrays):
                done = apply(ufunc, *arrays)
                if done is not None:
                    return done
        return super().__array_ufunc__(ufunc, method, *inputs, **kwargs)

    def where(self, cond: Any, other: Any = _DEFAULT, drop: bool = False) -> Any:
        """The values where `cond` holds, elsewhere `other` (NaN unless it is given)."""
        if not drop and isinstance(cond, xr.DataArray):
            rest = np.nan if other is _DEFAULT else other
            done = apply(_where, self, labelled(cond), rest if isinstance(rest, _NUMBERS) else labelled(rest))
            if done is not None:
                return done
        given = () if other is _DEFAULT else (other,)
        return super().where(cond, *given, drop=drop)

    def clip(self, min: Any = None, max: Any = None, *, keep_attrs: bool | None = None) -> Any:
        """The values within two bounds."""
        limits = [b if b is None or isinstance(b, _NUMBERS) else labelled(b) for b in (min, max)]
        done = apply(np.clip, self, *limits)
        return super().clip(min, max, keep_attrs=keep_attrs) if done is None else done

    def astype(self, dtype: Any, **how: Any) -> Any:
        """The values in another type."""
        return super().astype(dtype, **how) if how else self._with(self._v.astype(dtype))

    def copy(self, deep: bool = True, data: Any = None) -> Any:
        """The same labels with the same values, or with others."""
        if data is not None and np.shape(data) != self._v.shape:
            return super().copy(deep, data)
        return self._with(np.asarray(data) if data is not None else self._v.copy() if deep else self._v)

    def frozen(self) -> LabelledArray:
        """The same array, whose cells cannot be set."""
        if not self._v.flags.writeable:
            return self
        values = self._v.view()
        values.flags.writeable = False
        return self._with(values)

    def _with(self, values: npt.NDArray[Any]) -> LabelledArray:
        return new(values, self._d, self._c, self._s, self._n, dict(self._a))

    def notnull(self, keep_attrs: bool | None = None) -> Any:
        """Whether a value is a number."""
        if self._v.dtype.kind != "f":
            return super().notnull(keep_attrs)
        return new(~np.isnan(self._v), self._d, self._c, self._s)

    def fillna(self, value: Any) -> Any:
        """The values, another where there is none."""
        return self.where(self.notnull(), value)

    sel = selection.sel
    isel = selection.isel
    transpose = selection.transpose
    rename = selection.rename
    expand_dims = selection.expand_dims
    assign_coords = selection.assign_coords
    drop_vars = selection.drop_vars
    shift = selection.shift
    sum = reduction.reduced("sum")
    min = reduction.reduced("min")
    max = reduction.reduced("max")
    mean = reduction.reduced("mean")
    prod = reduction.reduced("prod")
    any = reduction.reduced("any")
    all = reduction.reduced("all")
    cumsum = reduction.cumsum


def new(
    values: Any,
    dims: Dims,
    coords: Coords,
    scalars: Scalars = _NONE,
    name: Hashable | None = None,
    attrs: dict[Any, Any] | None = None,
) -> LabelledArray:
    """A labelled array of parts that fit together; nothing is looked at."""
    return _fill(object.__new__(LabelledArray), values, dims, coords, scalars, name, attrs)


def _fill(
    array: LabelledArray,
    values: Any,
    dims: Dims,
    coords: Coords,
    scalars: Scalars,
    name: Hashable | None,
    attrs: dict[Any, Any] | None,
) -> LabelledArray:
    array._v = values if type(values) is np.ndarray else np.asarray(values)
    array._d, array._c, array._s, array._n = dims, coords, scalars, name
    array._a = {} if attrs is None else attrs
    return array


def labelled(array: Any) -> Any:
    """A DataArray as a labelled array; what cannot be one (lazy, or with further coordinates) as it is."""
    if type(array) is LabelledArray or not isinstance(array, xr.DataArray):
        return array
    parts = _parts(array._variable, array._coords)
    if parts is None:
        return array
    return new(*parts, array.name, dict(array.attrs))


def _parts(
    variable: xr.Variable, coords: Mapping[Any, xr.Variable]
) -> tuple[npt.NDArray[Any], Dims, Coords, Scalars] | None:
    """Values, dims, labels and scalars; None where xarray holds what a labelled array does not."""
    data = variable._data
    if not isinstance(data, np.ndarray):
        if not isinstance(variable, xr.IndexVariable):
            return None
        data = variable.values
    labels, scalars = {}, {}
    for name, own in coords.items():
        if own.dims == (name,):
            labels[name] = known(name, own.values)
        elif not own.dims and isinstance(own._data, np.ndarray):
            scalars[name] = own._data
        else:
            return None
    return data, variable.dims, labels, scalars


def _again(
    values: Any, dims: Dims, labels: dict[Any, Any], scalars: Scalars, name: Any, attrs: dict[Any, Any]
) -> LabelledArray:
    return new(values, dims, {d: known(d, own) for d, own in labels.items()}, scalars, name, attrs)


def meet(*arrays: LabelledArray) -> tuple[Dims, Coords, Scalars, list[npt.NDArray[Any]]] | None:
    """Dims, labels and views of arrays that have the same labels where they share a dimension; None
    where they have not.
    """
    first = arrays[0]
    dims, coords, scalars = first._d, first._c, first._s
    for array in arrays[1:]:
        if array._c is not coords:
            both = merged(coords, array._c)
            if both is None:
                return None
            coords = both
        if array._s is not scalars:
            scalars = agreed(scalars, array._s)
    if not sizes_agree([(a._d, a._v) for a in arrays]):
        return None
    dims = together(*(a._d for a in arrays))
    if scalars:
        scalars = {name: value for name, value in scalars.items() if name not in dims}
    return dims, coords, scalars, [spread(a._v, a._d, dims) for a in arrays]


def apply(f: Callable[..., Any], *args: Any) -> LabelledArray | None:
    """A function of arrays, cell by cell; numbers and None are handed through, None where labels differ."""
    arrays = [a for a in args if isinstance(a, LabelledArray)]
    if any(not (a is None or isinstance(a, (*_NUMBERS, LabelledArray))) for a in args):
        return None
    met = meet(*arrays)
    if met is None:
        return None
    dims, coords, scalars, views = met
    own = iter(views)
    return new(f(*(next(own) if isinstance(a, LabelledArray) else a for a in args)), dims, coords, scalars)


def _where(values: Any, cond: Any, other: Any) -> Any:
    return np.where(cond, values, other)


def _is_xarray_default(value: Any) -> bool:
    return type(value).__name__ == "Default"
