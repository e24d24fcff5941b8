"""Growth of beds, doctors, nurses and general practitioners: the nation's, and each province's own.

The nation's growth is what was counted, year by year, and goes on from its last three years, slowing as
its stock per resident comes to a ceiling; a province keeps a part of its own lasting difference from it
(partial pooling) and nears the nation's stock per resident; a place inside a province differs from that
once more, as the cities do whose beds are known five years apart.  Other methods are held by name, to be
judged beside the one that is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.catalogue import cadres
from sim.evidence.calibration.ceilings import Ceiling, Slowing, ceiling
from sim.evidence.calibration.nearing import Seen, speed, spread
from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.evidence.calibration.pooling import (
    OWN_YEARS,
    Pooled,
    additions,
    bridged,
    faded,
    half_lives,
    level,
    mean_error,
    pooled,
    relative_density,
    yearly_growth,
)
from sim.evidence.calibration.provinces import folder_of
from sim.places import Yearly, list_regions, read_observed, read_yearly
from sim.places.region import NATION
from sim.places.used import read_use

FIRST = 2010  # the first year that counts: the expansion after the reform of 2009
RESOURCES = ("beds", *(cadre.id for cadre in cadres.PACED))
_BASE = 2020  # the year of the census from which runs start
_FEWEST = 100  # province-years from which a lasting difference can be told
_AHEAD = (1, 5, 10, 15, 25)  # years ahead at which a fading growth is written out
_TWO_SIDED = 1.96  # standard deviations of a normal's middle 95 %
_LASTS = 0.95  # from year to year, of an error of the nation's level
_PER_1000 = 1000.0  # in the unit of the records
_SPAN = 5  # years between two counts of a city
_COMMON = {"source": "nbs_series", "basis": "derived", "quality": "D"}
_METHOD = (
    "partial pooling of the provinces (empirical Bayes, moments; Gelman & Hill 2007, 12.2), which near the "
    "nation; the nation goes on from the mean of 3 years and slows towards a ceiling of {:.2g} per 1000"
)
_TOP = (
    "growth of the provinces on their stock per resident before: where the line crosses 0 (logistic; "
    "Tsoularis & Wallace 2002, eq. 2); jackknife over provinces"
)
_TOP_LIKE = "too few provinces: as far above the nation as the ceilings of the other resources"


@dataclass(frozen=True)
class Method:
    """How growth goes on.

    nation: `slowing` towards a ceiling; `fading`, by half-lives; `additions`, as many a year as of late.
    nears: whether provinces near the nation's stock per resident.
    """

    nation: str
    nears: bool


METHODS = {
    "nearing": Method("slowing", nears=True),
    "pace": Method("slowing", nears=False),
    "fading, nearing": Method("fading", nears=True),
    "additions, nearing": Method("additions", nears=True),
}
CHOSEN = "nearing"
"""The one that foretells best (docs/validation.md), by which the records are made."""


@dataclass(frozen=True)
class Growth:
    """One resource: what the provinces have in common, and how the nation goes on."""

    regions: xr.DataArray
    """Log growth, dims region, year."""
    relative: xr.DataArray
    """Log of the stock per resident over the nation's, dims region, year."""
    pooled: Pooled
    ceiling: Ceiling
    slowing: Slowing
    half_life: float
    """Of a growth that fades instead."""
    error: float
    """Of the nation's mean growth over the next years, one standard deviation, per year."""
    method: Method

    @property
    def is_sure(self) -> bool:
        """Whether enough provinces publish it to tell what lasts of one's own."""
        return self.pooled.n >= _FEWEST

    def path(self, last: int) -> dict[int, float]:
        """The nation's growth by year: counted up to a year, then as it goes on.

        Slowing: what it would be at the density of the last year; the draws slow it each by themselves.
        """
        known = self.pooled.nation.sel(year=slice(None, last))
        out = {int(y): float(known.sel(year=y)) for y in known.year.values}
        if self.method.nation == "slowing":
            return out | {last + 1: self.slowing.level(known, last)}
        now, fading = level(known, last), self.method.nation == "fading"
        ahead = faded(now, self.half_life, _AHEAD[-1]) if fading else additions(now, _AHEAD[-1])
        return out | {last + i: float(ahead[i - 1]) for i in _AHEAD}


def growths(
    yearly: Yearly, leave_out: str = "", method: str = CHOSEN, people: Mapping[int, float] | None = None
) -> dict[str, Growth]:
    """The growth of each resource.

    leave_out: a province that is not to be looked at.  people: residents of the nation by year, where
    they reach further than those of the provinces.
    """
    how, residents = METHODS[method], yearly.of("population")
    whole = {r: yearly.nation(r) for r in RESOURCES}
    stocks = {r: yearly.of(r).drop_sel(region=[leave_out], errors="ignore") for r in RESOURCES}
    near = {r: relative_density(stock, residents, whole[r]) for r, stock in stocks.items()}
    regions = {r: yearly_growth(stock).sel(year=slice(FIRST, None)) for r, stock in stocks.items()}
    nations = {r: bridged(whole[r]).sel(year=slice(FIRST, None)) for r in RESOURCES}
    plain = {r: pooled(g, nations[r], near[r]) for r, g in regions.items()}
    many = [r for r, p in plain.items() if p.n >= _FEWEST]
    seen = [Seen(regions[r], nations[r], near[r]) for r in many]
    nearing = speed(seen) if how.nears else 0.0
    own = {r: pooled(g, nations[r], near[r], nearing) for r, g in regions.items()}
    lasting = float(np.mean([own[r].lasting for r in many]))
    farthest = float(np.mean([own[r].farthest for r in many]))
    own = {r: p if r in many else p.with_lasting(lasting, farthest) for r, p in own.items()}
    dense = {r: _density(whole[r], residents, people or {}) for r in RESOURCES}
    tops = {r: ceiling(regions[r], nations[r], stocks[r] / residents) for r in many}
    tops |= {r: _like(tops, dense, r) for r in RESOURCES if r not in many}
    slows = {r: Slowing(tops[r].value, dense[r]) for r in RESOURCES}
    fades = dict(zip(RESOURCES, half_lives([nations[r] for r in RESOURCES]), strict=True))
    return {
        r: Growth(
            regions[r],
            near[r],
            own[r],
            tops[r],
            slows[r],
            fades[r][0],
            _error(how, nations[r], slows[r], fades[r][1]),
            how,
        )
        for r in RESOURCES
    }


def _error(how: Method, nation: xr.DataArray, slows: Slowing, fading: float) -> float:
    """Error of the nation's mean growth by a method."""
    if how.nation == "slowing":
        return mean_error(nation, lambda origin, horizon: slows.ahead(nation, origin, horizon))
    if how.nation == "additions":
        return mean_error(nation, lambda origin, horizon: additions(level(nation, origin), horizon))
    return fading


def _density(stock: xr.DataArray, people: xr.DataArray, later: Mapping[int, float]) -> xr.DataArray:
    """The nation's stock per resident by year, as far as both are known."""
    own = people.sum("region", skipna=False).dropna("year")
    known = {int(y): float(own.sel(year=y)) for y in own.year.values} | dict(later)
    years = [int(y) for y in stock.dropna("year").year.values if int(y) in known]
    values = [float(stock.sel(year=y)) / known[y] for y in years]
    return xr.DataArray(values, {"year": years}, ("year",))


def _like(tops: Mapping[str, Ceiling], dense: Mapping[str, xr.DataArray], resource: str) -> Ceiling:
    """The ceiling of a resource that too few provinces publish: as far above the nation as the others'."""
    ratios = [np.log(top.value / float(dense[r][-1])) for r, top in tops.items()]
    value = float(dense[resource][-1]) * float(np.exp(np.mean(ratios)))
    return Ceiling(value, value * float(np.std(ratios, ddof=1)), len(ratios))


def place_sd(root: Path, beds: Growth) -> tuple[float, int]:
    """What lasts of a city's own growth of beds beside its province's, per year, and the pairs behind it."""
    counts: dict[tuple[str, int], float] = {}
    for used in read_use(root):
        if used.indicator == "beds" and used.scope == "all":
            counts[used.region, used.year] = used.value
    provinces = {code: region.province for code, region in list_regions(root).items()}
    apart = []
    for (code, year), value in counts.items():
        province, before = provinces.get(code), counts.get((code, year - _SPAN))
        if before is None or province in (None, code):
            continue
        whole = beds.regions.sel(region=province, year=slice(year - _SPAN + 1, year)).mean(skipna=False)
        apart.append(np.log(value / before) / _SPAN - float(whole))
    lasting = float(np.mean(np.square(apart))) - beds.pooled.swing**2 / _SPAN
    return max(lasting, 0.0) ** 0.5, len(apart)


def estimate(root: Path) -> Sequence[Estimate]:
    """The nation's path, its swings, and what lasts of each province's own."""
    read_use(root)  # its faults are told before the work, not after
    found = growths(read_yearly(root), people=residents(root))
    place, pairs = place_sd(root, found["beds"])
    out = [_people(root), *_nearing(root, [growth for growth in found.values() if growth.is_sure])]
    for resource, growth in found.items():
        out += _national(resource, growth, place) + _of_nation(root, resource, growth)
        codes = growth.regions.region.values if growth.is_sure else ()
        for code in map(str, codes):
            out += _of_province(root, resource, code, growth, (place, pairs))
    return out


def residents(root: Path) -> dict[int, float]:
    """The nation's residents by year since the census."""
    nation = list_regions(root)[NATION]
    seen = read_observed(root / "parameters" / nation.folder / "observed.csv")
    return {o.year: o.value for o in seen if o.indicator == "population_total" and o.year >= _BASE}


def _people(root: Path) -> Estimate:
    """The nation's residents by year, beside whom a region's are held."""
    counted = residents(root)
    path = {year: rounded(value, 6) for year, value in sorted(counted.items())}
    fields: dict[str, Any] = {"path": path, "beyond": "trend", "year": f"{min(path)}-{max(path)}", **_COMMON}
    fields |= {"source": "nbs_births", "exact": "counts; ahead the change of the last year goes on"}
    new = {"name": {"en": "Residents of China at the year's end", "zh": "全国年末总人口"}, "unit": "person"}
    return Estimate(
        "national/supply.yaml", "nation_people", fields, len(path), "published year-end totals", new
    )


def _nearing(root: Path, sure: Sequence[Growth]) -> list[Estimate]:
    """The speed, of all resources together; the nation nears nobody."""
    known = sure[0].pooled
    error = spread([Seen(g.regions, g.pooled.nation, g.relative) for g in sure])
    fields = {"value": rounded(known.nearing), "range": _normal(known.nearing, error)}
    common = {"year": f"{FIRST}-{int(known.nation.year[-1])}", **_COMMON}
    en = "Share of its distance from the nation by which a region nears it a year"
    new = {"name": {"en": en, "zh": "与全国差距每年缩小的比例"}, "unit": "per year", "at": "always"}
    n = sum(g.pooled.n for g in sure)
    method = (
        "what foretells provinces best five and ten years on, all resources together; jackknife over them"
    )
    nation = {**common, "value": 0.0, "exact": "the nation itself"}
    folder = list_regions(root)[NATION].folder
    return [
        Estimate("national/supply.yaml", "nearing", common | fields, n, method, new),
        Estimate(f"{folder}/supply.yaml", "nearing", nation, n, "the nation itself", new),
    ]


def _national(resource: str, growth: Growth, place: float) -> list[Estimate]:
    known, method = growth.pooled, _METHOD.format(_PER_1000 * growth.ceiling.value)
    first, last = int(known.nation.year[0]), int(known.nation.year[-1])
    common: dict[str, Any] = {**_COMMON, "year": f"{first}-{last}"}
    path = {year: rounded(value) for year, value in growth.path(last).items()}
    error = {last: 0.0, last + 1: rounded(growth.error)}
    lasting = float(np.hypot(known.lasting, place))
    own: dict[str, dict[str, Any]] = {
        "growth": {"path": path, "beyond": "hold", "range": _ar1(_LASTS, error)},
        "pace": {"value": rounded(known.middle), "range": _normal(known.middle, lasting)},
        "swing": {"value": 0.0, "range": _ar1(0.0, rounded(known.swing))},
        "farthest": {"value": rounded(known.farthest), "exact": "two standard deviations of the provinces"},
        "relative": {"value": 0.0, "exact": "a place whose province is not known stands as the nation does"},
        "density": {
            "value": rounded(_PER_1000 * float(growth.slowing.density[-1])),
            "exact": "counts of both",
        },
        "density_year": {"value": int(growth.slowing.density.year[-1]), "exact": "a calendar year"},
        "ceiling": _top(growth.ceiling),
    }
    new = {
        "growth": {},
        "farthest": {"name": _name(resource, "farthest"), "unit": "1", "at": "always"},
        "relative": {"name": _name(resource, "relative"), "unit": "1", "at": "always"},
        "pace": {"name": _name(resource, "pace"), "unit": "per year", "at": "always"},
        "density": {"name": _name(resource, "density"), "unit": "per 1000", "at": "always"},
        "density_year": {"name": _name(resource, "density_year"), "unit": "1", "at": "always"},
        "ceiling": {"name": _name(resource, "ceiling"), "unit": "per 1000", "at": "always"},
        "swing": {"name": _name(resource, "swing"), "unit": "per year"},
    }
    told = {
        **dict.fromkeys(("density", "density_year"), (1, "counts of both")),
        "ceiling": (growth.ceiling.n, _TOP if growth.is_sure else _TOP_LIKE),
    }
    return [
        Estimate(
            "national/supply.yaml",
            f"{resource}_{what}",
            common | fields,
            *told.get(what, (known.n, method)),
            new[what],
        )
        for what, fields in own.items()
    ]


def _of_nation(root: Path, resource: str, growth: Growth) -> list[Estimate]:
    """The nation as a region of its own: it differs from itself by nothing."""
    known, folder = growth.pooled, list_regions(root)[NATION].folder
    year = f"{int(known.nation.year[0])}-{int(known.nation.year[-1])}"
    fields: dict[str, Any] = {**_COMMON, "year": year, "value": 0.0, "exact": "the nation itself"}
    return [
        Estimate(
            f"{folder}/supply.yaml",
            f"{resource}_{what}",
            fields,
            known.nation.size,
            "its own counted growth is the path of the growth",
            {"name": _name(resource, what), "unit": "per year"},
        )
        for what in ("pace", "swing")
    ]


def _of_province(
    root: Path, resource: str, code: str, growth: Growth, places: tuple[float, int]
) -> list[Estimate]:
    """Records of a province: for the places in it, and for itself where it is a region of its own.

    places: what lasts of a place's own beside its province's, and the pairs behind it.
    """
    own, (place, pairs) = growth.regions.sel(region=code), places
    last = int(own.dropna("year").year[-1])
    near = growth.relative.sel(region=code)
    mean, sd = growth.pooled.own(own, near, last)
    common: dict[str, Any] = {**_COMMON, "year": f"{last - OWN_YEARS + 1}-{last}", "value": rounded(mean)}
    key, n = f"{resource}_pace", growth.pooled.n
    method = _METHOD.format(_PER_1000 * growth.ceiling.value)
    new = {"name": _name(resource, "pace"), "unit": "per year"}
    within = common | {"range": _normal(mean, float(np.hypot(sd, place)))}
    of_places = f"{method}; a place differs from its province as {pairs} pairs of counts of cities do"
    province = f"{folder_of(root, code)}/supply.yaml"
    out = [Estimate(province, key, within, n, of_places, new), _relative(province, resource, near)]
    region = list_regions(root).get(code)
    if region is not None:
        itself = common | {"range": _normal(mean, sd)}
        out.append(Estimate(f"{region.folder}/supply.yaml", key, itself, n, method, new))
    return out


def _top(found: Ceiling) -> dict[str, Any]:
    """A ceiling, with the error that the provinces leave it."""
    share = _TWO_SIDED * found.sd / found.value
    span = {"distribution": "normal", "low": rounded(1.0 - share), "high": rounded(1.0 + share)}
    return {"value": rounded(_PER_1000 * found.value), "range": {**span, "scale": "relative"}}


def _relative(file: str, resource: str, near: xr.DataArray) -> Estimate:
    """Where a province stands at its newest count."""
    known = near.dropna("year")
    year = int(known.year[-1])
    fields = {**_COMMON, "year": year, "value": rounded(float(known[-1])), "exact": "counts of both"}
    new = {"name": _name(resource, "relative"), "unit": "1"}
    return Estimate(file, f"{resource}_relative", fields, known.size, "log of the ratio of two counts", new)


def _name(resource: str, what: str) -> dict[str, str]:
    cadre = cadres.CADRES.get(resource)
    zh, en = (cadre.zh, cadre.en) if cadre else ("床位", resource)
    if what == "relative":
        return {
            "en": f"{en.capitalize()} per resident of the province over the nation's, logarithm",
            "zh": f"全省人均{zh}与全国之比（对数）",
        }
    if what == "density_year":
        return {"en": f"Year of {en} per resident of China", "zh": f"全国人均{zh}所属年份"}
    if what in ("density", "ceiling"):
        ends = ("at which growth ends", "的上限") if what == "ceiling" else ("of China", "（全国）")
        return {"en": f"{en.capitalize()} per resident {ends[0]}", "zh": f"人均{zh}{ends[1]}"}
    if what == "farthest":
        return {
            "en": f"Distance of {en} per resident from the nation's beyond which it pulls no more, logarithm",
            "zh": f"人均{zh}与全国差距的趋同上限（对数）",
        }
    if what == "pace":
        return {"en": f"Growth of {en} a year beside the nation's", "zh": f"{zh}年增速与全国之差"}
    return {"en": f"Growth of {en} that a single year brings besides", "zh": f"{zh}单年增速波动"}


def _normal(mean: float, sd: float) -> dict[str, Any]:
    low, high = rounded(mean - _TWO_SIDED * sd), rounded(mean + _TWO_SIDED * sd)
    return {"distribution": "normal", "low": low, "high": high, "scale": "value"}


def _ar1(rho: float, sd: Any) -> dict[str, Any]:
    return {"distribution": "ar1", "rho": rho, "sd": sd, "scale": "absolute"}


PART = Part(
    "supply_growth",
    "growth of beds and staff, by province",
    estimate,
    ("series/provinces.csv", "observed_use.csv", "regions/000000_china/observed.csv"),
)
