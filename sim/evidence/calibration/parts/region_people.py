"""Fertility beside the nation's, sex ratio at birth and net migration of every region with a folder.

The base year as its censuses give it, later years as births and totals observed since; where a region's
births are not known its ratio moves as its province's, and its error grows as places parted from theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.evidence.calibration.pairs import counted
from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.evidence.calibration.parts.nation_people import path_of, srb_of
from sim.evidence.calibration.regions import BASE, Fitted, fitted, national, starts, stated
from sim.params import Parameter
from sim.places import Region
from sim.places.own import parts_decade
from sim.places.region import NATION

_SHARED = {"source": "people_calibration", "basis": "derived", "quality": "D"}
_AHEAD = (1, 2, 5, 10, 15)  # years after the last count at which the deviation of fertility is written
_STEPS = (1, 2, 3, 5)  # the same of migration
_FAR = 2035  # year from which a total of today says no more
_METHOD = "TFR ratio to births (Gauss-Seidel, power {trust:g} of the misfit); base year by age 0 per woman"
_LEVEL = "net migration to the last total, weighted by its variance; base year by census survival 2010-2020"
_NEW: Mapping[str, dict[str, Any]] = {
    "tfr_ratio": {
        "name": {"en": "TFR of the region over the reference", "zh": "地区与参考总和生育率之比"},
        "unit": "1",
    },
    "level": {"name": {"en": "Net migration", "zh": "净迁移"}, "unit": "person/year"},
    "level_error": {
        "name": {"en": "Deviation of net migration, share of residents a year", "zh": "净迁移率偏差"},
        "unit": "1",
    },
}


@dataclass(frozen=True)
class Known:
    """What the nation's records say."""

    walk: Mapping[int, float]
    """Deviation of a region's fertility by years since it was known; 0 its own error then."""
    moved: float
    """Of a year's net migration around what is foretold, share of the people."""
    far: float
    """The same far ahead."""
    rho: float
    lasting: float
    births: float
    """Error of published births, relative."""
    total: float
    """Of a published total."""
    trust: float


def estimate(root: Path) -> Sequence[Estimate]:
    """Records of every region but the nation."""
    known, regions = known_of(national(root)), stated(root)
    errors = (known.moved, known.total)
    found = {code: fitted(root, regions[code], s, errors) for code, s in starts(root).items()}
    apart = _parting(found)
    srb = {y: v for y, v in path_of(root, NATION, "fertility", "srb").items() if y > BASE}
    out: list[Estimate] = []
    for one in found.values():
        above = found.get(one.region.province or "")
        out += [
            ratio_of(one, above, known, apart),
            srb_of(one.region, one.start.srb, srb),
            level_of(one, _as_above(root, one, above, known.lasting)),
        ]
        if one.total is not None:
            out.append(level_error_of(one, known))
    return out


def known_of(shared: Mapping[str, Parameter]) -> Known:
    """What the nation's records say.  shared: its set."""
    walk, moved = (shared[n].record.range for n in ("fertility.tfr_ratio", "migration.level_error"))
    assert walk is not None
    assert moved is not None
    assert isinstance(walk.sd, dict)
    assert isinstance(moved.sd, dict)
    error = shared["observation.error"].data
    return Known(
        {year - BASE: sd for year, sd in walk.sd.items()},
        moved.sd[BASE + 1],
        moved.sd[max(moved.sd)],
        float(shared["migration.persistence"].data),
        float(shared["migration.lasting"].data),
        float(error.sel(indicator="births")),
        float(error.sel(indicator="population_total")),
        float(shared["observation.trust_births"].data),
    )


def _parting(found: Mapping[str, Fitted]) -> tuple[float, int]:
    """By how much a place's ratio parts from its province's in a year (random walk), and from how many."""
    steps = []
    for one in found.values():
        above = found.get(one.region.province or "")
        if above is None or above is one:
            continue
        for year in sorted(set(one.births) & set(above.births)):
            own, other = (np.log(f.fit.tfr_ratio[year] / f.fit.tfr_ratio[BASE]) for f in (one, above))
            steps.append((own - other) ** 2 / (year - BASE))
    return (float(np.sqrt(np.mean(steps))) if steps else 0.0), len(steps)


def ratio_of(one: Fitted, above: Fitted | None, known: Known, apart: tuple[float, int]) -> Estimate:
    """TFR over the nation's: by its births, else as the province's; places part from it by `apart` a year."""
    births, path, own = one.births, dict(one.fit.tfr_ratio), known.walk[0]
    said = f"from {BASE + 1} fitted to published births of the region, on the TFR that meets the nation's"
    n, method = 1 + len(births), _METHOD.format(trust=known.trust)
    spread = {BASE: own} | {year: known.births for year in births}
    if not births and above is not None and above is not one and above.births:
        births, n = above.births, apart[1]
        path = {y: v / above.start.ratio * one.start.ratio for y, v in above.fit.tfr_ratio.items()}
        said = f"from {BASE + 1} as the province's ({above.region.code})"
        method = f"{method}; of the province, from which places part by {apart[0]:.3f} a year (random walk)"
        spread = {BASE: own} | {y: float(np.hypot(own, apart[0] * (y - BASE) ** 0.5)) for y in births}
    last = max(births, default=BASE)
    ahead = {last + k: float(np.hypot(spread[last], _walked(known, k))) for k in _AHEAD}
    fields = {
        "path": {year: round(value, 4) for year, value in path.items()},
        "beyond": "hold",
        "year": _years(last),
        "locator": "census 2020: children of age 0 and women by age; births of observed.csv",
        "range": _ar1(0.97, {y: rounded(v, 2) for y, v in (spread | ahead).items()}, "relative"),
        "note": said if births else "census 2020",
    }
    file = _file(one.region, "fertility")
    return Estimate(file, "tfr_ratio", {**_SHARED, **fields}, n, method, _NEW["tfr_ratio"])


def _walked(known: Known, k: int) -> float:
    """Deviation k years after fertility was known, without its error then."""
    years = sorted(known.walk)
    sd = float(np.interp(k, years, [known.walk[y] for y in years]))
    return float(np.sqrt(max(sd**2 - known.walk[0] ** 2, 0.0)))


def _as_above(
    root: Path, one: Fitted, above: Fitted | None, lasting: float
) -> tuple[str, Mapping[int, float]] | None:
    """Net migrants a year that the province was counted to gain beyond what lasts of its places' decade, by
    this one's share of the residents, and the province's code; None where this one's total is known.
    """
    if one.total is not None or above is None or above is one or above.total is None:
        return None
    code = above.region.code
    people, whole = (float(counted(root, c)[BASE].sum()) for c in (one.region.code, code))
    lasts = lasting * parts_decade(root, code)
    return code, {y: (v - lasts) / whole * people for y, v in above.fit.level.items() if y > BASE}


def level_of(one: Fitted, beyond: tuple[str, Mapping[int, float]] | None = None) -> Estimate:
    """Net migration: of the decade, then what meets the last total, then back to what lasts.

    beyond: of a place whose total is not known, as `_as_above` gives it.
    """
    path = {year: round(value) for year, value in one.fit.level.items()}
    n = 2 + len([o for o in one.observed if o.indicator == "population_total" and o.year > BASE])
    said = f"census survival 2010-2020: {path[BASE]} a year ({BASE})"
    if one.total is not None:
        said += f"; then what meets the total of {one.total}"
    if beyond is not None:
        lasts = one.fit.level[max(one.fit.level)]
        path = {BASE: path[BASE], **{y: round(lasts + v) for y, v in beyond[1].items()}}
        said += f"; then moves as the province's ({beyond[0]}), by its residents"
    fields = {
        "path": path,
        "beyond": "hold",
        "year": f"2010-{one.total or BASE}",
        "exact": "its uncertainty is level_error",
        "note": f"{said}; ahead back to what lasts of the decade (migration.lasting)",
    }
    return Estimate(_file(one.region, "migration"), "level", {**_SHARED, **fields}, n, _LEVEL, _NEW["level"])


def level_error_of(one: Fitted, known: Known) -> Estimate:
    """Deviation that a total leaves, then that of an autoregression known in its year."""
    assert one.total is not None
    last = one.total
    n = last - BASE
    lag = np.abs(np.arange(n)[:, None] - np.arange(n)[None])
    moved, published = known.moved**2 * float((known.rho**lag).mean()), (known.total / n) ** 2
    left = moved * published / (moved + published)
    sd = {BASE: 0.0, BASE + 1: left**0.5, last: left**0.5}
    for k in _STEPS:
        fades = known.rho ** (2 * k)
        sd[last + k] = float(np.sqrt(known.moved**2 * (1 - fades) + left * fades))
    sd = {y: v for y, v in sd.items() if y < _FAR} | {max(_FAR, last + _STEPS[-1] + 1): known.far}
    fields = {
        "value": 0.0,
        "year": "2020-2050",
        "range": _ar1(known.rho, {year: rounded(value) for year, value in sd.items()}, "absolute"),
        "note": f"its total is known to {last}",
    }
    method = "error of the total over its years, then an autoregression that starts there"
    file = _file(one.region, "migration")
    return Estimate(file, "level_error", {**_SHARED, **fields}, n, method, _NEW["level_error"])


def _file(region: Region, group: str) -> str:
    return f"{region.folder}/{group}.yaml"


def _years(last: int) -> int | str:
    return BASE if last == BASE else f"{BASE}-{last}"


def _ar1(rho: float, sd: Mapping[int, float], scale: str) -> dict[str, Any]:
    return {"distribution": "ar1", "rho": rho, "sd": dict(sd)} | (
        {} if scale == "relative" else {"scale": scale}
    )


PART = Part(
    "region_people",
    "births, sex ratio and moves of every region with a folder",
    estimate,
    ("regions/*/observed.csv", "regions/*/census_2010.csv", "regions/*/census_2020.csv", "places/places.csv"),
    ("births", "life_expectancy", "migration", "nation_people", "observation"),
)
