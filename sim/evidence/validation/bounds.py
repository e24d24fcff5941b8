"""Sampled bounds of China's TFR and life expectancy against WPP's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.demography import fertility
from sim.draws import quantiles, sampled
from sim.evidence.validation.common import SEED
from sim.evidence.validation.markdown import table
from sim.params import Parameter, Sampler
from sim.textfile import read_csv

BOUND_DRAWS = 4000
TFR_LATER, E0_LATER = 3, 1  # years after the last count at which WPP's first bounds hold
LAST = 2050


def bound_misfits(
    bounds: Sequence[Mapping[str, str]], parameters: Mapping[str, Parameter]
) -> dict[str, dict[str, Floats]]:
    """Sampled minus published distances of China's bounds of TFR and e0 from their median, by year.

    bounds: rows with year, tfr, tfr_80l, .., e0_95u.  WPP's first year is its first without counts;
    the model's TFR is compared TFR_LATER years on, its life expectancy E0_LATER year on, there with
    what WPP's variance has grown by since that first year.
    Returns by "tfr" and "e0" the four bounds, each (year,), as far as the model's years go.
    """
    years = np.array([int(r["year"]) for r in bounds])
    years = years[years + TFR_LATER <= LAST]
    span = range(2020, LAST + 1)
    params = Sampler(dict(parameters), span, SEED).block(range(BOUND_DRAWS + 1))
    paths = {}
    for name, error, after in (
        ("tfr", "fertility.tfr_error", TFR_LATER),
        ("e0", "mortality.e0_path_error", E0_LATER),
    ):
        drawn = fertility.over_years(params[error], np.array(span), BOUND_DRAWS + 1)
        paths[name] = drawn[years + after - span[0]]
    found: dict[str, dict[str, Floats]] = {}
    for name, drawn in paths.items():
        found[name] = {}
        for point, q in {"80l": 0.1, "80u": 0.9, "95l": 0.025, "95u": 0.975}.items():
            rows = bounds[: len(years)]
            apart = np.array([float(r[f"{name}_{point}"]) - float(r[name]) for r in rows])
            if name == "e0":
                apart = np.sign(q - 0.5) * np.sqrt(np.maximum(apart**2 - apart[0] ** 2, 0.0))
            found[name][point] = quantiles(sampled(drawn), (q,))[0] - apart
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
        for t, row in enumerate(bounds[: len(found["tfr"]["80l"])])
    ]
    return (
        f"## Probability bounds of China\n\nDistances of the bounds of {BOUND_DRAWS} sampled paths from "
        "their median minus WPP 2024's (children per woman; years). What is counted, to 2025, does not "
        "err; WPP's first year is its first without counts. Total fertility is held against WPP's bounds "
        "of three years earlier (2026 is foretold by marriages), life expectancy against the growth of "
        "WPP's variance since 2024, a year later. WPP's bounds of life expectancy are not symmetric, a "
        "normal's are.\n\n" + table(columns, rows)
    )
