"""Yearly figures of all provinces: people, births and deaths, beds and staff, as they were published.

parameters/series/provinces.csv    indicator, region, a column for each year
parameters/series/indicators.csv   unit, source, and the bounds that a figure must keep
parameters/series/doubts.csv       cells that are not to be trusted, and why
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import xarray as xr

from sim.cells import grade_fault, whole
from sim.config import is_region_code
from sim.errors import ConfigError, fault, raise_all
from sim.params.alike import alike
from sim.params.units import UNITS, unit
from sim.places.region import NATION
from sim.places.yearly_checks import Cells, Indicator, Lines, faults_of
from sim.textfile import csv_header, did_you_mean, read_csv

_FOLDER = Path("parameters") / "series"
_BOUNDS = ("low", "high", "step_low", "step_high")
_INDICATOR = ("indicator", "unit", "grade", "source", "per", *_BOUNDS, "part_of", "note")


@dataclass(frozen=True)
class Yearly:
    """Published figures by indicator, region and year; NaN where nothing is known."""

    indicators: Mapping[str, Indicator]
    figures: Mapping[str, xr.DataArray]
    """By indicator, dims (region, year), model unit; the nation is region 000000."""
    doubts: Mapping[tuple[str, str, int], str]
    """(indicator, region, year) -> why the figure is not to be trusted."""
    _trusted: dict[str, xr.DataArray] = field(default_factory=dict, repr=False, compare=False)
    """Figures without those in doubt, once they were asked for."""
    _provinces: dict[str, xr.DataArray] = field(default_factory=dict, repr=False, compare=False)
    """Figures without the nation's row, once they were asked for."""

    def of(self, name: str, *, doubtful: bool = False) -> xr.DataArray:
        """Figures of an indicator by province and year, NaN where unknown or (unless asked) doubtful.

        Raises ConfigError for an indicator that there is not.
        """
        key = f"{name} {doubtful}"
        if key not in self._provinces:
            self._provinces[key] = self._of(name, doubtful).drop_sel(region=[NATION], errors="ignore")
        return self._provinces[key]

    def nation(self, name: str) -> xr.DataArray:
        """Figures of the nation by year: its own row, in years without one the sum over all provinces."""
        summed = self.of(name).sum("region", skipna=False)
        whole = self._of(name, doubtful=False)
        if NATION not in whole.region.values:
            return summed
        return whole.sel(region=NATION, drop=True).combine_first(summed)

    def _of(self, name: str, doubtful: bool) -> xr.DataArray:
        if name not in self.figures:
            remedy = did_you_mean(name, list(self.figures))
            raise ConfigError(fault("series", f"no indicator '{name}'", remedy))
        out = self.figures[name]
        if doubtful:
            return out
        if name not in self._trusted:
            kept = out.copy()
            for indicator, region, year in self.doubts:
                if indicator == name:
                    kept.loc[{"region": region, "year": year}] = np.nan
            self._trusted[name] = kept
        return self._trusted[name]


def read_yearly(root: Path) -> Yearly:
    """The yearly figures of all provinces below a working folder.

    Raises ConfigError with every fault: an unknown indicator or region, a row or a year twice, a
    figure out of its bounds or off by 10 to 10,000, a step from the year before that cannot be,
    rates and parts that contradict each other; each with file, line, value and the bound it breaks.
    """
    folder = root / _FOLDER
    files = [folder / name for name in ("indicators.csv", "provinces.csv", "doubts.csv")]
    return alike("yearly", files, partial(_read, folder))


def yearly_events(yearly: Yearly, kind: Literal["births", "deaths"]) -> xr.DataArray:
    """Births or deaths by province and year: the published rate on the mean of two year ends.

    Deaths are births less natural growth where no rate of their own is published.
    """
    rate = yearly.of("birth_rate")
    if kind == "deaths":
        rate = yearly.of("death_rate").combine_first(rate - yearly.of("natural_growth_rate"))
    people = yearly.of("population")
    return rate * (people + people.shift(year=1)) / 2.0


def _read(folder: Path) -> Yearly:
    faults: list[str] = []
    indicators = _indicators(folder / "indicators.csv", faults)
    path = folder / "provinces.csv"
    lines: Lines = {}
    cells = _cells(path, indicators, lines, faults)
    doubts = _doubts(folder / "doubts.csv", cells, faults)
    raise_all(ConfigError, faults)
    trusted = {key: value for key, value in cells.items() if key not in doubts}
    raise_all(ConfigError, faults_of(path, indicators, trusted, lines))
    return Yearly(indicators, _arrays(indicators, cells), doubts)


def _indicators(path: Path, faults: list[str]) -> dict[str, Indicator]:
    out: dict[str, Indicator] = {}
    for row in read_csv(path, _INDICATOR):
        place = f"{path}: line {row['_line']}"
        if row["unit"] not in UNITS:
            faults.append(fault(f"{place}: unit", f"'{row['unit']}'", did_you_mean(row["unit"], list(UNITS))))
            continue
        faults += grade_fault(place, row["grade"])
        if row["per"] not in ("", "population"):
            faults.append(fault(f"{place}: per", f"'{row['per']}'", "write population, or nothing"))
        if row["indicator"] in out:
            faults.append(fault(place, f"'{row['indicator']}' stands twice", "keep one of them"))
        if row["part_of"] and row["part_of"] not in out:
            wrong = f"'{row['part_of']}' is no indicator above"
            faults.append(fault(f"{place}: part_of", wrong, did_you_mean(row["part_of"], list(out))))
        try:
            ends = {k: float(row[k]) if row[k] else None for k in _BOUNDS}
        except ValueError as error:
            faults.append(fault(place, str(error), f"want numbers or nothing in {', '.join(_BOUNDS)}"))
            continue
        low, high, least, most = (ends[k] for k in _BOUNDS)
        out[row["indicator"]] = Indicator(
            row["indicator"],
            row["unit"],
            row["grade"],
            row["source"],
            row["per"] == "population",
            -math.inf if low is None else low,
            math.inf if high is None else high,
            -math.inf if least is None else least,
            math.inf if most is None else most,
            row["part_of"],
        )
    return out


def _cells(
    path: Path,
    indicators: Mapping[str, Indicator],
    lines: Lines,
    faults: list[str],
) -> dict[tuple[str, str, int], float]:
    """Figures as printed by (indicator, region, year); `lines` takes the line of each row."""
    years = [name for name in csv_header(path) if name not in ("indicator", "region")]
    for name in years:
        if whole(name) is None or len(name) != 4:
            faults.append(fault(path.as_posix(), f"column '{name}'", "want a year such as 2022"))
    raise_all(ConfigError, faults)
    out: dict[tuple[str, str, int], float] = {}
    for row in read_csv(path, ("indicator", "region", *years)):
        line, key = f"{path}: line {row['_line']}", (row["indicator"], row["region"])
        if key[0] not in indicators:
            faults.append(fault(line, f"indicator '{key[0]}'", did_you_mean(key[0], list(indicators))))
        if not is_region_code(key[1]):
            faults.append(fault(line, f"region '{key[1]}'", "want six digits"))
        if key in lines:
            wrong = f"{key[0]} of {key[1]} stands twice (first on line {lines[key]})"
            faults.append(fault(line, wrong, "keep one of them"))
        lines[key] = int(row["_line"])
        for year in years:
            if not row[year]:
                continue
            try:
                value = float(row[year])
            except ValueError:
                value = math.nan
            if math.isfinite(value):
                out[*key, int(year)] = value
            else:
                faults.append(
                    fault(f"{line}: {year}", f"'{row[year]}'", "a number, or nothing where unknown")
                )
    return out


def _doubts(path: Path, cells: Cells, faults: list[str]) -> dict[tuple[str, str, int], str]:
    out: dict[tuple[str, str, int], str] = {}
    for row in read_csv(path, ("indicator", "region", "year", "why")):
        line = f"{path}: line {row['_line']}"
        key = (row["indicator"], row["region"], whole(row["year"]) or 0)
        if key not in cells:
            wrong = f"{key[0]} of {key[1]} in {row['year']} is no figure of provinces.csv"
            column = next((c for c, known in _keys(cells).items() if row[c] not in known), "year")
            faults.append(fault(f"{line}: {column}", wrong, "name a cell that is filled"))
        if key in out:
            faults.append(fault(line, f"{key[0]} of {key[1]} in {key[2]} stands twice", "keep one of them"))
        out[key] = row["why"]
    return out


def _keys(cells: Cells) -> dict[str, set[str]]:
    """What stands in each column that names a figure."""
    columns = zip(*cells, strict=True) if cells else ((), (), ())
    return dict(zip(("indicator", "region", "year"), ({str(v) for v in c} for c in columns), strict=True))


def _arrays(indicators: Mapping[str, Indicator], cells: Cells) -> dict[str, xr.DataArray]:
    years = _span(year for _, _, year in cells)
    out = {}
    for name, row in indicators.items():
        regions = sorted({region for n, region, _ in cells if n == name})
        values = np.full((len(regions), len(years)), np.nan)
        for i, region in enumerate(regions):
            for j, year in enumerate(years):
                values[i, j] = cells.get((name, region, year), np.nan) * unit(row.unit).factor
        out[name] = xr.DataArray(values, {"region": regions, "year": years}, ("region", "year"), name)
    return out


def _span(years: Iterable[int]) -> list[int]:
    found = set(years)
    return list(range(min(found), max(found) + 1))
