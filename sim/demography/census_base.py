"""A census as the start of a projection: children made whole, single ages, moved to year's end.

For projections from an earlier census than the base of the parameters: what a forecaster could
have known then. Children are multiplied by the nation's count of them in a reference population
over the census's; fertility by what the youngest say beside the nation's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.arguments import count_faults, positive_faults, rate_faults, refuse
from sim.arrays import Floats
from sim.demography.base_population import move_forward, split_groups, spread_open
from sim.errors import ParameterError, fault
from sim.lifetable import table_columns

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


def census_base(groups: Floats, starts: Sequence[int], reference: Floats, mx: Floats, part: float) -> Floats:
    """Population by sex and single age 0..100 a part of a year after the census.

    groups: persons (sex, group), the last group open.  reference: the nation by single age
    (sex, age), its shape inside the groups.  mx: death rates (sex, age).  part: years, 0..1; births
    of that time are those of the year before the census, as its age 0 tells them.
    Raises ParameterError for groups other than 0, 1-4, 5-9, .., shapes that differ, and as
    split_groups, spread_open and move_forward.
    """
    if groups.shape[-1] != len(starts) or starts[0] != 0 or starts[1] != 1:
        wrong = f"{groups.shape[-1]} groups, first ages {list(starts)}"
        raise ParameterError(fault("census", wrong, "groups 0, 1-4, 5-9, ..., the last open"))
    out = np.empty_like(reference)
    last = starts[-1]
    for i in range(len(groups)):
        body = split_groups(groups[i, :-1], starts[:-1], last - 1, reference[i, :last])
        lived = _lived(mx[i])
        tail = spread_open(groups[i, -1], groups[i, -2], lived, last, _OPEN_WIDTH)
        births = groups[i, 0] * part
        out[i] = move_forward(np.concatenate([body, tail]), mx[i], part, births)
    return out


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


def _lived(mx: Floats) -> Floats:
    ax = np.full_like(mx, 0.5)
    ax[-1] = 1.0 / mx[-1]
    return np.asarray(table_columns(mx, ax, np.ones_like(mx))["Lx"])
