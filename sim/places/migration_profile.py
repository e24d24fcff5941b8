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

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats
from sim.demography.migration import STANDARD, rogers_castro
from sim.errors import ParameterError, fault
from sim.places.schedule_fit import NAMES, Cohorts, fit_humps

WIDTH = 5  # years of an age group
_FIRST, _LAST = 15, 70  # first ages of the groups fitted, at the end of the decade
_MIDDLES = np.asarray(np.arange(_FIRST, _LAST + 1, WIDTH) + WIDTH / 2, float)
_TRACE = 0.01  # share of all moves below which the other sign is not fitted
_NOTHING = 1e-9  # per year: rates below are those of the reference itself
_NONE = 1e-12  # a constant that is held at nothing
_LABOUR = tuple({"a": 0.06, "alpha": 0.1, "mu": mu, "lambda": 0.4, "c": 0.003} for mu in (17.0, 20.0, 25.0))
_LATE = tuple({"a": 0.01, "alpha": 0.1, "mu": mu, "lambda": 0.2, "c": _NONE} for mu in (50.0, 60.0))
_LEAST = {"a": 1e-9, "alpha": 0.01, "mu": 15.0, "lambda": 0.01, "c": 1e-9}
_MOST = {"a": 2.0, "alpha": 2.0, "mu": 30.0, "lambda": 2.0, "c": 2.0}
_LATE_BOUNDS = ({"mu": 40.0, "c": _NONE}, {"mu": 75.0, "c": _NONE})
"""Where a fitted parameter may lie: heights and slopes per year, ages in years."""
_ALIKE = 1e-6  # share of the misfit by which a later start must be nearer to be taken
_CHILD_PASSES = 2  # a further one moves no rate by a hundredth
_NO_CHILDREN = {"a1": 0.0, "alpha1": STANDARD["alpha1"]}
_NO_LABOUR = {"a2": 0.0, "alpha2": 0.1, "mu2": 20.0, "lambda2": 0.4, "c": 0.0}
Flow = tuple[int, int]
"""Sex and sign: 1 arrives, -1 leaves."""
Hump = tuple[float, dict[str, float]]
"""Misfit and parameters."""
Asked = tuple[Cohorts, list[Mapping[str, float]]]
"""Rates to fit, and a start for each."""
Schedules = dict[Flow, Mapping[str, float]]
Fit = Generator[Asked, list[Hump], Schedules]
"""A place's schedules in the making."""
_ahead: dict[bytes, Schedules] = {}
_MOST_AHEAD = 4096


@dataclass(frozen=True)
class Moved:
    """The moves of a decade by cohort, and how children's follow from them."""

    rates: Floats
    """As yearly_rates gives them (sex, cohort), the first cohort in the group that begins at age `years`."""
    weights: Floats
    years: int
    child_tie: float
    """Level of the youngest over the highest yearly rate of a labour cohort."""

    @property
    def key(self) -> bytes:
        """What it holds."""
        return self.rates.tobytes() + self.weights.tobytes() + f"{self.years} {self.child_tie!r}".encode()


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
    flows = {1: np.zeros_like(people), -1: np.zeros_like(people)}
    moved = Moved(rates, weights, years, child_tie)
    if moved.key not in _ahead:
        fit_ahead([moved])
    for (i, sign), schedule in _ahead[moved.key].items():
        lived = _window(schedule, _MIDDLES, years)
        rate, oldest = _not_younger(ages, schedule, _MIDDLES[0] - years, lived[0]), lived[-1]
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


def fit_ahead(places: Sequence[Moved]) -> None:
    """Fit the schedules of many places in one batch: `profiles` of each then finds them, to the same bit."""
    if len(_ahead) > _MOST_AHEAD:
        _ahead.clear()
    fresh = {own.key: own for own in places}
    _ahead.update(zip(fresh, _together([_schedules(own) for own in fresh.values()]), strict=True))


def _schedules(moved: Moved) -> Fit:
    """A schedule for each sex and sign that moved more than a trace.

    The best of several starts, the earlier one where they are alike; then with its children.  The
    sign that prevails has a labour peak; the other one that or a late hump, which has no children.
    Humps to be fitted are asked for in steps, so that those of many places are fitted at once.
    """
    years, child_tie, middles = moved.years, moved.child_tie, _MIDDLES
    inside = slice((_FIRST - years) // WIDTH, (_LAST - years) // WIDTH + 1)
    rates, weights = moved.rates[:, inside], moved.weights[:, inside]
    guesses = _guesses(rates, weights)
    if not guesses:
        return {}
    back = np.arange(years) + 0.5
    lived = np.asarray(np.maximum(middles[:, None] - back, 0.0))

    def asked(flows: list[Flow], starts: list[Mapping[str, float]], children: Floats) -> Asked:
        observed = np.stack([np.maximum(sign * rates[i], 0.0) for i, sign in flows])
        scaled = np.stack([weights[i] / weights[i].mean() for i, _ in flows])
        return Cohorts(lived, observed, scaled, children), starts

    best: dict[Flow, Hump] = {}
    flows, starts = [flow for flow, _ in guesses], [start for _, start in guesses]
    nobody = np.zeros((len(guesses), len(middles)))
    for flow, found in zip(flows, (yield asked(flows, starts, nobody)), strict=True):
        if flow not in best or found[0] < best[flow][0] * (1 - _ALIKE):
            best[flow] = found
    humps = {flow: hump for flow, (_, hump) in best.items()}
    out: Schedules = {f: _named(hump, 0.0) for f, hump in humps.items()}
    with_children = [flow for flow, schedule in out.items() if "a3" not in schedule]
    for _ in range(_CHILD_PASSES):
        level = {f: child_tie * float(_window(_named(humps[f], 0.0), middles, years).max()) for f in out}
        part = np.exp(-STANDARD["alpha1"] * lived).mean(axis=1)
        held = np.stack([level[f] * part for f in with_children])
        again = yield asked(with_children, [humps[f] for f in with_children], held)
        humps |= {flow: hump for flow, (_, hump) in zip(with_children, again, strict=True)}
        out |= {flow: _named(humps[flow], level[flow]) for flow in with_children}
    return out


def _together(fits: Sequence[Fit]) -> list[Schedules]:
    """The schedules of some places, the humps that they ask for at the same time fitted in one batch."""
    out: dict[int, Schedules] = {}
    answers: dict[int, list[Hump] | None] = dict.fromkeys(range(len(fits)))
    while answers:
        asked: dict[int, Asked] = {}
        for i, answer in answers.items():
            try:
                asked[i] = next(fits[i]) if answer is None else fits[i].send(answer)
            except StopIteration as done:
                out[i] = done.value
        answers = dict(zip(asked, _batch(list(asked.values())), strict=True)) if asked else {}
    return [out[i] for i in range(len(fits))]


def _batch(asked: Sequence[Asked]) -> list[list[Hump]]:
    """What each asks for; all have cohorts that went through the same ages."""
    parts = [cohorts for cohorts, _ in asked]
    rates, weights, children = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("rates", "weights", "children")
    )
    found = _fitted(Cohorts(parts[0].ages, rates, weights, children), [s for _, own in asked for s in own])
    ends = np.cumsum([len(starts) for _, starts in asked]).tolist()
    return [found[end - len(starts) : end] for end, (_, starts) in zip(ends, asked, strict=True)]


def _guesses(rates: Floats, weights: Floats) -> list[tuple[Flow, Mapping[str, float]]]:
    """Starts for each flow that is more than a trace."""
    guesses: list[tuple[Flow, Mapping[str, float]]] = []
    for i, (y, w) in enumerate(zip(rates, weights, strict=True)):
        if np.abs(y).max() < _NOTHING:
            continue
        arriving, leaving = (float((w * np.maximum(s * y, 0)).sum()) for s in (1, -1))
        main = 1 if arriving >= leaving else -1
        guesses += [((i, main), start) for start in _LABOUR]
        if min(arriving, leaving) > _TRACE * (arriving + leaving):
            guesses += [((i, -main), start) for start in (*_LABOUR, *_LATE)]
    return guesses


def _fitted(cohorts: Cohorts, starts: Sequence[Mapping[str, float]]) -> list[Hump]:
    """Misfit and parameters of a hump for each cohort's rates, from its start and within its bounds."""
    late = [start["mu"] >= _LATE_BOUNDS[0]["mu"] for start in starts]
    low, high = (
        [all_of | (of_late if is_late else {}) for is_late in late]
        for all_of, of_late in zip((_LEAST, _MOST), _LATE_BOUNDS, strict=True)
    )
    start, least, most = (np.array([[row[n] for n in NAMES] for row in x]) for x in (starts, low, high))
    found, misfit = fit_humps(cohorts, start, least, most)
    return [(float(m), dict(zip(NAMES, f, strict=True))) for f, m in zip(found, misfit, strict=True)]


def _named(hump: Mapping[str, float], children: float) -> dict[str, float]:
    """The schedule of a hump: of labour with its children, or a late one."""
    late = hump["mu"] >= _LATE_BOUNDS[0]["mu"]
    own = {f"{name}{3 if late else 2}": hump[name] for name in NAMES[:-1]}
    if late:
        return _NO_CHILDREN | _NO_LABOUR | own
    return _NO_CHILDREN | own | {"a1": children, "c": hump["c"]}


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
