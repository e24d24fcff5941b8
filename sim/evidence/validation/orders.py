"""Births by order: the past run, and what is projected."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

import sim.demography
from sim.cells import number, whole
from sim.demography.past import nation_past, order_shares
from sim.draws import quantiles, sampled
from sim.errors import ConfigError, fault, raise_all
from sim.evidence.validation import common
from sim.evidence.validation.common import SEED, YEARS, Parameters
from sim.evidence.validation.markdown import table
from sim.params import Sampler
from sim.places.region import NATION
from sim.textfile import did_you_mean, read_csv

_ORDERS = ("1", "2", "3+")
_FIRST, _LAST = 2010, 2022  # years of the past run
_UNIT = "percent"


def observed_orders(root: Path) -> list[dict[str, str]]:
    """Rows of parameters/observed_birth_orders.csv: share of births by order, per cent.

    Raises ConfigError with every fault: a year outside the past run, an order or a unit that is none, a share
    beyond 0..100.
    """
    path, faults = root / "parameters" / "observed_birth_orders.csv", []
    rows = read_csv(path, ("year", "order", "value", "unit", "source"))
    for row in rows:
        line, year, value = f"{path}: line {row['_line']}", whole(row["year"]), number(row["value"])
        if year is None or not _FIRST <= year <= _LAST:
            faults.append(fault(f"{line}: year", f"'{row['year']}'", f"a year of {_FIRST} to {_LAST}"))
        if row["order"] not in _ORDERS:
            faults.append(fault(f"{line}: order", f"'{row['order']}'", did_you_mean(row["order"], _ORDERS)))
        if value is None or not 0 <= value <= 100:
            faults.append(fault(f"{line}: value", f"'{row['value']}'", "a share of 0 to 100 per cent"))
        if row["unit"] != _UNIT:
            faults.append(fault(f"{line}: unit", f"'{row['unit']}'", f"write {_UNIT}"))
    raise_all(ConfigError, faults)
    return rows


def orders(root: Path, parameters: Parameters) -> str:
    """The section on births by order."""
    nation = parameters[NATION]
    past = order_shares(nation_past({n: p.data for n, p in nation.items()}, 2022))
    rows: list[tuple[str, ...]] = []
    for r in observed_orders(root):
        here = past[int(r["year"]) - _FIRST][_ORDERS.index(r["order"])]
        rows.append((r["year"], r["order"], r["value"], f"{100 * here:.1f}", r["source"]))
    text = (
        "## Births by order\n\nChina's past run over the cohorts from the census of 2010, the "
        "TFR of "
        "each year given, the two-child policy of 2016 as a named object: shares, per cent.\n\n"
        + table(("year", "order", "observed", "here", "source"), rows)
    )
    rows = []
    for code, name in ((NATION, "China"), ("410000", "Henan"), ("440000", "Guangdong")):
        names = sim.demography.PARAMETERS
        own = {n: parameters[code][n] for n in names}
        drawn = Sampler(own, YEARS, SEED).block(range(common.DRAWS + 1))
        births = sim.demography.project(xr.Dataset(), drawn)["births_by_order"]
        share = (births / births.sum("order")).transpose("year", "order", "draw").values
        for y in (2020, 2021, 2025, 2035):
            t = y - YEARS[0]
            low, high = quantiles(sampled(share[t, 2]), (0.1, 0.9))
            rows.append(
                (
                    name,
                    str(y),
                    *(f"{100 * v:.1f}" for v in share[t, :, 0]),
                    f"{100 * low:.1f}-{100 * high:.1f}",
                )
            )
    columns = ("region", "year", "1", "2", "3+", "3+, P10-P90")
    return (
        text + "\nProjected shares (observed 3+: Henan 15.1 in 2020, 15.6 in 2021; Guangdong 15.3 in "
        "2020):\n\n" + table(columns, rows)
    )
