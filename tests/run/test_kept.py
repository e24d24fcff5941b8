"""Populations that plans count by: what a draw may make of them, in cities without a village too."""

import numpy as np
import pytest
import xarray as xr
from paths import ROOT

from sim.catalogue import bases
from sim.params import Sampler
from sim.places import read_place
from sim.run.kept import PARAMETERS, population_basis

YEARS = (2020, 2030)


@pytest.mark.parametrize("code", ["440300", "310000", "410500", "540200"])
def test_no_population_within_the_residents_is_below_nought_or_above_them(code):
    own = {n: p for n, p in read_place(ROOT, code).items() if n in PARAMETERS}
    params = Sampler(own, YEARS, 7).block(range(400))
    share = params[bases.PARAMETERS["agricultural"]]
    resident = xr.DataArray(
        np.full((2, 1, 400), 1e6),
        {"year": list(YEARS), "age_group": ["total"], "draw": share["draw"]},
        ("year", "age_group", "draw"),
    )
    found = population_basis(resident, params)
    inside = found.sel(basis=[row.id for row in bases.OF_RESIDENTS if row.within])
    assert inside.sizes["basis"] == 2
    assert float(inside.min()) >= 0
    assert float(inside.max()) <= 1e6
    if code == "440300":  # 1 - urban share is nought there, its range three points either way
        assert float(share.min()) < 0
