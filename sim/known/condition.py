"""Every draw led through what was counted: people first, then stocks, then use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import xarray as xr

import sim.demography
from sim.arrays import Floats, Params, exact_arithmetic
from sim.burden import outcomes
from sim.known import people, stocks, use

PREFIX = "known."
OWN = "known.own"
"""Indicators whose figure of the base year is the place's own, 1 or 0 (dim count)."""
YOUNG_SD = "known.young_sd"
"""What is known before of rates of rare deaths, one standard deviation of the log (dim count)."""
YOUNG = {"infant_deaths": ("infant_mortality", "u5_mortality"), "maternal_deaths": ("maternal_mortality",)}
"""Deaths that are counted -> rates that follow."""
_INPATIENT = ("admissions", "alos", "occupancy")


def is_known(params: Mapping[str, object]) -> bool:
    """Whether a place has local counts."""
    return OWN in params


def count_names(names: Iterable[str]) -> set[str]:
    """Parameters that are counts of a place: `known.<indicator>_<year>`."""
    return {n for n in names if n.startswith(PREFIX) and n.rpartition("_")[2].isdigit()}


def conditioned(params: Params, years: Sequence[int], draws: Sequence[int] = (0,)) -> dict[str, xr.DataArray]:
    """The parameters of a block of draws, moved so that each draw goes through its counts.

    params: by dotted name, over `years`; counts are `known.<indicator>_<year>`, each with its error.
    draws: labels of dim draw.  Without counts the parameters are returned as they are.
    """
    if not is_known(params):
        return dict(params)
    with exact_arithmetic():
        counts = _counts(params, len(draws))
        out = dict(params)
        asked = {f"{name}_{year}": values for name, by in counts.items() for year, values in by.items()}
        if people.GAIN in params:
            out |= people.conditioned(out, years, draws, asked)
        blank = xr.Dataset(coords={"year": list(years), "draw": list(draws)})
        there = sim.demography.project(blank, {n: out[n] for n in sim.demography.PARAMETERS})
        own = {str(n): bool(v) for n, v in zip(params[OWN]["count"].values, params[OWN].values, strict=True)}
        for stock, by_year in counts.items():
            if f"supply.{stock}_base" in params:
                base = stocks.counted_base(there["population"], stock, by_year, out, own=own[stock])
                out[f"supply.{stock}_base"] = base
        return out | _use(there, out, counts, own)


def _counts(params: Params, draws: int) -> dict[str, dict[int, Floats]]:
    """Counts by indicator and year, each by draw."""
    found: dict[str, dict[int, Floats]] = {}
    for name in sorted(count_names(params)):
        kind, _, year = name.removeprefix(PREFIX).rpartition("_")
        values = np.broadcast_to(np.asarray(params[name].values, float), (draws,))
        found.setdefault(kind, {})[int(year)] = values
    return found


def _use(
    there: xr.Dataset,
    params: dict[str, xr.DataArray],
    counts: Mapping[str, dict[int, Floats]],
    own: Mapping[str, bool],
) -> dict[str, xr.DataArray]:
    """Parameters of use and of rare deaths that meet their counts."""
    out: dict[str, xr.DataArray] = {}
    if any(name in counts for name in _INPATIENT):
        out |= use.inpatient_levels(there, params, counts, own)
    for name, level in (
        ("visits", use.visits_level),
        ("childcare_children", use.children_level),
        ("care_residents", use.residents_level),
    ):
        if name in counts:
            out |= level(there, params, counts[name], own=own[name])
    births = there["births"].sum("sex")
    rates = outcomes.mortality_of_the_young(there.year, params)
    for name, followers in YOUNG.items():
        if name in counts:
            spread = float(params[YOUNG_SD].sel(count=name))
            by = use.young_level(births, rates[followers[0]], counts[name], spread)
            out |= {f"outcomes.{f}": params[f"outcomes.{f}"] * by for f in followers}
    return out
