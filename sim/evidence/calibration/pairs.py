"""What was counted of migration in one time and in the next, place by place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.cells import number
from sim.config import is_region_code
from sim.demography.calibrate import Observation
from sim.errors import ConfigError, fault, raise_all
from sim.places import list_places, list_regions, place_censuses, read_observed
from sim.places.counts import CHECKED
from sim.places.migration_profile import WIDTH, five_year, yearly_rates
from sim.places.observed_checks import bounds_of
from sim.places.region import NATION
from sim.places.yearly import Yearly, read_yearly, yearly_events
from sim.schema import SEXES
from sim.textfile import csv_header, read_csv

_DECADE = 10
_CENSUS, _BASE = 2010, 2020
_CENSUS_2000 = Path("parameters") / "series" / "census_2000.csv"
CENSUSES = ("series/census_2000.csv", "places/census_2010.csv.gz", "places/census_2020.csv.gz")
"""Tables of three censuses, below `parameters`."""


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
    path = root / _CENSUS_2000
    groups = [name for name in csv_header(path) if name not in ("region", "sex")]
    held: dict[str, dict[str, list[float]]] = {}
    faults = []
    for row in read_csv(path, ("region", "sex", *groups)):
        line = f"{path}: line {row['_line']}"
        if not is_region_code(row["region"]):
            faults.append(fault(f"{line}: region", f"'{row['region']}'", "write six digits"))
        if row["sex"] not in SEXES:
            faults.append(fault(f"{line}: sex", f"'{row['sex']}'", f"want {list(SEXES)}"))
        if row["sex"] in held.get(row["region"], {}):
            faults.append(fault(line, f"{row['region']} {row['sex']} stands twice", "keep one of them"))
        cells = {name: number(row[name]) for name in groups}
        faults += [
            fault(f"{line}: {name}", f"'{row[name]}'", "a count of 0 or more")
            for name, value in cells.items()
            if value is None or value < 0
        ]
        held.setdefault(row["region"], {})[row["sex"]] = [v or 0.0 for v in cells.values()]
    faults += [
        fault(str(path), f"no row {code} {sex}", "add it")
        for code in held
        for sex in SEXES
        if sex not in held[code]
    ]
    raise_all(ConfigError, faults)
    found = {code: np.array([sexes[s] for s in SEXES]) for code, sexes in held.items()}
    _refuse_sum(path, found, bounds_of(root)["parts"])
    return found


def _refuse_sum(path: Path, found: Mapping[str, Floats], bounds: tuple[float, float]) -> None:
    """Raise ConfigError where a group of the provinces together is not about the nation's."""
    whole = np.sum([people for code, people in found.items() if code != NATION], axis=0)
    ratio = whole / found[NATION]
    if ratio.min() < bounds[0] or ratio.max() > bounds[1]:
        sex, group = np.unravel_index(int(np.abs(ratio - 1).argmax()), ratio.shape)
        wrong = f"{SEXES[sex]}, group {group + 1}: provinces add up to {whole[sex, group]:.0f}"
        remedy = f"about {found[NATION][sex, group]:.0f}, the nation's: a province is off"
        raise ConfigError(fault(str(path), wrong, remedy))


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


def log_registered(root: Path, code: str) -> float:
    """Log of the residents of 2010 over those registered: above 0 where people came; 0 where unknown."""
    return _registered(root).get(code, 0.0)


@lru_cache(maxsize=4)
def _registered(root: Path) -> dict[str, float]:
    path = root / "parameters" / "places" / "registered_2010.csv"
    low, high = bounds_of(root)["residents_over_registered"]
    found: dict[str, float] = {}
    faults = []
    for row in read_csv(path, ("code", "residents", "registered")):
        line = f"{path}: line {row['_line']}"
        residents, registered = number(row["residents"]), number(row["registered"])
        if not is_region_code(row["code"]):
            faults.append(fault(f"{line}: code", f"'{row['code']}'", "write six digits"))
        if row["code"] in found:
            faults.append(fault(line, f"{row['code']} stands twice", "keep one of them"))
        if residents is None or registered is None or min(residents, registered) <= 0:
            faults += [
                fault(f"{line}: {name}", f"'{row[name]}'", "a count above 0")
                for name, held in (("residents", residents), ("registered", registered))
                if held is None or held <= 0
            ]
            continue
        found[row["code"]] = float(np.log(residents / registered))
        if not low <= residents / registered <= high:
            wrong = f"{residents:.0f} residents, {registered:.0f} registered"
            faults.append(fault(line, wrong, f"{low:g} to {high:g} times: is one in another unit?"))
    raise_all(ConfigError, faults)
    return found


def unknown_decade(root: Path) -> tuple[list[str], Floats, Floats]:
    """Prefectures, and counties under none, with both censuses and a registered population of 2010.

    Codes, log of residents over registered, and yearly net rate of 2010-2020, each (place,).
    """
    nation = counted(root, NATION)
    codes, away, nets = [], [], []
    for place in list_places(root).values():
        registered = log_registered(root, place.code)
        if place.level not in ("prefecture", "direct_county") or not place.census_2010 or registered == 0:
            continue
        held = counted(root, place.code)
        codes.append(place.code)
        away.append(registered)
        nets.append(net_rate(held[_CENSUS], held[_BASE], nation[_CENSUS], nation[_BASE]))
    return codes, np.array(away), np.array(nets)


def published(root: Path) -> dict[str, list[Observation]]:
    """What the yearly series say of each province."""
    yearly = read_yearly(root)
    people = yearly.of("population")
    share = yearly.of("survey_population_65+") / yearly.of("survey_population")
    series = {
        "population_total": people,
        "population_65+": share * people,
        "births": yearly_events(yearly, "births"),
        "deaths": yearly_events(yearly, "deaths"),
    }
    found = {}
    for code in map(str, people.region.values):
        old = counted(root, code)[_BASE][:, 65 // WIDTH :].sum()
        found[code] = [
            Observation(_BASE, "population_65+", float(old)),
            *(
                Observation(int(year), name, float(value))
                for name, array in series.items()
                for year, value in zip(array.year.values, array.sel(region=code).values, strict=True)
                if np.isfinite(value) and (name, year) != ("population_65+", _BASE)
            ),
        ]
    return found
