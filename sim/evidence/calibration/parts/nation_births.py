"""Total fertility of the nation that meets the births published of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from sim.demography.calibrate import indicators
from sim.demography.stage import project
from sim.evidence.calibration.part import Estimate, Part
from sim.params import central, override
from sim.places import list_regions, read_observed, read_place
from sim.places.region import NATION

_BASE = 2020
_DIGITS = 4
_ROUNDS = 3  # births of a year hang on those before by parity: each round takes what is left tenfold down


def estimate(root: Path) -> Sequence[Estimate]:
    """The rate of each year since the base at which the model's women bear the births published."""
    folder = list_regions(root)[NATION].folder
    seen = read_observed(root / "parameters" / folder / "observed.csv")
    births = {o.year: o.value for o in seen if o.indicator == "births" and o.year >= _BASE}
    years, own = sorted(births), read_place(root, NATION)
    rates = {y: float(own["fertility.tfr"].data.sel(year=y)) for y in years}
    wpp = override(own, "fertility.reference_path", "wpp", "calibration")
    for _ in range(_ROUNDS):
        tried = override(wpp, "fertility.tfr", {**rates, years[-1] + 1: rates[years[-1]]}, "calibration")
        born = indicators(project(xr.Dataset(), central(tried, years)))["births"]
        rates = {y: rates[y] * births[y] / float(born.sel(year=y)[0]) for y in years}
    path = {y: float(np.round(v, _DIGITS)) for y, v in rates.items()}
    millions = ", ".join(f"{births[y] / 1e6:.2f}" for y in years)
    fields = {
        "values": path,
        "year": f"{years[0]}-{years[-1]}",
        "source": "people_calibration",
        "locator": "births published over those that the model's women bear",
        "note": f"births of {years[0]}-{years[-1]}: {millions} million",
    }
    method = "rates times births published over born, in turn"
    return [Estimate("national/fertility.yaml", "tfr_counted", fields, len(years), method)]


PART = Part(
    "nation_births",
    "total fertility of the nation that meets the births published",
    estimate,
    ("regions/000000_china/observed.csv",),
    ("nation_people",),
)
