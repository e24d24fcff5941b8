"""Staff by age, stepped through the years: who stays, who retires, who comes.

Each year N(a+1) = N(a) (1 - attrition) W(a+1) / W(a) + entrants, W the share still at work: 1 below the
retirement age, stay x exp(-leave x years since) above it.  W is looked at only from the first age on
that anybody retires at; cadres are taken so many at a time that their staff stays in the cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sim.arguments import count_faults, positive_faults, refuse, share_faults, value_faults
from sim.arrays import Floats, Integers
from sim.supply.compiled import compiled

_CACHED = 98_304  # numbers of one array (cadre, sex, age, draw) that stay in the cache beside another


@dataclass(frozen=True)
class StaffPath:
    """A cadre's projection: headcount at year end, entrants and leavers during the year."""

    headcount: Floats
    entrants: Floats
    leavers: Floats


def run_stock_flow(
    start: Floats,
    growth: Floats,
    half_life: Floats,
    attrition: Floats,
    stay: Floats,
    leave: Floats,
    retirement: Floats,
    entry: Floats,
    ages: Integers,
    *,
    multiplicative: bool | npt.NDArray[np.bool_],
    goal: Floats | None = None,
    exact: bool | npt.NDArray[np.bool_] = False,
    net: bool | npt.NDArray[np.bool_] = False,
) -> StaffPath:
    """Step staff by age through the years.

    start: headcount (cadre, sex, age, draw).  attrition, stay: (cadre, draw).  growth: (cadre,
    draw), or (year, cadre, draw) where each year has its own.  half_life: likewise, or (draw,).
    leave: (draw,).  retirement: statutory age (year, sex).  entry: share of entrants by age (cadre,
    sex, age).  ages: completed years, of the dim age.  multiplicative: growth is a share of last year's
    stock, else of the smaller of this and the first; of all cadres, or by cadre.  goal: headcount to
    hold (year, cadre, draw), NaN where a cadre grows by its own rate.  exact: it is held even where
    fewer would leave (a count), of all cadres or by cadre; else a stock shrinks no faster than people
    leave.  net: growth is what is left after all who leave (of a growing, young stock fewer than in the
    base year) had the retirement age not moved: as many enter then, and who stays longer comes on top,
    once; of all cadres or by cadre.
    Returns headcount, entrants, leavers, (year, cadre, draw).
    Raises ParameterError for people below 0, shares outside 0..1, a half-life not above 0, entrants
    that do not add up to one.
    """
    refuse(
        count_faults("start", start, ("cadre", "sex", "age", "draw")),
        value_faults("growth", growth, axes=("cadre", "draw")),
        positive_faults("half_life", half_life, "years, above 0"),
        share_faults("attrition", attrition, ("cadre", "draw")),
        share_faults("stay", stay, ("cadre", "draw")),
        count_faults("leave", leave, ("draw",)),
        positive_faults("retirement", retirement, "years of age", ("year", "sex")),
        share_faults("entry", entry, ("cadre", "sex", "age")),
        value_faults("entry, sum over sex and age", entry.sum(axis=(1, 2)), 1 - 1e-6, 1 + 1e-6),
    )
    years, cadres, draws = len(retirement), len(start), start.shape[-1]
    shape = (years, cadres, draws)
    fading = _fading(half_life, years)
    fading = fading.reshape(years, *[1] * (3 - fading.ndim), *fading.shape[1:])
    moved = np.broadcast_to(growth * fading, shape)
    held = np.full(shape, np.nan) if goal is None else goal
    path = StaffPath(*(np.zeros(shape) for _ in range(3)))
    of_stock, is_exact, is_net = (np.broadcast_to(f, cadres)[:, None] for f in (multiplicative, exact, net))
    law = _Law(leave, retirement, ages)
    for cut in _some_at_a_time(cadres, start[0].size):
        work = _Work(attrition[cut], stay[cut], law)
        own = StaffPath(path.headcount[:, cut], path.entrants[:, cut], path.leavers[:, cut])
        stocks = [_Stock(start[cut], work, entry[cut]) for _ in range(2)]
        _walk(work, stocks, own, moved[:, cut], held[:, cut], of_stock[cut], is_exact[cut], is_net[cut])
    return path


def _walk(
    work: _Work,
    stocks: Sequence[_Stock],
    path: StaffPath,
    growth: Floats,
    goal: Floats,
    of_stock: npt.NDArray[np.bool_],
    exact: npt.NDArray[np.bool_],
    net: npt.NDArray[np.bool_],
) -> None:
    """Fill the path of some cadres (year, cadre, draw); growth is of the year, as far as it has not faded.

    stocks: the staff, and beside it what they would be had the retirement age not moved.
    """
    staff, unmoved = stocks
    total = path.headcount[0] = staff.total
    still, paced = work.staying(0), bool(net.any())
    would_stay = unmoved.move(still)
    leaving = 1.0 - np.divide(would_stay, total, out=np.ones_like(total), where=total > 0)
    for t in range(1, len(growth)):
        before, known = path.headcount[t - 1], ~np.isnan(goal[t])
        reference = np.where(of_stock, before, np.minimum(total, before))
        wanted = (leaving + growth[t]) * reference
        there = staff.move(work.staying(t))
        if paced:  # as many enter, or leave besides, as if the retirement age had not moved
            grown = unmoved.total * (1.0 + growth[t])
            would_stay = would_stay if t == 1 else unmoved.move(still)
            wanted = np.where(net, grown - would_stay, wanted)
            share = _left(would_stay, grown, net & ~known)
            there, would_stay = staff.keep(share, there), unmoved.keep(share, would_stay)
        wanted = np.where(known, goal[t] - there, wanted)
        there = staff.keep(_left(there, goal[t], exact & known), there)
        entrants = path.entrants[t] = np.maximum(wanted, 0.0)  # a stock shrinks no faster than people leave
        path.leavers[t] = np.maximum(before - there, 0.0)  # a rounding error is no return
        path.headcount[t] = staff.enter(entrants, there)
        if paced:
            unmoved.enter(entrants, would_stay)
            unmoved.take(staff, known)  # a count holds for both


def _left(there: Floats, total: Floats, which: npt.NDArray[np.bool_]) -> Floats | None:
    """Share of those there that is left where the total is below them (cadre, draw); None if it nowhere is.

    which: where that holds: others have left.
    """
    with np.errstate(invalid="ignore"):
        fewer = (total < there) & which
    if not fewer.any():
        return None
    return np.divide(np.maximum(total, 0.0), there, out=np.ones_like(there), where=fewer)


class _Law:
    """Whom the retirement age lets go, by year, sex and age from the first on that anybody retires at."""

    def __init__(self, leave: Floats, retirement: Floats, ages: Integers) -> None:
        working = np.searchsorted(ages, retirement.min() - 1.0, side="right")  # ages at which all still work
        self.first = int(np.clip(working, 1, len(ages)))
        old, retires = ages[self.first - 1 :], retirement[:, :, None]
        self.below: Floats = np.clip(retires - old, 0.0, 1.0)[..., None]
        since = np.maximum(old - retires, 0.0)[..., None]
        self.beyond: Floats = np.exp(-leave * since) * (1.0 - self.below)
        """Of those who stay at the retirement age who is still at work, (year, sex, age, draw)."""


class _Work:
    """Who is still at work a year on, of some cadres: (cadre, sex, age, draw) from the first age on that
    a part of those before leave at.
    """

    def __init__(self, attrition: Floats, stay: Floats, law: _Law) -> None:
        self.kept = 1.0 - attrition
        self._stay, self._law, self.first = stay[:, None, None, :], law, law.first
        self._last = self._share(0)
        self._some_work = bool((stay.min() * law.beyond.min(axis=-1) + law.below[..., 0]).min() > 0)

    def staying(self, year: int) -> Floats:
        """Share that stays, of those who come to each age by the end of the year; years come in order.

        Of the base year as if the retirement age did not move.
        """
        fast = compiled()
        if fast is not None:
            stays = np.empty_like(self._last[:, :, 1:])
            law = self._law
            fast.stayed(
                self._stay[:, 0, 0], self.kept, law.beyond[year], law.below[year, ..., 0], self._last, stays
            )
            return stays
        now = self._share(year) if year else self._last
        then, self._last = self._last[:, :, :-1], now
        if self._some_work:
            stays = now[:, :, 1:] / then
        else:  # nobody at work, nobody stays
            stays = np.divide(now[:, :, 1:], then, out=np.zeros(then.shape), where=then > 0)
        np.minimum(stays, 1.0, out=stays)
        stays *= self.kept[:, None, None, :]
        return stays

    def _share(self, year: int) -> Floats:
        """W of a year."""
        share: Floats = self._stay * self._law.beyond[year]
        share += self._law.below[year]
        return share


class _Stock:
    """People of some cadres (cadre, sex, age, draw) on their way through the years."""

    def __init__(self, start: Floats, work: _Work, entry: Floats) -> None:
        self.total: Floats = start.sum(axis=(1, 2))
        self._people, self._later = start, np.empty(start.shape)
        self._is_own, self._kept, self._old = False, work.kept, work.first
        enters = np.flatnonzero(entry.any(axis=(0, 1)))
        self._enters = slice(int(enters[0]), int(enters[-1]) + 1)
        self._entry, self._entering = entry[:, :, self._enters, None], entry.sum(axis=(1, 2))[:, None]

    def move(self, staying: Floats) -> Floats:
        """Everybody a year older, as far as they stay; how many stay (cadre, draw)."""
        people, later, old = self._people, self._later, self._old
        fast = compiled()
        if fast is not None:
            total = np.empty_like(self.total)
            fast.moved(people, self._kept, staying, old, later, total)
            return total
        later[:, :, 0] = 0.0
        np.multiply(people[:, :, : old - 1], self._kept[:, None, None, :], out=later[:, :, 1:old])
        np.multiply(people[:, :, old - 1 : -1], staying, out=later[:, :, old:])
        return np.asarray(later.sum(axis=(1, 2)))

    def keep(self, share: Floats | None, there: Floats) -> Floats:
        """Keep a share of those who stayed (cadre, draw), all if None; how many that is."""
        if share is None:
            return there
        self._later *= share[:, None, None, :]
        return there * share

    def enter(self, entrants: Floats, there: Floats) -> Floats:
        """Let people in (cadre, draw), which ends the year; how many there are with those who stayed."""
        self._later[:, :, self._enters] += self._entry * entrants[:, None, None, :]
        spare = self._people if self._is_own else np.empty(self._later.shape)  # the start is the caller's
        self._people, self._later, self._is_own = self._later, spare, True
        self.total = there + entrants * self._entering
        return self.total

    def take(self, other: _Stock, where: npt.NDArray[np.bool_]) -> None:
        """Be as another stock at some cadres and draws."""
        if where.any():
            np.copyto(self._people, other._people, where=where[:, None, None, :])
            self.total = np.where(where, other.total, self.total)


def _some_at_a_time(cadres: int, numbers: int) -> list[slice]:
    """Slices of cadres, each of so many `numbers`, nearly equal."""
    count = min(cadres, -(-cadres * numbers // _CACHED))
    return [slice(*cut) for cut in pairwise(cadres * k // count for k in range(count + 1))]


def _fading(half_life: Floats, years: int) -> Floats:
    """What is left of the first growth in the middle of each year, (year, ...); base year first."""
    if half_life.ndim < 3 or (half_life == half_life[:1]).all():
        middle = np.arange(years).reshape(-1, *[1] * min(half_life.ndim, 2)) - 0.5
        return np.asarray(2.0 ** (-middle / (half_life if half_life.ndim < 3 else half_life[0])))
    halvings = np.cumsum(1.0 / half_life, axis=0) - 1.0 / half_life[:1]  # to the end of each year
    return np.asarray(2.0 ** -(halvings - 0.5 / half_life))
