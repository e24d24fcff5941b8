"""What a target for life expectancy means: the mortality that meets it, by age and cause."""

from __future__ import annotations

import xarray as xr

from sim.arguments import positive_faults, refuse, same_label_faults
from sim.demography.arriaga import deaths_averted, e0_difference_by_age, e0_difference_by_cause
from sim.demography.mortality import solve_shift
from sim.errors import ParameterError, fault
from sim.lifetable import life_expectancy
from sim.schema import SEXES

OTHER = "other"


def e0_goal(
    before: xr.DataArray,
    after: xr.DataArray,
    goal: float,
    person_years: xr.DataArray,
    shares: xr.DataArray,
    srb: float,
) -> xr.Dataset:
    """The mortality that meets a goal for both sexes together, and what it takes by age and cause.

    before: death rates of the baseline year, person-1 year-1, dims (sex, age).  after: the rates
    projected for the goal's year, whose shape is kept: both sexes are shifted by as many years.
    goal: years.  person_years: of the goal's year (sex, age).  shares: of the deaths of an age that
    are due to each cause, (cause, sex, age), the rest is "other".  srb: males per female birth.
    Returns mx (sex, age) that meets the goal; gain (sex, age), years of e0 between `before` and it
    (Arriaga), which add up to the sex's gain; gain_cause (cause, sex, age); averted (sex, age),
    deaths of a year that the rates of `before` would have brought; e0_before, e0_expected (sex).
    Raises ParameterError for shares below 0 or above 1 together, labels that differ, and a goal that
    no shift of the rates reaches.
    """
    refuse(*(same_label_faults(n, a, before) for n, a in (("after", after), ("person_years", person_years))))
    refuse(same_label_faults("shares", shares, before), positive_faults("srb", srb))
    total = shares.sum("cause", skipna=False)
    if not (bool((shares >= 0).all()) and bool((total <= 1 + 1e-9).all())):
        wrong = f"causes add up to {float(total.max()):g} of the deaths of an age"
        raise ParameterError(fault("e0_goal: shares", wrong, "shares that leave 0 or more for other"))
    own = {"sex": list(SEXES)}
    before, after, person_years = (a.transpose("sex", "age").sel(own) for a in (before, after, person_years))
    start, expected = _e0(before), _e0(after)
    reached = mx_meeting(after, goal, srb)
    gain = _gain(before, reached)
    rest = (1 - total).clip(0).expand_dims(cause=[OTHER])
    every = xr.concat([shares, rest], "cause")
    by_cause = e0_difference_by_cause(gain, before, reached, every, every)
    return xr.Dataset(
        {
            "mx": reached,
            "gain": gain.transpose("sex", "age"),
            "gain_cause": by_cause.transpose("cause", "sex", "age"),
            "averted": deaths_averted(before, reached, person_years).transpose("sex", "age"),
            "e0_before": start,
            "e0_expected": expected,
        }
    )


def _gain(before: xr.DataArray, after: xr.DataArray) -> xr.DataArray:
    """Years of life expectancy between two schedules, by sex and age."""
    parts = [e0_difference_by_age(before.sel(sex=s), after.sel(sex=s), sex=s) for s in SEXES]
    plain = [part.drop_vars("sex", errors="ignore") for part in parts]
    return xr.concat(plain, "sex").assign_coords(sex=list(SEXES))


def mx_meeting(mx: xr.DataArray, goal: float, srb: float) -> xr.DataArray:
    """Death rates (sex, age) shifted so that life expectancy of both sexes together is `goal`.

    mx: person-1 year-1.  goal: years.  srb: males per female birth.  Both sexes are shifted by as
    many years.
    """
    mx = mx.transpose("sex", "age").sel(sex=list(SEXES))
    expected = _e0(mx)
    both = float((expected[0] + srb * expected[1]) / (1 + srb))
    target = (expected + (goal - both)).values[:, None]
    return mx.copy(data=solve_shift(mx.values, target)[..., 0])


def _e0(mx: xr.DataArray) -> xr.DataArray:
    values = [float(life_expectancy(mx.sel(sex=s).values, s)) for s in SEXES]
    return xr.DataArray(values, {"sex": list(SEXES)}, ("sex",))
