"""The value that a table proposes for an indicator, and why: enough, reachable, never worse than today.

What is provided: the smallest value that is enough with the probability asked for, cut to what the
fastest lasting growth brings; where the need is a wish, enough with the probability `proposal.wish_p`
only, for a margin above a wish may stand empty. Coverage and outcomes: the best value that the trend
reaches with that probability. In both cases never worse than today's level, the national norm of need
and the figure of law, guideline or national plan in force in that year.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.adequacy import evidence
from sim.adequacy.bounds import Bound
from sim.adequacy.case import Case, nations_alone
from sim.adequacy.covered import reached
from sim.adequacy.effort import Effort, effort, from_no_stock
from sim.adequacy.judged import judge_standing
from sim.adequacy.kinds import kind_of
from sim.adequacy.revise import PROBABILITIES, WHOLE, on_safe_side
from sim.adequacy.series import median
from sim.adequacy.sufficient import Find, quantile_of
from sim.plan.targets import Target
from sim.propose.levels import Levels, expected, levels
from sim.saved.row import Row


@dataclass(frozen=True)
class Aim:
    """What a value is to be enough for.

    p: the probability asked for.  pace: growth a year of what is built, None for nothing.  wished: the
    probability that is aimed at where the need is a wish, None where it is none.
    """

    p: float
    pace: float | None = None
    wished: float | None = None


@dataclass(frozen=True)
class Proposal:
    """What is proposed for one indicator and year, in the plan's unit.

    enough: by probability, the value that is enough (of outcomes and coverage: that is reached); empty
    where nothing of the place stands behind it.
    value: the recommended one, as printed with `places` digits.  basis: what decides it: use, wish,
    trend, reach, present, norm or floor.  aim: what was asked.  row: the verdict on it, as a run of the
    plan gives it.
    """

    target: Target
    places: int
    levels: Levels
    enough: dict[float, float]
    carried: float | None
    value: float
    basis: str
    aim: Aim
    row: Row
    effort: Effort

    @property
    def p(self) -> float | None:
        """Probability that the value is enough; of outcomes and coverage, that it is reached."""
        return self.row.p_reached if self.row.p_enough is None else self.row.p_enough

    @property
    def p_trend(self) -> float | None:
        """Probability that the trend reaches the value without a plan."""
        return self.row.p_reached

    @property
    def asked_for(self) -> float | None:
        """The value that would do with the probability asked for; None where none is claimed."""
        return (
            min(self.enough.items(), key=lambda item: abs(item[0] - self.aim.p))[1] if self.enough else None
        )

    @property
    def falls_short(self) -> bool:
        """Whether what is provided is less than would be enough with the probability asked for."""
        enough = self.asked_for if self.levels.need is not None else None
        rises = kind_of(self.target).rises(self.target)
        return enough is not None and (self.value < enough if rises else self.value > enough)

    @property
    def beyond_reach(self) -> bool:
        """Whether the value is more than trend and fastest lasting growth bring."""
        found = self.levels
        if found.reach is None or self.is_the_nations:
            return False
        most = found.reach if found.trend is None else max(found.reach, found.trend[1])
        return self.value > most and self.basis != "reach"

    @property
    def is_the_nations(self) -> bool:
        """Whether nothing of the place stands behind it, as the verdict's own rule says."""
        return self.row.follows_nation

    @property
    def text(self) -> str:
        """The value as a plan prints it."""
        return f"{self.value:.{self.places}f}"


def recommend(case: Case, target: Target, places: int, now: int, aim: Aim) -> Proposal | None:
    """The proposal for one indicator and year; None where the model has no such series or
    the place nobody whom it is for.

    target: of the probe; its figure means nothing.  places: digits that are printed.  now: the year
    of today's level.  aim: what the value is to be enough for.
    """
    if target.basis and not (case.reading.people(target, target.year) > 0).all():
        return None  # a district without counties has no ambulances of counties
    found = levels(case, target, now, aim.pace)
    if found is None:
        return None
    provides = found.need is not None
    find = _finder(case, target)
    enough = {q: find(q)[0] for q in PROBABILITIES} if find is not None else {}
    bound = Bound(found.bounds(), falls=not kind_of(target).rises(target))
    wanted, basis = _wanted(found, find, aim, provides=provides)
    value, binding = bound.applied(wanted)
    basis = binding or basis
    upward = (not bound.falls) if provides or binding else bound.falls
    shown = on_safe_side(value, places, upward=upward, bound=bound)
    if shown is None:
        return None
    if target.unit == "%" and target.kind.of_whole:
        shown = min(shown, WHOLE)
    places = max(places, _digits(shown))
    held = replace(target, goal=shown * target.factor, step=0.5 * 10.0**-places if target.unit_base else 0.0)
    row = judged(case, held)
    return Proposal(
        target=held,
        places=places,
        levels=found,
        enough={} if row.follows_nation else enough,
        carried=None if row.follows_nation else _carried(case, target, aim.p),
        value=shown,
        basis=basis,
        aim=aim,
        row=row,
        effort=_effort(case, held, now, row),
    )


def _effort(case: Case, target: Target, now: int, row: Row) -> Effort:
    """What the value takes from today's stock on; of vehicles that access decides, the share of the fleet.

    Nothing a year where today's stock was not counted here.
    """
    took = effort(case.reading, target, target.year, target.goal / target.factor, now)
    if kind_of(target).effort == "cover":
        took = _covering(case, target, now, took)
    own = not target.kind.provides or case.knows_stock(target.variable, target.group)
    if row.follows_nation or not own:
        return from_no_stock(took)
    here = kind_of(target).standing(case.reading, target, now)
    if not target.kind.by_rule or here is None or took.count is None:
        return took
    stock = median(here.available)
    net = (took.count - stock) / (target.year - now)
    return replace(took, stock=stock, net=net, per_year=net, note="")


def _covering(case: Case, target: Target, now: int, took: Effort) -> Effort:
    """What a coverage takes from the people who are covered today, not from those who could be carried."""
    covered = reached(case.reading.measures, target, now)
    if covered is None or took.count is None:
        return took
    stock = median(covered)
    return replace(took, stock=stock, net=(took.count - stock) / (target.year - now))


def judged(case: Case, target: Target) -> Row:
    """The verdict on a target and what it rests on, as a run of its plan gives them."""
    entry = case.plan.vocabulary.indicators[target.indicator]
    row = Row(
        plan=case.plan.id,
        region=case.region,
        scenario=case.scenario,
        indicator_id=target.indicator,
        name_zh=entry.name_zh,
        name_en=entry.name_en,
        year=target.year,
        unit=target.unit,
    )
    row.hold(target, case.reading.basis(target))
    standing = kind_of(target).standing(case.reading, target, target.year)
    if standing is not None:
        judge_standing(case, target, standing, row)
        evidence.rest(case, target, target.year, row)
    rules = case.rules_on(target.indicator, target.scope, target.year)
    for rule in rules:
        row.say(f"{rule.note_en} / {rule.note_zh}")
    if nations_alone(rules):
        row.follow_nation()
    return row


def _wanted(found: Levels, find: Find | None, aim: Aim, *, provides: bool) -> tuple[float, str]:
    """What is aimed at before any bound, and why: need by use within reach, or what the trend reaches."""
    if find is None:  # a rule of access decides
        return (found.floor, "floor") if found.floor is not None else (_middle(found), "present")
    enough = find(aim.p if aim.wished is None else aim.wished)[0]
    if not provides:
        return enough, "trend"
    most = found.reach
    if most is not None and found.trend is not None:
        most = max(most, found.trend[1])
    if most is not None and enough > most:
        return most, "reach"
    return enough, "use" if aim.wished is None else "wish"


def _middle(found: Levels) -> float:
    return found.now[1] if found.now is not None else float("nan")


def _finder(case: Case, target: Target) -> Find | None:
    """How the value for a probability is found; of a coverage what is expected to be reached."""
    test = kind_of(target)
    if test.effort != "cover":
        return test.find(case.reading, target, target.year)
    reached = expected(case, target)
    return None if reached is None else quantile_of(reached, largest=True)


def _carried(case: Case, target: Target, p: float) -> float | None:
    """The largest coverage that staff and services can carry; None where it is no coverage."""
    test = kind_of(target)
    find = test.find(case.reading, target, target.year) if test.effort == "cover" else None
    value = find(p)[0] if find is not None else None
    return value if value is not None and np.isfinite(value) else None


def _digits(value: float, most: int = 6) -> int:
    """Digits after the point that a value printed on its safe side has."""
    return next((n for n in range(most) if abs(round(value, n) - value) < 1e-9 * max(abs(value), 1.0)), most)
