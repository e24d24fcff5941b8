"""30q70 by hand, Sullivan, DALY, dependence under three hypotheses."""

import numpy as np
import pytest
import xarray as xr

from sim.burden import summary
from sim.burden.dependency import dependent_elderly
from sim.lifetable import life_columns


def test_premature_mortality_by_hand():
    m = [0.0005, 0.0008, 0.0015, 0.0025, 0.004, 0.006, 0.010, 0.016]
    # 5q by hand: 5 x 0.0005 / 1.00125 = 0.0024969, ... 5 x 0.016 / 1.04 = 0.0769231
    q = [0.0024969, 0.0039920, 0.0074720, 0.0124224, 0.0198020, 0.0295567, 0.0487805, 0.0769231]
    rates = xr.DataArray(m, dims="age_group")
    assert float(summary.premature_mortality(rates)) == pytest.approx(1 - np.prod(1 - np.array(q)), abs=1e-6)


# China 2013, BMC Medicine 2017;15:132, Table 2: 30q70 in percent by cause and sex; independent
# risks multiply: 1 - prod(1 - q) of the four causes is within the table's rounding of 1 decimal
TABLE_2013 = {
    "male": {"cardiovascular": 11.2, "cancer": 11.2, "diabetes": 0.4, "respiratory": 2.3},
    "female": {"cardiovascular": 5.9, "cancer": 5.3, "diabetes": 0.4, "respiratory": 1.1},
}


@pytest.mark.parametrize("sex", ["male", "female"])
def test_causes_multiply_like_the_published_table(sex):
    """Constant rates that give each cause's 30q70 give their product when added together."""
    q = np.array(list(TABLE_2013[sex].values())) / 100
    group = 1 - (1 - q) ** (1 / 8)  # 5q of each of the eight groups
    m = group / (5 - 2.5 * group)
    rates = xr.DataArray(np.full(8, m.sum()), dims="age_group")
    together = float(summary.premature_mortality(rates))
    assert together == pytest.approx(1 - np.prod(1 - q), abs=1e-3)


def _population():
    coords = {"sex": ["female", "male"], "age": np.arange(101)}
    return xr.DataArray(np.ones((2, 101)), coords, ("sex", "age"))


def test_ncd_rates_recover_a_flat_rate():
    people = _population()
    mx = xr.full_like(people, 0.01)
    share = xr.full_like(people, 0.25).expand_dims(ncd=["a", "b"])
    np.testing.assert_allclose(summary.ncd_rates(people, mx, share), 0.005)


def test_sullivan_without_illness_is_life_expectancy():
    mx = _population() * 0.0004 * np.exp(0.08 * np.arange(101))
    lived, remaining = life_columns(mx)
    healthy = summary.healthy_life_expectancy(lived, xr.zeros_like(mx))
    np.testing.assert_allclose(healthy, remaining.sel(age=0), rtol=1e-12)
    half = summary.healthy_life_expectancy(lived, xr.full_like(mx, 0.5))
    np.testing.assert_allclose(half, 0.5 * remaining.sel(age=0), rtol=1e-12)


def test_sullivan_by_hand():
    """Three ages: Lx 5, 4, 1 and ill 0, 1/4, 1 give 5 + 3 + 0 healthy years."""
    lived = xr.DataArray([5.0, 4.0, 1.0], dims="age")
    ill = xr.DataArray([0.0, 0.25, 1.0], dims="age")
    assert float(summary.healthy_life_expectancy(lived, ill)) == 8.0


# Sullivan's method, women of France 1991: Hauet (1997), Practical guide on health expectancy
# calculation, table 1, euroreves.ined.fr/methods/cookdef/node4.html. Columns: age, survivors,
# years lived, share without disability, disability-free years left. The guide gives seven of its
# eighteen age groups; those from 65 on are without a gap.
FRANCE_1991 = [
    (65, 89367, 436589, 0.804, 12.3),
    (70, 84968, 408793, 0.714, 8.8),
    (75, 78012, 364013, 0.630, 5.8),
    (80, 66625, 290533, 0.487, 3.4),
    (85, 48532, 289068, 0.290, 1.7),
]


@pytest.mark.parametrize("first", range(len(FRANCE_1991)))
def test_sullivan_of_the_practical_guide(first):
    """Disability-free life expectancy at 65, 70, 75, 80 and 85 to the printed decimal.

    The last line's printed share (0.710) is the share with disability: 289 068 x 0.290 = 83 830.
    """
    rows = FRANCE_1991[first:]
    lived = xr.DataArray([r[2] / rows[0][1] for r in rows], dims="age")
    free = [r[3] for r in rows[:-1]] + [83967 / 289068]
    disabled = xr.DataArray([1.0 - f for f in free], dims="age")
    got = float(summary.healthy_life_expectancy(lived, disabled))
    assert round(got, 1) == rows[0][4]


def test_constant_death_rate_has_its_own_life_expectancy():
    _, remaining = life_columns(0.02 * _population())
    np.testing.assert_allclose(remaining[:, 1:], 50.0, rtol=1e-3)


def test_conditions_combine_without_double_counting():
    prevalence = xr.DataArray([0.5, 0.5], {"cause": ["a", "b"]}, ("cause",))
    weight = xr.DataArray([0.4, 0.4], {"cause": ["a", "b"]}, ("cause",))
    assert float(summary.combined_weight(prevalence, weight)) == pytest.approx(0.36)


def test_no_disease_and_no_deaths_is_no_burden():
    people = _population()
    none = xr.zeros_like(people).expand_dims(cause=["a"])
    weight = xr.DataArray([0.9], {"cause": ["a"]}, ("cause",))
    lost = summary.years_of_life_lost(xr.zeros_like(people), xr.full_like(people[0], 50.0))
    disabled = (people * summary.combined_weight(none, weight)).sum()
    assert float(lost + disabled) == 0.0


def _dependency(hypothesis, gain):
    ages = np.arange(101)
    coords = {"year": [2020, 2030], "sex": ["female", "male"], "age": ages, "draw": [0, 1]}
    shape = (2, 2, 101, 2)
    people = xr.DataArray(np.ones(shape), coords, tuple(coords))
    life = xr.zeros_like(people) + 18.0
    life[1] += gain
    prevalence = 0.001 * np.exp(0.1 * (ages - 65)) * (ages >= 65)
    params = {
        "dependency.prevalence": xr.DataArray(
            np.broadcast_to(prevalence, (3, 2, 101)) * np.array([1, 2, 1.0])[:, None, None],
            {"severity": ["mild", "moderate", "severe"], "sex": ["female", "male"], "age": ages},
            ("severity", "sex", "age"),
        ),
        "dependency.hypothesis": xr.DataArray(hypothesis),
        "dependency.dynamic_share": xr.DataArray(0.5),
    }
    return dependent_elderly(people, life, params).transpose("year", "severity", "draw")


def test_healthy_ageing_hypotheses_are_ordered():
    constant = _dependency("constant_prevalence", 2.0)
    dynamic = _dependency("dynamic_equilibrium", 2.0)
    disability = _dependency("constant_disability_years", 2.0)
    severe = {"year": 1, "severity": 2}
    assert float(constant[severe][0]) > float(dynamic[severe][0]) > float(disability[severe][0])
    mild = {"year": 1, "severity": 0}
    assert float(dynamic[mild][0]) == pytest.approx(float(constant[mild][0]))


def test_whole_years_of_gain_shift_the_schedule():
    """A gain of exactly 2 years is the schedule 2 ages later; ages 65 and 66 keep its edge."""
    got = float(_dependency("constant_disability_years", 2.0)[1, 0, 0])
    old = 0.001 * np.exp(0.1 * np.arange(36))
    want = 2 * (2 * old[0] + old[:34].sum())
    assert got == pytest.approx(want, rel=1e-12)


def test_without_a_gain_all_hypotheses_agree():
    for name in ("dynamic_equilibrium", "constant_disability_years"):
        np.testing.assert_allclose(_dependency(name, 0.0), _dependency("constant_prevalence", 0.0))
