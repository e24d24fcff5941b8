"""Whether the rates at which children of a place die can be: beside each other, and beside the level above.

A place's rate is that of the level above as places differ, and few deaths are chance on top of it: of a
county's births three deaths may be one or nine, of a city's hardly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.errors import fault
from sim.magnitude import looks, shifts
from sim.params import Parameter
from sim.params.above import LEAST, MOST
from sim.params.units import PER_1000
from sim.places.levels import COUNTRY, level_of
from sim.places.rare import SPREAD, TOGETHER, ends_by_chance
from sim.places.tables import Census

Above = Callable[[], Mapping[str, Parameter]]
_AGES = (1, 5)  # years of life of each of the rates


def child_faults(
    folder: Path, parameters: Mapping[str, Parameter], own: Mapping[int, Census], above: Above
) -> list[str]:
    """What is wrong with infant and under-five mortality that a region's folder states.

    folder: of the region, in `parameters/regions`.  own: its censuses by year.  above: gives the
    parameters of the level above.
    """
    rates = [parameters.get(name) for name in TOGETHER]
    stated = [p for p in rates if p is not None and p.file.parent == folder]
    faults = [*_of_nation(parameters)]
    if stated:
        faults += [*_order(*rates), *_unlikely(stated, above(), own)]
    return faults


def _of_nation(parameters: Mapping[str, Parameter]) -> Iterator[str]:
    """Rates of the nation below what no place is taken to pass, or many times what its death rates give."""
    mx, most = parameters.get("mortality.mx"), parameters.get(MOST)
    for name, ages in zip(TOGETHER, _AGES, strict=True):
        rate, lowest = parameters.get(name), parameters.get(f"{name}_lowest")
        if rate is None or lowest is None or level_of(rate) != COUNTRY:
            continue
        high = np.inf
        if mx is not None and most is not None and not mx.is_computed:
            died = 1.0 - np.exp(-mx.data.isel(age=slice(ages)).sum("age"))
            high = PER_1000 * float(most.data) * float(died.mean())
        if not _rate(lowest) <= _rate(rate) <= high:
            wrong = f"{_rate(rate):.4g} per 1000 of the nation"
            remedy = f"want {_rate(lowest):.4g} ({lowest.name}) to {high:.3g} ({MOST} times mortality.mx)"
            yield fault(f"{rate.file}: {name.partition('.')[2]}", wrong, remedy)


def _order(infant: Parameter | None, below_five: Parameter | None) -> Iterator[str]:
    """Infant deaths that are more than those below five, both by births."""
    if infant is None or below_five is None:
        return
    one, five = (_rate(p) for p in (infant, below_five))
    if one > five:
        wrong = f"{one:.4g} per 1000, below five {five:.4g} ({below_five.file.name})"
        yield fault(f"{infant.file}: infant_mortality", wrong, f"no more than {five:.4g}: check both units")


def _unlikely(
    stated: Sequence[Parameter], above: Mapping[str, Parameter], own: Mapping[int, Census]
) -> Iterator[str]:
    """Rates further from the level above than places differ and chance moves the deaths of a year."""
    if not own or not all(name in above for name in (SPREAD, LEAST, MOST)):
        return
    births, spread = _infants(own[max(own)]), float(above[SPREAD].data)
    for parameter in stated:
        level = above.get(parameter.name)
        if level is None or parameter.record.unlike or not births > 0:
            continue
        rate, there = _rate(parameter), _rate(level)
        low, high = _span(there, births, spread, above)
        if low <= rate <= high:
            continue
        name = parameter.name.partition(".")[2]
        wrong = f"{rate:.4g} per 1000 is {rate / there:.3g} times the {there:.4g} of {level.file}"
        remedy = f"want {low:.3g} to {high:.3g} by chance of {births:.0f} births"
        hint = looks(shifts(rate, low, high))
        yield fault(f"{parameter.file}: {name}", wrong, f"{remedy}{hint}, or say why in `unlike`")


def _span(there: float, births: float, spread: float, above: Mapping[str, Parameter]) -> tuple[float, float]:
    """Between which rates a place of so many births lies, `there` the level above, in its unit."""
    low, high = (PER_1000 * end / births for end in ends_by_chance(there * births / PER_1000, spread))
    least, most = (there * float(above[name].data) for name in (LEAST, MOST))  # told when the set is read
    return max(low, least) if low > 0 else low, min(high, most)


def _rate(parameter: Parameter) -> float:
    """Deaths per 1000 births, of a path in its first year."""
    return PER_1000 * float(parameter.data.values.ravel()[0])


def _infants(census: Census) -> float:
    """Births of a year: those counted at age 0, a year's part of the first group."""
    return float(census.counts[:, 0].sum()) / census.starts[1]
