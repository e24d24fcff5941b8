"""Whether the people of a census table can be: sexes swapped or copied, a group in another unit.

parameters/observed_bounds.csv holds between which values men over women and a group over those beside it lie:
beyond anything counted in 3,344 places of 2020 and 2,886 of 2010.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.errors import fault

_YOUNG, _OLD = 15, 60  # first ages of the groups that have bounds of their own
_CHILDREN, _AGED = 4, 3  # groups of those under 15, and of those of 75 and over
_FEW = 10  # one row in so many
_SAME_LABELS = ("female", "male")
Lines = Mapping[tuple[str, int], str]
"""(sex, first age) -> its line or cell."""
Bounds = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class _People:
    """A table and what bounds it: people (sex, group), female first; least: fewer of a group say nothing."""

    path: Path
    starts: Sequence[int]
    counts: Floats
    lines: Lines
    bounds: Bounds
    least: float

    def where(self, sex: str, start: int) -> str:
        """File and line or cell of a count."""
        return f"{self.path}: {self.lines[sex, start]}"


def census_faults(
    path: Path, starts: Sequence[int], counts: Floats, lines: Lines, bounds: Bounds
) -> list[str]:
    """Counts that no place has: file, line | sex, ages and count | the bound it breaks.

    counts: persons (sex, group), female first.  A group of fewer people than the table's least says nothing.
    lines: where each stands in the file.  bounds: of observed_bounds.csv; without them nothing is told.
    """
    if "census_group" not in bounds or not counts.sum(axis=1).all():
        return []  # nobody of a sex is told where people are asked for
    least, _ = bounds["census_group"]
    women, men = counts
    if counts.sum() >= 2 * least * len(starts) and np.array_equal(women, men):
        wrong = "as many men as women in every age group"
        return [fault(str(path), wrong, "one column stands for both: give the people of each sex")]
    people = _People(path, starts, counts, lines, bounds, least)
    if _swapped(people):
        wrong = "more girls than boys, and more old men than old women"
        return [fault(str(path), wrong, "the sexes look swapped: swap female and male")]
    return [*_sexes(people), *_neighbours(people)]


def sexes_like(counts: Floats, above: Floats) -> float:
    """How far the sexes of a place differ by age as those of the place above: cosine, -1..1.

    counts, above: persons (sex, group), female first.  Of the logarithms of men over women, over the groups
    in which both places have men and women; exchanging the sexes of one turns its sign.
    """
    both = (counts > 0).all(axis=0) & (above > 0).all(axis=0)
    own, other = (np.log(people[1, both] / people[0, both]) for people in (counts, above))
    length = float(np.sqrt((own**2).sum() * (other**2).sum()))
    return float((own * other).sum()) / length if length > 0 else 1.0


def ratios_of(counts: Floats) -> tuple[float, float]:
    """Men for 100 women under 15 and of 75 and over, in the groups of a census; NaN without women."""
    women, men = np.array([[p[:_CHILDREN].sum(), p[-_AGED:].sum()] for p in counts])
    young, old = np.divide(100 * men, women, out=np.full(2, np.nan), where=women > 0)
    return float(young), float(old)


def sexes_faults(
    where: str, counts: Floats, above: Floats, level: str, named: str, bounds: Bounds
) -> list[str]:
    """Men and women of a table who differ by age as the women and men of the place above do.

    where: the table, or the heads of its sexes.  level: of the place above.  named: its code and name.
    """
    least, _ = bounds.get(f"sexes_like_{level}", (-1.0, 1.0))
    like = sexes_like(counts, above)
    if counts.sum() < bounds.get("census_group", (0.0, 0.0))[0] or like >= least:
        return []
    own, around = ratios_of(counts), ratios_of(above)
    wrong = (
        f"for 100 women {own[0]:.0f} men under 15 and {own[1]:.0f} of 75 and over, in {named} "
        f"{around[0]:.0f} and {around[1]:.0f}; by age the sexes agree to {like:.2f}, want {least:g} to 1"
    )
    return [fault(where, wrong, "the sexes look swapped: swap female and male")]


def fractions(path: Path, held: Mapping[tuple[str, int], float], lines: Lines) -> list[str]:
    """Counts with a fraction among whole ones; where most have one it is an estimate, or another unit."""
    broken = [key for key, value in held.items() if value != int(value)]
    if _FEW * len(broken) > len(held):
        return []
    remedy = "a count of whole persons, as the other rows: no point between thousands, no ten thousands"
    return [fault(f"{path}: {lines[key]}", f"value {held[key]:.10g}", remedy) for key in broken]


def _swapped(people: _People) -> bool:
    young = np.array(people.starts) < _YOUNG
    women, men = (np.array([own[young].sum(), own[-2:].sum()]) for own in people.counts)
    if (women + men < people.least).any() or not women.all() or "sexes_swapped" not in people.bounds:
        return False
    few, many = people.bounds["sexes_swapped"]
    ratios = men / women
    return bool(ratios[0] < few and ratios[1] > many)


def _sexes(people: _People) -> list[str]:
    faults = []
    for start, (women, men) in zip(people.starts, people.counts.T, strict=True):
        low, high = people.bounds[f"men_per_woman_{_ages(start)}"]
        if women + men < people.least or low * women <= men <= high * women:
            continue
        few = _SAME_LABELS[int(men < women)]
        wrong = f"{men:.10g} men beside {women:.10g} women from age {start}"
        remedy = f"want {low:g} to {high:g} men for a woman: is one of them in another unit?"
        faults.append(fault(people.where(few, start), wrong, remedy))
    return faults


def _ages(start: int) -> str:
    return "under_15" if start < _YOUNG else "15-59" if start < _OLD else "60+"


def _neighbours(people: _People) -> list[str]:
    """A group, by year of age, beside the geometric mean of those before and after it."""
    low, high = people.bounds["group_over_neighbours"]
    widths = np.diff(np.array(people.starts, float))  # the open group has none
    together = people.counts.sum(axis=0)
    by_year = together[:-1] / widths
    faults = []
    for i, start in list(enumerate(people.starts))[1 : len(by_year) - 1]:
        around = float(np.sqrt(by_year[i - 1] * by_year[i + 1]))
        if around * widths[i] < people.least or low * around <= by_year[i] <= high * around:
            continue
        times = by_year[i] / around
        wrong = f"{together[i]:.10g} people from age {start}, {times:.3g} times those beside them"
        remedy = f"want {low:g} to {high:g} times: is it in another unit?"
        faults.append(fault(people.where(_SAME_LABELS[0], start), wrong, remedy))
    return faults
