"""Women by parity today: the rates of the past run over the cohorts, birth policies included.

The hazards of a past census act on its women by parity; each year's multiplier meets the TFR then
observed, which holds the policy's births; the policies are the named objects of `policy`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from sim.arguments import count_faults, refuse
from sim.arrays import Floats
from sim.demography.parity import ParityPath, conditional_hazards, project_parity
from sim.demography.policy import Policy, rate_factors


def run_past(
    shares: Floats,
    asfr_by_parity: Floats,
    tfr: Floats,
    policies: Sequence[Policy],
    first: int,
    relative: Floats | None = None,
    begun: Floats | None = None,
) -> ParityPath:
    """Parity shares and births by order from a past census on.

    shares: women by parity at the end of the year before `first` (age, parity).  asfr_by_parity:
    births per woman-year by age and the mother's parity in `first` (age, parity).  tfr: observed,
    children per woman, (year,) from `first` on.  policies: acting in those years.  relative:
    factors on the hazards by parity, such as a region's over the nation's (parity,); a policy's
    factors are the nation's all the same.  begun: parities that the run starts from, where they are
    others than those behind the rates.
    Returns one draw; births by order per woman are asfr (year, age, order, 1).
    Raises ParameterError as conditional_hazards, rate_factors and project_parity.
    """
    refuse(count_faults("tfr", tfr, ("year",)))
    refuse([] if relative is None else count_faults("relative", relative, ("parity",)))
    hazards = conditional_hazards(asfr_by_parity, shares)
    years = np.arange(first, first + len(tfr))
    factors = rate_factors(list(policies), hazards, np.ones(1), years)
    if relative is not None:
        hazards = hazards * relative
    start = shares if begun is None else begun
    return project_parity(start, hazards, tfr[:, None], factors, policy_in_tfr=True)


def order_shares(path: ParityPath) -> Floats:
    """Shares of births by order 1, 2, 3+ of a woman's life at each year's rates (year, order)."""
    by_order = path.asfr.sum(axis=1)[..., 0]
    return np.asarray(by_order / by_order.sum(axis=1, keepdims=True))


def nation_past(params: Mapping[str, xr.DataArray], last: int) -> ParityPath:
    """China from 2010 to `last`, by the parameters fertility_past.* and fertility.two_child_*.

    params: as read, one value each (draw 0).  Two policies act from the start of the two-child
    policy: on women with one child, and more weakly measured on those with two.
    """
    first = int(params["fertility.tfr"].year.values[0])
    tfr = params["fertility.tfr"].sel(year=slice(first, last)).values
    shares, rates = (
        params[f"fertility_past.{name}"].transpose("age", "parity").values
        for name in ("parity", "asfr_by_parity")
    )
    return run_past(shares, rates, tfr, past_policies(params), first)


def past_policies(params: Mapping[str, xr.DataArray]) -> list[Policy]:
    """The two-child policy as it acted: on women with one child, and on those with two."""
    uptake = params["fertility.two_child_uptake"].values

    def number(name: str) -> float:
        return float(params[name])

    start = int(number("fertility.two_child_start"))
    bulge, peak, ramp = (number(f"fertility.two_child_{k}") for k in ("bulge", "peak", "ramp"))
    seconds = np.array([number("fertility_past.two_child_quantum")])
    later = np.array([number("fertility_past.later_quantum")])
    slow = number("fertility_past.later_ramp")
    return [
        Policy("two_child", 1, start, seconds, bulge, peak, ramp, uptake),
        Policy("later_children", 2, start, later, 0.0, peak, slow, uptake),
    ]
