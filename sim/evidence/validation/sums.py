"""Sums of parts beside their whole: provinces and the nation, prefectures and a province, counties.

Each place is projected for itself on what is known of it, the central line of each; nothing makes them
add up. How far they do not is what their rules leave open.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import xarray as xr

import sim.demography
from sim.arrays import exact_arithmetic
from sim.evidence.setups import plain_setup
from sim.evidence.validation.common import SETS
from sim.evidence.validation.markdown import signed, table
from sim.known import conditioned
from sim.params import central
from sim.places import divide, find_region, list_regions, read_place
from sim.places.region import NATION
from sim.run.counted import with_counts

BASE, LAST = 2020, 2025
GROUPS = {"total": (0, 100), "0-14": (0, 14), "60+": (60, 100), "65+": (65, 100)}
FLOWS = ("births", "deaths")
WHOLES = ((NATION, "provinces"), ("410000", "prefectures"), ("440000", "prefectures"), ("410500", "counties"))
"""Places that are held against the sum of their parts: a sending and a receiving province among them."""


@dataclass(frozen=True)
class Sum:
    """The parts of a place less the place, relative, by figure; dim year."""

    code: str
    name: str
    parts: int
    apart: dict[str, xr.DataArray]


def sums(root: Path, wholes: Sequence[tuple[str, str]] = WHOLES) -> list[Sum]:
    """Each whole, as it is projected for itself, beside its parts."""
    found = []
    for code, word in wholes:
        division = divide(root, code, word)
        parts = [_figures(root, part) for part in division.codes]
        name = find_region(root, code, list_regions(root)).name_en
        readings = {name: True} | ({f"{name}, on no count since {BASE}": False} if code == NATION else {})
        for named, counted in readings.items():
            whole = _figures(root, code, counted=counted)
            apart = {n: sum(part[n] for part in parts) / whole[n] - 1 for n in whole}
            found.append(Sum(code, named, len(parts), apart))
    return found


def _figures(root: Path, code: str, *, counted: bool = True) -> dict[str, xr.DataArray]:
    """People of each group and flows of a place by year, its central line; the nation without servicemen.

    counted: with what the place itself counted since the census.
    """
    years = list(range(BASE, LAST + 1))
    region = find_region(root, code, list_regions(root))
    own = read_place(root, region, SETS)
    experiment = plain_setup(root, [region], {code: own}, 0).experiment
    if counted:
        own, _ = with_counts(root, region, own, experiment, years)
    with exact_arithmetic():
        params = conditioned(central(own, years), years)
        blank = xr.Dataset(coords={"year": years, "draw": [0]})
        done = sim.demography.project(blank, {n: params[n] for n in sim.demography.PARAMETERS})
    people = done["population"].isel(draw=0).sum("sex")
    found = {name: people.sel(age=slice(*span)).sum("age") for name, span in GROUPS.items()}
    found["total"] = found["total"] - float(own["population.servicemen"].data)
    flows = {n: done[n].isel(draw=0) for n in FLOWS}
    return found | {
        n: a.sum([d for d in a.dims if d != "year"]).sel(year=years[1:]) for n, a in flows.items()
    }


def sums_section(found: Sequence[Sum], years: Collection[int] = (2021, 2023, LAST)) -> str:
    """The section of the page: per cent that the parts lie above the whole."""
    names = [*GROUPS, *FLOWS]
    rows = [
        (s.name, str(s.parts), str(year), *(signed(float(s.apart[n].sel(year=year))) for n in names))
        for s in found
        for year in years
    ]
    return f"## Sums\n\n{_HEAD}\n\n{table(('whole', 'parts', 'year', *names), rows)}\n{_READ}\n"


_HEAD = (
    "Parts projected each for itself, added, beside the whole projected for itself; the central lines, "
    "relative. Nothing makes them add up but a run with `parts`. Servicemen, whom no province counts, are "
    "taken out of the nation's total."
)
_READ = (
    "The nation is led through its own counts, a province through the births and totals that it published to "
    "2022 (Henan and Guangdong to 2024), and what lies below moves with it. Beside the nation as the "
    "census alone has it the provinces have a little more people: those whom they published. What parts them "
    "from the counted nation at 60 and over is what its counts say of all of them at once: fewer deaths, in "
    "2021-24 above all, than published life expectancy means; and more people of 60 and over in the yearly "
    "surveys than the census of 2020 leaves alive, by more than the census's own error. The nation's run "
    "takes about half of that as an error of its base at 60 and over, half as fewer deaths. Whether a "
    "province takes its part of it is tried below. Anyang has births and a life expectancy of its own in its "
    "folder; its counties stand on these, moved by deaths of 2010 and urban share beside the city's."
)
