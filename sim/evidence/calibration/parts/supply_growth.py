"""Growth of beds, doctors, nurses and general practitioners: the nation's, and each province's own.

The nation's growth is what was counted, year by year, and goes on from its last three years, fading;
a province keeps a part of its own lasting difference from it (partial pooling) and nears the nation's
stock per resident; a place inside a province differs from that once more, as the cities do whose beds
are known five years apart.  Other methods are held by name, to be judged beside the one that is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.catalogue import cadres
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
from sim.textfile import read_csv

FIRST = 2010  # the first year that counts: the expansion after the reform of 2009
RESOURCES = ("beds", *(cadre.id for cadre in cadres.PACED))
_BASE = 2020  # the year of the census from which runs start
_FEWEST = 100  # province-years from which a lasting difference can be told
_AHEAD = (1, 5, 10, 15, 25)  # years ahead at which a fading growth is written out
_TWO_SIDED = 1.96  # standard deviations of a normal's middle 95 %
_LASTS = 0.95  # from year to year, of an error of the nation's level
_SPAN = 5  # years between two counts of a city
_COMMON = {"source": "nbs_series", "basis": "derived", "quality": "D"}
_METHOD = (
    "partial pooling of the provinces (empirical Bayes, moments; Gelman & Hill 2007, 12.2), which near the "
    "nation; the nation goes on from the mean of 3 years, half-life {:g} years"
)


@dataclass(frozen=True)
class Method:
    """How growth goes on.

    nation: `fading`, by half-lives; `additions`, as many a year as of late.  nears: whether provinces
    near the nation's stock per resident.
    """

    nation: str
    nears: bool


METHODS = {
    "nearing": Method("fading", nears=True),
    "pace": Method("fading", nears=False),
    "additions, nearing": Method("additions", nears=True),
    "additions, pace": Method("additions", nears=False),
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
    half_life: float
    error: float
    """Of the nation's mean growth over the next years, one standard deviation, per year."""
    method: Method

    @property
    def is_sure(self) -> bool:
        """Whether enough provinces publish it to tell what lasts of one's own."""
        return self.pooled.n >= _FEWEST

    def path(self, last: int) -> dict[int, float]:
        """The nation's growth by year: counted up to a year, then fading."""
        known = self.pooled.nation.sel(year=slice(None, last))
        now = level(known, last)
        fading = self.method.nation == "fading"
        ahead = faded(now, self.half_life, _AHEAD[-1]) if fading else additions(now, _AHEAD[-1])
        out = {int(y): float(known.sel(year=y)) for y in known.year.values}
        return out | {last + i: float(ahead[i - 1]) for i in _AHEAD}


def growths(yearly: Yearly, leave_out: str = "", method: str = CHOSEN) -> dict[str, Growth]:
    """The growth of each resource.  leave_out: a province that is not to be looked at."""
    how, people = METHODS[method], yearly.of("population")
    whole = {r: yearly.nation(r) for r in RESOURCES}
    stocks = {r: yearly.of(r).drop_sel(region=[leave_out], errors="ignore") for r in RESOURCES}
    near = {r: relative_density(stock, people, whole[r]) for r, stock in stocks.items()}
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
    fades = half_lives([nations[r] for r in RESOURCES])
    if how.nation == "additions":
        fades = [(h, mean_error(nations[r], additions)) for r, (h, _) in zip(RESOURCES, fades, strict=True)]
    return {r: Growth(regions[r], near[r], own[r], *f, how) for r, f in zip(RESOURCES, fades, strict=True)}


def place_sd(root: Path, beds: Growth) -> tuple[float, int]:
    """What lasts of a city's own growth of beds beside its province's, per year, and the pairs behind it."""
    counts: dict[tuple[str, int], float] = {}
    for row in read_csv(root / "parameters" / "observed_use.csv"):
        if row["indicator"] == "beds" and row["scope"] == "all":
            counts[row["region"], int(row["year"])] = float(row["value"])
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
    found = growths(read_yearly(root))
    place, pairs = place_sd(root, found["beds"])
    out = [_people(root), *_nearing(root, [growth for growth in found.values() if growth.is_sure])]
    for resource, growth in found.items():
        out += _national(resource, growth, place) + _of_nation(root, resource, growth)
        codes = growth.regions.region.values if growth.is_sure else ()
        for code in map(str, codes):
            out += _of_province(root, resource, code, growth, (place, pairs))
    return out


def _people(root: Path) -> Estimate:
    """The nation's residents by year, beside whom a region's are held."""
    nation = list_regions(root)[NATION]
    seen = read_observed(root / "parameters" / nation.folder / "observed.csv")
    counted = {o.year: o.value for o in seen if o.indicator == "population_total" and o.year >= _BASE}
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
    known, method = growth.pooled, _METHOD.format(growth.half_life)
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
    }
    new = {
        "growth": {},
        "farthest": {"name": _name(resource, "farthest"), "unit": "1", "at": "always"},
        "relative": {"name": _name(resource, "relative"), "unit": "1", "at": "always"},
        "pace": {"name": _name(resource, "pace"), "unit": "per year", "at": "always"},
        "swing": {"name": _name(resource, "swing"), "unit": "per year"},
    }
    return [
        Estimate("national/supply.yaml", f"{resource}_{what}", common | fields, known.n, method, new[what])
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
    key, n, method = f"{resource}_pace", growth.pooled.n, _METHOD.format(growth.half_life)
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


PART = Part("supply_growth", "growth of beds and staff, by province", estimate)
