"""Base population: census age groups to single ages at the end of the census year.

1. Inside each census group the single ages follow a reference pattern (the nation's single ages),
   tilted by the smooth ratio of region to reference; group totals are kept exactly.
2. The open group is spread over single ages by the life table of a stable population.
3. From census day to 31 December: people age, die and move for a part of a year.
"""

from __future__ import annotations

import numpy as np

from sim.agegroups import split_groups
from sim.arguments import count_faults, positive_faults, rate_faults, refuse
from sim.arrays import Floats
from sim.errors import ParameterError, fault
from sim.roots import root

__all__ = ["move_forward", "split_groups", "spread_open"]

_GROWTH_BOUNDS = (-0.5, 0.5)  # search interval of a growth rate, per year


def spread_open(total: float, before: float, Lx: Floats, start: int, width: int) -> Floats:
    """The open age group by single ages, as in a stable population.

    total: persons aged `start` and over.  before: persons in the group of `width` years below it.
    Lx: person-years lived by single age from 0, last one open.  Age x holds a share of
    Lx exp(-r (x - start)); the growth rate r is the one at which the group below and the open
    group stand as counted.  Standard identity of stable population theory.
    Returns persons by single age start..len(Lx)-1; adds up to `total`.
    Raises ParameterError for people below 0, Lx not above 0, or ages that the life table lacks.
    """
    refuse(count_faults("total", total), count_faults("before", before))
    refuse(positive_faults("Lx", Lx, axes=("age",)))
    if not 0 < width <= start < len(Lx):
        wrong = f"start {start}, width {width}, {len(Lx)} ages"
        raise ParameterError(fault("spread_open", wrong, "0 < width <= start, below the last age"))
    ages = np.arange(len(Lx)) - start

    def weights(r: float) -> Floats:
        return np.asarray(Lx * np.exp(-r * ages))

    def misfit(r: float) -> float:
        w = weights(r)
        return float(w[start:].sum() * before - w[start - width : start].sum() * total)

    low, high = _GROWTH_BOUNDS
    r = root(misfit, low, high) if misfit(low) * misfit(high) < 0 else 0.0
    tail = weights(r)[start:]
    return np.asarray(total * tail / tail.sum())


def years_lived(mx: Floats) -> Floats:
    """Person-years lived by single age of a stationary population, death rates even within an age.

    mx: death rates per person-year (age,), the last age open.  Returns Lx (age,) with l0 = 1:
    L(x) = l(x) (1 - exp(-m)) / m, and l / m in the open age.
    """
    lx = np.exp(-np.concatenate([[0.0], np.cumsum(mx[:-1])]))
    Lx = lx * np.divide(-np.expm1(-mx), mx, out=np.ones_like(mx), where=mx > 0)
    Lx[-1] = lx[-1] / mx[-1]
    return np.asarray(Lx)


def move_forward(
    population: Floats, mx: Floats, part: float, births: float, net_migration: Floats | None = None
) -> Floats:
    """The population a part of a year later.

    population: persons by single age, last open (age,).  mx: death rates per person-year (age,).
    part: years, 0..1.  births: births in that time.  net_migration: persons in that time (age,).
    A share `part` of each age has its birthday; births live half of the time on average.
    Raises ParameterError if part is outside 0..1, ages differ, or people, rates or births are below 0.
    """
    if population.shape != mx.shape:
        wrong = f"{population.shape} people, {mx.shape} rates"
        raise ParameterError(fault("move_forward", wrong, "one rate for each age"))
    refuse(count_faults("population", population, ("age",)), rate_faults("mx", mx, ("age",)))
    refuse(count_faults("births", births))
    if not 0 <= part <= 1:
        raise ParameterError(fault("move_forward", f"part {part:g}", "a share of a year, 0..1"))
    alive = population * np.exp(-mx * part)
    birthday = part * alive
    birthday[-1] = 0.0
    later = alive - birthday
    later[1:] += birthday[:-1]
    later[0] += births * np.exp(-mx[0] * part / 2)
    return later if net_migration is None else later + net_migration
