"""What a region uses by the model, past and future: at national rates, and from its own base."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import xarray as xr

import sim.burden
import sim.demography
from sim.evidence.validation import use_by_rates as calibration
from sim.evidence.validation.common import YEARS
from sim.params import Parameter, central
from sim.places import Region, read_censuses
from sim.schema import SEXES, person_years

CENSUS = (2010, 2010 + 10 / 12)  # of 1 November
BASE_DATE = YEARS[0] + 1.0  # 31 December
USE = ("admissions", "visits")
TOPICS = ("inpatient", "outpatient")
FIRST, LAST = 2011, 2025


class Modelled:
    """People of a region and their use at national rates, FIRST..LAST, central values."""

    def __init__(self, root: Path, region: Region, parameters: Mapping[str, Parameter]) -> None:
        self.region = region
        self.params = central(parameters, list(YEARS))
        done = sim.demography.project(xr.Dataset(), {n: self.params[n] for n in sim.demography.PARAMETERS})
        burden = {n: self.params[n] for n in sim.burden.PARAMETERS}
        counted = {f"{t}.epidemic_years": xr.DataArray("counted") for t in TOPICS}
        read = done[list(sim.burden.READS)]
        self.own = sim.burden.project(read, burden | counted)
        self.own_normal = sim.burden.project(read, burden)
        lived = person_years(done["population"])
        births = done["births_by_age"]
        self.by_rates = {
            kind: calibration.use_by_rates(lived, births, self.params, counted=kind == "counted")
            for kind in ("normal", "counted")
        }
        beds = self.params["supply.beds_base"]
        beds = beds.isel(year=0) if "year" in beds.dims else beds  # counts by year: that of the base year
        self.beds = float(beds * done["population"].isel(year=0, draw=0).sum())
        earlier = self._census(root)
        if earlier is not None:
            self._add_past(parameters, earlier, done["population"].isel(year=0, draw=0, drop=True))

    def _census(self, root: Path) -> xr.DataArray | None:
        """People of the earlier census by single age, spread inside its groups as in 2020."""
        found = read_censuses(root / "parameters", self.region).get(int(CENSUS[0]))
        if found is None:
            return None
        starts, groups = found.starts, found.counts
        base = self.params["population.base"].transpose("sex", "age").sel(sex=list(SEXES))
        now = base.values
        out = np.zeros_like(now)
        for i, (a, b) in enumerate(pairwise([*starts, now.shape[1]])):
            out[:, a:b] = groups[:, i : i + 1] * now[:, a:b] / now[:, a:b].sum(1, keepdims=True)
        return xr.DataArray(out, {"sex": list(SEXES), "age": base.age.values}, ("sex", "age"))

    def _add_past(
        self, parameters: Mapping[str, Parameter], earlier: xr.DataArray, base: xr.DataArray
    ) -> None:
        names = [n for n in sim.burden.PARAMETERS if n.startswith(("inpatient.", "outpatient."))]
        for year in range(FIRST, YEARS[0]):
            params = central({n: parameters[n] for n in names}, [year])
            people = calibration.people_between(earlier, base, year, (CENSUS[1], BASE_DATE))
            births = calibration.births_behind(base, YEARS[0], year)
            for kind, found in self.by_rates.items():
                past = calibration.use_by_rates(people, births, params, counted=kind == "counted")
                for name in USE:
                    found[name] |= past[name]

    def total(self, name: str, year: int) -> float:
        """Own base carried to `year`, epidemic years as counted; nan where it cannot be."""
        if year < YEARS[0]:
            normal = self.by_rates["normal"][name]
            back = normal[year] / normal[YEARS[0]] if year in normal else np.nan
            return self._own(self.own_normal, name, YEARS[0]) * back
        return self._own(self.own, name, year)

    def _own(self, state: xr.Dataset, name: str, year: int) -> float:
        array = state["admissions_level" if name == "admissions" else "visits"]
        return float(array.sel(year=year).isel(draw=0).sum("level"))
