"""Whether the people of a census table can be: sexes swapped or copied, a group in another unit.

parameters/observed_bounds.csv holds between which values men over women and a group over those beside it lie:
beyond anything counted in 3,344 places of 2020 and 2,886 of 2010.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.errors import fault
from sim.places.observed_checks import bounds_beside

_YOUNG, _OLD = 15, 60  # first ages of the groups that have bounds of their own
_FEW = 10  # one row in so many
_SAME_LABELS = ("female", "male")
Lines = Mapping[tuple[str, int], str]
"""(sex, first age) -> line of its row."""


def census_faults(path: Path, starts: Sequence[int], counts: Floats, lines: Lines) -> list[str]:
    """Counts that no place has: file, line | sex, ages and count | the bound it breaks.

    counts: persons (sex, group), female first.  A group of fewer people than the table's least says nothing.
    """
    bounds = bounds_beside(path)
    if "census_group" not in bounds or not counts.sum(axis=1).all():
        return []  # nobody of a sex is told where people are asked for
    least, _ = bounds["census_group"]
    women, men = counts
    if counts.sum() >= 2 * least * len(starts) and np.array_equal(women, men):
        wrong = "as many men as women in every age group"
        return [fault(str(path), wrong, "one column stands for both: give the people of each sex")]
    if _swapped(starts, counts, bounds, least):
        wrong = "more girls than boys, and more old men than old women"
        return [fault(str(path), wrong, "the sexes look swapped: swap female and male")]
    return [
        *_sexes(path, starts, counts, lines, bounds, least),
        *_neighbours(path, starts, counts, lines, bounds, least),
    ]


def fractions(path: Path, held: Mapping[tuple[str, int], float], lines: Lines) -> list[str]:
    """Counts with a fraction among whole ones; where most have one it is an estimate, or another unit."""
    broken = [key for key, value in held.items() if value != int(value)]
    if _FEW * len(broken) > len(held):
        return []
    remedy = "a count of whole persons, as the other rows: no point between thousands, no ten thousands"
    return [fault(f"{path}: line {lines[key]}", f"value {held[key]:.10g}", remedy) for key in broken]


def _swapped(
    starts: Sequence[int], counts: Floats, bounds: Mapping[str, tuple[float, float]], least: float
) -> bool:
    young = np.array(starts) < _YOUNG
    women, men = (np.array([people[young].sum(), people[-2:].sum()]) for people in counts)
    if (women + men < least).any() or not women.all() or "sexes_swapped" not in bounds:
        return False
    few, many = bounds["sexes_swapped"]
    ratios = men / women
    return bool(ratios[0] < few and ratios[1] > many)


def _sexes(
    path: Path,
    starts: Sequence[int],
    counts: Floats,
    lines: Lines,
    bounds: Mapping[str, tuple[float, float]],
    least: float,
) -> list[str]:
    faults = []
    for i, start in enumerate(starts):
        women, men = counts[:, i]
        low, high = bounds[f"men_per_woman_{_ages(start)}"]
        if women + men < least or low * women <= men <= high * women:
            continue
        few = _SAME_LABELS[int(men < women)]
        wrong = f"{men:.10g} men beside {women:.10g} women from age {start}"
        remedy = f"want {low:g} to {high:g} men for a woman: is one of them in another unit?"
        faults.append(fault(f"{path}: line {lines[few, start]}", wrong, remedy))
    return faults


def _ages(start: int) -> str:
    return "under_15" if start < _YOUNG else "15-59" if start < _OLD else "60+"


def _neighbours(
    path: Path,
    starts: Sequence[int],
    counts: Floats,
    lines: Lines,
    bounds: Mapping[str, tuple[float, float]],
    least: float,
) -> list[str]:
    """A group, by year of age, beside the geometric mean of those before and after it."""
    low, high = bounds["group_over_neighbours"]
    widths = np.diff(np.array(starts, float))  # the open group has none
    by_year = counts[:, :-1].sum(axis=0) / widths
    faults = []
    for i in range(1, len(by_year) - 1):
        around = float(np.sqrt(by_year[i - 1] * by_year[i + 1]))
        people = float(counts[:, i].sum())
        if around * widths[i] < least or low * around <= by_year[i] <= high * around:
            continue
        wrong = (
            f"{people:.10g} people from age {starts[i]}, {by_year[i] / around:.3g} times those beside them"
        )
        remedy = f"want {low:g} to {high:g} times: is it in another unit?"
        faults.append(fault(f"{path}: line {lines[_SAME_LABELS[0], starts[i]]}", wrong, remedy))
    return faults
