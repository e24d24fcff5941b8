"""Premature mortality: what a region's own pace of decline foretells, and how far paces lie apart.

All-cause 30q70 of the provinces at three censuses: the pace of one decade (less the nation's) on
that of the next. A slope at or below 0 means that a region's own pace foretells nothing: the nation's
stands for it, with the spread of the provinces (Galton's regression to the mean; Gelman & Hill 2007,
section 12.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.burden.summary import premature_mortality
from sim.cells import number, number_remedy
from sim.config import is_region_code
from sim.errors import ConfigError, fault, raise_all
from sim.evidence.calibration.part import Estimate, Part, rounded
from sim.places import list_regions
from sim.places.region import NATION
from sim.textfile import read_csv

_TABLE = Path("parameters") / "series" / "deaths_30_69.csv"
_KEY = "premature_pace"
_COMMON = {"source": "census_deaths_2000_2020", "basis": "derived", "quality": "D"}
_NEW = {
    "name": {
        "en": "Yearly change of deaths at 30-69 from the four NCDs beside the nation's",
        "zh": "30—69岁四类慢性病死亡率年变化与全国之差",
    },
    "unit": "per year",
}
_TWO_SIDED = 1.96  # standard deviations of a normal's middle 95 %


def premature(root: Path) -> xr.DataArray:
    """All-cause 30q70 by region and census year, both sexes.

    Raises ConfigError for a cell that is missing, twice or no count, and for more deaths than people.
    """
    cells: dict[tuple[str, int, int], float] = {}
    sums: dict[tuple[str, int, int], tuple[float, float]] = {}
    faults, path = [], root / _TABLE
    for row in read_csv(path, ("region", "year", "age_start", "people", "deaths")):
        line = f"{path}: line {row['_line']}"
        cells_of = {k: number(row[k]) for k in ("year", "age_start", "people", "deaths")}
        if not is_region_code(row["region"]):
            faults.append(fault(f"{line}: region", f"'{row['region']}'", "write six digits"))
        none = [k for k, v in cells_of.items() if v is None]
        faults += [fault(f"{line}: {k}", f"'{row[k]}'", number_remedy(row[k])) for k in none]
        if none:
            continue
        year, start, people, deaths = (float(v or 0.0) for v in cells_of.values())
        key = (row["region"], int(year), int(start))
        if key in cells:
            faults.append(fault(line, f"{key} stands twice", "keep one of them"))
        if not 0 <= deaths < people:
            wrong = f"{deaths:g} deaths among {people:g} people"
            faults.append(fault(line, wrong, "want 0 or more, and fewer than the people"))
        cells[key] = deaths / people if people > 0 else np.nan
        sums[key] = (people, deaths)
    raise_all(ConfigError, faults)
    regions, years, ages = (sorted({key[i] for key in cells}) for i in range(3))
    if len(cells) != len(regions) * len(years) * len(ages):
        raise ConfigError(fault(str(path), f"{len(cells)} rows", "one for each region, year and age"))
    raise_all(ConfigError, _sum_faults(path, sums))
    values = np.array([[[cells[r, y, a] for a in ages] for y in years] for r in regions])  # type: ignore[index]
    coords = {"region": regions, "year": years, "age_group": ages}
    return premature_mortality(xr.DataArray(values, coords, ("region", "year", "age_group")))


def _sum_faults(path: Path, sums: Mapping[tuple[str, int, int], tuple[float, float]]) -> list[str]:
    """Provinces whose people or deaths together are not the nation's."""
    faults = []
    for (region, year, start), whole in sums.items():
        if region != NATION:
            continue
        parts = [v for (code, y, s), v in sums.items() if (y, s) == (year, start) and code != NATION]
        for kind, total, own in zip(("people", "deaths"), whole, np.sum(parts, axis=0), strict=True):
            if abs(own - total) > 0.5:
                wrong = (
                    f"{kind} of {start} in {year}: provinces add up to {own:.0f}, the nation has {total:.0f}"
                )
                faults.append(fault(str(path), wrong, "the printed figures, each cell"))
    return faults


def paces(found: xr.DataArray) -> tuple[Floats, Floats]:
    """Log change a year beside the nation's in the first and in the second decade, (region,)."""
    logs = xr.apply_ufunc(np.log, found)
    change = logs.diff("year") / xr.DataArray(np.diff(found.year), {"year": found.year[1:]}, ("year",))
    apart = change - change.sel(region=NATION, drop=True)
    own = apart.drop_sel(region=NATION)
    return own.isel(year=0).values, own.isel(year=1).values


def estimate(root: Path) -> Sequence[Estimate]:
    """The range of a region's own pace; its middle is 0 unless one decade foretells the next."""
    first, second = paces(premature(root))
    slope = float(np.polyfit(first, second, 1)[0])
    if slope > 0.0:  # then each region's own pace would belong into its record
        wrong = f"the pace of a decade on that of the one before has slope {slope:.2f}"
        raise ConfigError(fault(str(root / _TABLE), wrong, "give each province a record of its own pace"))
    spread = _TWO_SIDED * float(second.std(ddof=1))
    fields = {
        "value": 0.0,
        "range": {
            "distribution": "normal",
            "low": rounded(-spread),
            "high": rounded(spread),
            "scale": "value",
        },
    }
    method = (
        f"30q70 of provinces at three censuses: slope of 2010-2020 on 2000-2010 {slope:.2f}, not above 0, "
        "so that the nation's pace stands for each; spread of the provinces' pace 2010-2020"
    )
    nation = {"value": 0.0, "year": "2000-2020", "exact": "the nation itself", **_COMMON}
    folder = list_regions(root)[NATION].folder
    return [
        Estimate("national/outcomes.yaml", _KEY, fields, second.size, method),
        Estimate(f"{folder}/outcomes.yaml", _KEY, nation, second.size, "its own pace is the nation's", _NEW),
    ]


PART = Part("premature_pace", "own pace of premature mortality", estimate, ("series/deaths_30_69.csv",))
