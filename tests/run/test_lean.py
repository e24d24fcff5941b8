"""A command and its workers load no dask, which xarray asks for at its first array; numbers are the same."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("dask.array")

ARRAYS = """
import sys
import xarray as xr
{leave}
one, two = xr.DataArray([3.0], dims="x"), xr.DataArray([1.5, 2.0], dims="x")
print((two + 1).sum().item(), xr.concat([one], "x").item())
one.astype(str), one.mean("x")
print("dask" in sys.modules)
"""
LEAVE = "from sim.run.lean import without_dask; without_dask()"


SLOW = pytest.mark.slow  # a second each: what xarray does when it is left alone
EACH = [
    pytest.param("", "True", marks=SLOW),
    (LEAVE, "False"),
    pytest.param("import dask.array; " + LEAVE, "True", marks=SLOW),
]


@pytest.mark.parametrize(("leave", "loaded"), EACH)
def test_xarray_asks_for_no_dask(leave: str, loaded: str):
    code = ARRAYS.format(leave=leave)
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["5.5", "3.0", loaded]


def test_what_workers_are_forked_from_has_none():
    code = "import sys, sim.run.preloaded, xarray as xr; xr.DataArray([1.0]); print('dask' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["False"]
