"""What a sweep moves: parameters by dotted name, with their own range or a stated one.

    NAME                 its own distribution
    NAME=LOW:HIGH        evenly between two values, in its file's unit
    NAME=xLOW:xHIGH      evenly between two multiples of its central value
    NAME=a,b,c           these values or, for a named method, these choices; each as likely

A named method alone stands for all its choices.  NAME may end in a coordinate label:
inpatient.alos.tertiary=7:10.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.errors import ConfigError, ParameterError, SimError, fault, raise_all
from sim.params import Parameter, Sampler, central, conflicts, override
from sim.params.units import unit
from sim.run import kept as reduce
from sim.run import pipeline
from sim.sweeps.sampling import Design
from sim.textfile import did_you_mean

Kind = Literal["range", "between", "times", "choice"]
MORRIS_SPAN = (0.05, 0.95)  # of a parameter's own distribution: 0 and 1 may lie at infinity


@dataclass(frozen=True)
class Factor:
    """One parameter that a sweep moves."""

    name: str
    """As the user wrote it, without the values: dotted name and labels."""
    parameter: str
    kind: Kind
    low: float = 0.0
    high: float = 1.0
    choices: tuple[str, ...] = ()
    """Names of a method as its file orders them, or numbers as text, rising: the order in which a
    user writes them means nothing."""

    def values(self, points: Floats) -> Floats:
        """Values or multiples for coordinates 0..1 (kinds between and times)."""
        return self.low + (self.high - self.low) * points

    def shown(self, point: float) -> str:
        """One coordinate as a text for tables."""
        if np.isnan(point):
            return "central"
        if self.kind == "choice":
            return self.choices[int(point)]
        if self.kind == "range":
            return f"quantile {point:g}"
        value = self.low + (self.high - self.low) * point
        return f"x{value:g}" if self.kind == "times" else f"{value:g}"


def parse_factors(
    texts: Sequence[str], parameters: Mapping[str, Parameter], groups: Mapping[str, Sequence[str]]
) -> tuple[Factor, ...]:
    """The factors that the texts and groups name; every used parameter with a range if none.

    Raises ConfigError with every unknown name, missing or reversed range.
    """
    used = used_parameters()
    own = {n: p for n, p in parameters.items() if n in used}
    named = {t.partition("=")[0].strip() for t in texts}
    members = [m for g in groups.values() for m in g if m not in named]
    texts = [*texts, *members]
    if not texts:
        texts = [n for n, p in sorted(own.items()) if p.is_uncertain]
    faults: list[str] = []
    found: dict[str, Factor] = {}
    for text in texts:
        try:
            factor = _parse(text, parameters, used)
        except SimError as error:
            faults.append(str(error))
            continue
        if factor.name in found:
            faults.append(fault(f"--over {text}", f"{factor.name} stands twice", "keep one"))
        found[factor.name] = factor
    cells = [("--over", name, 1.0) for name in found]
    raise_all(ConfigError, [*faults, *conflicts(parameters, cells, "sweep")])
    return tuple(found.values())


def used_parameters() -> set[str]:
    """Parameters that can move an output: those of the stages, and those a plan's figure needs."""
    return {*pipeline.parameter_names(), *reduce.PARAMETERS}


def taken(design: Design, factors: Sequence[Factor]) -> Floats:
    """What each run takes (run, factor): 0..1 of a range, the place in a list; NaN the centre.

    Morris's levels 0 and 1 stand for the 5 and 95 % point of a parameter's own distribution, and
    for the ends of a stated range.
    """
    points = design.places()
    if design.method == "morris":
        low, high = MORRIS_SPAN
        for i, factor in enumerate(factors):
            if factor.kind == "range":
                points[:, i] = low + (high - low) * points[:, i]
    return points


def parse_groups(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """`--group NAME=a,b` as name -> members.

    Raises ConfigError for another form, a name or a member that stands twice.
    """
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, _, members = text.partition("=")
        parts = tuple(m.strip() for m in members.split(",") if m.strip())
        if not name.strip() or not parts or name in found:
            raise ConfigError(fault(f"--group {text}", "is not NAME=a,b", "name each group once"))
        found[name.strip()] = parts
    check_groups(found)
    return found


def check_groups(groups: Mapping[str, Sequence[str]]) -> None:
    """Raise ConfigError if a parameter belongs to two groups."""
    owner: dict[str, str] = {}
    for name, members in groups.items():
        for member in members:
            if member in owner:
                wrong = f"{member} belongs to '{owner[member]}' too"
                raise ConfigError(fault(f"--group {name}", wrong, "one group for each"))
            owner[member] = name


def _parse(text: str, parameters: Mapping[str, Parameter], used: set[str]) -> Factor:
    place = f"--over {text}"
    name, _, values = (part.strip() for part in text.partition("="))
    key = _key(name, parameters, place)
    parameter = parameters[key]
    if key not in used:
        raise ConfigError(fault(place, f"no stage reads {key}", "it can move no output"))
    if parameter.is_method:
        return _method(place, name, parameter, values)
    if not values:
        if name != key:
            wrong, remedy = "one cell has no range of its own", f"write {name}=LOW:HIGH"
            raise ConfigError(fault(place, wrong, remedy))
        if not parameter.is_uncertain:
            remedy = f"write {name}=LOW:HIGH (in {parameter.record.unit}) or {name}=x0.9:x1.1"
            raise ConfigError(fault(place, f"{name} has no range", remedy))
        return Factor(name, key, "range")
    if ":" in values:
        factor = _between(place, name, key, values)
    else:
        chosen = tuple(v.strip() for v in values.split(","))
        numbers = _numbers(place, chosen)
        _different(place, [str(v) for v in numbers])
        rising = tuple(chosen[i] for i in np.argsort(numbers, kind="stable"))
        factor = Factor(name, key, "choice", choices=rising)
    _mask(parameter, name, place)
    return factor


def _key(name: str, parameters: Mapping[str, Parameter], place: str) -> str:
    parts = name.split(".")
    for cut in range(len(parts), 1, -1):
        if ".".join(parts[:cut]) in parameters:
            return ".".join(parts[:cut])
    raise ConfigError(fault(place, f"no parameter '{name}'", did_you_mean(name, [*parameters])))


def _method(place: str, name: str, parameter: Parameter, values: str) -> Factor:
    known = parameter.record.choices or ()
    chosen = tuple(v.strip() for v in values.split(",")) if values else known
    for value in chosen:
        if value not in known:
            raise ConfigError(fault(place, f"no method '{value}'", did_you_mean(value, known)))
    _different(place, chosen)
    return Factor(name, parameter.name, "choice", choices=tuple(c for c in known if c in chosen))


def _different(place: str, values: Sequence[str]) -> None:
    if len(values) < 2:
        raise ConfigError(fault(place, "one value alone moves nothing", "give two or more"))
    for value in values:
        if values.count(value) > 1:
            raise ConfigError(fault(place, f"{value} stands twice", "name each value once"))


def _between(place: str, name: str, key: str, values: str) -> Factor:
    ends = values.split(":")
    times = values.startswith("x")
    low, high = _numbers(place, [e.removeprefix("x") for e in ends])
    if low > high:
        shown = f"{ends[1]}:{ends[0]}"
        raise ConfigError(fault(place, f"the range is reversed: {values}", f"write {shown}"))
    if low == high:
        raise ConfigError(fault(place, f"the range {values} is empty", "two different ends"))
    return Factor(name, key, "times" if times else "between", low, high)


def _numbers(place: str, texts: Sequence[str]) -> list[float]:
    try:
        found = [float(t) for t in texts]
    except ValueError:
        wrong = f"{', '.join(texts)}: not all numbers"
        raise ConfigError(fault(place, wrong, "write NAME=LOW:HIGH or NAME=a,b")) from None
    if not np.isfinite(found).all():
        raise ConfigError(fault(place, "holds a value that is not finite", "give numbers"))
    return found


def _mask(parameter: Parameter, name: str, place: str) -> None:
    """A trial override, so that a wrong label is refused now."""
    try:
        override({parameter.name: parameter}, name, {"multiply": 1.0}, place)
    except ParameterError as error:
        raise ConfigError(str(error)) from None


def reached(sampler: Sampler, factor: Factor, points: Sequence[float]) -> tuple[tuple[str, ...], str]:
    """What a factor takes at these coordinates, as text, and the unit of that.

    A range over many cells is told by what it does to them: a factor, or what it adds.
    """
    record = sampler.parameters[factor.parameter].record
    if factor.kind == "choice":
        named = sampler.parameters[factor.parameter].is_method
        return tuple(factor.choices[int(p)] for p in points), "" if named else record.unit
    if factor.kind == "range":
        values, label = readable(sampler, factor.parameter, range(1, len(points) + 1), np.array(points))
    else:
        values = factor.values(np.array(points))
        label = "x central" if factor.kind == "times" else record.unit
    return tuple(f"{v:.5g}" for v in values), label


def readable(
    sampler: Sampler, name: str, draws: Sequence[int], own: Floats | None = None
) -> tuple[Floats, str]:
    """One number for each draw, and its unit: the value where there is one, else its factor or addition.

    own: probabilities at which the range is read instead of the draws' own.
    """
    parameter = sampler.parameters[name]
    deviation = sampler.deviation(name, draws, own)
    values = np.asarray(deviation.mean("year") if "year" in deviation.dims else deviation, float)
    spread = parameter.record.range
    assert spread is not None
    factor = unit(parameter.record.unit).factor
    if spread.scale == "value":
        return values / factor, parameter.record.unit
    if parameter.data.size == 1 and "year" not in deviation.dims:
        base = float(parameter.data.values.item())
        whole = base * values if spread.scale == "relative" else base + values
        return whole / factor, parameter.record.unit
    mean = ", mean of the years" if "year" in deviation.dims else ""
    if spread.scale == "relative":
        return values, f"x central{mean}"
    return values / factor, f"{parameter.record.unit} added{mean}"


def fixed_choices(factors: Sequence[Factor], row: Floats) -> tuple[tuple[str, str], ...]:
    """(name, value) of the choices of one point; those at NaN stay as they are."""
    return tuple(
        (f.name, f.choices[int(p)])
        for f, p in zip(factors, row, strict=True)
        if f.kind == "choice" and not np.isnan(p)
    )


def choose(
    parameters: Mapping[str, Parameter], choices: Sequence[tuple[str, str]]
) -> Mapping[str, Parameter]:
    """Parameters with these choices made."""
    for name, value in choices:
        key = _key(name, parameters, f"--over {name}")
        given = value if parameters[key].is_method else float(value)
        parameters = override(parameters, name, given, f"--over {name}")
    return parameters


def steer(sampler: Sampler, factors: Sequence[Factor], points: Floats) -> dict[str, xr.DataArray]:
    """All parameters, moved as the points (run, factor) say; dim draw = the runs."""
    columns = {f: points[:, i] for i, f in enumerate(factors) if f.kind != "choice"}
    ranges = {f.parameter: u for f, u in columns.items() if f.kind == "range"}
    out = sampler.steered(ranges)
    for factor, u in columns.items():
        if factor.kind != "range":
            out[factor.parameter] = _moved(sampler, factor, u, out[factor.parameter])
    return out


def _moved(sampler: Sampler, factor: Factor, points: Floats, current: xr.DataArray) -> xr.DataArray:
    parameter = sampler.parameters[factor.parameter]
    # the stated ends take the place of the range: that it could not follow there is no matter
    settled = replace(parameter, record=parameter.record.model_copy(update={"range": None}))
    ends = []  # what the parameter is at both ends: in between it moves along a straight line
    for value in (factor.low, factor.high):
        given = {"multiply": value} if factor.kind == "times" else value
        place = f"--over {factor.name}"
        changed = override({parameter.name: settled}, factor.name, given, place)
        ends.append(central(changed, sampler.years)[parameter.name])
    low, high = ends
    centre = central({parameter.name: parameter}, sampler.years)[parameter.name]
    runs = np.arange(len(points))
    share = xr.DataArray(np.nan_to_num(points), {"draw": runs}, ("draw",))
    stays = xr.DataArray(np.isnan(points), {"draw": runs}, ("draw",))
    cells = (low != centre) | (high != centre)
    moved = (low + (high - low) * share).where(cells & ~stays, current)
    return moved.transpose(*low.dims, "draw")
