"""Illness and death: exact steps against expm and a stiff solver, consistency, laws."""

import numpy as np
import pytest
from dismod import solve
from paths import PARAMETERS
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from sim.burden import illness_death
from sim.burden.disease import step, transition
from sim.burden.illness_death import Stepper
from sim.burden.incidence import solve_incidence
from sim.errors import ParameterError
from sim.params import read_file

RATES = [
    (0.01, 0.0, 0.05),
    (0.0, 0.0, 0.0),
    (0.3, 0.5, 0.02),
    (0.004, 0.0, 0.0),
    (2.0, 1.0, 3.0),
    (0.05, 0.0, 0.05),
    (1e-9, 1e-9, 1e-9),
    (0.0, 0.2, 0.4),
    (5.0, 0.0, 5.0),
]


@pytest.mark.parametrize(("i", "r", "f"), RATES)
def test_closed_form_equals_matrix_exponential(i, r, f):
    hh, hi, ih, ii = transition(np.array(i), np.array(r), np.array(f), 1.7)
    exact = expm(np.array([[-i, r], [i, -(r + f)]]) * 1.7)
    np.testing.assert_allclose([[hh, ih], [hi, ii]], exact, rtol=1e-12, atol=1e-14)


def test_step_equals_stiff_ode_solver():
    i, r, f, p0 = 0.03, 0.4, 0.25, 0.12

    def slope(_, p):
        return (1 - p) * i - p * (r + f * (1 - p))

    path = solve_ivp(slope, (0, 1), [p0], method="Radau", rtol=1e-10, atol=1e-12)
    later, _ = step(np.array(p0), np.array(i), np.array(r), np.array(f))
    assert float(later) == pytest.approx(path.y[0, -1], rel=1e-8)


def test_two_half_years_are_a_year():
    i, r, f = np.array(0.2), np.array(0.1), np.array(0.3)
    half = np.array(transition(i, r, f, 0.5)).reshape(2, 2).T
    whole = np.array(transition(i, r, f, 1.0)).reshape(2, 2).T
    np.testing.assert_allclose(half @ half, whole, rtol=1e-13)


def test_nobody_dies_of_a_disease_that_does_not_kill():
    _, dying = step(np.array(0.4), np.array(0.1), np.array(0.2), np.array(0.0))
    assert float(dying) == pytest.approx(0.0, abs=1e-14)


def test_solved_incidence_keeps_the_survey_prevalence():
    age = np.arange(101)
    prevalence = 0.5 / (1 + np.exp(-(age - 60) / 8.0))
    prevalence[85:] = prevalence[85] * 0.98 ** np.arange(16)  # falls: survivors are healthier
    zero, f = np.zeros(101), np.full(101, 0.01)
    i, f_new, misfit = solve_incidence(prevalence, zero, f)
    later, _ = step(prevalence, i, zero, f_new)
    np.testing.assert_allclose(later[:-1], prevalence[1:], atol=1e-12)
    assert misfit.max() < 1e-12
    assert (i >= 0).all()
    assert (f_new[:84] == 0.01).all()


AGE = np.arange(101)
TRUE = {
    "incidence": 0.0005 * np.exp(0.05 * AGE),
    "remission": np.full(101, 0.02),
    "excess_mortality": np.full(101, 0.04),
}
THREES = [
    ("incidence", "remission", "excess_mortality"),
    ("prevalence", "incidence", "remission"),
    ("prevalence", "remission", "excess_mortality"),
    ("prevalence", "incidence", "excess_mortality"),
    ("prevalence", "cause_mortality", "remission"),
    ("prevalence", "cause_mortality", "incidence"),
    ("incidence", "remission", "cause_mortality"),
    ("excess_mortality", "cause_mortality", "remission"),
    ("excess_mortality", "cause_mortality", "incidence"),
]


@pytest.mark.parametrize("three", THREES)
def test_any_three_give_the_rest(three):
    full = solve(TRUE).rates
    again = solve({name: full[name] for name in three}).rates
    for name, values in full.items():
        np.testing.assert_allclose(again[name][30:99], values[30:99], rtol=0.02, err_msg=name)


def test_misfit_of_what_is_given_twice_is_reported():
    full = solve(TRUE).rates
    full["cause_mortality"] = full["cause_mortality"] * 1.3
    misfit = solve(full).misfit
    assert misfit["cause_mortality"] == pytest.approx(0.23, abs=0.03)


DISEASE = PARAMETERS / "national/disease.yaml"


@pytest.fixture(scope="module")
def shipped():
    """Prevalence, incidence, remission and excess mortality (cause, sex, age) of the files."""
    read = read_file(DISEASE)
    names = ("prevalence", "incidence", "remission", "excess_mortality")
    like = read["disease.prevalence"].data.transpose("cause", "sex", "age")
    full = {n: read[f"disease.{n}"].data.broadcast_like(like).transpose(*like.dims) for n in names}
    return {name: array.sel(cause=like.cause) for name, array in full.items()}


def test_the_table_of_incidence_is_what_the_code_makes_of_the_others(shipped):
    """To the four digits that the file prints, at every cause, sex and age."""
    given = [shipped[name].values for name in ("prevalence", "remission", "excess_mortality")]
    i, f, misfit = solve_incidence(*given)
    np.testing.assert_allclose(i, shipped["incidence"].values, rtol=5e-4, atol=1e-9)
    np.testing.assert_array_equal(f, given[2])
    assert misfit.max() < 1e-12


@pytest.mark.parametrize("sex", ["female", "male"])
@pytest.mark.parametrize("cause", ["hypertension", "diabetes", "stroke"])
def test_shipped_rates_are_consistent_by_the_textbook_equations(shipped, cause, sex):
    """Prevalence integrated from the three rates is the table's: another method, another code.

    The table's rates hold from birthday to birthday; the oracle draws lines between birthdays.
    """
    own = {name: array.sel(cause=cause, sex=sex).values for name, array in shipped.items()}
    given = {n: own[n].copy() for n in ("incidence", "remission", "excess_mortality")}
    for rates in given.values():
        rates[1:] = 0.5 * (rates[1:] + rates[:-1])
    integrated = solve(given).rates["prevalence"]
    np.testing.assert_allclose(integrated[20:85], own["prevalence"][20:85], rtol=0.02, atol=1e-3)


@pytest.mark.parametrize(
    ("place", "value", "text"),
    [(0, 1.2, "prevalence.* above 1"), (1, -0.1, "r: .*negative"), (2, np.nan, "f: .*not finite")],
)
def test_wrong_rates_are_refused_by_name(place, value, text):
    given = [np.full(101, 0.01) for _ in range(3)]
    given[place][37] = value
    with pytest.raises(ParameterError, match=text):
        solve_incidence(*given)
    with pytest.raises(ParameterError, match="shapes"):
        solve_incidence(given[0], given[1][:-1], given[2])


def a_year_on(p: np.ndarray, *rates: np.ndarray) -> np.ndarray:
    """What `Stepper` makes of each age: it moves them a row on, and leaves the last row behind."""
    now = np.concatenate([p, np.full_like(p[:, :1], np.nan)], axis=1)
    later = np.full_like(now, np.nan)
    Stepper(*p.shape)(now, *rates, later)
    assert np.isnan(later[:, 0]).all()
    return later[:, 1:]


@pytest.mark.parametrize("recovers", [0.0, 0.3, 30.0, 900.0])
@pytest.mark.parametrize("draws", [1, 8, 400])
def test_blocks_of_cells_give_the_step_of_the_matrix_exponential(recovers: float, draws: int):
    rng = np.random.default_rng(3)
    p, i, f = (rng.uniform(0, high, (2, 90, draws)) for high in (1.0, 0.2, 0.4))
    i[:, ::7] = f[:, ::7] = 0.0  # both eigenvalues are one, where nobody recovers
    i[:, 1::7], p[:, 2::7], p[:, 3::7] = f[:, 1::7], 0.0, 1.0
    r = np.full((1, 1, draws), recovers)
    one = np.ones(draws)
    later = a_year_on(p, i / 2, r, f / 4, 2 * one, 4 * one)
    expected = step(p, i, np.broadcast_to(r, p.shape), f)[0]
    np.testing.assert_allclose(later, expected, rtol=1e-12 if recovers < 1 else 1e-11, atol=1e-15)


def test_a_block_gives_each_age_the_same_bits_whatever_is_taken_at_a_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(illness_death, "_CACHED", 32_768)
    rng = np.random.default_rng(4)
    p, i, f = (rng.uniform(0, 0.3, (2, 101, 400)) for _ in range(3))
    r, one = np.full((1, 1, 400), 0.1), np.ones(400)
    whole = a_year_on(p, i, r, f, one, one)
    cut = np.s_[..., :200]
    half = a_year_on(p[cut], i[cut], r[cut], f[cut], one[cut], one[cut])
    np.testing.assert_array_equal(whole[cut], half)


def test_rates_of_every_age_are_its_own():
    """Where remission and excess mortality rise with age, each age's incidence is found with its own."""
    r, f = np.linspace(0.01, 0.3, 101), np.linspace(0.4, 0.0, 101)
    prevalence, true = np.zeros(101), np.linspace(0.001, 0.03, 101)
    for age in range(100):
        prevalence[age + 1] = step(*(np.array(x[age]) for x in (prevalence, true, r, f)))[0]
    found, kept, misfit = solve_incidence(prevalence, r, f)
    np.testing.assert_allclose(found[:-1], true[:-1], rtol=1e-9)
    np.testing.assert_array_equal(kept[:-1], f[:-1])
    assert found[-1] == found[-2]  # the open group's, of the age before it
    assert misfit.max() < 1e-12
