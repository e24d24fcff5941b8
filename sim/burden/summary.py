"""Summary measures of health: premature mortality 30q70, healthy life expectancy, DALY."""

from __future__ import annotations

import numpy as np
import xarray as xr

from sim.arguments import (
    count_faults,
    dim_faults,
    rate_faults,
    refuse,
    same_label_faults,
    share_faults,
)
from sim.errors import ParameterError, fault
from sim.labelled import dot, like, made
from sim.lifetable import age_widths

FIRST_AGE, LAST_AGE, WIDTH = 30, 69, 5  # the WHO indicator: ages 30 to 69 in groups of five


AGES = slice(FIRST_AGE, LAST_AGE)
GROUPS = (LAST_AGE + 1 - FIRST_AGE) // WIDTH
HIGHEST_RATE = 1.0 / (WIDTH - WIDTH / 2.0)  # at which all die within the group: 5q = 1


def premature_mortality(rates: xr.DataArray) -> xr.DataArray:
    """Unconditional probability of dying between 30 and 70 from the causes in `rates`.

    rates: deaths per person-year by 5-year group, dim age_group with the eight groups 30-34 to
    65-69 in order.  5q = 5m / (1 + 2.5 m); 40q30 = 1 - prod(1 - 5q).  Returns a share 0..1, dims of
    rates without age_group.  WHO NCD Global Monitoring Framework, indicator 1.
    Raises ParameterError for another number of groups, and for rates that are negative, not finite
    or so high that more die than live.
    """
    refuse(dim_faults("rates", rates, "age_group"))
    if rates.sizes["age_group"] != GROUPS:
        wrong = f"{rates.sizes['age_group']} groups"
        raise ParameterError(fault("rates: age_group", wrong, f"{GROUPS}: 30-34 to 65-69"))
    refuse(rate_faults("rates", rates, high=HIGHEST_RATE))
    death = WIDTH * rates / (1.0 + WIDTH / 2.0 * rates)
    return 1.0 - (1.0 - death).prod("age_group")


def ncd_rates(
    population: xr.DataArray,
    mx: xr.DataArray,
    ncd_share: xr.DataArray,
    relative_risk: xr.DataArray | float = 1.0,
) -> xr.DataArray:
    """Death rates from the four NCDs by 5-year group 30-34..65-69, both sexes.

    population, mx: persons and person-1 year-1, dims year, sex, age, draw.  ncd_share: share of
    deaths, dims ncd, sex, age.  relative_risk: deaths relative to what the share gives, dims among
    ncd, year, draw.  Returns deaths per person-year, dims age_group, year, draw; of a group in which
    nobody lives the mean of its ages and sexes.
    Raises ParameterError where one of the ages 30-69 is missing.
    """
    check_ages(population=population, mx=mx, ncd_share=ncd_share)
    ages = slice(FIRST_AGE, LAST_AGE)
    people = population.sel(age=ages)
    share = (ncd_share.sel(age=ages) * relative_risk).sum("ncd", skipna=False).clip(0.0, 1.0)
    own = mx.sel(age=ages) * share
    lived = _five(people)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = _five(people * own) / lived
    if bool((lived > 0).all()):
        return rate
    one = like(people, 1.0)
    return rate.where(lived > 0, _five(one * own) / _five(one))


def premature_ncd_deaths(
    population: xr.DataArray,
    mx: xr.DataArray,
    ncd_share: xr.DataArray,
    relative_risk: xr.DataArray | float = 1.0,
) -> xr.DataArray:
    """Deaths a year at ages 30-69 by NCD: person-years x death rate x share x relative risk.

    Arguments as of ncd_rates, population as person-years of the year.  Returns persons, dims year,
    ncd, draw.
    Raises ParameterError where one of the ages 30-69 is missing.
    """
    check_ages(population=population, mx=mx, ncd_share=ncd_share)
    ages = slice(FIRST_AGE, LAST_AGE)
    deaths = population.sel(age=ages) * mx.sel(age=ages)
    by_cause: xr.DataArray = dot(deaths, ncd_share.sel(age=ages), dim=["sex", "age"])
    return by_cause * relative_risk


def check_ages(**arrays: xr.DataArray) -> None:
    """Every single age 30-69, and no other sexes than the first array's."""
    due = range(FIRST_AGE, LAST_AGE + 1)
    faults = []
    first = next(iter(arrays.values()))
    for name, array in arrays.items():
        faults += dim_faults(name, array, "sex", "age") or same_label_faults(name, array, first, "sex")
        if missing := sorted(set(due) - set(array["age"].values.tolist())):
            faults.append(fault(f"{name}: age", f"without {missing[:3]}", "every age 30-69"))
    refuse(faults)


def _five(array: xr.DataArray) -> xr.DataArray:
    array = array.sum("sex", skipna=False).transpose("age", ...)
    shape = (array.sizes["age"] // WIDTH, WIDTH, *array.shape[1:])
    summed = array.values.reshape(shape).sum(axis=1)
    coords = {k: v for k, v in array.coords.items() if k != "age" and k in array.dims}
    return made(summed, coords, ("age_group", *array.dims[1:]))


def combined_weight(prevalence: xr.DataArray, weight: xr.DataArray) -> xr.DataArray:
    """Disability of several independent conditions: 1 - prod(1 - P_k w_k), dim cause gone.

    prevalence: share 0..1, dims with cause.  weight: 0..1, dim cause, the same causes.  Returns the
    mean weight, 0..1, dims of prevalence without cause.
    Raises ParameterError for shares outside 0..1 or causes that only one of the two has.
    """
    refuse(same_label_faults("weight", weight, prevalence, "cause"))
    refuse(share_faults("prevalence", prevalence), share_faults("weight", weight))
    able: xr.DataArray | None = None
    for cause in prevalence.cause.values:  # one cause at a time: the product is never held whole
        part = 1.0 - prevalence.sel(cause=cause, drop=True) * weight.sel(cause=cause, drop=True)
        able = part if able is None else able * part
    assert able is not None
    return 1.0 - able


def healthy_life_expectancy(lived: xr.DataArray, disability: xr.DataArray) -> xr.DataArray:
    """Sullivan's healthy life expectancy at birth: sum of Lx (1 - disability).

    lived: Lx of a life table of radix 1, years, dim age.  disability: mean weight by age, 0..1, the
    same ages.  Returns years, dims of the two without age.
    Sullivan (1971), HSMHA Health Reports 86:347.
    Raises ParameterError for an age that is missing, Lx below 0, weights outside 0..1.
    """
    _check_same_ages("lived", lived, "disability", disability)
    refuse(count_faults("lived", lived), share_faults("disability", disability))
    return (lived * (1.0 - disability)).sum("age", skipna=False)


def years_of_life_lost(deaths: xr.DataArray, standard: xr.DataArray) -> xr.DataArray:
    """Deaths x remaining years of the standard at their age, no discount; dims sex, age summed.

    deaths: persons, dims sex, age and more.  standard: years left at each age, dim age, the same
    ages.  Returns years of life, dims of deaths without sex and age.
    Raises ParameterError for an age that is missing, deaths or years below 0 or not finite.
    """
    refuse(dim_faults("deaths", deaths, "sex"))
    _check_same_ages("deaths", deaths, "standard", standard)
    refuse(count_faults("deaths", deaths), count_faults("standard", standard))
    return (deaths.sum("sex", skipna=False) * standard).sum("age", skipna=False)


def _check_same_ages(name: str, array: xr.DataArray, other_name: str, other: xr.DataArray) -> None:
    """Both have the same ages, in order and without a gap."""
    refuse(dim_faults(name, array, "age"), dim_faults(other_name, other, "age"))
    refuse(same_label_faults(other_name, other, array, "age"))
    if "age" in array.coords:
        age_widths(array)
