"""Exact arithmetic: labels that differ are an error within it, and nothing is left set behind it."""

from threading import Event, Thread

import numpy as np
import pytest
import xarray as xr

from sim.arrays import all_within, exact_arithmetic

ONE = xr.DataArray([1.0, 2.0], {"year": [2020, 2021]}, ("year",))
OTHER = ONE.assign_coords(year=[2021, 2022])


def test_labels_that_differ_are_an_error_within():
    with exact_arithmetic(), pytest.raises(ValueError, match="exact"):
        ONE + OTHER
    assert (ONE + OTHER).year.values.tolist() == [2021]


def test_threads_side_by_side_leave_nothing_set():
    """The first to enter is the first to leave: what each found must not be put back by the last."""
    inside, beside, gone = Event(), Event(), Event()

    def first() -> None:
        with exact_arithmetic():
            inside.set()
            beside.wait()
        gone.set()

    thread = Thread(target=first)
    thread.start()
    inside.wait()
    with exact_arithmetic():
        beside.set()
        gone.wait()
    thread.join()
    assert (ONE + OTHER).year.values.tolist() == [2021]


@pytest.mark.parametrize("low", [-np.inf, 0.0, 0.2])
@pytest.mark.parametrize("high", [np.inf, 1.0])
@pytest.mark.parametrize(
    "odd", [0.5, 0.0, -0.0, 5e-324, -5e-324, -1.0, 1.5, 1e308, np.inf, -np.inf, np.nan, -np.nan]
)
def test_one_look_at_the_bits_tells_what_least_and_greatest_tell(low: float, high: float, odd: float):
    for array in (np.full((3, 4), 0.5), np.full((4, 3), 0.5).T, np.full((3, 8), 0.5)[:, ::2], np.array(0.5)):
        array[(1, 2) if array.ndim else ()] = odd
        assert all_within(array, low, high) is bool(
            ((array >= low) & (array <= high)).all() and np.isfinite(odd)
        )


def test_whole_numbers_are_looked_at_too():
    assert all_within(np.array([0, 3]), 0.0)
    assert not all_within(np.array([-1, 3]), 0.0)
    assert not all_within(np.array([0, 3]), 0.0, 2.0)
