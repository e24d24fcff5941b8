"""Exact arithmetic: labels that differ are an error within it, and nothing is left set behind it."""

from threading import Event, Thread

import pytest
import xarray as xr

from sim.arrays import exact_arithmetic

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
