"""How far the nation's older cohorts miss the model's death rates, by the survivors of two censuses.

The census of 2010 by single age, survived ten years at the model's rates, nobody moving, beside the
census of 2020: log of those counted over those expected.  The open group is left out: ages are
overstated there.
Census survival as Siegel & Swanson (2004), chapter 19; Preston, Heuveline & Guillot (2001), Demography,
section 8.2 (on the old, and why the open group misleads).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.arrays import Floats
from sim.demography.census_base import single_ages
from sim.demography.stage import mortality
from sim.params import Parameter, central
from sim.places.migration_profile import WIDTH
from sim.places.tables import Census
from sim.schema import SEXES

YEARS = 10
_OLDEST = 85  # first age of the group left out


def missed(own: Mapping[str, Parameter], censuses: Mapping[int, Census], youngest: int) -> Floats:
    """Log of the cohorts counted over those expected (cohort,), mean of both sexes.

    own: the place's parameters.  censuses: of 2010 and 2020.  youngest: first age of the first cohort
    in 2020; the others follow by five years, to 80-84.
    """
    first, second = censuses[2010], censuses[2020]
    ages = [s for s in second.starts if youngest <= s < _OLDEST]
    counted = np.stack([second.counts[:, second.starts.index(s)] for s in ages], axis=1)
    people = _ten_years_on(own, first)
    expected = np.stack([people[:, s : s + WIDTH].sum(axis=1) for s in ages], axis=1)
    return np.asarray(np.log(counted / expected).mean(axis=0))


def _ten_years_on(own: Mapping[str, Parameter], census: Census) -> Floats:
    """A census survived ten years at the model's rates (sex, age), nobody moving."""
    years = np.arange(census.year, census.year + YEARS + 1)
    mx = mortality(central(own, years.tolist()), years, 1)[..., 0]
    reference = own[f"population.reference_{census.year}"].data.transpose("sex", "age")
    people = single_ages(census.counts, census.starts, reference.sel(sex=list(SEXES)).values, mx[0])
    for rates in mx[1:]:
        lived = np.exp(-(rates[:, :-1] + rates[:, 1:]) / 2)  # half a year at either age
        later = np.zeros_like(people)
        later[:, 1:] = people[:, :-1] * lived
        later[:, -1] += people[:, -1] * np.exp(-rates[:, -1])
        people = later
    return people
