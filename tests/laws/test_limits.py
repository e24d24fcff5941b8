"""Every parameter at the ends of its limits: finite figures, or a refusal by its name before the run.

The whole of a parameter and one cell of a table.  Many settings are tried at once, each in draws of its
own beside the central values of all others, and from the first stage on that reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from paths import ROOT

from sim.errors import ParameterError
from sim.params import Parameter, central, override
from sim.params.units import unit
from sim.run import pipeline
from sim.run.kept import reduce
from sim.run.possible import input_faults
from sim.run.setup import Setup, set_up

REGION = "410500"
SETS = [
    *(ROOT / "parameters" / "national").glob("*.yaml"),
    *(ROOT / "parameters" / "standards").glob("*.yaml"),
    *(ROOT / "parameters" / "provinces").rglob("*.yaml"),
]
TOPICS = sorted({path.stem for path in SETS})
AT_ONCE = 32


@cache
def small() -> Setup:
    changes = {
        "plan": None,
        "years": {"base": 2020, "end": 2022},
        "test_years": [],
        "draws": {"n": 1, "seed": 7},
    }
    path: Path = ROOT / "experiments" / "anyang_14fyp.yaml"
    return set_up(path, scenarios=["reference"], changes=changes)


def parameters() -> Mapping[str, Parameter]:
    return small().parameters["reference", REGION]


def ends(parameter: Parameter) -> Iterator[float]:
    """The lowest and the highest value that its limits allow, in the unit of its file."""
    own, limits = unit(parameter.record.unit), parameter.limits
    low, high = (limits.low, limits.high) if limits else (own.low, own.high)
    for end in (max(low, own.low), min(high, own.high)):
        if np.isfinite(end):
            yield end / own.factor


def settings(parameter: Parameter) -> Iterator[tuple[str, float]]:
    """What is set: the whole, and one cell of a table."""
    dims = [d for d in parameter.data.dims if d != "year"]
    cell = [str(parameter.data[d].values[min(1, parameter.data.sizes[d] - 1)]) for d in dims]
    for end in ends(parameter):
        yield parameter.name, end
        if cell:
            yield ".".join([parameter.name, *cell]), end


@dataclass(frozen=True)
class Tried:
    """A setting and what it changes: arrays by parameter."""

    text: str
    arrays: Mapping[str, xr.DataArray]

    @property
    def stage(self) -> int:
        """The first stage that reads what is changed; beyond the last where none does."""
        reads = [i for i, s in enumerate(pipeline.STAGES) if set(s.PARAMETERS) & set(self.arrays)]
        return reads[0] if reads else len(pipeline.STAGES)


def prepared(name: str, value: float) -> Tried | str:
    """What a run is given; "" where the input is refused by its name, else what is wrong with the refusal."""
    topic = ".".join(name.split(".")[:2])
    try:
        own = override(parameters(), name, {"value": value, "exact": "an end of its limits"}, "--set")
    except ParameterError as error:
        return "" if topic in str(error) else f"refused without its name: {error}"
    faults = input_faults(own, small().years)
    if faults:
        return "" if any(topic in f for f in faults) else f"refused without its name: {faults}"
    changed = {n: p for n, p in own.items() if p is not parameters().get(n)}
    return Tried(f"{name} = {value:g}", central(changed, small().years))


@cache
def usual() -> tuple[dict[str, xr.DataArray], tuple[xr.Dataset, ...], dict[str, np.ndarray]]:
    """Central parameters, the state before each stage, and which figures are none as things stand."""
    params = central(parameters(), small().years)
    states = [xr.Dataset(coords={"year": list(small().years), "draw": [0]})]
    for stage in pipeline.STAGES:
        states.append(pipeline.step(stage, states[-1], params))
    found = reduce(states[-1], params, ())
    return params, tuple(states), {name: np.isnan(_by_draw(a).values[0]) for name, a in found.items()}


def _by_draw(array: xr.DataArray) -> xr.DataArray:
    return array.transpose("draw", ...) if "draw" in array.dims else array.expand_dims("draw")


def results(tried: Sequence[Tried]) -> dict[str, xr.DataArray]:
    """The series with each setting in its own draws."""
    params, states, _ = usual()
    labels = list(range(len(tried)))
    of_draw = {**params, **tried[0].arrays}  # one alone: as a run has it, without draws
    for name in {n for t in tried for n in t.arrays} if len(tried) > 1 else ():
        columns = [t.arrays.get(name, params[name]) for t in tried]
        of_draw[name] = xr.concat(columns, dim="draw").assign_coords(draw=labels).transpose(..., "draw")
    first = min(t.stage for t in tried)
    state = states[first].isel(draw=[0] * len(labels)).assign_coords(draw=labels)
    state = pipeline.walk(state, of_draw, pipeline.STAGES[first:])
    pipeline.check_balance(state)
    return reduce(state, of_draw, ())


def wrong(tried: Sequence[Tried]) -> dict[str, str]:
    """What went wrong, by setting; settings that stop a run are looked for by halves."""
    try:
        found = results(tried)
    except Exception as error:
        if len(tried) == 1:
            return {tried[0].text: f"{type(error).__name__}: {error}"}
        half = len(tried) // 2
        return wrong(tried[:half]) | wrong(tried[half:])
    out: dict[str, str] = {}
    _, _, none = usual()
    for series, array in found.items():
        values = _by_draw(array).values
        bad = np.isinf(values) | (np.isnan(values) & ~none[series])
        for i in np.flatnonzero(bad.reshape(len(values), -1).any(axis=1)):
            out.setdefault(tried[i].text, f"{series} is not finite")
    return out


def test_every_topic_of_a_run_has_its_turn():
    assert {name.partition(".")[0] for name in parameters()} <= set(TOPICS)


@pytest.mark.slow
@pytest.mark.parametrize("topic", TOPICS)
def test_at_the_ends_of_its_limits_a_parameter_runs_or_is_refused(topic: str):
    found: dict[str, str] = {}
    ready: list[Tried] = []
    for name, parameter in parameters().items():
        if name.partition(".")[0] == topic and not parameter.is_method:
            for setting, value in settings(parameter):
                one = prepared(setting, value)
                if isinstance(one, Tried):
                    ready.append(one)
                elif one:
                    found[f"{setting} = {value:g}"] = one
    ready.sort(key=lambda t: t.stage)
    for i in range(0, len(ready), AT_ONCE):
        found |= wrong(ready[i : i + AT_ONCE])
    assert found == {}
