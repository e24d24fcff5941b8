import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import CASES, read_rows

from sim.demography.arriaga import (
    deaths_averted,
    e0_difference_by_age,
    e0_difference_by_cause,
    tables_difference_by_age,
)
from sim.errors import ParameterError
from sim.lifetable import life_table

AGES = np.arange(0, 101)


def gompertz(level=5e-5, slope=0.09):
    rates = np.minimum(level * np.exp(slope * AGES), 0.8)
    return xr.DataArray(rates, dims="age", coords={"age": AGES})


def test_us_women_1935_to_1995_as_published():
    """Ponnapalli (2005): seven age groups, mean of both directions; printed from rounded parts."""
    wanted = [3.85, 0.73, 1.01, 2.55, 3.31, 3.66, 0.57]
    rows = [
        r
        for r in read_rows(CASES / "us_females_1935_1995.csv")
        if int(r["age"]) in (0, 5, 15, 25, 45, 65, 85)
    ]
    tables = []
    for year in (1935, 1995):
        lx = np.array([float(r[f"lx_{year}"]) for r in rows])
        Tx = lx * np.array([float(r[f"ex_{year}"]) for r in rows])
        variables = {"lx": lx, "Tx": Tx, "Lx": -np.diff(Tx, append=0.0)}
        age = [int(r["age"]) for r in rows]
        tables.append(xr.Dataset({k: ("age", v) for k, v in variables.items()}, {"age": age}))
    forth = tables_difference_by_age(*tables)
    back = tables_difference_by_age(*tables[::-1])
    np.testing.assert_allclose((forth - back) / 2, wanted, atol=0.015)
    assert float(forth.sum()) == pytest.approx(79.00 - 63.32)


@settings(max_examples=25)
@given(st.floats(0.3, 3.0), st.floats(0.08, 0.1))
def test_parts_add_up_to_the_difference(factor, slope):
    before, after = gompertz(), gompertz(5e-5 * factor, slope)
    e0 = [float(life_table(m, sex="male")["ex"][0]) for m in (before, after)]
    parts = e0_difference_by_age(before, after, sex="male")
    assert float(parts.sum()) == pytest.approx(e0[1] - e0[0], abs=1e-10)


def test_only_the_age_that_changes_counts():
    after = gompertz()
    after[60] *= 0.5
    parts = e0_difference_by_age(gompertz(), after, sex="female")
    assert float(parts[60]) > 0
    np.testing.assert_allclose(parts.where(parts["age"] != 60, 0.0), 0.0, atol=1e-12)


def test_causes_add_up_within_each_age():
    before, after = gompertz(), gompertz() * xr.DataArray(np.linspace(0.7, 1.0, 101), dims="age")
    parts = e0_difference_by_age(before, after, sex="female")
    shares = xr.DataArray([0.3, 0.7], dims="cause", coords={"cause": ["heart", "rest"]})
    first, second = (
        shares * xr.ones_like(before),
        shares[::-1].values[:, None] * xr.ones_like(shares * before),
    )
    by_cause = e0_difference_by_cause(parts, before, after, first, second)
    np.testing.assert_allclose(by_cause.sum("cause"), parts, atol=1e-12)
    with pytest.raises(ParameterError, match="do not add up"):
        e0_difference_by_cause(parts, before, after, first * 0.9, second)


def test_deaths_averted_are_the_rate_difference_times_person_years():
    years = xr.full_like(gompertz(), 1000.0)
    averted = deaths_averted(gompertz(), 0.9 * gompertz(), years)
    np.testing.assert_allclose(averted, 100.0 * gompertz())
