"""Infant, under-five and maternal mortality: the nation's change as counted, and how it goes on.

The log change of each year is what the bulletins counted; from there what lies above the lowest rate that
countries have reached (`outcomes.*_lowest`) moves: by its mean of the last three years, which fades by the
half-life that foretells the nation best one to five years ahead (see pooling), with an error that stays from
year to year.  No province's rates are held for two years: how far a region's pace lies from
the nation's is taken from the provinces' pace of deaths at 30-69.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.cells import number, whole
from sim.errors import ConfigError, fault, raise_all
from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.evidence.calibration.parts.premature_pace import paces, premature
from sim.evidence.calibration.pooling import faded, half_lives, level
from sim.params import read_file
from sim.places import list_regions
from sim.places.region import NATION
from sim.textfile import read_csv

_TABLE = Path("parameters") / "series" / "young_mortality.csv"
_RATES = {"child": ("infant", "u5"), "maternal": ("maternal",)}
_FILE = "national/outcomes.yaml"
_AHEAD = (1, 5, 10, 15, 25)  # years ahead at which a fading change is written out
_LASTS = 0.95  # from year to year, of an error of the nation's change
_TWO_SIDED = 1.96  # standard deviations of a normal's middle 95 %
_COMMON = {"source": "nhc_bulletins", "basis": "derived", "quality": "D"}
_PACE = {
    "name": {
        "en": "Yearly change of infant, under-five and maternal mortality beside the nation's",
        "zh": "婴儿、5岁以下儿童和孕产妇死亡率年变化与全国之差",
    },
    "unit": "per year",
    "at": "always",
}


_UNTIL = {
    "name": {"en": "Last year whose rates are counted", "zh": "率的最近统计年份"},
    "unit": "year",
    "at": "always",
}


def counted(root: Path) -> dict[str, xr.DataArray]:
    """Deaths per live birth of the nation by indicator, in the unit of the bulletins, dims year.

    Raises ConfigError for a rate that is not above 0, a year twice, a gap between two years, or an
    indicator that is missing or not known.
    """
    path = root / _TABLE
    found: dict[str, dict[int, float]] = {name: {} for names in _RATES.values() for name in names}
    faults = []
    for row in read_csv(path, ("indicator", "year", "rate", "source")):
        line, name = f"{path}: line {row['_line']}", row["indicator"]
        year, rate = whole(row["year"]), number(row["rate"])
        if year is None:
            faults.append(fault(f"{line}: year", f"'{row['year']}'", "a calendar year is wanted"))
            continue
        if name not in found:
            faults.append(fault(f"{line}: indicator", f"'{name}' is not known", f"one of {', '.join(found)}"))
            continue
        if year in found[name]:
            faults.append(fault(line, f"{name} of {year} stands twice", "keep one of them"))
        if rate is None or not 0.0 < rate < np.inf:
            faults.append(fault(f"{line}: rate", f"'{row['rate']}'", "a number above 0"))
        found[name][year] = rate or np.nan
    for name, by_year in found.items():
        years = sorted(by_year)
        if len(years) < 2 or years != list(range(years[0], years[-1] + 1)):
            faults.append(fault(str(path), f"{name} of {years}", "every year from the first to the last"))
    raise_all(ConfigError, faults)
    return {
        name: xr.DataArray([by[y] for y in sorted(by)], {"year": sorted(by)}, ("year",))
        for name, by in found.items()
    }


def estimate(root: Path) -> Sequence[Estimate]:
    """The nation's change of each year, how it goes on, and how far regions lie from it."""
    rates = counted(root)
    least = lowest(root)
    logs = {name: _log_change(rate) for name, rate in rates.items()}
    above = {name: _log_change(rate - least[name]) for name, rate in rates.items()}
    every = dict(zip(above, half_lives(list(above.values())), strict=True))
    young = half_lives([above[name] for name in _RATES["child"]])  # of one kind: by themselves
    fades = {"child": tuple(np.exp(np.mean(np.log(young), axis=0))), "maternal": every["maternal"]}
    out = [
        _change(name, _mean(logs, names), _mean(above, names), *map(float, fades[name]))
        for name, names in _RATES.items()
    ]
    last = int(next(iter(logs.values())).year[-1])
    until: dict[str, Any] = {"value": last, "year": last, **_COMMON, "basis": "measured", "quality": "A"}
    out.append(Estimate(_FILE, "young_counted", until, logs["infant"].size, "the last year counted", _UNTIL))
    _, second = paces(premature(root))
    spread = _TWO_SIDED * float(second.std(ddof=1))
    pace: dict[str, Any] = {"value": 0.0, "year": "2010-2020", **_COMMON, "source": "census_deaths_2000_2020"}
    pace["range"] = {
        "distribution": "normal",
        "low": rounded(-spread),
        "high": rounded(spread),
        "scale": "value",
    }
    nation = {**_COMMON, "value": 0.0, "year": "2014-2025", "exact": "the nation itself"}
    told = "no province's rates are held for two years: spread of the provinces' pace of 30q70, 2010-2020"
    folder = list_regions(root)[NATION].folder
    return [
        *out,
        Estimate(_FILE, "young_pace", pace, second.size, told, _PACE),
        Estimate(
            f"{folder}/outcomes.yaml",
            "young_pace",
            nation,
            second.size,
            "its own pace is the nation's",
            _PACE,
        ),
    ]


def lowest(root: Path) -> dict[str, float]:
    """The lowest rates that countries have reached, in the unit of the bulletins."""
    records = read_file(root / "parameters" / _FILE)
    units = {"infant": 1e3, "u5": 1e3, "maternal": 1e5}
    return {
        name: unit * float(records[f"outcomes.{name}_mortality_lowest"].data) for name, unit in units.items()
    }


def _log_change(rate: xr.DataArray) -> xr.DataArray:
    return rate.copy(data=np.log(rate.values)).diff("year")


def _mean(of: Mapping[str, xr.DataArray], names: Sequence[str]) -> xr.DataArray:
    return xr.concat([of[name] for name in names], "of").mean("of")


def _change(name: str, change: xr.DataArray, above: xr.DataArray, half_life: float, error: float) -> Estimate:
    """The record of one path: of the rate as counted, then of what lies above the lowest, fading."""
    first, last = int(change.year[0]), int(change.year[-1])
    ahead = faded(level(above, last), half_life, _AHEAD[-1])
    path = {int(y): rounded(float(v)) for y, v in zip(change.year.values, change.values, strict=True)}
    path |= {last + i: rounded(float(ahead[i - 1])) for i in _AHEAD}
    span = {"distribution": "ar1", "rho": _LASTS, "sd": {last: 0.0, last + 1: rounded(error)}}
    fields: dict[str, Any] = {"path": path, "beyond": "hold", "year": f"{first - 1}-{last}", **_COMMON}
    fields["range"] = {**span, "scale": "absolute"}
    method = (
        f"yearly change of the bulletins' rates ({' and '.join(_RATES[name])}); then of what lies above the "
        f"lowest of any country, the mean of 3 years, half-life {half_life:.2g} years"
    )
    return Estimate(_FILE, f"{name}_mortality_change", fields, change.size * len(_RATES[name]), method)


PART = Part(
    "young_mortality",
    "change of infant, under-five and maternal mortality",
    estimate,
    ("series/young_mortality.csv",),
)
