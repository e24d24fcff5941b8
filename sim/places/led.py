"""What a place's own counts since the census lead, and what that says of the places inside it.

A province without a folder goes through its published births and totals (parameters/places/led, written by
`healthplan calibrate province_people`); a region with a folder through those of its observed.csv. A place
inside, whose own births and totals nobody published, moves with the nearest of them: its fertility over that
of its base year by the same ratio, its net migration by as many per resident as are missing to what lasts
of the decade of all that lie inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import xarray as xr

from sim.params import Parameter, read_set
from sim.params.once import once
from sim.places.levels import PLACE
from sim.places.nation import Place, place_censuses
from sim.places.region import list_regions
from sim.places.said import joined, said

FOLDER = "places/led"
RATIO, LEVEL, GAP = "fertility.tfr_ratio", "migration.level", "mortality.e0_gap"


@dataclass(frozen=True)
class Led:
    """A place that its own counts lead."""

    code: str
    records: Mapping[str, Parameter]
    people: float
    """Of the census of 2020."""

    def fertility(self) -> xr.DataArray | None:
        """TFR ratio of each year over that of the base year; None where nothing was counted since."""
        path = self._path(RATIO)
        return None if path is None else path / float(path[0])

    def moves(self, lasts: float) -> xr.DataArray | None:
        """Net migrants a year per resident beyond what lasts of a decade, from the year after the base.

        lasts: persons a year, of the places inside it together, so that these and what is beyond add up to
        it.  None where nothing was counted since.
        """
        path = self._path(LEVEL)
        return None if path is None else (path[1:] - lasts) / self.people

    def _path(self, name: str) -> xr.DataArray | None:
        record = self.records.get(name)
        if record is None or "year" not in record.data.dims or record.data.year.size < 2:
            return None
        return record.data


def led_set(root: Path, code: str) -> dict[str, Parameter]:
    """What a place without a folder has from its own counts since the census; nothing for most."""
    folder = root / "parameters"
    held = once(("led", root, code), partial(_read, folder, code))
    told = said("led")
    return {
        name: replace(parameter, level=PLACE, made=joined(told, parameter.record.noted))
        for name, parameter in held.items()
    }


def _read(folder: Path, code: str) -> dict[str, Parameter]:
    path = folder / FOLDER / code
    return read_set(path, folder) if path.is_dir() else {}


def led_above(root: Path, place: Place) -> Led | None:
    """The nearest place above that its own counts lead: its prefecture, else its province."""
    for code in (place.prefecture, place.province):
        if not code or code == place.code:
            continue
        records = own_records(root, code)
        if records:
            people = float(place_censuses(root, code)[2020].counts.sum())
            return Led(code, records, people)
    return None


def own_records(root: Path, code: str) -> dict[str, Parameter]:
    """What a place has of its own: the records of its folder, or of what its counts lead."""
    return once(("own records", root, code), partial(_of, root, code))


def _of(root: Path, code: str) -> dict[str, Parameter]:
    region = list_regions(root).get(code)
    if region is None or region.parent is not None:
        return led_set(root, code)
    folder = root / "parameters"
    return read_set(folder / region.folder, folder)
