"""Every public function refuses what it cannot take by the name of the argument, and no wrong number passes.

The list of functions is read from the rooms themselves, the ways of going wrong from the kind of each
argument: a new function, or a new argument, is met by the law of itself.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from laws.public_functions import FINE, KERNELS, MACHINES, VALID, cases, public, same_numbers

import sim
from sim.argument_kinds import shown
from sim.errors import SimError
from sim.evidence.reference import ROOMS

STAGE = ".project"


def test_every_function_of_every_room_is_looked_at():
    offered = {f"{room}.{n}" for room in ROOMS for n in public(importlib.import_module(f"sim.{room}"))}
    looked_at = {name for name in offered if name.endswith(STAGE)} | VALID.keys() | KERNELS | MACHINES
    assert offered == looked_at


def _same(one: Any, other: Any) -> bool:
    """Whether two results are the same, whatever the order of their labels."""
    if isinstance(one, xr.Dataset | xr.DataArray):
        both = (each.sortby([d for d in one.dims if d in one.coords]) for each in (one, other))
        return bool(np.all([x.equals(y) for x, y in [tuple(both)]]))
    return bool(np.array_equal(np.asarray(one), np.asarray(other)))


def _says_unknown(result: Any) -> bool:
    """Whether a result that stands on a number that is none is itself none."""
    return bool(np.isnan(np.asarray(result, float)).any()) if isinstance(result, np.ndarray) else False


def _named(text: str, argument: str, valid: dict[str, Any]) -> bool:
    """Whether a refusal names the argument, what of it is missing, or another that it does not fit."""
    if all(part in text for part in argument.split("_")):
        return True
    value = valid[argument]
    if isinstance(value, xr.Dataset | dict):
        return any(str(name) in text for name in value)
    return any(f"{other}: {dim}" in text for other in valid for dim in ("age", "sex", "year"))


def test_wrong_arguments_are_refused_by_name():
    unheld: list[str] = []
    for name, function, valid, argument, what, bad in cases():
        place = f"{name}({argument}: {what})"
        optional = inspect.signature(function).parameters[argument].default is None
        if bad is None and optional:
            continue
        try:
            result = function(**{**valid, argument: bad})
        except SimError as error:
            if not _named(str(error), argument, valid):
                unheld.append(f"{place} is refused without its name: {error}")
        except Exception as error:
            unheld.append(f"{place} ends in {type(error).__name__}: {error}")
        else:
            if what in FINE.get((name, argument), ()):
                continue
            if "backwards" in what and _same(result, function(**valid)):
                continue
            if not (what == "not a number" and _says_unknown(result)):
                unheld.append(f"{place} passes")
    assert not unheld, "\n".join(unheld)


def _numbers_of(result: Any) -> list[np.ndarray]:
    """Every number of a result, in order."""
    if isinstance(result, xr.Dataset):
        return [result[name].values for name in result.data_vars]
    if isinstance(result, dict):
        return [np.asarray(each) for each in result.values()]
    if isinstance(result, tuple | list):
        return [np.asarray(each) for each in result]
    if hasattr(result, "__dataclass_fields__"):
        return [np.asarray(getattr(result, field)) for field in result.__dataclass_fields__]
    return [np.asarray(result)]


def test_the_form_in_which_numbers_are_held_changes_nothing():
    """Read only, in the other order of bytes (netCDF 3), strided, whole or of half the precision."""
    unlike: list[str] = []
    met = set()
    for name, function, valid, argument, what, other in same_numbers():
        met.add(what)
        try:
            both = (_numbers_of(function(**inputs)) for inputs in (valid, {**valid, argument: other}))
            pairs = list(zip(*both, strict=True))
        except Exception as error:
            unlike.append(f"{name}({argument}: {what}) ends in {type(error).__name__}: {error}")
            continue
        for one, two in pairs:
            if one.dtype.kind in "fiub" and not np.allclose(one, two, rtol=1e-12, atol=0, equal_nan=True):
                unlike.append(f"{name}({argument}: {what}) has other numbers")
    assert not unlike, "\n".join(unlike)
    assert len(met) == 6


def test_what_is_fine_is_so():
    """No exception of the table outlives its reason: each is met, and passes."""
    met: set[tuple[str, str, str]] = set()
    for name, function, valid, argument, what, bad in cases():
        if what in FINE.get((name, argument), ()):
            function(**{**valid, argument: bad})
            met.add((name, argument, what))
    assert met == {(name, argument, w) for (name, argument), whats in FINE.items() for w in whats}


# --- what `import sim` offers ----------------------------------------------------------------------

_WHOLE = {"negative": -1, "NaN": np.nan, "text": "five", "a half": 1.5}
_WORDS = {"nothing": None, "a word": "nonsense", "a number": 5, "numbers": [5]}
_WORD = {"a number": 5, "no name": "", "another": "nonsense"}
_OBJECT = {"nothing": None, "a word": "x", "a number": 5}
_LANG = {**_WORD, "nothing": None}


def _paths(folder: Path) -> dict[str, Any]:
    (folder / "empty").mkdir(exist_ok=True)
    (folder / "file").write_text("x", encoding="utf-8")
    loop = folder / "loop"
    if not loop.is_symlink():
        loop.symlink_to(loop)
    return {
        "nothing": None,
        "a number": 5,
        "no name": "",
        "NUL": "a\0b",
        "missing": folder / "missing",
        "an empty folder": folder / "empty",
        "a file": folder / "file",
        "below a file": folder / "file" / "x",
        "a loop": loop / "x",
        "a long name": folder / ("x" * 300),
    }


def _outs(folder: Path) -> dict[str, Any]:
    ways = _paths(folder)
    return {n: ways[n] for n in ways if n not in ("missing", "an empty folder")} | {"no disk": "/proc/x"}


@pytest.fixture(scope="module")
def calls(workspace: Path, run_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Function -> (inputs that it takes, argument -> what is wrong -> the argument so)."""
    folder = tmp_path_factory.mktemp("wrong")
    small = workspace / "experiments" / "small.yaml"
    setup = sim.set_up(small, changes={"draws": {"n": 2, "seed": 1}})
    sweeping = {"setup": setup, "method": "lhs", "over": ["inpatient.alos"], "of": ["beds_required@2025"]}
    swept = sim.plan_sweep(**sweeping, n=5)
    paths, outs = _paths(folder), _outs(folder)
    return {
        "compare": (
            {"folder_a": run_dir, "folder_b": run_dir, "lang": "en"},
            {"folder_a": paths, "folder_b": paths, "lang": _LANG, "year": _WHOLE, "scenario": _WORD}
            | {"region": _WORD},
        ),
        "open_run": ({"path": run_dir}, {"path": paths}),
        "plot_folder": (
            {"folder": run_dir, "names": ["demand_beds"]},
            {"folder": paths, "names": _WORDS | {"unknown": ["nonsense"]}, "lang": _WORD, "scenario": _WORD}
            | {"region": _WORD, "nonsense": {"unknown": 1}},
        ),
        "read_experiment": ({"path": small}, {"path": paths, "wanted": _WORDS}),
        "revise": (
            {"folder": run_dir},
            {
                "folder": paths,
                "probabilities": _OBJECT | {"two": [2.0], "NaN": [np.nan], "words": ["a"], "none": []},
            },
        ),
        "set_up": (
            {"file": small},
            {
                "file": paths,
                "scenarios": _WORDS | {"unknown": ["nonsense"]},
                "settings": _WORDS | {"unknown": [("nonsense.x", 1)]},
                "changes": {"a word": "x", "unknown": {"nonsense": 1}},
                "experiment": {"a word": "x", "a number": 5},
                "known": _WORDS | {"unknown": ["nonsense"]},
                "only": _WORDS | {"unknown": ["nonsense"], "nothing": ["nothing"]},
                "workers": _WHOLE | {"none": 0},
            },
        ),
        "plan_sweep": (
            {**sweeping, "n": 5},
            {"setup": _OBJECT, "method": _WORD, "over": _WORDS | {"unknown": ["nonsense"]}, "of": _WORDS}
            | {"n": _WHOLE | {"none": 0}, "groups": _WORDS | {"unknown": ["x"]}, "seed": _WHOLE},
        ),
        "sweep": (
            {"plan": swept, "out": folder / "out", "charts": False},
            {"plan": _OBJECT, "out": outs, "workers": _WHOLE | {"none": 0}, "charts": {"a word": "x"}}
            | {"block_runs": _WHOLE | {"none": 0}, "lang": _WORD, "phase": _OBJECT},
        ),
        "run_experiment": (
            {"setup": setup, "out": folder / "out", "charts": False},
            {"setup": _OBJECT, "out": outs, "charts": {"a word": "x"}, "lang": _WORD, "phase": _OBJECT}
            | {"workers": _WHOLE | {"none": 0}, "block_draws": _WHOLE | {"none": 0}}
            | {"until_mcse": _WHOLE | {"none": 0}, "nonsense": {"unknown": 1}},
        ),
    }


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", sorted(sim.__all__))
def test_what_import_sim_offers_refuses_in_its_own_words(calls, name: str):
    """As where | what | what would be right, before anything is written; an unknown keyword by its name."""
    function: Callable[..., Any] = getattr(sim, name)
    valid, ways = calls[name]
    named = {n for n, p in inspect.signature(function).parameters.items() if p.kind is not p.VAR_KEYWORD}
    assert named - ways.keys() <= {"progress", "executor"}, "an argument that no case goes wrong with"
    unheld = []
    for argument, values in ways.items():
        for what, bad in values.items():
            place = f"{name}({argument}: {what})"
            try:
                function(**{**valid, argument: bad})
            except SimError as error:
                if " | " not in str(error):
                    unheld.append(f"{place} is refused without a remedy: {error}")
            except TypeError as error:
                if f"unexpected keyword argument '{argument}'" not in str(error):
                    unheld.append(f"{place} ends in {error!r}")
            except Exception as error:
                unheld.append(f"{place} ends in {error!r}")
            else:
                unheld.append(f"{place} passes")
    assert not unheld, "\n".join(unheld)
    assert not (calls["sweep"][0]["out"]).exists()


def test_a_value_of_the_wrong_kind_is_shown_in_short():
    assert shown(np.zeros((3, 2))) == "ndarray of float64, shape (3, 2)"
    assert len(shown("x" * 1000)) < 80
