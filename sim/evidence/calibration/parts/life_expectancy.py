"""Life expectancy of a region beside the nation's: how fast the difference closes, and what is left open.

Differences of the provinces as published for 1990, 2000 and 2020.  Over years the difference d closes as
d(t) = d(0) exp(-k t) + e, e of an Ornstein-Uhlenbeck process of the same speed: variance
s^2 (1 - exp(-2 k t)) / (2 k).  A pace of its own would be a province's change of one period on that of the
next; it is held beside the closing, each province left out in turn.
Regression to the nation: Galton (1886), Journal of the Anthropological Institute 15, 246-263; conditional
convergence: Barro & Sala-i-Martin 1992, Journal of Political Economy 100(2), 223-251.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.arrays import Floats
from sim.cells import number, number_remedy, whole
from sim.errors import ConfigError, fault, raise_all
from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.places import list_regions
from sim.places.region import NATION
from sim.places.vital import read_vital
from sim.textfile import read_csv

_TABLE = Path("parameters") / "series" / "life_expectancy.csv"
_YEARS = (1990, 2000, 2020)  # of the three figures; the last stands with those of the cities
_LAST_AGE = (20.0, 110.0)  # a life expectancy in years
_TWO_SIDED = 1.96  # standard deviations of a normal's middle 95 %
_TO = (2021, 2022, 2023, 2025, 2027, 2030, 2035, 2040, 2045, 2050)  # years whose spread is written out
_COMMON = {"source": "nbs_yearbook_2009", "year": f"{_YEARS[0]}-{_YEARS[-1]}", "basis": "derived"}
_CLOSING = {
    "name": {
        "en": "Share of a region's difference in life expectancy from the nation that closes a year",
        "zh": "地区预期寿命与全国之差每年缩小的比例",
    },
    "unit": "per year",
    "at": "always",
}
_OWN = {
    "name": {
        "en": "Deviation of a region's life expectancy from its difference to the nation",
        "zh": "地区预期寿命偏离其与全国差距的误差",
    },
    "unit": "year",
}
_SINCE = {"name": {"en": "Year of the difference", "zh": "差距所属年份"}, "unit": "1", "at": "always"}


@dataclass(frozen=True)
class Scored:
    """How a way of foretelling misses the provinces' differences of the last year, each left out in turn."""

    way: str
    rmse: float
    """Years."""
    slope: float | None
    """Of the change on what it is foretold by."""


@dataclass(frozen=True)
class Closing:
    """How differences close."""

    speed: float
    """k, a year."""
    error: float
    """Its standard error (jackknife over provinces)."""
    missed: float
    """Years by which the difference of the last year is missed, root mean square, each left out."""
    n: int
    span: int
    """Years between the two figures."""
    ways: tuple[Scored, ...]

    def spread(self, years: float) -> float:
        """Standard deviation so many years on, years of life."""
        grown = (1.0 - np.exp(-2.0 * self.speed * years)) / (1.0 - np.exp(-2.0 * self.speed * self.span))
        return float(self.missed * np.sqrt(grown))


def differences(root: Path) -> dict[str, Floats]:
    """Life expectancy less the nation's by province: of the three years, NaN where it was not published.

    Raises ConfigError for a figure that is none, stands twice, or of a year or region that is not known.
    """
    path, e0 = root / _TABLE, read_vital(root).e0
    found: dict[tuple[str, int], float] = {(code, _YEARS[-1]): value for code, value in e0.items()}
    faults = []
    for row in read_csv(path, ("region", "year", "years", "source")):
        line, year, value = f"{path}: line {row['_line']}", whole(row["year"]), number(row["years"])
        for column, held in (("year", year), ("years", value)):
            if held is None:
                faults.append(fault(f"{line}: {column}", f"'{row[column]}'", number_remedy(row[column])))
        if year is None or value is None:
            continue
        key = (row["region"], year)
        if key in found:
            faults.append(fault(line, f"{key} stands twice", "keep one of them"))
        if key[0] not in e0 or key[1] not in _YEARS:
            wrong, remedy = f"{year} of '{row['region']}' is not asked for", f"provinces in {_YEARS[:-1]}"
            faults.append(fault(f"{line}: {'year' if key[0] in e0 else 'region'}", wrong, remedy))
        if not _LAST_AGE[0] <= value <= _LAST_AGE[1]:
            faults.append(fault(line, f"{value:g} years", f"{_LAST_AGE[0]:g} to {_LAST_AGE[1]:g}"))
        found[key] = value
    raise_all(ConfigError, faults)
    nation = np.array([found[NATION, year] for year in _YEARS])
    provinces = sorted({code for code, year in found if year == _YEARS[1]} - {NATION})
    return {code: np.array([found.get((code, y), np.nan) for y in _YEARS]) - nation for code in provinces}


def closing(apart: dict[str, Floats]) -> Closing:
    """How the differences of 2000 closed by 2020, beside what a province's own pace foretells."""
    table = np.array(list(apart.values()))
    table = table[np.isfinite(table).all(axis=1)]
    before, start, after = table.T
    change, pace, span = after - start, start - before, _YEARS[2] - _YEARS[1]
    drivers = {
        "the nation's pace": np.empty((len(start), 0)),
        "its own pace of the years before": pace[:, None],
        "closing to the nation": start[:, None],
        "closing, and its own pace": np.stack([start, pace], axis=1),
    }
    ways = tuple(_left_out(way, x, change) for way, x in drivers.items())
    near = start[:, None]
    every = [_speed(np.delete(near, i, 0), np.delete(change, i), span) for i in range(len(change))]
    many, speeds = len(every), np.array(every)
    error = float(np.sqrt((many - 1) / many * ((speeds - speeds.mean()) ** 2).sum()))
    return Closing(_speed(near, change, span), error, ways[2].rmse, many, span, ways)


def _speed(start: Floats, change: Floats, span: int) -> float:
    slope = float(np.linalg.lstsq(start, change, rcond=None)[0][0])
    return float(-np.log1p(slope) / span)


def _left_out(way: str, x: Floats, change: Floats) -> Scored:
    """Errors of the change foretold by least squares without constant, each province left out."""
    missed = []
    for i in range(len(change)):
        beta = np.linalg.lstsq(np.delete(x, i, 0), np.delete(change, i), rcond=None)[0]
        missed.append(change[i] - x[i] @ beta)
    whole = np.linalg.lstsq(x, change, rcond=None)[0]
    return Scored(way, float(np.sqrt(np.mean(np.square(missed)))), float(whole[-1]) if whole.size else None)


def estimate(root: Path) -> Sequence[Estimate]:
    """How fast a difference closes, and what is left open; the nation differs from itself by nothing."""
    found = closing(differences(root))
    plain, own, near, _ = found.ways
    if own.rmse < plain.rmse:  # then each province's own pace would belong into its record
        wrong = (
            f"its own pace foretells a province with {own.rmse:.2f} years, the nation's with {plain.rmse:.2f}"
        )
        raise ConfigError(fault(str(root / _TABLE), wrong, "give each province a record of its own pace"))
    low, high = (rounded(found.speed + sign * _TWO_SIDED * found.error) for sign in (-1, 1))
    speed: dict[str, Any] = {**_COMMON, "quality": "D", "value": rounded(found.speed)}
    speed["range"] = {"distribution": "normal", "low": low, "high": high, "scale": "value"}
    method = (
        f"differences of provinces in {_YEARS[1]} and {_YEARS[2]}, least squares; missed by {near.rmse:.2f} "
        f"years, each left out, by the nation's pace {plain.rmse:.2f}, by its own pace of "
        f"{_YEARS[0]}-{_YEARS[1]} {own.rmse:.2f}; jackknife over provinces"
    )
    sd = {_YEARS[-1]: 0.0} | {year: rounded(found.spread(year - _YEARS[-1])) for year in _TO}
    span: dict[str, Any] = {"distribution": "ar1", "rho": rounded(float(np.exp(-found.speed)))}
    left: dict[str, Any] = {**_COMMON, "quality": "D", "value": 0.0}
    left["range"] = {**span, "sd": sd, "scale": "absolute"}
    nothing = {**_COMMON, "quality": "D", "value": 0.0, "exact": "the nation itself"}
    since = {**_COMMON, "quality": "D", "value": _YEARS[-1], "exact": "the year of the published figures"}
    file, folder = "national/mortality.yaml", list_regions(root)[NATION].folder
    of_nation = "it differs from itself by nothing"
    return [
        Estimate(file, "e0_closing", speed, found.n, method, _CLOSING),
        Estimate(file, "e0_gap_year", since, found.n, "census of 2020", _SINCE),
        Estimate(file, "e0_own_error", left, found.n, method, _OWN),
        Estimate(f"{folder}/mortality.yaml", "e0_own_error", nothing, found.n, of_nation, _OWN),
    ]


PART = Part(
    "life_expectancy",
    "life expectancy of a region beside the nation's",
    estimate,
    ("series/life_expectancy.csv", "places/e0_2020.csv"),
)
