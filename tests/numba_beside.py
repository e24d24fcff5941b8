"""A block with a compiled part beside the same block without it, for every part that numba compiles."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import small

from sim.run import blocks
from sim.run.runner import plan_blocks

numba = pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="the extra `fast`")


def found_anew(*compiled: Any) -> Any:
    """A fixture of a module's tests: what each of these functions has found is forgotten after a test."""

    @pytest.fixture(autouse=True)
    def found() -> Iterator[None]:
        yield
        for function in compiled:
            function.cache_clear()

    return found


def assert_block_is_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch, user: ModuleType) -> None:
    """Every series of a small block to 1e-12, and to the last digits of its largest where others cancel out.

    user: the module that asks for what is `compiled`.
    """
    block = replace(plan_blocks(small.setup(folder, 6, end=2023))[0])
    fast = blocks.compute(block)
    monkeypatch.setattr(user, "compiled", lambda: None)
    plain = blocks.compute(block)
    assert fast.keys() == plain.keys()
    for name, array in plain.items():
        lost = 1e-15 * np.nanmax(np.abs(array.values), initial=0.0)
        np.testing.assert_allclose(fast[name].values, array.values, rtol=1e-12, atol=lost, err_msg=name)
