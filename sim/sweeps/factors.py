"""What a sweep moves: parameters by dotted name, with their own range or a stated one.

    NAME                 its own distribution
    NAME=LOW:HIGH        evenly between two values, in its file's unit
    NAME=xLOW:xHIGH      evenly between two multiples of its central value
    NAME=a,b,c           these values or, for a named method, these choices; each as likely

A named method alone stands for all its choices.  NAME may end in a coordinate label:
inpatient.alos.tertiary=7:10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.arrays import Floats
from sim.errors import ConfigError, ParameterError, SimError, fault, raise_all
from sim.known import count_names
from sim.params import Parameter, conflicts, override
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
    used = used_parameters(parameters)
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


def used_parameters(names: Iterable[str]) -> set[str]:
    """Parameters that can move an output: those of the stages, those a plan's figure needs, local counts.

    names: of the parameters that there are.
    """
    return {*pipeline.parameter_names(), *reduce.PARAMETERS, *count_names(names)}


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
    key = key_of(name, parameters, place)
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


def key_of(name: str, parameters: Mapping[str, Parameter], place: str) -> str:
    """The parameter that a factor's name begins with.  Raises ConfigError with the nearest name."""
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
    ends = [e.strip() for e in values.split(":")]
    times = values.startswith("x")
    if len(ends) != 2 or any(e.startswith("x") != times for e in ends):
        wrong = f"{values}: two ends, both values or both multiples"
        raise ConfigError(fault(place, wrong, "write NAME=LOW:HIGH or NAME=x0.9:x1.1"))
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
