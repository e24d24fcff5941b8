"""A labelled array gives what xarray's own gives, to the bit, and refuses what xarray refuses."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import xarray as xr

from sim.arrays import exact_arithmetic
from sim.labelled import LabelledArray, LabelledSet, concat, dot, labelled, labelled_set, like, made

LABELS = {"year": [2020, 2021, 2022], "sex": ["female", "male"], "draw": [0, 1, 2, 3]}
DIMS = ("year", "sex", "draw")
VALUES = np.random.default_rng(1).normal(size=(3, 2, 4))


def plain() -> xr.DataArray:
    return xr.DataArray(VALUES.copy(), LABELS, DIMS)


def one(x: Any) -> Any:
    """A part with other dims, in another order."""
    return x.isel(year=0, drop=True).transpose("draw", "sex")


METHODS: dict[str, Callable[[Any], Any]] = {
    "plus a number": lambda x: x + 1,
    "a number less it": lambda x: 2.0 - x,
    "a NumPy number times it": lambda x: np.float64(3) * x,
    "times a part": lambda x: x * one(x),
    "a part times it": lambda x: one(x) * x,
    "over a part in new dims": lambda x: one(x).rename(sex="other") / x,
    "power": lambda x: abs(x) ** 0.3,
    "minus": lambda x: -x,
    "compared": lambda x: x > one(x),
    "both": lambda x: (x > 0) & ~(x > 1),
    "equal": lambda x: x.sex == "female",
    "ufunc": lambda x: np.exp(x),
    "ufunc of two": lambda x: np.maximum(x, one(x)),
    "in place": lambda x: _in_place(x),
    "sum": lambda x: x.sum(("sex", "draw"), skipna=False),
    "sum of one": lambda x: x.sum("year"),
    "sum of all": lambda x: x.sum(),
    "mean": lambda x: x.mean("draw"),
    "least": lambda x: x.min("sex"),
    "any": lambda x: (x > 1).any("draw"),
    "product": lambda x: x.prod("year"),
    "sum without what is none": lambda x: x.where(x > 0).sum("draw"),
    "mean without what is none": lambda x: x.where(x > 0).mean("draw"),
    "running sum": lambda x: x.cumsum("year"),
    "clipped": lambda x: x.clip(0.0, one(x)),
    "clipped above": lambda x: x.clip(max=0.5),
    "where": lambda x: x.where(x > 0, one(x)),
    "where else NaN": lambda x: x.where(x.year > 2020),
    "filled": lambda x: x.where(x > 0).fillna(0.0),
    "by label": lambda x: x.sel(sex="male"),
    "by label, dropped": lambda x: x.sel(sex="male", drop=True),
    "by labels": lambda x: x.sel(draw=[3, 0]),
    "by span": lambda x: x.sel(year=slice(2021, None)),
    "by labels of an array": lambda x: x.sel(year=x.year[1:]),
    "by two labels": lambda x: x.sel(sex="female", year=2021),
    "by places": lambda x: x.isel(year=[-1, 0], sex=1),
    "by number": lambda x: x[0],
    "in another order": lambda x: x.transpose("draw", ...),
    "renamed": lambda x: x.rename(sex="newborn_sex"),
    "named": lambda x: x.rename("beds"),
    "with a new dim": lambda x: x.expand_dims(cadre=["a"]),
    "with two": lambda x: x.expand_dims({"cadre": ["a", "b"]}),
    "relabelled": lambda x: x.assign_coords(draw=[7, 8, 9, 10]),
    "with a scalar": lambda x: x.assign_coords(known_to=2021) * 2,
    "scalars that contradict": lambda x: x.sel(sex="male") + x.sel(sex="female"),
    "unlabelled": lambda x: x.drop_vars("sex") * x,
    "later": lambda x: x.shift(year=1),
    "later, filled": lambda x: x.shift(year=1, fill_value=0.0),
    "earlier": lambda x: x.shift(year=-1),
    "its labels": lambda x: x.year - x.year.values[0],
    "single": lambda x: x.astype(np.float32),
    "between": lambda x: x.interp(year=2020.5),
    "by groups": lambda x: x.groupby("sex").sum(),
    "like": lambda x: xr.zeros_like(x),
    "copied": lambda x: copy.deepcopy(x),
    "pickled": lambda x: pickle.loads(pickle.dumps(x)),
    "in a Dataset": lambda x: x.to_dataset(name="x").x,
}


def _in_place(x: Any) -> Any:
    x = x.copy()
    x += 1.0
    x *= one(x)
    return x


@pytest.mark.parametrize("name", METHODS)
def test_a_method_gives_what_xarrays_gives(name: str) -> None:
    with exact_arithmetic():
        got, want = METHODS[name](labelled(plain())), METHODS[name](plain())
    assert got.dims == want.dims
    assert got.dtype == want.dtype
    assert np.ascontiguousarray(got.values).tobytes() == np.ascontiguousarray(want.values).tobytes()
    assert set(got.coords) == set(want.coords)
    for label in want.coords:
        xr.testing.assert_equal(xr.DataArray(got[label].values), xr.DataArray(want[label].values))


def test_both_kinds_meet() -> None:
    ours, theirs = labelled(plain()), plain()
    for product in (ours * one(theirs), theirs * one(ours)):
        assert isinstance(product, LabelledArray)
        np.testing.assert_array_equal(product.values, (theirs * one(theirs)).values)


def test_other_labels_are_refused_where_arithmetic_is_exact() -> None:
    ours = labelled(plain())
    with exact_arithmetic(), pytest.raises(ValueError, match="exact"):
        ours + ours.isel(year=[0, 1])
    assert (ours + ours.isel(year=[0, 1])).sizes["year"] == 2  # as xarray does without


def test_a_length_of_one_is_not_stretched() -> None:
    ours = labelled(plain()).drop_vars("year")
    with pytest.raises(ValueError, match="year"):
        ours * ours.isel(year=[0])


def test_a_label_that_is_not_there_is_xarrays_error() -> None:
    with pytest.raises(KeyError, match="not all values found in index"):
        labelled(plain()).sel(sex="third")


def test_parts_side_by_side() -> None:
    ours, theirs = labelled(plain()), plain()
    part = [x.isel(year=0, drop=True) for x in (ours, theirs)]
    got = concat([ours, part[0]], "kind", ["a", "b"])
    want = xr.concat([theirs, part[1]], "kind").assign_coords(kind=["a", "b"])
    assert got.transpose(*want.dims).identical(want)
    along = concat([x.expand_dims(kind=[k]) for x, k in zip((ours, ours), "ab", strict=True)], "kind")
    assert along.kind.values.tolist() == ["a", "b"]


def test_a_product_and_its_sum() -> None:
    ours, theirs = labelled(plain()), plain()
    for dims in ("sex", ["sex", "year"]):
        got, want = dot(ours, one(ours), dim=dims), xr.dot(theirs, one(theirs), dim=dims)
        assert got.dims == want.dims
        np.testing.assert_array_equal(got.values, want.values)


def test_made_and_like() -> None:
    array = made(VALUES, LABELS, DIMS)
    assert array.identical(plain())
    assert (like(array, 1.0).values == 1.0).all()
    with pytest.raises(ValueError, match="draw"):
        made(VALUES[..., :2], LABELS, DIMS)


def test_a_set_is_a_dataset_at_the_labels_of_all() -> None:
    few, more = (made([1.0, 2.0][:n], {"bed": ["a", "b"][:n]}, ("bed",)) for n in (1, 2))
    arrays = {"few": few, "more": more, "all": labelled(plain())}
    ours = labelled_set(arrays, {"age": [0, 1]})
    theirs = xr.Dataset(
        {k: xr.DataArray(v.values, {d: v[d].values for d in v.dims}, v.dims) for k, v in arrays.items()}
    )
    assert isinstance(ours, LabelledSet)
    for name in arrays:
        np.testing.assert_array_equal(ours[name].values, theirs[name].values)
    assert ours.age.values.tolist() == [0, 1]
    assert ours.sel(bed="b").few.isnull()
    assert pickle.loads(pickle.dumps(ours)).more.identical(more)


def test_an_array_joins_a_set_at_its_labels() -> None:
    state = labelled_set({"two": made([1.0, 2.0], {"bed": ["a", "b"]}, ("bed",))})
    state = state.assign(one=made([5.0, 6.0], {"bed": ["b", "c"]}, ("bed",)))
    assert state.one.bed.values.tolist() == ["a", "b"]
    assert np.isnan(state.one.values[0])
    assert state.one.values[1] == 5.0


def test_labels_of_one_block_are_one_object() -> None:
    arrays = [labelled(plain()), made(VALUES, LABELS, DIMS), labelled(plain()) * 2]
    assert all(a._c["draw"] is b._c["draw"] for a, b in pairwise(arrays))
