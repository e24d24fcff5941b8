"""What a run folder holds beside results.nc, attached to it for the charts.

decomposition.csv becomes variables `<resource>_change` with dim `driver`; revise.csv becomes the
`revised` targets of each adequacy row, by probability; parts.nc becomes `part_<series>`, its totals
with dim `part` in place of `region`, named by part_name and part_name_en.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.known.words import PARTS as COUNTS_TELL
from sim.saved.row import Revised, Row
from sim.saved.row_table import KEY
from sim.store import open_results

COSTS = "costs"
"""Variable: hundred million yuan of all items by option, kind of cost, year and point of the draws."""
REVIEW = "review"  # attribute: the rows of review.csv with what the counts add to the probability
PROPOSAL = "proposal"  # attribute: the rows of propose.csv
POINTS = ("p10", "p50", "p90")
PART = "part_"
PARTS = tuple(
    f"{PART}{name}"
    for name in ("population_group", "beds_required", "care_beds_required", "childcare_slots_required")
)
"""Totals of the parts as a run with parts carries them; the first is how many people there are."""
REVISED = "revised"  # attribute: 1 where the run holds targets that would hold
_NAMES = ("region_name", "region_name_en")
# the last: what a scenario needs more than the first one
DRIVERS = ("size", "structure", "rates", "policy", "scenario")
MAIN = 0.9


def main_chance(chances: Iterable[float]) -> float:
    """The probability whose revised target is shown: that of a verdict `adequate`, else the highest."""
    known = sorted(chances)
    return MAIN if MAIN in known else known[-1]


def attach(folder: Path, results: xr.Dataset, rows: list[Row]) -> xr.Dataset:
    """The results with changes of need by driver; rows get their revised targets in place."""
    tested = {row.variable for row in rows if row.is_tested}
    if _attach_revised(folder / "revise.csv", rows):
        results.attrs[REVISED] = 1
    if proposal := read_lines(folder / "propose.csv"):
        results.attrs[PROPOSAL] = proposal
    if lines := _reviewed(folder):
        results.attrs[REVIEW] = lines
    results = results.assign(_costs(folder / "costs.csv", results))
    results = results.assign(_parts(folder / "parts.nc", results))
    return results.assign(_changes(folder / "decomposition.csv", results, tested))


def _reviewed(folder: Path) -> list[dict[str, str]]:
    """Rows of review.csv, each with `chance_<part>` of review_parts.csv: of enough, of reached where
    that one stays as it is.
    """
    parts = [x for x in read_lines(folder / "review_parts.csv") if x["quantity"] in ("p_enough", "p_reached")]
    found = []
    for row in read_lines(folder / "review.csv"):
        own = {x["quantity"]: x for x in parts if _same_target(row, x)}
        moved = [x for x in own.values() if any(float(x[f"by_{part}"] or 0) for part in COUNTS_TELL)]
        line = next((x for q in ("p_enough", "p_reached") for x in moved if x["quantity"] == q), {})
        found.append(row | {f"chance_{part}": line.get(f"by_{part}", "") for part in COUNTS_TELL})
    return found


def _same_target(row: dict[str, str], part: dict[str, str]) -> bool:
    same = all(row[c] == part[c] for c in ("indicator_id", "target_year"))
    return same and (part["scope"] in ("", "all") or row["name_en"].endswith(f" ({part['scope']})"))


def _parts(path: Path, results: xr.Dataset) -> dict[str, xr.DataArray]:
    """Totals of the parts of a run that has them, with as many draws as `results`."""
    if not path.is_file():
        return {}
    with open_results(path) as stored:
        found = {}
        for name in PARTS:
            series = stored[name.removeprefix(PART)]
            (dim,) = (d for d in series.dims if d not in ("scenario", "region", "year", "draw"))
            total = series.sel({dim: "total"}).drop_vars(str(dim)).isel(draw=slice(results.sizes["draw"]))
            found[name] = total.rename(region="part").load()
        names = {f"{PART}{n.removeprefix('region_')}": stored[n].rename(region="part") for n in _NAMES}
        return found | {key: array.load() for key, array in names.items()}


def _attach_revised(path: Path, rows: Iterable[Row]) -> bool:
    found: dict[tuple[str, ...], dict[float, Revised]] = {}
    for line in read_lines(path):
        if line["p"] != "plan" and line["revised"] and line["kind"] in ("build", "recruit"):
            key = tuple(line[name] for name in KEY)
            enough = line.get("enough") or line["revised"]  # runs of older versions have no column
            one = Revised(float(enough), float(line["revised"]), line.get("proposed", ""))
            found.setdefault(key, {})[float(line["p"])] = one
    for row in rows:
        row.revised = found.get(tuple(str(getattr(row, name)) for name in KEY), {})
    return bool(found)


def _changes(path: Path, results: xr.Dataset, wanted: set[str]) -> dict[str, xr.DataArray]:
    """Central change of each resource's total need by driver; NaN where it is not given."""
    scenarios, regions, years = (
        [str(v) for v in results[dim].values] for dim in ("scenario", "region", "year")
    )
    drivers = list(DRIVERS)
    out: dict[str, np.ndarray[Any, np.dtype[np.float64]]] = {}
    for line in read_lines(path):
        name, driver = line["resource"], line["factor"]
        if line["group"] != "total" or driver not in drivers or name not in wanted:
            continue
        if f"{name}_required" not in results or line["scenario"] not in scenarios:
            continue
        shape = (len(scenarios), len(regions), len(years), len(drivers))
        array = out.setdefault(name, np.full(shape, np.nan))
        at = scenarios.index(line["scenario"]), regions.index(line["region"])
        where = (*at, years.index(line["year"]), drivers.index(driver))
        array[where] = float(line["change"] or "nan")
    coords = {d: results[d].values for d in ("scenario", "region", "year")}
    changes = {}
    for name, array in out.items():
        # the parts of the first scenario, and what each other one needs beside them
        array[1:, ..., :-1] = np.where(
            np.isnan(array[1:, ..., :-1]), array[:1, ..., :-1], array[1:, ..., :-1]
        )
        dims = ("scenario", "region", "year", "driver")
        changes[f"{name}_change"] = xr.DataArray(array, {**coords, "driver": drivers}, dims)
    return changes


def _costs(path: Path, results: xr.Dataset) -> dict[str, xr.DataArray]:
    lines = [line for line in read_lines(path) if line["item"] == "total"]
    if not lines:
        return {}
    coords: dict[str, list[Any]] = {
        **{d: [str(v) for v in results[d].values] for d in ("scenario", "region")},
        "option": list(dict.fromkeys(line["option"] for line in lines)),
        "cost": list(dict.fromkeys(line["cost"] for line in lines)),
        "year": [int(v) for v in results["year"].values],
        "point": list(POINTS),
    }
    found = np.full([len(c) for c in coords.values()], np.nan)
    places = {d: {label: i for i, label in enumerate(own)} for d, own in coords.items()}
    for line in lines:
        if line["scenario"] in places["scenario"]:
            at = tuple(places[d][line[d]] for d in ("scenario", "region", "option", "cost"))
            found[(*at, places["year"][int(line["year"])])] = [float(line[p]) for p in POINTS]
    return {COSTS: xr.DataArray(found, coords, list(coords))}


def read_lines(path: Path) -> list[dict[str, str]]:
    """Rows of a run's CSV table; none where there is no such file."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
