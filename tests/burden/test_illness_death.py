"""Illness and death: exact steps against expm and a stiff solver, consistency, laws."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from sim.burden import consistency
from sim.burden.disease import solve_incidence, step, transition
from sim.errors import ParameterError

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
    full = consistency.solve(TRUE).rates
    again = consistency.solve({name: full[name] for name in three}).rates
    for name, values in full.items():
        np.testing.assert_allclose(again[name][30:99], values[30:99], rtol=0.02, err_msg=name)


def test_misfit_of_what_is_given_twice_is_reported():
    full = consistency.solve(TRUE).rates
    full["cause_mortality"] = full["cause_mortality"] * 1.3
    misfit = consistency.solve(full).misfit
    assert misfit["cause_mortality"] == pytest.approx(0.23, abs=0.03)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"incidence": AGE * 0.0}, "1 of the five rates given"),
        ({"x": AGE, "incidence": AGE, "remission": AGE}, r"unknown \['x'\]"),
        (dict(TRUE, incidence=np.where(AGE == 37, -1.0, 0.1)), "incidence is -1 at age 37"),
    ],
)
def test_bad_rates_are_refused_by_name(given, text):
    with pytest.raises(ParameterError, match=text):
        consistency.solve(given)
