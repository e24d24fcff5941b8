"""Summary measures of health: premature mortality 30q70, healthy life expectancy, DALY."""

from __future__ import annotations

import numpy as np
import xarray as xr

FIRST_AGE, LAST_AGE, WIDTH = 30, 69, 5  # the WHO indicator: ages 30 to 69 in groups of five


def premature_mortality(rates: xr.DataArray) -> xr.DataArray:
    """Unconditional probability of dying between 30 and 70 from the causes in `rates`.

    rates: deaths per person-year by 5-year group, dim age_group with the eight groups 30-34 to
    65-69.  5q = 5m / (1 + 2.5 m); 40q30 = 1 - prod(1 - 5q).  WHO NCD Global Monitoring Framework,
    indicator 1.
    """
    death = WIDTH * rates / (1.0 + WIDTH / 2.0 * rates)
    return 1.0 - (1.0 - death).prod("age_group")


def ncd_rates(
    population: xr.DataArray,
    mx: xr.DataArray,
    ncd_share: xr.DataArray,
    relative_risk: xr.DataArray | float = 1.0,
) -> xr.DataArray:
    """Death rates from the four NCDs by 5-year group 30-34..65-69, both sexes.

    population, mx: dims year, sex, age, draw.  ncd_share: share of deaths by ncd, sex, age.
    relative_risk: deaths relative to what the share gives, dims among ncd, year, draw.
    """
    ages = slice(FIRST_AGE, LAST_AGE)
    people = population.sel(age=ages)
    share = (ncd_share.sel(age=ages) * relative_risk).sum("ncd", skipna=False).clip(0.0, 1.0)
    deaths = _five(people * mx.sel(age=ages) * share)
    return deaths / _five(people)


def premature_ncd_deaths(
    population: xr.DataArray,
    mx: xr.DataArray,
    ncd_share: xr.DataArray,
    relative_risk: xr.DataArray | float = 1.0,
) -> xr.DataArray:
    """Deaths a year at ages 30-69 by NCD: person-years x death rate x share x relative risk."""
    ages = slice(FIRST_AGE, LAST_AGE)
    deaths = population.sel(age=ages) * mx.sel(age=ages)
    by_cause: xr.DataArray = xr.dot(deaths, ncd_share.sel(age=ages), dim=["sex", "age"])
    return by_cause * relative_risk


def _five(array: xr.DataArray) -> xr.DataArray:
    array = array.sum("sex", skipna=False).transpose("age", ...)
    shape = (array.sizes["age"] // WIDTH, WIDTH, *array.shape[1:])
    summed = array.values.reshape(shape).sum(axis=1)
    coords = {k: v for k, v in array.coords.items() if k != "age" and k in array.dims}
    return xr.DataArray(summed, coords, ("age_group", *array.dims[1:]))


def combined_weight(prevalence: xr.DataArray, weight: xr.DataArray) -> xr.DataArray:
    """Disability of several independent conditions: 1 - prod(1 - P_k w_k), dim cause gone."""
    able: xr.DataArray | None = None
    for cause in prevalence.cause.values:  # one cause at a time: the product is never held whole
        part = 1.0 - prevalence.sel(cause=cause, drop=True) * weight.sel(cause=cause, drop=True)
        able = part if able is None else able * part
    assert able is not None
    return 1.0 - able


def healthy_life_expectancy(lived: xr.DataArray, disability: xr.DataArray) -> xr.DataArray:
    """Sullivan's healthy life expectancy at birth: sum of Lx (1 - disability).

    lived: Lx of a life table of radix 1, dim age.  disability: mean weight by age, 0..1.
    Sullivan (1971), HSMHA Health Reports 86:347.
    """
    return (lived * (1.0 - disability)).sum("age", skipna=False)


def sullivan_variance(lived: xr.DataArray, disability: xr.DataArray, sample: xr.DataArray) -> xr.DataArray:
    """Variance of healthy life expectancy at birth when `sample` people were asked at each age."""
    return (lived**2 * disability * (1.0 - disability) / sample).sum("age", skipna=False)


def years_of_life_lost(deaths: xr.DataArray, standard: xr.DataArray) -> xr.DataArray:
    """Deaths x remaining years of the standard at their age, no discount; dims sex, age summed."""
    return (deaths.sum("sex", skipna=False) * standard).sum("age", skipna=False)


def both_sexes(lived: xr.DataArray, births: xr.DataArray) -> xr.DataArray:
    """Lx of both sexes together: sexes weighted by births, dim sex gone."""
    share = births / births.sum("sex", skipna=False)
    return (lived * share).sum("sex", skipna=False)


def poisson_probability_at_most(expected: xr.DataArray, events: xr.DataArray) -> xr.DataArray:
    """Probability of at most `events` when `expected` are expected: small regions' noise."""
    from scipy.special import gammaincc

    out: xr.DataArray = xr.apply_ufunc(lambda e, k: gammaincc(np.floor(k) + 1.0, e), expected, events)
    return out
