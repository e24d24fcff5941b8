"""The projection kernel: NumPy, draws last, a block of draws at a time, nothing allocated per year.

Axes: year, sex (0 female, 1 male), age (last group open), draw. An input's draw axis is 1 or the
block's; its year axis is 1 or the number of years. Rates per person-year, counts per interval of n
years; n is also the age width. Give it blocks of some hundred draws (see `blocks`): a year's arrays
then stay in cache, the cost per draw-year does not depend on the number of draws in all, and memory
is that of a block. A draw's result never depends on the other draws.

Migration: "end" (all at the end of the interval, births on the mean of women at its start and at
its end before migration: the UN's in WPP 2024), "split" (half at the start, half at the end,
births on the mean of start plus half the migrants and the final population: Preston, Heuveline and
Guillot 2001, chapter 6), "even" (spread over the interval: a cohort's migrants live half of it
here, births on the mean of the start and the final population).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from sim.arguments import rate_faults, refuse, value_faults
from sim.arrays import INFINITE, Floats, all_within, compact
from sim.demography.kernel_compiled import Compiled, compiled
from sim.errors import BalanceError, ParameterError, fault
from sim.lifetable import infant_ax_by_sex, infant_pieces, mx_to_sx
from sim.schema import SEXES

MIGRATION = ("end", "split", "even")
BLOCK = 256  # draws; a year's arrays of one block fit a second-level cache


@dataclass
class Block:
    """What a projection of a block of draws gives. Stocks have one year more than flows.

    population (year+1, sex, age, draw); births (year, sex, draw); births_by_age (year, age of the
    mother over `fertile`, draw); deaths (year, sex, age AT THE END of the interval, draw): with
    them population(t, x) = population(t-1, x-n) - deaths(t, x) + net_migration(t, x) in every cell
    of "end" and "even".
    """

    population: Floats
    births: Floats
    births_by_age: Floats
    fertile: slice
    deaths: Floats | None = None
    capped_migration: Floats | None = None


def project_block(
    base: Floats,
    *,
    asfr: Floats,
    srb: Floats,
    sx: Floats | None = None,
    mx: Floats | None = None,
    net_migration: Floats | None = None,
    fertile: slice = slice(10, 55),
    migration: str = "end",
    n: int = 1,
    ax_rule: str = "wpp",
    deaths: bool = True,
    out_migration: str = "refuse",
    least: Floats | None = None,
    out: Block | None = None,
) -> Block:
    """Project one block of draws by sex and single age (or by n-year groups over n-year steps).

    base (sex, age, draw), persons; sx or mx (year, sex, age, draw); asfr (year, age in `fertile`,
    draw), per woman-year; srb (year, draw), males per female birth; net_migration (year, sex, age,
    draw), persons per interval.  deaths=False skips that output.  out_migration "refuse" raises
    where more leave than live there; "cap" lets the group end at what `least` says and returns what
    really migrated.  least (year, sex, age, draw): persons of whom no fewer stay at the interval's end,
    as far as there are so many before anybody leaves; those who would, leave at the other ages, in
    proportion to the people above this bound, as far as there are such; 0 if None.  out: a Block of
    the same shape to write into.
    Raises ParameterError for shapes, names and rates below 0 or not finite, BalanceError for a
    population that is negative or no number.
    """
    inputs = _Inputs(base, asfr, srb, sx, mx, net_migration, fertile, migration, n, ax_rule, least)
    block = out if out is not None else _empty(inputs, deaths, out_migration)
    block.population[0] = base
    if not _project(inputs, block) and out_migration != "cap":
        _refuse_negative(block.population, "population", ("year", "sex", "age", "draw"))
    return block


def blocks(draws: int, size: int = BLOCK) -> Iterator[slice]:
    """Slices of at most `size` draws, nearly equal."""
    count = max(1, -(-draws // size))
    edges = [draws * i // count for i in range(count + 1)]
    yield from (slice(a, b) for a, b in pairwise(edges))


def deaths_by_age(
    mx: Floats, start: Floats, end: Floats, cohort_deaths: Floats, ax_rule: str = "wpp"
) -> Floats:
    """Deaths of a year by age at death, from the same deaths by age at the end of the year.

    mx, start, end, cohort_deaths (..., sex, age, draw), single years: start is the population that
    is exposed from the start, end the survivors before migration. deaths(x) = mx [ax start(x) +
    (1 - ax) end(x)]; the open group takes the rest, so that the sum over age is the same.
    """
    deaths = np.empty_like(cohort_deaths)
    np.multiply(0.5 * mx, start + end, out=deaths)
    a0 = infant_ax_by_sex(mx[..., 0, :], ax_rule)
    deaths[..., 0, :] = mx[..., 0, :] * (a0 * start[..., 0, :] + (1.0 - a0) * end[..., 0, :])
    deaths[..., -1, :] = _sum_ages(cohort_deaths) - _sum_ages(deaths[..., :-1, :])
    return deaths


@dataclass
class _Inputs:
    """Inputs of a block, checked for shape, the draw axis 1 or the block's."""

    base: Floats
    asfr: Floats  # (year, fertile age, draw)
    srb: Floats
    sx: Floats | None
    mx: Floats | None
    net_migration: Floats | None
    fertile: slice
    migration: str
    n: int
    ax_rule: str
    least: Floats | None = None
    girls: Floats = field(init=False)  # share of births, (year, draw)
    years: int = field(init=False)
    draws: int = field(init=False)

    def __post_init__(self) -> None:
        if (self.sx is None) == (self.mx is None):
            raise ParameterError(fault("kernel", "give either sx or mx", "one of the two"))
        if self.migration not in MIGRATION:
            raise ParameterError(
                fault("migration", f"{self.migration!r} unknown", "one of " + ", ".join(MIGRATION))
            )
        ages = self.base.shape[1]
        fertile = self.fertile.stop - self.fertile.start
        mortality = self.sx if self.sx is not None else self.mx
        assert mortality is not None
        flows = [mortality, self.asfr, self.srb]
        shapes = [("base", self.base, (2, ages)), ("asfr", self.asfr[0], (fertile,))]
        shapes.append(("sx or mx", mortality[0], (2, ages)))
        if self.net_migration is not None:
            flows.append(self.net_migration)
            shapes.append(("net_migration", self.net_migration[0], (2, ages)))
        self.years = max(a.shape[0] for a in flows)
        self.draws = max(self.base.shape[-1], *(a.shape[-1] for a in flows))
        for name, array, axes in shapes:
            fits = array.shape[:-1] == axes
            if not fits or array.shape[-1] not in (1, self.draws):
                raise ParameterError(
                    fault(name, f"shape {array.shape}", f"{axes} and draws 1 or {self.draws}")
                )
        if any(a.shape[0] not in (1, self.years) for a in flows):
            raise ParameterError(fault("kernel", "year axes differ", f"1 or {self.years}"))
        refuse(value_faults("srb", self.srb, 0.0, axes=("year", "draw"), remedy="males per female birth"))
        self.girls = 1.0 / (1.0 + self.srb)
        if self.mx is not None and self.mx.shape[-1] == 1:
            refuse(self.rate_faults())
            self.sx, self.mx = mx_to_sx(self.mx, self.n, self.ax_rule), None
        self.base = np.broadcast_to(self.base, (2, ages, self.draws))

    @property
    def checks_later(self) -> bool:
        """Whether rates are seen by what is made of them: without migrants nothing else is below 0."""
        return self.net_migration is None and self.sx is not None

    def checked(self, rates: Floats, year: int, *, later: bool = False) -> Floats:
        """Rates of a year, looked at as they come into the cache; raises ParameterError for all years'.

        later: not yet, where `checked_later` sees them too.
        """
        own = _at(rates, year)
        if not (later and self.checks_later) and not all_within(own, 0.0):
            refuse(self.rate_faults())
        return own

    def checked_later(self, block: Block, year: int) -> bool:
        """Whether people and births of a year are sound; raises ParameterError where their rates are not.

        They are in the cache yet, and the rates are not.  A rate below 0 leaves its sign, of nobody too.
        """
        made = block.births_by_age[year], block.population[year + 1]
        if all(array.view(np.uint64).max() < INFINITE for array in made):
            return True
        refuse(self.rate_faults())
        return all_within(block.population[year + 1], 0.0)

    def rate_faults(self) -> list[str]:
        mortality = self.sx if self.sx is not None else self.mx
        assert mortality is not None
        asfr = rate_faults("asfr", self.asfr, ("year", "age", "draw"))
        return [*asfr, *rate_faults("sx or mx", mortality, ("year", "sex", "age", "draw"))]


def _empty(inputs: _Inputs, deaths: bool, out_migration: str) -> Block:
    if out_migration not in ("refuse", "cap"):
        raise ParameterError(fault("out_migration", f"{out_migration!r} unknown", "refuse or cap"))
    years, draws = inputs.years, inputs.draws
    ages, fertile = inputs.base.shape[1], inputs.asfr.shape[1]
    cells = (years, 2, ages, draws)
    return Block(
        population=np.empty((years + 1, 2, ages, draws)),
        births=np.empty((years, 2, draws)),
        births_by_age=np.empty((years, fertile, draws)),
        fertile=inputs.fertile,
        deaths=np.empty(cells) if deaths else None,
        capped_migration=np.empty(cells) if out_migration == "cap" else None,
    )


def _project(inputs: _Inputs, block: Block) -> bool:
    """Fill the block; whether nobody is below 0, nor no number, in any year."""
    sound = all_within(block.population[0], 0.0)
    ages = inputs.base.shape[1]
    fast = compiled() if _whole(inputs, block) else None
    if fast is not None and inputs.sx is not None and inputs.net_migration is None:
        _grow(fast, inputs, block, inputs.sx, slice(0, inputs.years))
        return all_within(block.population[-1], 0.0) and sound  # what is no number goes on to the open group
    survival = np.empty((2, ages, inputs.draws)) if inputs.mx is not None else None
    work = np.empty((2, ages, inputs.draws))
    for year in range(inputs.years):
        if inputs.mx is not None:
            sx = _survival(fast, inputs.checked(inputs.mx, year), inputs, survival)
        else:
            assert inputs.sx is not None
            sx = inputs.checked(inputs.sx, year, later=True)
        migrants = None if inputs.net_migration is None else _at(inputs.net_migration, year)
        if fast is None:
            _step(inputs, block, year, sx, migrants, work)
            if inputs.checks_later:
                sound = inputs.checked_later(block, year) and sound
                continue
        else:
            _grow(fast, inputs, block, sx[None], slice(year, year + 1))
            _come(fast, inputs, block, year, migrants)
        sound = all_within(block.population[year + 1], 0.0) and sound
    return sound


def _whole(inputs: _Inputs, block: Block) -> bool:
    """Whether what is compiled has this: single years, migrants at the end, every array of all draws."""
    mortality = inputs.sx if inputs.sx is not None else inputs.mx
    arrays = [mortality, inputs.asfr]
    if inputs.net_migration is not None:
        if inputs.migration != "end" or inputs.least is None or block.capped_migration is None:
            return False
        arrays += [inputs.net_migration, inputs.least]
    whole = all(array is not None and array.shape[-1] == inputs.draws for array in arrays)
    return whole and inputs.n == 1 and block.deaths is None and inputs.base.shape[1] > 2


def _survival(fast: Compiled | None, mx: Floats, inputs: _Inputs, out: Floats | None) -> Floats:
    if fast is None or out is None:
        return mx_to_sx(mx, inputs.n, inputs.ax_rule, out=out)
    fast.survival(compact(mx), np.stack([infant_pieces(sex, inputs.ax_rule) for sex in SEXES]), out)
    return out


def _grow(fast: Compiled, inputs: _Inputs, block: Block, sx: Floats, years: slice) -> None:
    """Fill people and births of some years, without migrants, by what is compiled."""
    count = years.stop - years.start
    cut = years if inputs.asfr.shape[0] > 1 else slice(0, 1)
    survival, asfr = (compact(_repeated(rates, count)) for rates in (sx, inputs.asfr[cut]))
    girls = np.empty((count, inputs.draws))
    girls[:] = inputs.girls[years] if inputs.girls.shape[0] > 1 else inputs.girls
    people = block.population[years.start : years.stop + 1]
    out = people, block.births[years], block.births_by_age[years]
    bits = survival.view(np.uint64), asfr.view(np.uint64)
    highest = fast.people(survival, asfr, girls, inputs.fertile.start, *out, *bits)
    if highest >= INFINITE:
        refuse(inputs.rate_faults())


def _come(fast: Compiled, inputs: _Inputs, block: Block, year: int, migrants: Floats | None) -> None:
    """Add the migrants of a year, of whom enough stay, by what is compiled."""
    if migrants is not None and inputs.least is not None and block.capped_migration is not None:
        stay, after = compact(_at(inputs.least, year)), block.population[year + 1]
        fast.arrived(compact(migrants), stay, after, block.capped_migration[year])


def _repeated(rates: Floats, years: int) -> Floats:
    """Rates of every year; given for one they are those of all."""
    return np.repeat(rates, years, axis=0) if len(rates) < years else rates


def _step(
    inputs: _Inputs,
    block: Block,
    year: int,
    sx: Floats,
    migrants: Floats | None,
    work: Floats,
) -> None:
    """One interval: survive, births, migrants."""
    start = block.population[year]
    end = block.population[year + 1]
    halves = migrants is not None and inputs.migration == "split"
    if halves:
        assert migrants is not None
        start = np.add(start, 0.5 * migrants, out=work)
    _survive(start, sx, end)
    births_by_age = block.births_by_age[year]
    _expose(inputs, start[0], end[0], migrants, sx[0], births_by_age)
    births_by_age *= inputs.checked(inputs.asfr, year, later=True)
    if inputs.n != 1:
        births_by_age *= inputs.n
    births = block.births[year]
    births[1] = _sum_ages(births_by_age)
    np.multiply(births[1], _at(inputs.girls, year), out=births[0])
    births[1] -= births[0]
    np.multiply(births, sx[:, 0], out=end[:, 0])
    if block.deaths is not None:
        lost = block.deaths[year]
        np.subtract(start[:, :-1], end[:, 1:], out=lost[:, 1:])
        lost[:, -1] += start[:, -1]
        np.subtract(births, end[:, 0], out=lost[:, 0])
    if migrants is not None:
        _arrive(inputs, block, year, sx, end, migrants)


def _survive(start: Floats, sx: Floats, end: Floats) -> None:
    """Cohorts one group on; the two oldest groups join in the open one. Age 0 stays unset."""
    np.multiply(start[..., :-1, :], sx[..., 1:, :], out=end[..., 1:, :])
    end[..., -1, :] += start[..., -1, :] * sx[..., -1, :]


def _expose(
    inputs: _Inputs, start: Floats, end: Floats, migrants: Floats | None, sx: Floats, out: Floats
) -> None:
    """Woman-years per year of the interval in the fertile ages."""
    ages = inputs.fertile
    np.add(start[ages], end[ages], out=out)
    if migrants is not None and inputs.migration != "end":
        out += _late_migrants(inputs, migrants[0], sx)[ages]
    out *= 0.5


def _late_migrants(inputs: _Inputs, migrants: Floats, sx: Floats) -> Floats:
    """Migrants of the interval who are there at its end besides those added at its start."""
    if inputs.migration == "split":
        return 0.5 * migrants
    if inputs.migration == "even":
        return migrants * (0.5 + 0.5 * sx)
    return migrants


def _arrive(inputs: _Inputs, block: Block, year: int, sx: Floats, end: Floats, migrants: Floats) -> None:
    late = _late_migrants(inputs, migrants, sx)
    if inputs.migration == "even" and block.deaths is not None:
        block.deaths[year] += migrants - late
    end += late
    if block.capped_migration is not None:
        added = _kept_back(end, late, None if inputs.least is None else _at(inputs.least, year))
        end += added
        np.add(migrants, added, out=block.capped_migration[year])


def _kept_back(end: Floats, late: Floats, least: Floats | None) -> Floats:
    """What is added to `end` (sex, age, draw) so that enough of each age stay; late: who came or left.

    Without `least` nobody is below 0, and fewer leave.  With it those who stay leave at other ages.
    """
    if least is None:
        return np.asarray(np.maximum(-end, 0.0))
    bound = np.minimum(least, np.maximum(end - late, 0.0))
    short: Floats = np.maximum(bound - end, 0.0)
    if not short.any():
        return short
    room = np.maximum(end - bound, 0.0)
    missing, free = short.sum(axis=(0, 1)), room.sum(axis=(0, 1))
    share = np.divide(missing, free, out=np.zeros_like(missing), where=free > missing)
    share[(missing > 0) & (free <= missing)] = 1.0
    return np.asarray(short - room * share)


def _sum_ages(array: Floats) -> Floats:
    """Sum over age, one age after the other, so that a lone draw adds up to the same bits."""
    total: Floats = np.cumsum(array, axis=-2)[..., -1, :] if array.shape[-1] == 1 else array.sum(-2)
    return total


def _at(array: Floats, year: int) -> Floats:
    row: Floats = array[year if array.shape[0] > 1 else 0]
    return row


def _refuse_negative(array: Floats, name: str, dims: tuple[str, ...]) -> None:
    if not all_within(array, 0.0):
        sound = (array >= 0.0) & (array < np.inf)
        where = np.unravel_index(int(np.argmin(sound)), array.shape)  # the first in time
        place = ", ".join(f"{d}={i}" for d, i in zip(dims, where, strict=True))
        raise BalanceError(
            fault(
                f"{name}: {place} (positions)",
                f"{array[where]:g} persons",
                "lower rates or migration",
            )
        )
