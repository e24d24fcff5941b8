"""Death rates that reach a stated life expectancy where a factor of its own by draw acts at old age."""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats, all_within, compact
from sim.demography.mortality import search_of, solve_shift
from sim.demography.mortality_compiled import Compiled, compiled
from sim.errors import ParameterError
from sim.lifetable import expectancy_by_sex, infant_pieces
from sim.schema import SEXES

PASSES = 4  # each takes the misfit of e0 down about tenfold


def solve_with_old_age(
    reference: Floats, target: Floats, factor: Floats, young: int, method: str, pattern: Floats | None
) -> Floats:
    """Rates (..., sex, age, draw), 1/year: the reference shifted, and times the factor from age `young` on.

    reference (..., sex, age), 1/year.  target (..., sex, draw): life expectancy of the result, years.  factor
    (draw,), above 0.  method, pattern: of `mortality.solve_shift`.  The factor's effect on life expectancy
    is taken back: shift, apply, and aim at as much more.
    Raises ParameterError as solve_shift does.
    """
    mx = np.empty((*reference.shape, target.shape[-1]))
    if method == "logit" and _compiled(reference, target, factor, young, mx):
        return mx
    aim = target.copy()
    for left in reversed(range(PASSES)):
        solve_shift(reference, aim, method, improvement=pattern, out=mx)
        mx[..., young:, :] *= factor
        if left:
            aim += target - expectancy_by_sex(mx)
    return mx


def _compiled(reference: Floats, target: Floats, factor: Floats, young: int, mx: Floats) -> bool:
    """Whether mx could be filled by what is compiled."""
    fast = compiled()
    if fast is None or not all_within(reference, 0.0) or not all_within(target):
        return False
    by = compact(factor)
    try:
        return all(
            _fill(fast, reference[cell], SEXES[cell[-1]], target[cell], by, young, mx[cell])
            for cell in np.ndindex(reference.shape[:-1])
        )
    except ParameterError:  # NumPy's way says where
        return False


def _fill(
    fast: Compiled, reference: Floats, sex: str, target: Floats, by: Floats, young: int, mx: Floats
) -> bool:
    """Fill the rates of one schedule, mx (age, draw); whether they are any."""
    search = search_of(reference, np.ones_like(reference), sex, "logit", "wpp")
    rows, pieces = search.schedule.rows, infant_pieces(sex)
    aim, e0 = target.copy(), np.empty(target.size)
    for _ in range(PASSES - 1):
        if not fast.expected(rows, np.exp(-search.shift(aim)), by, young, pieces, e0):
            return False
        aim += target - e0
    return fast.rates(rows, np.exp(-search.shift(aim)), by, young, mx)
