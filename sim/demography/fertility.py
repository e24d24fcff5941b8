"""Fertility of a region: TFR path, method by name, policies, births by order and by mother's age.

`parity`: hazards of the next birth by parity, scaled each year so that the TFR is on its path;
policies act on the hazards of one parity and come on top.  `asfr`: the same TFR times a fixed
pattern by age and order; policies have no effect there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.arguments import choice_faults, positive_faults, refuse, value_faults
from sim.arrays import Floats, Integers
from sim.demography.parity import PARITY_COUNT, conditional_hazards, project_parity
from sim.demography.policy import Policy, rate_factors
from sim.errors import ParameterError, fault
from sim.schema import PARITIES

POLICIES = {"two_child": 1, "three_child": 2}
"""Named policies and the parity of the women they reach."""
PARAMETERS = (
    "fertility.method",
    "fertility.reference_path",
    "fertility.tfr",
    "fertility.tfr_counted",
    "fertility.marriages",
    "fertility.marriage_effect",
    "fertility.return",
    "fertility.tfr_ratio",
    "fertility.tfr_error",
    "fertility.tfr_floor",
    "fertility.tfr_change",
    "fertility.asfr_by_order",
    "fertility.fourth_share",
    "fertility.parity_initial",
    "fertility.birth_support",
    "fertility.later_births",
    "fertility.policy_strength",
    *(
        f"fertility.{policy}_{part}"
        for policy in POLICIES
        for part in ("start", "quantum", "bulge", "peak", "ramp", "uptake")
    ),
)


@dataclass(frozen=True)
class Fertility:
    """asfr by order (year, age, order, draw) per woman-year, parity shares of women
    (year, age, parity, draw) at year's end, tfr (year, draw).
    """

    asfr: Floats
    shares: Floats
    tfr: Floats


def project_fertility(params: Mapping[str, xr.DataArray], years: Integers, draws: int) -> Fertility:
    """Fertility of every year and draw, the base year first.

    Raises ParameterError for a TFR below 0, an unknown method, or rates that do not fit the
    parities of women.
    """
    path = tfr_path(params, years, draws)
    by_parity = _rates_by_parity(params)
    initial = params["fertility.parity_initial"].transpose("age", "parity")
    shares = np.asarray(initial.sel(parity=list(PARITIES)).values, float)
    _check_shares(shares)
    shares = shares / shares.sum(axis=1, keepdims=True)  # files round
    support = over_years(params["fertility.birth_support"], years, draws)
    method = str(params["fertility.method"].item())
    if method == "parity":
        hazards = conditional_hazards(by_parity, shares)
        factors = _policy_factors(params, hazards, years, support)
        done = project_parity(shares, hazards, path, factors, mix=_mix(params, years, draws))
        return Fertility(done.asfr, done.shares, done.asfr.sum(axis=(1, 2)))
    if method == "asfr":
        order = np.concatenate([by_parity[:, :2], by_parity[:, 2:].sum(1, keepdims=True)], axis=1)
        pattern = order / order.sum()
        tfr = path * (1 + support)
        still = np.broadcast_to(shares[None, ..., None], (len(years), *shares.shape, draws))
        return Fertility(pattern[None, ..., None] * tfr[:, None, None], still, tfr)
    raise ParameterError(fault("fertility.method", f"no method '{method}'", "write 'parity' or 'asfr'"))


def tfr_path(params: Mapping[str, xr.DataArray], years: Integers, draws: int) -> Floats:
    """TFR (year, draw) before policies: (reference + its error) x regional ratio + change.

    An error takes it down to `fertility.tfr_floor` and no further: the far tail of a normal would
    leave no births at all.
    Raises ParameterError where it is stated lower, error apart.
    """
    reference = reference_tfr(params, years, draws)
    error = over_years(params["fertility.tfr_error"], years, draws)
    ratio = over_years(params["fertility.tfr_ratio"], years, draws)
    change = over_years(params["fertility.tfr_change"], years, draws)
    stated = reference * ratio + change
    refuse(value_faults("fertility.tfr", stated, axes=("year", "draw")))
    floor = float(params["fertility.tfr_floor"])
    if stated[:, 0].min() < floor:  # the first draw leads: the others err around it
        t = int(stated[:, 0].argmin())
        wrong = f"{stated[t, 0]:.3f} in {years[t]}, below fertility.tfr_floor {floor:g}"
        raise ParameterError(fault("fertility.tfr", wrong, "a smaller fall, or a lower floor"))
    path: Floats = np.maximum((reference + error) * ratio + change, floor)
    return path


def reference_tfr(params: Mapping[str, xr.DataArray], years: Integers, draws: int) -> Floats:
    """The nation's TFR (year, draw) that a region's stands on.

    `wpp`: fertility.tfr.  `counted`: the TFR that meets the births published as far as these go;
    then, year by year while the marriages of the year before are known, its change is theirs to the
    power fertility.marriage_effect; after that the distance from WPP's path shrinks by
    fertility.return a year: the mean of a first-order autoregression after its last observation.
    Raises ParameterError for another name, and for marriages that are missing a year or not above 0.
    """
    wpp = over_years(params["fertility.tfr"], years, draws)
    method = str(params["fertility.reference_path"].item())
    refuse(choice_faults("fertility.reference_path", method, ("counted", "wpp")))
    if method == "wpp":
        return wpp
    counted, marriages = (_by_year(params[f"fertility.{n}"]) for n in ("tfr_counted", "marriages"))
    if not counted:
        return wpp
    refuse(positive_faults("fertility.marriages", np.array([*marriages.values()])))
    effect = np.atleast_1d(params["fertility.marriage_effect"].values)
    left = float(params["fertility.return"])
    path = np.array(wpp)
    last = max(counted)
    for t, year in enumerate(years):
        if year in counted:
            path[t] = counted[year]
        elif year > last and t > 0 and {year - 1, year - 2} <= marriages.keys():
            path[t] = path[t - 1] * (marriages[year - 1] / marriages[year - 2]) ** effect
        elif year > last and t > 0:
            path[t] = wpp[t] + left * (path[t - 1] - wpp[t - 1])
    return path


def _by_year(array: xr.DataArray) -> dict[int, float]:
    return {int(y): float(v) for y, v in zip(array.at_year.values, array.values, strict=True)}


def policies(params: Mapping[str, xr.DataArray]) -> list[Policy]:
    """The named birth policies with this scenario's quantum, tempo and uptake."""
    strength = np.atleast_1d(params["fertility.policy_strength"].values)
    found = []
    for name, parity in POLICIES.items():

        def number(part: str, name: str = name) -> float:
            return float(params[f"fertility.{name}_{part}"])

        quantum = np.atleast_1d(params[f"fertility.{name}_quantum"].values)
        found.append(
            Policy(
                name,
                parity,
                int(number("start")),
                quantum * strength,
                number("bulge"),
                number("peak"),
                number("ramp"),
                params[f"fertility.{name}_uptake"].values,
            )
        )
    return found


def _rates_by_parity(params: Mapping[str, xr.DataArray]) -> Floats:
    """Rates per woman by parity before the birth: order 3+ split into third and later births."""
    by_order = params["fertility.asfr_by_order"].transpose("age", "order")
    rates = by_order.sel(order=["1", "2", "3+"]).values
    later = float(params["fertility.fourth_share"])
    third, fourth = rates[:, 2] * (1 - later), rates[:, 2] * later
    return np.stack([rates[:, 0], rates[:, 1], third, fourth], axis=1)


def _policy_factors(
    params: Mapping[str, xr.DataArray], rates: Floats, years: Integers, support: Floats
) -> Floats | None:
    factors = rate_factors(policies(params), rates, np.ones(1), years)
    if not np.any(support):
        return factors
    general = (1 + support)[:, None, None, :]
    return (np.ones((1, *rates.shape, 1)) if factors is None else factors) * general


def _mix(params: Mapping[str, xr.DataArray], years: Integers, draws: int) -> Floats | None:
    """Factors on the hazards of third and later births within the TFR (year, parity, draw)."""
    logs = over_years(params["fertility.later_births"], years, draws)
    if not np.any(logs):
        return None
    mix = np.ones((len(years), PARITY_COUNT, draws))
    mix[:, 2:] = np.exp(logs)[:, None]
    return mix


def _check_shares(shares: Floats) -> None:
    total = shares.sum(axis=1)
    if shares.min() < 0 or np.abs(total - 1).max() > 1e-6:
        age = int(np.abs(total - 1).argmax())
        wrong = f"shares at age {age} add up to {total[age]:g}, lowest {shares.min():g}"
        raise ParameterError(fault("fertility.parity_initial", wrong, "shares that add up to 1"))


def over_years(array: xr.DataArray, years: Integers, draws: int) -> Floats:
    """A parameter over (year, draw).

    array: dims among year, draw; its years are those asked for.
    Raises ParameterError for other dims or years.
    """
    dims = [d for d in ("year", "draw") if d in array.dims]
    if len(dims) != array.ndim:
        raise ParameterError(fault(str(array.name or "parameter"), f"dims {array.dims}", "year and draw"))
    if "year" in array.coords and "year" in dims and not np.array_equal(array.year.values, years):
        wrong = f"years {array.year.values[0]}..{array.year.values[-1]}"
        raise ParameterError(fault(str(array.name or "parameter"), wrong, f"{years[0]}..{years[-1]}"))
    values = np.asarray(array.transpose(*dims).values, float)
    if "year" not in dims:
        values = values[None]
    if "draw" not in dims:
        values = values[..., None]
    return np.broadcast_to(values, (len(years), draws))
