"""Backtests of places that were left out: constants from the other provinces, held against counts.

Provinces from 2020 on, by the yearly series; prefectures, and counties under none, from the census of
2010 to that of 2020.  What is estimated across places (what lasts of a decade's migration, what
residents over registered say of it, what a region has of its own) is estimated without the province of the
place that is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.demography.calibrate import Observation, Score
from sim.evidence.backtest import INDICATORS, backtest
from sim.evidence.calibration.economic import lies_in
from sim.evidence.calibration.migration import ByRegion, by_region, by_registered, lasting
from sim.evidence.calibration.pairs import (
    cohort_rates,
    counted,
    decade,
    decade_nets,
    published,
    since_census,
    unknown_decade,
)
from sim.evidence.calibration.parts.old_migration import known_decade, of_decade, of_nation
from sim.evidence.setups import plain_setup
from sim.params import Parameter, override
from sim.places import Place, find_region, list_places, list_regions, read_place
from sim.places.migration_profile import WIDTH
from sim.schema import AGE_GROUPS

__all__ = ["INDICATORS", "Judged", "Quality", "Score", "prefectures", "provinces", "published", "quality"]

BASE, CENSUS = 2020, 2010
_SIZES = ((0.0, "below 1 m"), (1e6, "1-3 m"), (3e6, "3-5 m"), (5e6, "5 m and more"))
_PARTS = {
    "1": "north",
    "2": "north-east",
    "3": "east",
    "4": "south and centre",
    "5": "south-west",
    "6": "north-west",
}
_GROUPS = ("total", "0-14", "15-59", "60+", "65+")
_TWO_SIDED = 1.96


@dataclass(frozen=True)
class Judged:
    """One figure of a place that was left out.

    lead: years from what was known.  groups: what the place is, by name of the grouping.
    """

    code: str
    lead: int
    groups: Mapping[str, str]
    score: Score


def provinces(root: Path, draws: int) -> list[Judged]:
    """Every province from the census of 2020 to its last published year."""
    pairs, (first, second), (_, net) = since_census(root), cohort_rates(root), decade_nets(root)
    codes = sorted(published(root))
    out = []
    for code, observed in published(root).items():
        own = read_place(root, code)
        rest = [p for p in pairs if p.code[:2] != code[:2]]
        moved, since, years = (np.array([getattr(p, n) for p in rest]) for n in ("decade", "since", "years"))
        own = override(own, "migration.lasting", round(lasting(moved, since, years), 4), "left out")
        others = np.array([c != code for c in codes])
        left = known_decade(first[others], second[others], net[others])
        sd = float(np.hypot(left.sd, of_nation(root, left)))
        own["migration.old_error"] = _as_wide(own["migration.old_error"], 0.0, sd)
        found = _backtest(root, code, own, draws, (BASE, max(o.year for o in observed)), observed)
        out += [Judged(code, s.year - BASE, {}, s) for s in found]
    return out


def prefectures(root: Path, draws: int) -> Iterator[Judged]:
    """Every prefecture, and county under none, that both censuses counted on one area."""
    codes, registered, rates = unknown_decade(root)
    chosen = [list_places(root)[code] for code in codes]
    away, nets = (dict(zip(codes, v.tolist(), strict=True)) for v in (registered, rates))
    both = decade(root, ("prefecture", "direct_county"))
    apart = {name: of_decade(both.without(name)) for name in dict.fromkeys(p.province for p in chosen)}
    old = {name: (of_nation(root, found), found.sd) for name, found in apart.items()}
    without = {name: _unknown_of(root, away, nets, name) for name in apart}
    for place in chosen:
        own = _migration_without(read_place(root, place.code), *without[place.province])
        own["observation.unknown_old"] = _as_wide(own["observation.unknown_old"], *old[place.province])
        observed = _censuses(root, place, own["population.base"])
        for score in _backtest(root, place.code, own, draws, (CENSUS, BASE), observed):
            yield Judged(place.code, BASE - CENSUS, _groups(root, place, away[place.code]), score)


def _unknown_of(
    root: Path, away: Mapping[str, float], nets: Mapping[str, float], province: str
) -> tuple[tuple[float, float, float], ByRegion]:
    """What net migration is foretold by, estimated without a province: over all places, within regions."""
    rest = [code for code in away if code[:2] != province[:2]]
    x, y = np.array([away[c] for c in rest]), np.array([nets[c] for c in rest])
    return by_registered(x, y), by_region(x, y, [c[:2] for c in rest], lies_in(root, rest))


def _migration_without(
    own: dict[str, Parameter], line: tuple[float, float, float], within: ByRegion
) -> dict[str, Parameter]:
    """Net migration where none was observed, as the other provinces have it."""
    slope, middle, sd = line
    out = override(own, "observation.registered_effect", slope, "left out")
    out["observation.unknown_migration"] = _as_wide(out["observation.unknown_migration"], middle, sd)
    by = out["observation.unknown_by_region"]
    middles = [within.middles[str(name)] for name in by.data.economic_region.values]
    out["observation.unknown_by_region"] = replace(by, data=by.data.copy(data=middles))
    out = override(out, "observation.registered_within", within.slope, "left out")
    return override(out, "observation.unknown_narrowed", within.sd / sd, "left out")


def _as_wide(parameter: Parameter, middle: float, sd: float) -> Parameter:
    """A parameter with a normal range, at another middle and as wide as this standard deviation."""
    spread = parameter.record.range
    assert spread is not None
    wide = spread.model_copy(update={"low": -_TWO_SIDED * sd, "high": _TWO_SIDED * sd})
    record = parameter.record.model_copy(update={"range": wide, "value": middle})
    return replace(parameter, record=record, data=parameter.data * 0 + middle)


def _censuses(root: Path, place: Place, base: Parameter) -> list[Observation]:
    """Age groups of both censuses, the later one moved to the year's end as the model's base is."""
    first = counted(root, place.code)[CENSUS].sum(axis=0)
    later = base.data.sum("sex").transpose("age").values
    found = []
    for group in _GROUPS:
        low, high = AGE_GROUPS[group]
        name = f"population_{group}"
        found.append(Observation(CENSUS, name, float(first[low // WIDTH : high // WIDTH + 1].sum())))
        found.append(Observation(BASE, name, float(later[low : high + 1].sum())))
    return found


def _groups(root: Path, place: Place, away: float) -> dict[str, str]:
    people = counted(root, place.code)[CENSUS].sum()
    return {
        "size in 2010": next(name for least, name in reversed(_SIZES) if people >= least),
        "in 2010": "more residents than registered" if away > 0 else "fewer residents than registered",
        "part": _PARTS[place.code[0]],
    }


def _backtest(
    root: Path,
    code: str,
    own: dict[str, Parameter],
    draws: int,
    years: tuple[int, int],
    observed: list[Observation],
) -> list[Score]:
    region = find_region(root, code, list_regions(root))
    setup = plain_setup(root, [region], {code: own}, draws)
    return backtest(setup, region, *years, ("nation",), observed).scores


@dataclass(frozen=True)
class Quality:
    """How well figures were foretold: relative errors; nan where no naive forecast is."""

    n: int
    rmse: float
    bias: float
    last_rmse: float
    trend_rmse: float
    covered: float
    covered_seen: float
    crps: float
    last_crps: float
    trend_crps: float
    pit: tuple[int, ...]
    """Figures by tenths of the distribution that they fell in."""


def quality(scores: Sequence[Score]) -> Quality:
    """Errors, coverage of the 80 % band without and with the error of publication, CRPS, PIT."""
    error = np.array([s.error for s in scores])
    naive = {
        n: np.array([np.nan if getattr(s, n) is None else getattr(s, n) / s.observed - 1 for s in scores])
        for n in ("last_value", "trend")
    }
    last, trend = naive["last_value"], naive["trend"]
    pit, _ = np.histogram([s.pit for s in scores], np.linspace(0, 1, 11))
    return Quality(
        len(scores),
        _rms(error),
        float(error.mean()),
        _rms(last),
        _rms(trend),
        float(np.mean([s.covered for s in scores])),
        float(np.mean([s.covered_seen for s in scores])),
        float(np.mean([s.crps for s in scores])),
        _mean(np.abs(last)),
        _mean(np.abs(trend)),
        tuple(int(k) for k in pit),
    )


def _rms(values: Floats) -> float:
    return float(np.sqrt(_mean(values**2)))


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")
