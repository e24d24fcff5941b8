"""Published life tables; base populations against the census."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import xarray as xr

from sim.evidence.validation.common import Parameters
from sim.evidence.validation.markdown import pct, signed, table
from sim.lifetable import life_table
from sim.places import Region, read_censuses
from sim.textfile import read_csv


def life_tables(cases: Path) -> str:
    """The section on published life tables."""
    rows = []
    case = _columns(cases / "austria_1992_males.csv")
    e0 = life_table(case["deaths"] / case["population"], sex="male", ax=case["ax"])["ex"]
    rows.append(("Austria, men 1992 (ax given)", "72.889", f"{float(e0[0]):.3f}"))
    case = _columns(cases / "us_females_1935_1995.csv")
    for year, printed in ((1935, 63.32), (1995, 79.00)):
        e0 = life_table(case[f"mx_{year}"], sex="female", ax="greville")["ex"]
        rows.append((f"United States, women {year} (Greville)", f"{printed:.2f}", f"{float(e0[0]):.2f}"))
    return "## Life tables\n\n" + table(("table", "e0 printed", "e0 here"), rows)


def _columns(path: Path) -> dict[str, xr.DataArray]:
    rows = read_csv(path)
    age = [int(r["age"]) for r in rows]
    names = [n for n in rows[0] if n not in ("age", "_line")]
    return {n: xr.DataArray([float(r[n]) for r in rows], {"age": age}, ("age",)) for n in names}


def base_populations(root: Path, regions: Sequence[Region], parameters: Parameters) -> str:
    """The section on base populations."""
    rows = []
    for r in regions:
        census = read_censuses(root / "parameters", r)[2020]
        starts, groups = census.starts, census.counts
        base = parameters[r.code]["population.base"].data.sum("sex").transpose("age").values
        total = groups.sum()
        edges = [*starts, len(base)]
        largest = max(
            abs(base[a:b].sum() / groups[:, i].sum() - 1)
            for i, (a, b) in enumerate(pairwise(edges))
            if a >= 5
        )
        old = np.array(starts) >= 65
        aged = base[65:].sum() / groups[:, old].sum() - 1
        change = signed(base.sum() / total - 1)
        rows.append((r.code, r.name_en, f"{total:.0f}", change, signed(aged), pct(largest, 2)))
    columns = ("code", "region", "census, 1 Nov 2020", "total on 31 Dec", "65+", "largest group")
    return (
        "## Base populations\n\nBase of 31 December against the census of 1 November: two "
        "months of "
        "births, deaths, migration and birthdays lie between them.\n\n" + table(columns, rows)
    )
