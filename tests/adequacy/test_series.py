"""Series by name and group, and the small grammar of indicator_tests.csv."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sim.adequacy.series import Measures, expression, sampled
from sim.errors import PlanError
from sim.expression import Series

YEARS = [2020, 2021]


def series(dim: str | None, groups: list[str], values: list) -> xr.DataArray:
    """values: (year, group) for draw 0; draw 1 has twice as many."""
    array = np.array(values, float)
    if dim is None:
        return xr.DataArray(
            np.stack([array, 2 * array], -1), {"year": YEARS, "draw": [0, 1]}, ("year", "draw")
        )
    return xr.DataArray(
        np.stack([array, 2 * array], -1),
        {"year": YEARS, dim: groups, "draw": [0, 1]},
        ("year", dim, "draw"),
    )


@pytest.fixture
def measures() -> Measures:
    return Measures(
        {
            "population_group": series("age_group", ["total", "65+"], [[100, 10], [110, 12]]),
            "population_basis": series("basis", ["resident", "urban"], [[100, 60], [110, 70]]),
            "visits": series("level", ["tertiary", "secondary", "primary"], [[1, 2, 5], [1, 3, 4]]),
            "births_by_order": series("order", ["1", "2", "3+"], [[4, 3, 1], [4, 3, 2]]),
            "births": series(None, [], [8, 9]),
            "deaths": series(None, [], [6, 6]),
            "beds_projected": series("bed_group", ["total", "icu"], [[50, np.nan], [55, np.nan]]),
            "nothing": series(None, [], [0, 0]),
        }
    )


@pytest.mark.parametrize(
    ("text", "group", "year", "central"),
    [
        ("births", "", 2021, 9),
        ("births", "total", 2020, 8),
        ("population_group", "", 2020, 100),
        ("population_group", "65+", 2021, 12),
        ("population_group.65+", "", 2021, 12),
        ("births_by_order.3+", "", 2021, 2),
        ("births_by_order.1+2", "", 2020, 7),
        ("births_by_order", "2", 2020, 3),
        ("visits.*", "", 2020, 8),
        ("visits.primary+secondary", "", 2020, 7),
        ("visits.primary/visits.*", "", 2020, 5 / 8),
        ("visits.primary / visits.primary+secondary", "", 2021, 4 / 7),
        ("population_group.65+/population_group.total", "", 2020, 0.1),
        ("population_increase", "", 2021, 10),
        ("natural_increase", "", 2021, 3 / 105),
        ("natural_increase", "", 2020, 2 / 100),
    ],
)
def test_expressions(measures: Measures, text: str, group: str, year: int, central: float):
    found = expression(measures, text, group, year)
    assert found is not None
    assert found[0] == pytest.approx(central)


@pytest.mark.parametrize(
    ("text", "group", "year"),
    [
        ("birth", "", 2020),
        ("births", "", 2019),
        ("visits.village", "", 2020),
        ("visits.primary+village", "", 2020),
        ("population_group.66+", "", 2020),
        ("visits", "", 2020),
        ("visits.primary/birth", "", 2020),
        ("birth/births", "", 2020),
        ("beds_projected.icu", "", 2020),
        ("beds_projected.total+icu", "", 2020),
        ("population_increase", "", 2020),
        ("", "", 2020),
    ],
)
def test_what_is_not_modelled_has_no_value(measures: Measures, text: str, group: str, year: int):
    assert expression(measures, text, group, year) is None


def test_a_share_of_nothing_is_no_number(measures: Measures):
    found = expression(measures, "births/nothing", "", 2020)
    assert found is not None
    assert np.isnan(found).all()


def test_draws_stay_apart(measures: Measures):
    found = expression(measures, "visits.primary+secondary", "", 2020)
    assert found is not None
    assert found.tolist() == [7.0, 14.0]


def test_a_kind_that_is_not_modelled_is_not_there(measures: Measures):
    assert measures.has("beds_projected", "total")
    assert not measures.has("beds_projected", "icu")
    assert not measures.has("beds_projected", "tcm")
    assert not measures.has("beds")


def test_population_bases(measures: Measures):
    assert measures.population("urban", 2021)[0] == 70
    with pytest.raises(PlanError, match="per head of 'unstated', a population that the model does not have"):
        measures.population("unstated", 2021)
    assert measures.population("population 65+", 2021)[0] == 12
    assert measures.population("older residents", 2020)[0] == 10


def test_bands_leave_the_central_draw_out():
    assert sampled(np.array([9.0, 1.0, 2.0])).tolist() == [1.0, 2.0]
    assert sampled(np.array([9.0])).tolist() == [9.0]


def test_a_group_of_a_run_that_kept_the_total_alone_is_not_the_total(measures: Measures):
    """Trees of the tables are read against the schema: an older run has births without sex."""
    assert measures.leaf(Series("births", ("male",)), 2020) is None
    assert measures.leaf(Series("births"), 2020) is not None
