"""Every public function with inputs that it takes, and each of them gone wrong in every way.

A wrong input changes one argument: dims, order, labels, numbers that are none, units, another kind of thing.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any

import numpy as np
import xarray as xr
from place import place
from stage_chain import STAGES, inputs, params

from sim import adequacy, demography, hospital, lifetable
from sim.adequacy import Thresholds
from sim.params import central
from sim.schema import SEXES

NAN, INF = float("nan"), float("inf")
AGE, YEARS = np.arange(101), range(2020, 2023)
KERNELS = frozenset({"lifetable.mx_to_sx", "lifetable.searched_expectancy", "lifetable.infant_ax_by_sex"})
"""Inner loops: whoever calls them looks at the rates, once for all years and draws."""
MACHINES = frozenset({"hospital.run", "hospital.find_warm_up", "hospital.in_turn", "hospital.of_series"})
"""What they take is made by constructors that refuse it: System, Job, Replication (tests/hospital)."""


def public(room: ModuleType) -> dict[str, Callable[..., Any]]:
    """The functions that a room offers, by name."""
    found = {name: getattr(room, name) for name in room.__all__}
    return {n: f for n, f in found.items() if inspect.isfunction(f)}


def wrong(value: Any) -> Iterator[tuple[str, Any]]:
    """(what is wrong, the input so): every way that fits the kind of thing."""
    yield "nothing", None
    if isinstance(value, xr.DataArray):
        yield from _of_labelled(value)
    elif isinstance(value, np.ndarray):
        yield from _of_array(value)
    elif isinstance(value, str):
        yield from (("another name", "nonsense"), ("no name", ""), ("a number", 5))
    elif isinstance(value, int | float):
        yield from (("not a number", NAN), ("infinite", INF), ("text", "five"), ("yes", True))
        yield "negative", -abs(value) - 1.0
    elif isinstance(value, xr.Dataset):
        yield "an array", xr.DataArray(1.0)
        yield "empty", xr.Dataset()
        for name in list(value.data_vars)[:1]:
            yield f"objects in {name}", value.assign({name: value[name].astype(object)})
    elif isinstance(value, Mapping):
        yield from (("empty", {}), ("text", "five"))


def _of_labelled(value: xr.DataArray) -> Iterator[tuple[str, Any]]:
    yield "text", "five"
    yield "plain numbers", value.values
    yield "a Dataset", value.to_dataset(name="a")
    yield from ((what, value.copy(data=data)) for what, data in _other_kinds(value.values))
    yield from ((what, value.copy(data=data)) for what, data in _numbers(value.values))
    for dim in map(str, value.dims):
        size = value.sizes[dim]
        yield f"no {dim}", value.isel({dim: 0}, drop=True)
        yield f"{dim} of another name", value.rename({dim: "colour"})
        yield f"{dim} twice", value.isel({dim: [*range(size), 0]})
        yield f"{dim} without cells", value.isel({dim: slice(0)})
        if dim in value.coords:
            yield from _of_labels(value, dim)
            yield f"{dim} without labels", value.drop_vars(dim)
            yield f"{dim} of other labels", value.assign_coords({dim: [f"x{i}" for i in range(size)]})
        if size > 1:
            yield f"{dim} without its second", value.isel({dim: [i for i in range(size) if i != 1]})
        if dim in ("age", "year"):
            yield f"{dim} backwards", value.isel({dim: slice(None, None, -1)})


def _of_labels(value: xr.DataArray, dim: str) -> Iterator[tuple[str, Any]]:
    """Labels of another kind that mean the same to a reader, or nearly."""
    labels = value[dim].values
    if dim == "sex":
        yield "sexes in Chinese", value.assign_coords(sex=["女", "男"][: labels.size])
        yield "sexes in capitals", value.assign_coords(sex=[str(s).upper() for s in labels])
    if dim in ("age", "year"):
        yield f"{dim} in words", value.assign_coords({dim: labels.astype(str)})
        days = np.array("2020-01-01", "datetime64[ns]") + np.arange(labels.size)
        yield f"{dim} as dates", value.assign_coords({dim: days})
        yield f"{dim} with a gap", value.assign_coords({dim: np.where(labels == labels[-1], NAN, labels)})


def _other_kinds(values: Any) -> Iterator[tuple[str, Any]]:
    yield "objects", np.asarray(values).astype(object)
    yield "complex", np.asarray(values) + 1j
    yield "dates", np.full(np.shape(values), np.datetime64("2020-01-01", "ns"))


def _of_array(value: Any) -> Iterator[tuple[str, Any]]:
    yield "text", "five"
    yield from _other_kinds(value)
    hidden = np.ma.masked_array(value, np.zeros(value.shape, bool))
    hidden[(0,) * value.ndim] = np.ma.masked
    yield "one of them masked", hidden
    yield from _numbers(value)
    yield "empty", value[..., :0]
    yield "an axis less", value[0]
    yield "one less", value[..., :-1]


def _numbers(values: Any) -> Iterator[tuple[str, Any]]:
    for what, number in (("not a number", NAN), ("infinite", INF)):
        data = np.array(values, float)
        data[(-1,) * data.ndim] = number
        yield what, data
    yield "negative", -np.abs(values) - 1.0
    yield "per 1000", 1000.0 * np.asarray(values)
    yield "words", np.asarray(values).astype(str)


_MX = xr.DataArray(np.minimum(5e-5 * np.exp(0.09 * AGE) + 2e-4, 0.7), {"age": AGE}, ("age",))
_BOTH = xr.concat([_MX, _MX], xr.DataArray(list(SEXES), dims="sex"))
_PEOPLE = xr.full_like(_BOTH, 1000.0)
_E0 = xr.DataArray([80.0, 76.0], {"sex": list(SEXES)}, ("sex",))
_FERTILE = xr.DataArray(np.full(35, 0.04), {"age": np.arange(15, 50)}, ("age",))
_B = xr.DataArray(np.linspace(2.0, 0.0, 101), {"age": AGE}, ("age",))
_DRAWS, _HALF, _WIDTH = np.linspace(0.1, 0.9, 9), np.full(101, 0.5), np.ones(101)
_TABLE = lifetable.life_table(_MX, sex="female")

VALID: dict[str, dict[str, Any]] = {
    "adequacy.compare": {"required": _DRAWS, "available": _DRAWS[::-1].copy(), "surplus_ratio": 1.2},
    "adequacy.judge": {"p_enough": 0.9, "p_surplus": 0.1, "at": Thresholds(0.9, 0.5, 1.2, 0.9)},
    "adequacy.mean_probability_mcse": {"p": _DRAWS},
    "adequacy.ordered_mcse": {"ordered": _DRAWS, "q": 0.5},
    "adequacy.ordered_quantiles": {"ordered": _DRAWS},
    "adequacy.probability_mcse": {"p": 0.5, "n": 20},
    "adequacy.quantile_mcse": {"values": _DRAWS, "q": 0.5},
    "adequacy.quantiles": {"values": _DRAWS},
    "adequacy.sampled": {"values": _DRAWS},
    "adequacy.weakest": {"grades": ["A", "B"]},
    "demography.life_table": {"mx": _MX, "sex": "female", "n": 1.0, "ax": "wpp", "radix": 1.0},
    "demography.project_cohorts": {
        "population": _PEOPLE,
        "mx": _BOTH,
        "asfr": _FERTILE,
        "srb": 1.06,
        "net_migration": 0.0 * _PEOPLE,
        "n": 1,
        "migration": "end",
        "ax": "wpp",
        "out_migration": "refuse",
    },
    "demography.shift_to_e0": {
        "mx": _BOTH,
        "e0": _E0,
        "method": "lee_carter",
        "improvement": _B,
        "ax": "wpp",
    },
    "hospital.beds_for_blocking": {"load": 5.0, "target": 0.05},
    "hospital.erlang_b": {"load": 5.0, "servers": 8},
    "hospital.erlang_c": {"load": 5.0, "servers": 8},
    "hospital.load_at_occupancy": {"target": 0.85, "servers": 8},
    "hospital.load_for_blocking": {"servers": 8, "target": 0.05},
    "lifetable.age_widths": {"mx": _MX, "n": 1.0},
    "lifetable.ax_by_rule": {
        "mx": _MX.values,
        "width": _WIDTH,
        "sex": "female",
        "rule": "wpp",
        "first": 0.0,
    },
    "lifetable.e0_variance": {"table": _TABLE, "deaths": 1e4 * _MX, "n": 1.0},
    "lifetable.expectancy_by_sex": {"mx": _BOTH.values[..., None], "rule": "wpp"},
    "lifetable.infant_pieces": {"sex": "female", "rule": "wpp"},
    "lifetable.infant_ax": {"m0": np.array([0.02, 0.01]), "sex": "female", "rule": "wpp"},
    "lifetable.life_columns": {"mx": _BOTH},
    "lifetable.life_expectancy": {"mx": _MX.values, "sex": "female", "rule": "wpp"},
    "lifetable.life_table": {"mx": _MX, "sex": "female", "n": 1.0, "ax": "wpp", "radix": 1.0},
    "lifetable.lx_to_qx": {"lx": _TABLE["lx"]},
    "lifetable.mx_to_qx": {"mx": _MX.values, "ax": _HALF, "n": 1.0},
    "lifetable.qx_to_lx": {"qx": _TABLE["qx"], "radix": 1.0},
    "lifetable.qx_to_mx": {"qx": _TABLE["qx"].values[:-1], "ax": _HALF[:-1], "n": 1.0},
    "lifetable.survival_ratios": {"Lx": _TABLE["Lx"].values, "n": 1.0, "radix": 1.0},
    "lifetable.table_columns": {"mx": _MX.values, "ax": _HALF, "width": _WIDTH, "radix": 1.0},
}
"""Function -> inputs that it takes."""

_ANY_NUMBERS = {"negative", "per 1000", "infinite", "one less"}  # draws of anything, of any number
FINE: dict[tuple[str, str], set[str]] = {
    **{
        (f"adequacy.{name}", argument): _ANY_NUMBERS
        for name, argument in (
            ("sampled", "values"),
            ("quantiles", "values"),
            ("quantile_mcse", "values"),
            ("ordered_quantiles", "ordered"),
            ("ordered_mcse", "ordered"),
        )
    },
    ("adequacy.compare", "required"): {"per 1000"},  # counts: nobody knows of how many
    ("adequacy.compare", "available"): {"per 1000", "negative"},  # growth may fall below 0
    ("adequacy.mean_probability_mcse", "p"): {"one less"},
    ("demography.project_cohorts", "population"): {"per 1000"},
    ("demography.project_cohorts", "net_migration"): {"negative", "per 1000"},
    ("demography.project", "inputs"): {"empty"},  # the first stage reads no variable
    ("demography.shift_to_e0", "improvement"): {"per 1000", "age without labels"},  # its shape counts
    ("demography.life_table", "mx"): {"age without labels"},  # n says what the groups are
    ("lifetable.life_table", "mx"): {"age without labels"},
    ("lifetable.age_widths", "mx"): {  # its labels alone are read
        *("not a number", "infinite", "negative", "per 1000", "age without labels"),
    },
    # the width of the open group is not used, and a year has no unit that could be seen
    ("lifetable.ax_by_rule", "width"): {"not a number", "infinite", "per 1000"},
    ("lifetable.table_columns", "width"): {"not a number", "infinite", "per 1000"},
    ("lifetable.table_columns", "ax"): {"not a number", "infinite"},  # of the open group: 1 / mx
    ("lifetable.e0_variance", "deaths"): {"per 1000", "age without labels"},
    ("lifetable.infant_ax", "m0"): {"an axis less", "one less"},  # any shape
    ("lifetable.life_columns", "mx"): {"sex without its second"},  # one sex is no fewer columns
    ("lifetable.life_expectancy", "mx"): {"one less"},  # the open group begins a year earlier
    ("lifetable.survival_ratios", "Lx"): {"one less"},
    # survivors of any radix, and groups of any width
    ("lifetable.lx_to_qx", "lx"): {"per 1000", "age without labels", "age without its second"},
    ("lifetable.qx_to_lx", "qx"): {"age without labels", "age without its second"},
    **{  # one number for all groups is a number for each
        (f"lifetable.{name}", argument): {"an axis less"}
        for name, argument in (("mx_to_qx", "mx"), ("mx_to_qx", "ax"), ("qx_to_mx", "qx"), ("qx_to_mx", "ax"))
    },
}
"""(function, argument) -> what is not wrong there."""


def cases() -> Iterator[tuple[str, Callable[..., Any], dict[str, Any], str, str, Any]]:
    """(name, function, its inputs, argument, what is wrong with it, the argument so)."""
    named = {"adequacy": adequacy, "demography": demography, "hospital": hospital, "lifetable": lifetable}
    split = {name: name.partition(".") for name in VALID}
    given = [(name, getattr(named[room], own), VALID[name]) for name, (room, _, own) in split.items()]
    given += [(f"{stage}.project", STAGES[stage].project, _of_stage(stage)) for stage in STAGES]
    first = {n: a for n, a in central(place("410500"), YEARS).items() if n in demography.PARAMETERS}
    given.append(("demography.project", demography.project, {"inputs": xr.Dataset(), "params": first}))
    for name, function, valid in given:
        for argument, value in valid.items():
            for what, bad in wrong(value):
                yield name, function, valid, argument, what, bad


def _of_stage(stage: str) -> dict[str, Any]:
    module = STAGES[stage]
    own = {name: params()[name] for name in module.PARAMETERS}
    return {"inputs": inputs(stage)[list(module.READS)], "params": own}


def harmless(value: Any) -> Iterator[tuple[str, Any]]:
    """(how it is held, the same numbers so): what a file or a spreadsheet gives is as good as our own."""
    labelled = isinstance(value, xr.DataArray)
    if not labelled and not isinstance(value, np.ndarray):
        return
    own = value.values if labelled else value
    still = np.array(own)
    still.flags.writeable = False
    forms = {
        "read only": still,
        "bytes in the other order": own.astype(own.dtype.newbyteorder()),
        "every other cell of a larger one": np.repeat(own, 2, axis=-1)[..., ::2] if own.ndim else own,
        "columns first": np.asfortranarray(own) if own.ndim > 1 else own,
    }
    if own.dtype.kind == "f" and np.array_equal(own, np.round(own)):
        forms["whole numbers"] = own.astype(int)
    if own.dtype.kind == "f" and np.array_equal(own, own.astype("f4")):
        forms["half the precision"] = own.astype("f4")
    for what, data in forms.items():
        yield what, value.copy(data=data) if labelled else data


def same_numbers() -> Iterator[tuple[str, Callable[..., Any], dict[str, Any], str, str, Any]]:
    """As `cases`, of arguments that are held in another form."""
    named = {"adequacy": adequacy, "demography": demography, "hospital": hospital, "lifetable": lifetable}
    for name, valid in VALID.items():
        room, _, own = name.partition(".")
        for argument, value in valid.items():
            for what, other in harmless(value):
                yield name, getattr(named[room], own), valid, argument, what, other
