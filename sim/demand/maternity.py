"""Births -> deliveries, midwives, newborn beds, screening."""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr

Params = Mapping[str, xr.DataArray]


def deliveries(births: xr.DataArray, params: Params) -> xr.DataArray:
    """Deliveries a year: live births of both sexes less the second of twins."""
    return births.sum("sex") * params["maternity.deliveries_per_birth"]


def midwives(deliveries_: xr.DataArray, params: Params) -> xr.DataArray:
    """Midwives that the deliveries take."""
    return deliveries_ / params["maternity.deliveries_per_midwife"]


def older_mothers_share(births_by_age: xr.DataArray, params: Params) -> xr.DataArray:
    """Share of births to mothers who count as high risk by age."""
    old = births_by_age.age >= params["maternity.older_mothers_age"]
    return births_by_age.where(old, 0.0).sum("age") / births_by_age.sum("age")
