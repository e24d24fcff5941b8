"""Births -> deliveries, midwives, newborn beds, screening."""

from __future__ import annotations

import xarray as xr

from sim.arguments import count_faults, dim_faults, refuse, same_label_faults
from sim.arrays import Params
from sim.labelled import made
from sim.schema import SEXES

PARAMETERS = (
    "maternity.deliveries_per_birth",
    "maternity.deliveries_per_midwife",
    "maternity.newborn_beds",
    "maternity.older_mothers_age",
    "maternity.high_risk_bed_ratio",
)


def deliveries(births: xr.DataArray, params: Params) -> xr.DataArray:
    """Deliveries a year: live births of both sexes less the second of twins.

    births: dims year, sex, draw.  Returns dims year, draw.
    """
    _check_births(births)
    return births.sum("sex", skipna=False) * params["maternity.deliveries_per_birth"]


def midwives(deliveries_: xr.DataArray, params: Params) -> xr.DataArray:
    """Midwives that the deliveries take; dims of deliveries_."""
    refuse(count_faults("deliveries", deliveries_))
    return deliveries_ / params["maternity.deliveries_per_midwife"]


def high_risk_births(births_by_age: xr.DataArray, params: Params) -> xr.DataArray:
    """Births a year to mothers who count as high risk by age.

    births_by_age: by the mother's age, dims year, age, draw.  Returns dims year, draw.
    """
    refuse(dim_faults("births_by_age", births_by_age, "age"), count_faults("births_by_age", births_by_age))
    old = births_by_age.age >= params["maternity.older_mothers_age"]
    return births_by_age.where(old, 0.0).sum("age", skipna=False)


def newborn_beds(births: xr.DataArray, births_by_age: xr.DataArray, params: Params) -> xr.DataArray:
    """Newborn beds for the births of both sexes; a high-risk mother's child takes more of them.

    births: dims year, sex, draw.  births_by_age: by the mother's age, dims year, age, draw, of the
    same number.  Returns beds, dims year, draw.
    `maternity.newborn_beds` is the ratio of the base year's mothers, so the mix counts from there.
    """
    _check_births(births)
    born = births_by_age.sum("age", skipna=False)
    high_risk = high_risk_births(births_by_age, params) / born.where(born != 0, 1.0)  # nobody born: none
    weight = 1.0 + (params["maternity.high_risk_bed_ratio"] - 1.0) * high_risk
    return births.sum("sex", skipna=False) * params["maternity.newborn_beds"] * weight / weight.isel(year=0)


def _check_births(births: xr.DataArray) -> None:
    refuse(dim_faults("births", births, "sex"), count_faults("births", births))
    refuse(same_label_faults("births", births, made(list(SEXES), {"sex": list(SEXES)}, ("sex",)), "sex"))
