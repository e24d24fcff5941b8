"""Counts by age groups to single ages that follow a known pattern; the groups' totals are kept.

A count (persons, births) is split among the ages of its group, a rate or a share is the same for
each of them: who reads a table must know which of the two it holds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.arguments import count_faults, refuse, value_faults
from sim.arrays import Floats
from sim.errors import ParameterError, fault
from sim.monotone import monotone_cubic


def split_groups(groups: Floats, starts: Sequence[int], end: int, reference: Floats) -> Floats:
    """Census groups as single ages that follow a reference pattern.

    groups: persons (group,), >= 0.  starts: first age of each.  end: last age of the last group.
    reference: persons by single age starts[0]..end, the nation's.
    Returns persons by single age; the ages of each group add up to it exactly.  Cohort peaks and
    troughs of the reference survive; the ratio of region to reference moves smoothly with age.
    Raises ParameterError if a group has people where the reference has none, ages are out of order,
    or a number of people is negative or not finite.
    """
    edges = np.array([*starts, end + 1])
    if (np.diff(edges) <= 0).any():
        wrong = f"first ages {list(starts)}, last age {end}"
        raise ParameterError(fault("split_groups", wrong, "rising first ages, each once"))
    refuse(value_faults("groups", groups), count_faults("reference", reference, ("age",)))
    sums = np.add.reduceat(reference, edges[:-1] - edges[0])
    if groups.shape != sums.shape or len(reference) != end + 1 - starts[0]:
        wrong = f"{groups.shape[0]} groups and {len(reference)} reference ages"
        raise ParameterError(fault("split_groups", wrong, f"{len(starts)} groups to age {end}"))
    if (groups < 0).any():
        wrong = f"{groups.min():g} people in the group from age {edges[int(np.argmin(groups))]}"
        raise ParameterError(fault("split_groups", wrong, "counts are 0 or more"))
    if ((sums <= 0) & (groups > 0)).any():
        age = edges[:-1][(sums <= 0) & (groups > 0)][0]
        wrong = f"reference has nobody in the group from age {age}"
        raise ParameterError(fault("split_groups", wrong, "give a reference with people"))
    ratio = np.divide(groups, sums, out=np.zeros_like(sums), where=sums > 0)
    middle = (edges[:-1] + edges[1:] - 1) / 2
    ages = np.clip(np.arange(edges[0], end + 1), middle[0], middle[-1])
    tilt = monotone_cubic(middle, ratio, ages) if len(ratio) > 1 else ratio
    tilted = reference * np.maximum(tilt, 0.0)
    again = np.add.reduceat(tilted, edges[:-1] - edges[0])
    factor = np.divide(groups, again, out=np.zeros_like(again), where=again > 0)
    return np.asarray(tilted * np.repeat(factor, np.diff(edges)))


def split_evenly(groups: Floats, starts: Sequence[int], end: int) -> Floats:
    """Each group in equal parts on its ages; totals kept, signs too."""
    widths = np.diff([*starts, end + 1])
    return np.asarray(np.repeat(groups / widths, widths))


def cohorts_at(reference: Floats, years: int, to_age: int) -> Floats:
    """A pattern by single age some years later (earlier if negative): cohorts keep their sizes.

    reference: persons by single age (age,).  to_age: cohorts are followed below it; from it on, where
    deaths shape the ages more than births did, and at ages not yet born, the pattern stands as it is.
    A peak of births is found at the age that the cohort has then; deaths and moves below `to_age` are
    left to the totals of the groups.
    """
    ages = np.arange(len(reference))
    source = ages - years
    known = (source >= 0) & (ages < to_age) & (source < to_age)
    return np.where(known, reference[np.clip(source, 0, len(reference) - 1)], reference)
