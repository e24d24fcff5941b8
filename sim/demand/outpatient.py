"""Primary care close to home: how many community health centres the population rule asks for."""

from __future__ import annotations

import xarray as xr

from sim.arguments import refuse
from sim.arrays import Params
from sim.guard import people_faults

PARAMETERS = (
    "outpatient.residents_per_centre",
    "population.urban_share",
)


def community_centres(population: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    """Community health centres (社区卫生服务中心) for the urban population.

    population: persons, dims year, sex, age, draw.  Returns institutions, dims year, draw.
    dense: one for the lower bound of residents, sparse: one for the upper bound.
    """
    refuse(people_faults("population", population))
    urban = population.sum(("sex", "age"), skipna=False) * params["population.urban_share"].clip(0.0, 1.0)
    rule = params["outpatient.residents_per_centre"]
    return {name: urban / rule.sel(chc_group=name, drop=True) for name in ("dense", "sparse")}
