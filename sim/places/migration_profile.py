"""Who comes and who goes: migrants by age and sex from two censuses.

Census survival: the cohorts of the first census times the nation's ratio of the second to the first
are those expected without migration; what was counted over what was expected, per year of the
decade, is the rate at which migration moved the cohort. An error that both share with the nation
(the children whom 2010 missed) cancels. Siegel & Swanson (2004), The Methods and Materials of
Demography, 2nd ed., chapter 19.

By sex, a Rogers-Castro schedule is fitted to the rates of the sign that prevails, at ages 15-74 at
the end of the decade, averaged over the ages that each cohort went through; a second one to those of
the other sign where they are more than a trace. From 75 on more survivors than the nation has are
lower mortality (mortality.old_age_factor) as much as migrants, and are not fitted: a schedule that
still rises there goes on at the mean of the last cohort. Children go with their parents: their part
of the schedule is no outcome of the fit but a share of the highest yearly rate of a labour cohort.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats
from sim.demography.migration import STANDARD, fit_rogers_castro, rogers_castro
from sim.errors import ParameterError, fault

WIDTH = 5  # years of an age group
_FIRST, _LAST = 15, 70  # first ages of the groups fitted, at the end of the decade
_TRACE = 0.01  # share of all moves below which the other sign is not fitted
_NOTHING = 1e-9  # per year: rates below are those of the reference itself
_STARTS: tuple[tuple[int, dict[str, float]], ...] = (
    (7, {"mu2": 17.0}),
    (7, {"mu2": 20.0}),
    (7, {"mu2": 25.0}),
)
_LATE_STARTS: tuple[tuple[int, dict[str, float]], ...] = ((11, {"mu3": 50.0}), (11, {"mu3": 60.0}))
_EVALUATIONS = 200  # steps of a fit; further ones move no rate by a thousandth
_CHILD_PASSES = 2  # a further one moves no rate by a hundredth
_NO_CHILDREN = {"a1": 0.0, "alpha1": STANDARD["alpha1"]}
_NO_LABOUR = {"a2": 0.0, "alpha2": 0.1, "mu2": 20.0, "lambda2": 0.4, "c": 0.0}


@dataclass(frozen=True)
class Profiles:
    """Migrants of the decade: persons a year, and their shares by sex and single age."""

    inflow: float
    outflow: float
    profile_in: Floats
    """(sex, age), adding up to 1."""
    profile_out: Floats


def yearly_rates(
    first: Floats, second: Floats, nation_first: Floats, nation_second: Floats, years: int
) -> tuple[Floats, Floats]:
    """Yearly rate of net migration of each cohort, and its weight.

    first, second: persons by sex and five-year group 0-4, 5-9, ... (sex, group) of the earlier and
    the later census, `years` apart, the last group open; nation_*: the nation's.
    Returns the rate ln(counted / expected) / years of the cohorts that are in a closed group at both
    censuses, by their group at the later (sex, cohort), and the persons they were on average.
    """
    steps = years // WIDTH
    closed = first.shape[-1] - 1
    start = first[:, : closed - steps]
    ratio = nation_second[:, steps:closed] / nation_first[:, : closed - steps]
    expected, counted = start * ratio, second[:, steps:closed]
    held = (expected > 0) & (counted > 0)
    growth = np.log(np.divide(counted, expected, out=np.ones_like(counted), where=held))
    near = np.abs(growth) < 1e-12
    mean = np.where(near, counted, (counted - expected) / np.where(near, 1.0, growth))
    return growth / years, np.where(held, mean, 0.0)


def profiles(rates: Floats, weights: Floats, people: Floats, years: int, child_tie: float) -> Profiles:
    """Migrants by sex and single age who would come and go at the decade's rates.

    rates, weights: as yearly_rates gives them (sex, cohort), the first cohort in the group that
    begins at age `years`.  people: persons by sex and single age today (sex, age).  child_tie:
    level of the youngest over the highest yearly rate of a labour cohort.
    Where nothing moved (the nation against itself) both profiles follow the standard schedule and
    nobody comes or goes.
    """
    ages = np.asarray(np.arange(people.shape[-1]) + 0.5, float)
    first = (_FIRST - years) // WIDTH
    last = (_LAST - years) // WIDTH + 1
    middles = np.asarray(np.arange(_FIRST, _LAST + 1, WIDTH) + WIDTH / 2, float)
    flows = {1: np.zeros_like(people), -1: np.zeros_like(people)}
    for i in range(len(people)):
        y, w = rates[i, first:last], weights[i, first:last]
        if np.abs(y).max() < _NOTHING:
            continue
        for sign, schedule in _schedules(middles, y, w, years, child_tie).items():
            lived = _window(schedule, middles, years)
            rate, oldest = _not_younger(ages, schedule, middles[0] - years, lived[0]), lived[-1]
            flows[sign][i] += np.where(ages > _LAST + WIDTH, np.minimum(rate, oldest), rate) * people[i]
    standard = _shares(rogers_castro(ages, STANDARD) * people)
    profile = {s: _shares(f) if f.sum() > 0 else standard for s, f in flows.items()}
    return Profiles(float(flows[1].sum()), float(flows[-1].sum()), profile[1], profile[-1])


def _not_younger(ages: Floats, schedule: Mapping[str, float], youngest: float, mean: float) -> Floats:
    """The schedule's rates, its humps no higher below the youngest age fitted than they are there.

    mean: of the youngest cohort over the ages that it went through; a hump that stands at their
    beginning alone goes no higher below them.
    """
    rate = rogers_castro(ages, schedule)
    humps = {**schedule, "a1": 0.0}
    high, edge = rogers_castro(ages, humps), min(rogers_castro(np.array([youngest]), humps)[0], mean)
    children = schedule["a1"] * np.exp(-schedule["alpha1"] * ages)
    return np.where((ages < youngest) & (high > edge), children + edge, rate)


def _schedules(
    middles: Floats, y: Floats, w: Floats, years: int, child_tie: float
) -> dict[int, Mapping[str, float]]:
    """A schedule for each sign that moved more than a trace."""
    arriving, leaving = (float((w * np.maximum(s * y, 0)).sum()) for s in (1, -1))
    main = 1 if arriving >= leaving else -1
    found = {main: _fit(middles, np.maximum(main * y, 0.0), w, years, child_tie, _STARTS)}
    if min(arriving, leaving) > _TRACE * (arriving + leaving):
        other = np.maximum(-main * y, 0.0)
        found[-main] = _fit(middles, other, w, years, child_tie, (*_STARTS, *_LATE_STARTS))
    return found


def _fit(
    middles: Floats,
    y: Floats,
    w: Floats,
    years: int,
    child_tie: float,
    starts: tuple[tuple[int, dict[str, float]], ...],
) -> Mapping[str, float]:
    """The best of several starts, the earlier one where they are alike; then with its children.

    A late hump (11 parameters, no labour peak) has no children.
    """
    scaled = w / w.mean()

    def nearest(family: int, start: Mapping[str, float], fixed: Mapping[str, float]) -> dict[str, float]:
        return fit_rogers_castro(
            middles,
            y,
            parameters=family,
            start=start,
            fixed=fixed,
            weights=scaled,
            window=years,
            evaluations=_EVALUATIONS,
        )

    best: tuple[float, dict[str, float]] | None = None
    for family, start in starts:
        found = nearest(family, start, _NO_CHILDREN if family == 7 else _NO_CHILDREN | _NO_LABOUR)
        misfit = float((scaled * (_window(found, middles, years) - y) ** 2).sum())
        if best is None or misfit < best[0] * (1 - 1e-6):
            best = (misfit, found)
    assert best is not None
    schedule = best[1]
    if "a3" in schedule:
        return schedule
    for _ in range(_CHILD_PASSES):
        level = child_tie * float(_window({**schedule, "a1": 0.0}, middles, years).max())
        schedule = nearest(7, schedule, {**_NO_CHILDREN, "a1": level})
    return schedule


def _window(schedule: Mapping[str, float], middles: Floats, years: int) -> Floats:
    """The schedule's mean over the ages that each cohort went through."""
    back = np.arange(years) + 0.5
    return np.asarray(rogers_castro(np.maximum(middles[:, None] - back, 0.0), schedule).mean(axis=1))


def _shares(flow: Floats) -> Floats:
    total = flow.sum()
    if not total > 0:
        raise ParameterError(fault("migration", "nobody lives there", "a census with people in it"))
    return np.asarray(flow / total)


def five_year(counts: Floats, starts: tuple[int, ...]) -> Floats:
    """Groups 0, 1-4, 5-9, ... as 0-4, 5-9, ...; (sex, group)."""
    edges = [i for i, start in enumerate(starts) if start % WIDTH == 0]
    return np.asarray(np.add.reduceat(counts, edges, axis=1))
