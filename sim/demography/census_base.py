"""A census as the start of a projection: children made whole, single ages, moved to year's end.

`single_ages`, `births_since` and `later` make the base population of a place. A projection from an
earlier census (a backtest) starts from `census_base`: what a forecaster could have known then.
There children are multiplied by the nation's count of them in a reference population over the
census's; fertility by what the youngest say beside the nation's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.arguments import count_faults, positive_faults, rate_faults, refuse
from sim.arrays import Floats
from sim.demography.base_population import move_forward, split_groups, spread_open, years_lived
from sim.errors import ParameterError, fault
from sim.lifetable import infant_ax_by_sex

_OPEN_WIDTH = 5  # years of the group below the open one


def children_factor(reference: Floats, national: Floats, starts: Sequence[int], below: int) -> Floats:
    """By how much a census missed each age group: reference over counted below an age, 1 above.

    reference: persons by single age, both sexes, the nation's estimate (age,).  national: the
    nation's census (group,).  starts: first age of each group.  below: age, years.  Returns factors
    (group,).
    Raises ParameterError for people that are negative or groups that do not fit.
    """
    edges = np.array(starts)
    refuse(positive_faults("national", national, "persons", ("group",)))
    refuse(count_faults("reference", reference, ("age",)))
    if len(starts) != len(national) or (np.diff(edges) <= 0).any() or edges[-1] >= len(reference):
        wrong = f"{len(national)} groups, first ages {list(starts)}, {len(reference)} ages"
        raise ParameterError(fault("children_factor", wrong, "one rising first age for each group"))
    ratio = np.add.reduceat(reference, edges) / national
    return np.where(edges < below, ratio, 1.0)


def single_ages(groups: Floats, starts: Sequence[int], reference: Floats, mx: Floats) -> Floats:
    """A census by single age 0..100 on its own day; every group's total is kept.

    groups: persons (sex, group), the last group open.  starts: first age of each group.
    reference: the nation by single age (sex, age), its shape inside the groups.  mx: death rates
    (sex, age), by which the open group is spread.  Returns persons (sex, age).
    Raises ParameterError unless the groups are 0, 1-4, ... and as many as `starts`.
    """
    if groups.shape[-1] != len(starts) or starts[0] != 0 or starts[1] != 1:
        wrong = f"{groups.shape[-1]} groups, first ages {list(starts)}"
        raise ParameterError(fault("census", wrong, "groups 0, 1-4, 5-9, ..., the last open"))
    last = starts[-1]
    out = np.empty_like(reference)
    for i, counted in enumerate(groups):
        out[i, :last] = split_groups(counted[:-1], starts[:-1], last - 1, reference[i, :last])
        out[i, last:] = spread_open(counted[-1], counted[-2], years_lived(mx[i]), last, _OPEN_WIDTH)
    return out


def later(people: Floats, mx: Floats, part: float, births: Floats, migrants: Floats | None = None) -> Floats:
    """A population (sex, age) a part of a year on.

    mx: death rates (sex, age).  part: years, 0..1.  births: of that time (sex,).  migrants: net,
    of that time, persons (sex, age).
    """
    moved = [None] * len(people) if migrants is None else list(migrants)
    return np.stack(
        [move_forward(people[i], mx[i], part, float(births[i]), moved[i]) for i in range(len(people))]
    )


def births_since(infants: Floats, mx: Floats, part: float, births: Mapping[int, float], year: int) -> Floats:
    """Births by sex between a census and the end of its year.

    infants: age 0 of the census (sex,).  mx: death rates (sex, age).  part: years from the census to
    the year's end.  births: the nation's in the year before, the census year and the next.
    The births of the twelve months before the census are the infants over their survival; the time
    since has the nation's ratio of the yearly births at the year's end (mean of two years) to those
    of the twelve months.  Shared between the sexes as the infants are.
    """
    ax = infant_ax_by_sex(mx[:, :1], "wpp")[:, 0]
    dead = mx[:, 0] / (1 + (1 - ax) * mx[:, 0])
    born = infants / (1 - (1 - ax) * dead)
    turn = (births[year] + births[year + 1]) / 2
    before = part * births[year - 1] + (1 - part) * births[year]
    total = float(born.sum()) * part * turn / before
    counted = float(infants.sum())
    return np.asarray(total * infants / counted) if counted > 0 else np.zeros_like(infants)


def census_base(groups: Floats, starts: Sequence[int], reference: Floats, mx: Floats, part: float) -> Floats:
    """Population by sex and single age 0..100 a part of a year after the census.

    groups: persons (sex, group), the last group open.  reference: the nation by single age
    (sex, age), its shape inside the groups.  mx: death rates (sex, age).  part: years, 0..1; births
    of that time are those of the year before the census, as its age 0 tells them.
    Raises ParameterError for groups other than 0, 1-4, 5-9, .., shapes that differ, and as
    split_groups, spread_open and move_forward.
    """
    people = single_ages(groups, starts, reference, mx)
    return later(people, mx, part, groups[:, 0] * part)


def child_woman_ratio(
    groups: Floats, women: Floats, nation: Floats, nation_women: Floats, asfr: Floats
) -> float:
    """A region's TFR over the nation's: children of age 0 per woman weighted by age, both alike.

    groups, nation: persons by sex and group (sex, group), age 0 first.  women: by single age.
    asfr: the shape of fertility by age (age,).  An under-count of infants that both share cancels.
    Raises ParameterError for people or rates below 0, or nobody.
    """
    for name, array in (
        ("groups", groups),
        ("women", women),
        ("nation", nation),
        ("nation_women", nation_women),
    ):
        refuse(count_faults(name, array))
    refuse(rate_faults("asfr", asfr, ("age",)))
    if not (asfr * women).sum() > 0 or not nation[:, 0].sum() > 0:
        raise ParameterError(fault("child_woman_ratio", "no women or no children", "people of both"))
    own = groups[:, 0].sum() / (asfr * women).sum()
    other = nation[:, 0].sum() / (asfr * nation_women).sum()
    return float(own / other)
