"""Burden: what the population's age and sex mean for disease, dependence and use of care."""

from __future__ import annotations

from collections.abc import Collection

import xarray as xr

from sim.arrays import Params
from sim.burden import dependency, disease, outcomes, premature, summary, utilisation
from sim.burden.shares_by_age import within_all
from sim.guard import guarded, stated
from sim.labelled import concat, dot, labelled_set, like
from sim.lifetable import life_columns
from sim.schema import checked, person_years

__all__ = ["OPTIONAL", "PARAMETERS", "PARTS", "READS", "WRITES", "project"]

READS = ("population", "births", "births_by_age", "deaths", "mx")
WRITES = (
    "admissions",
    "admissions_level",
    "visits",
    "dependent_elderly",
    "cases",
    "premature_ncd_mortality",
    "premature_ncd_deaths",
    "hale",
    "yll",
    "yld",
    "daly",
    "infant_mortality",
    "u5_mortality",
    "maternal_mortality",
)
OPTIONAL = WRITES[WRITES.index("premature_ncd_mortality") :]
"""What no later stage reads, and what is left out where nobody asks for it."""
PARTS = {"disease.ncd_share": {"age": summary.AGES}}
"""What is read of a large parameter, by dim: a run draws no more of it."""
_DISABILITY = frozenset(("hale", "yld", "daly"))
PARAMETERS = stated(
    utilisation.PARAMETERS,
    dependency.PARAMETERS,
    disease.PARAMETERS,
    ("disease.other_disability", "disease.ncd_share", "disease.standard_life_expectancy"),  # read here
    outcomes.PARAMETERS,
)


@guarded("burden", READS, PARAMETERS)
def project(inputs: xr.Dataset, params: Params, without: Collection[str] = ()) -> xr.Dataset:
    """Disease, dependence, admissions and visits of one region and scenario for all its draws.

    inputs: the variables of READS.  params: those of PARAMETERS.  without: variables of OPTIONAL.
    Returns those of WRITES, less these.
    """
    names = [name for name in WRITES if name not in without]
    population = inputs["population"]
    lived_people = person_years(population)
    residents, by_level = utilisation.admissions(population, lived_people, inputs["births_by_age"], params)
    lived, remaining = life_columns(inputs["mx"])
    out = {
        "admissions": residents,
        "admissions_level": by_level,
        "visits": utilisation.visits(population, lived_people, params),
        "dependent_elderly": dependency.dependent_elderly(population, remaining, params),
        **_health(inputs, lived_people, lived, params, frozenset(names)),
        **outcomes.mortality_of_the_young(population.year, params),
    }
    return labelled_set({name: _full(name, out[name], population) for name in names})


def _health(
    inputs: xr.Dataset, lived_people: xr.DataArray, lived: xr.DataArray, params: Params, names: frozenset[str]
) -> dict[str, xr.DataArray]:
    """Cases, and of the summary measures those among `names`.

    lived_people: person-years of the year; lived: those of a life table of radix 1.
    """
    population = inputs["population"]
    cases, modelled = disease.project(population, params, disability=not names.isdisjoint(_DISABILITY))
    found = {"cases": cases}
    if not names.isdisjoint((*_DISABILITY, "yll")):
        found |= _years_lost(inputs, lived, modelled, params)
    if not names.isdisjoint(("premature_ncd_mortality", "premature_ncd_deaths")):
        found |= _premature(inputs, lived_people, params)
    return found


def _years_lost(
    inputs: xr.Dataset, lived: xr.DataArray, modelled: xr.DataArray, params: Params
) -> dict[str, xr.DataArray]:
    """Healthy life expectancy and DALY; modelled: disability of the modelled causes by age."""
    population = inputs["population"]
    disability = 1.0 - (1.0 - modelled) * (1.0 - params["disease.other_disability"])
    born = inputs["births"].where(inputs["births"].sum("sex", skipna=False) > 0, 1.0)
    both = summary.healthy_life_expectancy(lived, disability)
    hale = (both * born).sum("sex", skipna=False) / born.sum("sex", skipna=False)  # nobody born: the mean
    yll = summary.years_of_life_lost(inputs["deaths"], params["disease.standard_life_expectancy"])
    yld = dot(population, disability, dim=["sex", "age"])
    return {"hale": hale, "yll": yll, "yld": yld, "daly": yll + yld}


def _premature(inputs: xr.Dataset, lived_people: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    """Deaths and risk of dying between 30 and 70 by the four NCDs."""
    population = inputs["population"]
    name = "disease.ncd_share"
    shares = params[name].sel(PARTS[name])
    risk = _ncd_risk(shares.ncd, disease.relative_risk(population.year, params))
    risk = risk * outcomes.own_pace(population.year, params)
    if (found := _compiled(population, lived_people, inputs["mx"], shares, risk)) is not None:
        return found
    share = within_all(shares, "ncd")
    rates = summary.ncd_rates(population, inputs["mx"], share, risk)
    deaths = summary.premature_ncd_deaths(lived_people, inputs["mx"], share, risk)
    return {
        "premature_ncd_deaths": deaths,
        "premature_ncd_mortality": summary.premature_mortality(rates),
    }


def _compiled(
    population: xr.DataArray, lived: xr.DataArray, mx: xr.DataArray, shares: xr.DataArray, risk: xr.DataArray
) -> dict[str, xr.DataArray] | None:
    """What `_premature` returns by what is compiled; None where NumPy's is to say it."""
    if (run := premature.compiled()) is None:
        return None
    summary.check_ages(population=population, mx=mx, ncd_share=shares)
    people, years, rates = (array.sel(age=summary.AGES) for array in (population, lived, mx))
    if (found := premature.rates_and_deaths(run, people, years, rates, shares, risk)) is None:
        return None
    return {
        "premature_ncd_deaths": found[1],
        "premature_ncd_mortality": summary.premature_mortality(found[0]),
    }


def _ncd_risk(ncd: xr.DataArray, by_programme: xr.DataArray) -> xr.DataArray:
    """Relative risk by NCD: cardiovascular deaths follow hypertension, diabetes deaths diabetes."""
    managed = {"cardiovascular": "hypertension", "diabetes": "diabetes"}
    one = like(by_programme.isel(programme_cause=0, drop=True), 1.0)
    parts = [
        by_programme.sel(programme_cause=managed[str(name)], drop=True) if str(name) in managed else one
        for name in ncd.values
    ]
    return concat(parts, "ncd", ncd.values)


def _full(name: str, array: xr.DataArray, population: xr.DataArray) -> xr.DataArray:
    """`array` over every year and draw, checked against the schema."""
    for dim in ("draw", "year"):
        if dim not in array.dims:
            array = array.expand_dims({dim: population[dim].values})
    return checked(name, array, "burden")
