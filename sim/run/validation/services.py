"""Use of care and beds against what was counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import xarray as xr

import sim.demography
from sim.burden import calibration
from sim.params import Parameter, central
from sim.run.backtest import NATION
from sim.run.setup import Region
from sim.run.validation.common import YEARS, Parameters
from sim.run.validation.markdown import signed, table
from sim.textfile import read_csv

DAYS = 365.0


def use(root: Path, regions: Sequence[Region], parameters: Parameters) -> str:
    """The section on use of care and beds."""
    observed = read_csv(root / "parameters" / "observed_use.csv")
    held = {
        (r["region"], int(r["year"]), r["scope"], r["indicator"]): float(r["value"])
        for r in observed
    }
    rows = []
    for region in regions:
        params = central(parameters[region.code], list(YEARS))
        done = sim.demography.project(
            xr.Dataset(), {n: params[n] for n in sim.demography.PARAMETERS}
        )
        use = calibration.use_at_national_rates(done["population"], done["births_by_age"], params)
        for name, modelled in use.items():
            seen = held.get((region.code, YEARS[0], "all", name))
            if seen is not None:
                rows.append((region.code, name, str(YEARS[0]), f"{modelled:.0f}", f"{seen:.0f}",
                             signed(modelled / seen - 1)))  # fmt: skip
    parent = {r.code: f"{r.code[:2]}0000" for r in regions if r.code != NATION}
    for m in calibration.carried_stocks(observed, parent, 2015, 2020):
        rows.append((m.region, "beds carried on from 2015 with the province", str(m.year),
                     f"{m.modelled:.0f}", f"{m.observed:.0f}", signed(m.misfit)))  # fmt: skip
    open_share = {"hospitals": _open_days(parameters[NATION]) / DAYS}
    for m in calibration.bed_identities(observed, open_share):
        rows.append((m.region, m.indicator, str(m.year), f"{m.modelled:.3f}", f"{m.observed:.3f}",
                     signed(m.misfit)))  # fmt: skip
    columns = ("region", "figure", "year", "model", "observed", "misfit")
    return (
        "## Use of care and beds\n\nUse at national rates by age on the region's people (a "
        "normal year; "
        "2020 was not one: the nation's admissions fell by 15 %, visits by 11 %), beds of 2015 "
        "carried "
        "on, and the identity occupancy = admissions x stay / open bed-days. Occupancy that "
        "regions "
        "report beside what the hospital model bears: [hospital.md](hospital.md).\n\n"
        + table(columns, rows)
    )


def _open_days(parameters: Mapping[str, Parameter]) -> float:
    name = "inpatient.open_days_per_bed"
    return float(parameters[name].data) if name in parameters else 347.4
