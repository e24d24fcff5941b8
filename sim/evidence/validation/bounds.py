"""Sampled bounds of China's TFR and life expectancy against WPP's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import xarray as xr

import sim.demography
from sim.arrays import Floats
from sim.demography import fertility
from sim.draws import quantiles, sampled
from sim.evidence.validation.common import SEED
from sim.evidence.validation.markdown import table
from sim.params import Parameter, Sampler, central
from sim.textfile import read_csv

BOUND_DRAWS = 4000


def bound_misfits(
    bounds: Sequence[Mapping[str, str]], parameters: Mapping[str, Parameter]
) -> dict[str, dict[str, Floats]]:
    """Sampled minus published bounds of China's TFR and e0 by year, WPP's reference path.

    bounds: rows with year, tfr_80l, .., e0_95u.  Returns by "tfr" and "e0" the median and the four
    bounds, each (year,).
    """
    years = np.array([int(r["year"]) for r in bounds])
    span = range(2020, int(years[-1]) + 1)
    names = sim.demography.PARAMETERS
    params = Sampler({n: parameters[n] for n in names}, span, SEED).block(range(BOUND_DRAWS + 1))
    at = years - span[0]
    tfr = fertility.tfr_path(params, np.array(span), BOUND_DRAWS + 1)[at]
    middle = central({n: parameters[n] for n in names}, span)
    middle["mortality.reference_path"] = xr.DataArray("wpp")
    e0 = sim.demography.project(xr.Dataset(), middle)["e0"].sel(sex_total="both").values[at]
    moved = sum(
        fertility.over_years(params[f"mortality.{n}"], np.array(span), BOUND_DRAWS + 1)
        for n in ("e0_gap", "e0_path_error")
    )
    paths = {"tfr": tfr, "e0": e0 + np.asarray(moved)[at]}
    points = {"median": 0.5, "80l": 0.1, "80u": 0.9, "95l": 0.025, "95u": 0.975}
    found: dict[str, dict[str, Floats]] = {}
    for name, drawn in paths.items():
        found[name] = {}
        for point, q in points.items():
            key = name if point == "median" else f"{name}_{point}"
            published = np.array([float(r[key]) for r in bounds])
            found[name][point] = quantiles(sampled(drawn), (q,))[0] - published
    return found


def bounds(cases: Path, parameters: Mapping[str, Parameter]) -> str:
    """The section on probability bounds."""
    bounds = read_csv(cases / "wpp2024_china_bounds.csv")
    found = bound_misfits(bounds, parameters)
    columns = (
        "year",
        *(f"{n} {p}" for n in found for p in ("80 low", "80 high", "95 low", "95 high")),
    )
    rows = [
        (
            row["year"],
            *(f"{found[n][p][t]:+.3f}" for n in found for p in ("80l", "80u", "95l", "95u")),
        )
        for t, row in enumerate(bounds)
    ]
    return (
        f"## Probability bounds of China\n\nBounds of {BOUND_DRAWS} sampled paths minus WPP 2024's "
        "(children per woman; years). Path `wpp` for life expectancy; the default path `smoothed` "
        "is the official series to 2025 with the same deviations. WPP's bounds of life "
        "expectancy lie "
        "lower around their median than a normal's do, by 0.3 year in 2050.\n\n" + table(columns, rows)
    )
