"""People under health management: how many full coverage means, and the hours it takes."""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr

Params = Mapping[str, xr.DataArray]


def managed(inputs: xr.Dataset, params: Params) -> dict[str, xr.DataArray]:
    """People or events a year at full coverage, by programme."""
    both = inputs["population"].sum("sex")
    people = both.sum("age")
    births, cases = inputs["births"].sum("sex"), inputs["cases"]
    deliveries = inputs["deliveries"]
    return {
        "elderly_65": both.sel(age=slice(65, 100)).sum("age"),
        "hypertension": cases.sel(cause="hypertension", drop=True),
        "diabetes": cases.sel(cause="diabetes", drop=True),
        "severe_mental": people * params["workforce.registered_severe_mental"],
        "pregnant_women": births,
        "children_u3": both.sel(age=slice(0, 2)).sum("age"),
        "children_0_6": both.sel(age=slice(0, 6)).sum("age"),
        "newborn_screening": births,
        "prenatal_screening": deliveries,
        "deliveries": deliveries,
        "blood_donors": people * params["norm.blood_donors"],
    }


def management_hours(full: Mapping[str, xr.DataArray], params: Params) -> xr.DataArray:
    """Primary-care hours a year on people under management at present coverage."""
    hours = params["workforce.management_hours"]
    covered = params["disease.managed_share"].clip(0.0, 1.0)
    chronic = ("hypertension", "diabetes")
    clients = {c: full[c] * covered.sel(programme_cause=c, drop=True) for c in chronic}
    clients["severe_mental"] = full["severe_mental"]
    clients["elderly"] = full["elderly_65"]
    clients["child"] = full["children_0_6"]
    clients["pregnant"] = full["pregnant_women"]
    parts = [number * hours.sel(client=name, drop=True) for name, number in clients.items()]
    return sum(parts[1:], parts[0])
