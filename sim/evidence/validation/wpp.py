"""WPP 2024 given back from its own rates."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.arrays import Floats
from sim.demography.ccmpp import project_cohorts
from sim.evidence.validation.markdown import pct, table
from sim.schema import SEXES

WPP_ENV = "HEALTHPLAN_WPP"
VALIDATION = ("JPN", "DEU", "NGA", "IND", "BRA", "USA", "NER", "QAT", "KOR", "SWE", "ZAF", "IDN")


def wpp_errors(case: Mapping[str, Any], published: str, out_migration: str) -> tuple[Floats, Floats]:
    """Relative errors of mid-2050: totals (country,), and of five-year cells below 85
    (country, cell).
    """
    year = np.arange(2024, 2051)

    def array(name: str, *dims: str) -> xr.DataArray:
        known = {
            "country": case["country"],
            "year": year,
            "sex": list(SEXES),
            "age": np.arange(10, 55) if name == "asfr" else np.arange(101),
        }
        return xr.DataArray(np.asarray(case[name], float), {d: known[d] for d in dims}, dims)

    done = project_cohorts(
        array("base", "country", "sex", "age"),
        mx=array("mx", "country", "year", "sex", "age"),
        asfr=array("asfr", "country", "year", "age"),
        srb=array("srb", "country", "year"),
        net_migration=array("net_migration", "country", "year", "sex", "age"),
        out_migration=out_migration,
    )
    middle = done["population"].sel(year=[2049, 2050]).mean("year")
    ours = middle.transpose("country", "sex", "age").values
    theirs = np.asarray(case[published], float)
    total = np.abs(ours.sum((1, 2)) / theirs.sum((1, 2)) - 1)
    a, b = (x[..., :85].reshape(len(ours), 2, 17, 5).sum(-1) for x in (ours, theirs))
    return total, np.abs(a / b - 1).reshape(len(ours), -1)


def world_case(folder: Path) -> dict[str, Any]:
    """The world file in the shape of the committed five countries."""
    z = np.load(folder / "wpp2024_world.npz", allow_pickle=True)
    years = slice(0, 27)
    return {
        "country": z["iso3"],
        "base": np.maximum(z["jan1_2024"], 0)[:, ::-1],
        "mx": z["mx_derived"][:, years, ::-1],
        "asfr": z["asfr_derived"][:, years],
        "srb": z["srb"][:, years],
        "net_migration": z["mig"][:, years, ::-1],
        "population_mid_2050": z["pop_mid"][:, list(z["year_pop"]).index(2050), ::-1],
    }


WHY = (
    "\nCountries whose cells pass 0.05 % at p95, and why: the rates by single age are "
    "graduated from "
    "WPP's five-year tables, the published ones are not held. Korea: only cohorts born "
    "after 2024 are "
    "off, as births are 0.1-0.2 % high (fertility inside 30-39); Nigeria and Niger: "
    "children, and "
    "ages 80-84, whose mortality moves fast inside a group; Qatar: as Korea, and few people "
    "above "
    "65, off within two years of the base. Older cohorts are within 0.03 % in all four.\n"
)


def wpp(cases: Path) -> str:
    """The section on WPP 2024."""
    case = np.load(cases / "wpp2024_five.npz")
    total, cells = wpp_errors(case, "population_mid_2050", "refuse")
    rows = [
        (c, pct(t, 4), pct(np.median(e), 4), pct(np.percentile(e, 95), 4), pct(e.max(), 3))
        for c, t, e in zip(case["country"], total, cells, strict=True)
    ]
    columns = ("country", "total", "cells, median", "cells, p95", "cells, largest")
    text = (
        "## WPP 2024 given back\n\nPopulation of mid-2050 from WPP's own rates, 1 January 2024 on; "
        "cells are 5-year age groups by sex below 85.\n\n" + table(columns, rows)
    )
    folder = os.environ.get(WPP_ENV)
    if not folder or not (Path(folder) / "wpp2024_world.npz").is_file():
        return text + f"\nThe other countries were not measured: {WPP_ENV} names no folder.\n"
    world = world_case(Path(folder))
    total, cells = wpp_errors(world, "population_mid_2050", "cap")
    names = [str(c) for c in world["country"]]
    some = [names.index(c) for c in VALIDATION]
    rows = [
        (
            names[i],
            pct(total[i], 4),
            pct(np.median(cells[i]), 4),
            pct(np.percentile(cells[i], 95), 4),
            pct(cells[i].max(), 3),
        )
        for i in some
    ]
    large = world["population_mid_2050"].sum((1, 2)) > 1e6
    whole = (
        f"\nThe {large.sum()} countries above a million: total, median "
        f"{pct(np.median(total[large]), 4)}, "
        f"largest {pct(total[large].max(), 4)}; cells at p95, median of the countries "
        f"{pct(np.median(np.percentile(cells[large], 95, axis=1)), 4)}.\n"
    )
    return text + "\nFrom the world file:\n\n" + table(columns, rows) + whole + WHY
