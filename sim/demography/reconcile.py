"""Parts of a place made to add up to it, draw by draw, as they are projected: counties of a city.

Top-down, each component by itself: the whole stays as it is, the parts keep their own rates and share
out what it has. Year by year, on the people that the parts have after the year before:

    deaths      the force of mortality of every part times one factor k for each sex and age, at which
                the survivors add up: P s^k, solved for k
    births      rates by mother's age times one factor for each age, then by sex
    migrants    their own rates; what is missing to the whole's people falls on the parts in proportion
                to the people there
    people      survivors and migrants: they add up, and nobody is below 0

Each draw of the parts is reconciled with the same draw of the whole, so that their distribution adds
up too. Keilman (1985), Environment and Planning A 17(11), 1473-1498 (external consistency of stocks
and flows, proportional by component); Athanasopoulos, Ahmed & Hyndman (2009), International Journal
of Forecasting 25(1), 146-166 (top-down by the proportions of the forecasts); Panagiotelis et al.
(2023), European Journal of Operational Research 306(2), 693-706 (draw by draw); two margins at once:
Deming & Stephan (1940), Annals of Mathematical Statistics 11(4), 427-444.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.arrays import Floats
from sim.demography.kernel import deaths_by_age
from sim.schema import SEXES

_MADE = ("population", "net_migration", "births", "births_by_age", "deaths")
_FEMALE = SEXES.index("female")
_STEPS = 3  # of Newton; it starts next to the root, and what is left is shared out
_PASSES = 12  # over two margins; parts of one place are alike, so that each pass gains digits
_FILLED = 0.01  # of its share by size that no cell lies below: one part alone cannot hold a whole column
_LEAST = 1e-12  # share of survivors whose logarithm is followed; deaths that move nothing


@dataclass(frozen=True)
class People:
    """People and what moved them, of one place (part = 1) or of its parts along the first axis.

    population, net_migration, deaths, mx (part, year, sex, age, draw); births (part, year, sex,
    draw); births_by_age (part, year, age of the mother, draw). Stocks at 31 December, flows of the
    year; those of the first year are its rates applied to its stock.
    """

    population: Floats
    net_migration: Floats
    births: Floats
    births_by_age: Floats
    deaths: Floats
    mx: Floats


def reconcile(whole: People, parts: People) -> People:
    """The parts, adding up to the whole in people, births, deaths and migrants by sex and age.

    whole: with one part.  parts: as projected alone, same years, ages and draws.
    Returns the parts; each keeps people(t) = people(t-1) + births - deaths + migrants.
    """
    out = replace(parts, **{name: np.zeros_like(getattr(parts, name)) for name in _MADE})
    people = parts.population[:, :1].sum(axis=(2, 3), keepdims=True)
    size = people[:, 0] / people[:, 0].sum(axis=0)  # (part, sex 1, age 1, draw)
    _first_year(whole, parts, out, size)
    for t in range(1, parts.population.shape[1]):
        _year(whole, parts, out, t, size)
    return out


def _first_year(whole: People, parts: People, out: People, size: Floats) -> None:
    """The stock raked to the whole's, its flows with it."""
    own, w = parts.population[:, 0], whole.population[:, 0]
    now = raked(own, w, size)
    out.population[:, 0] = now
    grown = _ratio(now, own, 1.0)
    out.deaths[:, 0] = raked(parts.deaths[:, 0] * grown, whole.deaths[:, 0], size)
    _births(whole, parts, out, 0, grown[:, _FEMALE], size)
    moved = parts.net_migration[:, 0] * grown
    missing = whole.net_migration[:, 0] - moved.sum(axis=0)
    out.net_migration[:, 0] = moved + raked(now, missing, size)


def _year(whole: People, parts: People, out: People, t: int, size: Floats) -> None:
    """One year of all parts, on the people that they have at its start."""
    before, own_before, w_before = (p.population[:, t - 1] for p in (out, parts, whole))
    own_after, w_after = (p.population[:, t] - p.net_migration[:, t] for p in (parts, whole))
    start, own_start, w_start = (_cohorts(b) for b in (before, own_before, w_before))
    lived = _ratio(own_after, own_start, _ratio(w_after, w_start, 1.0))
    after = np.zeros_like(before)
    after[:, :, 1:] = _survivors(start, lived, w_after, size)[:, :, 1:]
    exposed = _ratio(
        before[:, _FEMALE] + after[:, _FEMALE], own_before[:, _FEMALE] + own_after[:, _FEMALE], 1.0
    )
    _births(whole, parts, out, t, exposed, size)
    born = out.births[:, t][:, :, None]
    young = _ratio(own_after[:, :, :1], parts.births[:, t][:, :, None], 1.0)
    after[:, :, :1] = _survivors(born, young, w_after[:, :, :1], size)
    start[:, :, :1] = born
    moved = parts.net_migration[:, t] * _ratio(after, own_after, 1.0)
    now = raked(np.maximum(after + moved, 0.0), whole.population[:, t], size)
    out.population[:, t] = now
    out.net_migration[:, t] = now - after
    lost = start - after
    by_age = np.maximum(deaths_by_age(parts.mx[:, t], before, after, lost), 0.0)
    out.deaths[:, t] = two_margins(by_age, lost.sum(axis=2), whole.deaths[:, t], size)


def _cohorts(people: Floats) -> Floats:
    """Those who are of each age at the year's end if they live: the two oldest together; none of age 0."""
    start = np.zeros_like(people)
    start[:, :, 1:] = people[:, :, :-1]
    start[:, :, -1] += people[:, :, -1]
    return start


def _births(whole: People, parts: People, out: People, t: int, women: Floats, size: Floats) -> None:
    """Births of a year by mother's age and by sex; women: of each age, over those of the part alone."""
    by_age = raked(parts.births_by_age[:, t] * women, whole.births_by_age[:, t], size[:, 0])
    out.births_by_age[:, t] = by_age
    share = _ratio(parts.births[:, t], parts.births[:, t].sum(axis=1, keepdims=True), 0.5)
    total = by_age.sum(axis=1)
    table = (share * total[:, None])[:, None]
    margin = whole.births[:, t][:, None]
    out.births[:, t] = two_margins(table, total[:, None], margin, size)[:, 0]


def _survivors(start: Floats, lived: Floats, total: Floats, size: Floats) -> Floats:
    """Survivors start lived^k of each part, k at which they are `total` together.

    start, lived (part, sex, age, draw); total (1, sex, age, draw).
    """
    log = np.log(np.clip(lived, _LEAST, 1.0))
    everybody = start.sum(axis=0)
    mean = np.log(np.clip(_ratio((start * lived).sum(axis=0), everybody, 1.0), _LEAST, 1.0))
    wanted = np.log(np.clip(_ratio(total[0], everybody, 1.0), _LEAST, 1.0))
    k = np.divide(wanted, mean, out=np.ones_like(mean), where=mean < -_LEAST)
    for _ in range(_STEPS):
        living = start * np.exp(k * log)
        slope = (living * log).sum(axis=0)
        gap = living.sum(axis=0) - total[0]
        k = np.maximum(k - np.divide(gap, slope, out=np.zeros_like(gap), where=slope < -_LEAST), 0.0)
    return raked(start * np.exp(k * log), total, size)


def raked(shares: Floats, total: Floats, size: Floats) -> Floats:
    """`shares` (part, ...) scaled to add up to `total`; by `size` where all of them are 0."""
    found = shares.sum(axis=0)
    some = found > 0
    scale = np.divide(
        total if total.ndim < shares.ndim else total[0], found, out=np.zeros_like(found), where=some
    )
    return np.where(some, shares * scale, size * total)


def two_margins(table: Floats, rows: Floats, columns: Floats, size: Floats) -> Floats:
    """A table (part, sex, cell, draw) whose sums over cells are `rows` and over parts `columns`.

    rows: (part, sex, draw).  columns: (1, sex, cell, draw), whose sum over cells is that of `rows`
    over parts.  Iterative proportional fitting that ends on the columns.
    """
    out = raked(np.maximum(table, _FILLED * size * columns), columns, size)
    for _ in range(_PASSES):
        out = out * _ratio(rows, out.sum(axis=2), 1.0)[:, :, None]
        out = raked(out, columns, size)
    return out


def _ratio(over: Floats, under: Floats, otherwise: Floats | float) -> Floats:
    """The ratio, and `otherwise` where nobody is under."""
    out = np.broadcast_to(np.asarray(otherwise, float), over.shape).copy()
    found: Floats = np.divide(over, under, out=out, where=np.broadcast_to(under > 0, over.shape))
    return found
