"""What was counted of migration in one time and in the next, place by place."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.places import list_places, list_regions, place_censuses, read_observed
from sim.places.counts import CHECKED
from sim.places.migration_profile import WIDTH, five_year, yearly_rates
from sim.places.region import NATION
from sim.places.yearly import Yearly, read_yearly, yearly_events
from sim.schema import SEXES

_DECADE = 10
_CENSUS, _BASE = 2010, 2020
_CENSUS_2000 = Path("parameters") / "series" / "census_2000.csv"


@dataclass(frozen=True)
class Decade:
    """Places of one level that two censuses counted on one area, as migration moved them 2010-2020."""

    codes: tuple[str, ...]
    rates: Floats
    """Yearly rates of cohorts (place, sex, cohort)."""
    net: Floats
    """Yearly net rates of all ages (place,)."""

    def without(self, province: str) -> Decade:
        """The same less the places of a province, named by its code."""
        kept = np.array([code[:2] != province[:2] for code in self.codes])
        codes = tuple(code for code, keep in zip(self.codes, kept, strict=True) if keep)
        return Decade(codes, self.rates[kept], self.net[kept])


@dataclass(frozen=True)
class Since:
    """A place's net migration after the census, beside that of the decade before; shares a year.

    years: how many of them `since` is the mean of.  natural: natural increase over all of them.
    """

    code: str
    decade: float
    since: float
    years: int
    natural: float


def census_2000(root: Path) -> dict[str, Floats]:
    """People of the provinces and the nation in 2000 by sex and five-year group (sex, group)."""
    held: dict[str, dict[str, list[float]]] = {}
    with (root / _CENSUS_2000).open(encoding="utf-8", newline="") as file:
        for row in list(csv.reader(file))[1:]:
            held.setdefault(row[0], {})[row[1]] = [float(v) for v in row[2:]]
    return {code: np.array([sexes[s] for s in SEXES]) for code, sexes in held.items()}


def counted(root: Path, code: str) -> dict[int, Floats]:
    """A place's censuses by year in five-year groups (sex, group)."""
    return {year: five_year(c.counts, c.starts) for year, c in place_censuses(root, code).items()}


def cohort_rates(root: Path) -> tuple[Floats, Floats]:
    """Yearly rates of the provinces' cohorts 2000-2010 and 2010-2020 (place, sex, cohort)."""
    first, nation = census_2000(root), counted(root, NATION)
    before, after = [], []
    for code in sorted(set(first) - {NATION}):
        own = counted(root, code)
        before.append(yearly_rates(first[code], own[2010], first[NATION], nation[2010], _DECADE)[0])
        after.append(yearly_rates(own[2010], own[2020], nation[2010], nation[2020], _DECADE)[0])
    return np.array(before), np.array(after)


def decade(root: Path, levels: Sequence[str]) -> Decade:
    """Places of these levels whose two censuses have one area, as places.csv says."""
    chosen = [
        place.code
        for place in list_places(root).values()
        if place.level in levels and place.census_2010 in (*CHECKED, "same code and name")
    ]
    nation, own = counted(root, NATION), {code: counted(root, code) for code in chosen}
    before, after = nation[_CENSUS], nation[_BASE]
    held = {c: people for c, people in own.items() if all((p > 0).all() for p in people.values())}
    rates = [yearly_rates(p[_CENSUS], p[_BASE], before, after, _DECADE)[0] for p in held.values()]
    nets = [net_rate(p[_CENSUS], p[_BASE], before, after) for p in held.values()]
    return Decade(tuple(held), np.array(rates), np.array(nets))


def decade_nets(root: Path) -> tuple[Floats, Floats]:
    """Net rates of the provinces 2000-2010 and 2010-2020 (place,)."""
    first, nation = census_2000(root), counted(root, NATION)
    codes = sorted(set(first) - {NATION})
    own = {code: counted(root, code) for code in codes}
    before = [net_rate(first[c], own[c][2010], first[NATION], nation[2010]) for c in codes]
    after = [net_rate(own[c][2010], own[c][2020], nation[2010], nation[2020]) for c in codes]
    return np.array(before), np.array(after)


def net_rate(first: Floats, second: Floats, nation_first: Floats, nation_second: Floats) -> float:
    """Net migration a year over the mean population, by census survival, children by their mothers.

    Siegel & Swanson (2004), The Methods and Materials of Demography, 2nd ed., chapter 19.
    """
    steps, closed = _DECADE // WIDTH, first.shape[1] - 1
    ratio = nation_second[:, steps:closed] / nation_first[:, : closed - steps]
    moved = np.zeros_like(second)
    moved[:, steps:closed] = second[:, steps:closed] - first[:, : closed - steps] * ratio
    old = nation_second[:, -1] / nation_first[:, closed - steps :].sum(axis=1)
    moved[:, -1] = second[:, -1] - first[:, closed - steps :].sum(axis=1) * old
    female = SEXES.index("female")
    for group in range(steps):
        mothers = slice((15 + WIDTH * group) // WIDTH, (45 + WIDTH * group) // WIDTH)
        part = (2 * group + 1) / (2 * steps)
        per_woman = second[:, group] / second[female, mothers].sum()
        moved[:, group] = part * per_woman * moved[female, mothers].sum()
    return float(moved.sum() / _DECADE / ((first.sum() + second.sum()) / 2))


def since_census(root: Path) -> list[Since]:
    """Provinces from the yearly series, prefectures from what is observed of the shipped regions."""
    yearly, nation = read_yearly(root), counted(root, NATION)
    found = [_of_province(root, yearly, str(code), nation) for code in yearly.of("population").region.values]
    places = list_places(root)
    for code, region in sorted(list_regions(root).items()):
        if code in places and places[code].level == "prefecture":
            observed = read_observed(root / "parameters" / region.folder / "observed.csv")
            held = {(o.indicator, o.year): o.value for o in observed}
            pair = _of_prefecture(root, code, held, nation)
            found += [pair] if pair is not None else []
    return found


def _decade(root: Path, code: str, nation: Mapping[int, Floats]) -> float:
    own = counted(root, code)
    return net_rate(own[2010], own[2020], nation[2010], nation[2020])


def _of_province(root: Path, yearly: Yearly, code: str, nation: Mapping[int, Floats]) -> Since:
    """Deaths of a year not published are those of the last at the same rate."""
    people = yearly.of("population").sel(region=code).dropna("year")
    births, deaths = (yearly_events(yearly, kind).sel(region=code) for kind in ("births", "deaths"))
    base, last = float(counted(root, code)[_BASE].sum()), int(people.year[-1])
    known = deaths.dropna("year")
    rate = float(known[-1]) / float(people.sel(year=int(known.year[-1])))
    natural = 0.0
    for year in range(_BASE + 1, last + 1):
        died = float(deaths.sel(year=year)) if year in deaths.year.values else np.nan
        died = died if np.isfinite(died) else rate * float(people.sel(year=year))
        natural += (float(births.sel(year=year)) - died) / base
    years = last - _BASE
    since = (float(people.sel(year=last)) / base - 1 - natural) / years
    return Since(code, _decade(root, code, nation), since, years, natural)


def _of_prefecture(
    root: Path, code: str, held: Mapping[tuple[str, int], float], nation: Mapping[int, Floats]
) -> Since | None:
    """Years without births or deaths have the mean natural increase of those with both."""
    totals = [y for name, y in held if name == "population_total" and y > _BASE]
    base = held.get(("population_total", _BASE))
    both = [y for name, y in held if name == "births" and y > _BASE and ("deaths", y) in held]
    if not totals or base is None or not both:
        return None
    years = max(totals) - _BASE
    natural = years * float(np.mean([held["births", y] - held["deaths", y] for y in both])) / base
    since = (held["population_total", max(totals)] / base - 1 - natural) / years
    return Since(code, _decade(root, code, nation), since, years, natural)
