"""Old module names still import, with a warning, and are the same modules."""

import importlib

import pytest

from sim.moved import MOVED, new_name


@pytest.mark.parametrize("old", [*MOVED, "sim.run.sweeps.sampling", "sim.run.verdict.revise"])
def test_an_old_name_is_the_new_module(old):
    with pytest.warns(DeprecationWarning, match=f"{old} is {new_name(old)} now"):
        old_module = _import_anew(old)
    new = importlib.import_module(new_name(old))
    assert old_module is new
    assert new.__spec__.name == new.__name__ == new_name(old)


def _import_anew(old: str):
    import sys

    for name in [n for n in sys.modules if n == old or n.startswith(f"{old}.")]:
        del sys.modules[name]
    return importlib.import_module(old)


def test_other_names_are_not_found():
    with pytest.raises(ModuleNotFoundError, match=r"sim\.run\.nothing"):
        importlib.import_module("sim.run.nothing")
