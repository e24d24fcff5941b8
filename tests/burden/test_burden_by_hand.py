"""Every formula of burden written out in plain numbers, on parameters among which none is neutral."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from generic_world import AGE, DRAWS, SEX, YEARS, generic, mothers, people, plain
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm
from scipy.special import gammaln

from sim.burden import _ncd_risk, dependency, disease, outcomes, summary, utilisation
from sim.burden.compiled import _HIGHEST, steps
from sim.burden.illness_death import _CACHED, Stepper
from sim.burden.incidence import HIGHEST_RATE, _bisect, solve_incidence
from sim.burden.shares_by_age import _middles, _shares, shares_by_age, within_all
from sim.burden.small_counts import Prior, ShrunkRate, fit_prior, shrunk_rate
from sim.errors import ParameterError
from sim.trend import fading_growth
from sim.year import DAYS_PER_YEAR

P = generic()
GONE = np.array(YEARS)[:, None] - 2020.0
PEOPLE, LIVED = people(1), people(2)
N, M = plain(PEOPLE, "year", "sex", "age"), plain(LIVED, "year", "sex", "age")
BORN = mothers()
B = plain(BORN, "year", "age")


def same(found: Any, want: Any, *dims: str) -> None:
    np.testing.assert_allclose(plain(found, *dims), want, rtol=1e-10)


def number(value: Any) -> xr.DataArray:
    return xr.DataArray(value)


# --- use of care --------------------------------------------------------------------------------


def fades(growth: str, half_life: str, since: float = 2020.0) -> np.ndarray:
    decay = np.log(2) / plain(half_life)
    gone = np.maximum(np.array(YEARS)[:, None] - since, 0)
    return np.exp(plain(growth) * (1 - np.exp(-decay * gone)) / decay)


def level(topic: str, what: str, last: float) -> np.ndarray:
    own = fades(f"{topic}.{what}_regional_growth", f"{topic}.{what}_half_life")
    later = fades(f"{topic}.{what}_growth", f"{topic}.{what}_half_life", last)
    return plain(f"{topic}.{what}_level", "year") * own * later


def shares(topic: str) -> np.ndarray:
    primary = plain(f"{topic}.primary_share", "year")
    tertiary = (1 - primary) * plain(f"{topic}.tertiary_share_of_hospital", "year")
    return np.stack([tertiary, 1 - primary - tertiary, primary], axis=1)


ONWARD = {f"{t}.last_count": number(2021.0) for t in ("inpatient", "outpatient")}


@pytest.mark.parametrize("how", ["index", "national_rates"])
@pytest.mark.parametrize("years", ["normal", "counted"])
@pytest.mark.parametrize("home", [0.01, 1e3])
def test_admissions_of_residents_and_those_treated_here(how: str, years: str, home: float):
    """home: above how many obstetric admissions the beds treat more, obstetric ones stay as they are."""
    changed = {"inpatient.calibration": number(how), "inpatient.epidemic_years": number(years)}
    own = P | ONWARD | changed | {"inpatient.obstetric_home_ratio": number(home)}
    residents, treated = utilisation.admissions(PEOPLE, LIVED, BORN, own)
    slope = np.where(AGE[:, None] >= 65, plain("inpatient.old_age_slope"), 1.0)
    rate = plain("inpatient.admission_rate", "sex", "age") * slope
    other = M * rate * level("inpatient", "admission", 2021.0)[:, None, None]
    obstetric = B * plain("inpatient.obstetric_admissions_per_birth")
    inflow = 1 + plain("inpatient.net_inflow")
    factor = plain("inpatient.regional_factor")
    if how == "index":
        days = (
            N[0].sum(axis=(0, 1)) * plain("supply.beds_base") * plain("inpatient.open_share") * DAYS_PER_YEAR
        )
        stay = (shares("inpatient")[0] * plain("inpatient.alos", "level")).sum(axis=0)
        beds = days * plain("inpatient.base_occupancy") / stay / inflow
        if home < 1:
            factor = (beds - obstetric[0].sum(axis=0)) / other[0].sum(axis=(0, 1))
        else:
            factor = beds / (other[0].sum(axis=(0, 1)) + obstetric[0].sum(axis=0))
            obstetric = obstetric * factor
    epidemic = plain("inpatient.epidemic_factor", "year")[:, None, None] if years == "counted" else 1.0
    want = other * factor * epidemic
    want[:, 0] += obstetric
    same(residents, want, "year", "sex", "age")
    same(treated, want.sum(axis=(1, 2))[:, None] * inflow * shares("inpatient"), "year", "level")


@pytest.mark.parametrize("how", ["index", "national_rates"])
@pytest.mark.parametrize("years", ["normal", "counted"])
def test_visits_by_level(how: str, years: str):
    changed = {"outpatient.calibration": number(how), "outpatient.epidemic_years": number(years)}
    found = utilisation.visits(PEOPLE, LIVED, P | ONWARD | changed)
    want = (M.sum(axis=1) * plain("outpatient.visit_rate", "age")).sum(axis=1) * level(
        "outpatient", "visit", 2021
    )
    if how == "index":
        want = want * N[0].sum(axis=(0, 1)) * plain("outpatient.visits_per_resident") / want[:1]
    if years == "counted":
        want = want * plain("outpatient.epidemic_factor", "year")
    same(found, want[:, None] * shares("outpatient"), "year", "level")


def test_shares_of_levels_may_be_none_or_all():
    one = xr.DataArray([0.0, 0.3, 1.0], dims="draw")
    for other in (0.0, 0.4, 1.0):
        found = utilisation.level_shares(one, number(other)).transpose("level", "draw").values
        np.testing.assert_allclose(found, [(1 - one) * other, (1 - one) * (1 - other), one])
    for bad in ((number(-0.1), number(0.5)), (number(0.5), number(1.1))):
        with pytest.raises(ParameterError):
            utilisation.level_shares(*bad)


# --- young and old ------------------------------------------------------------------------------


@pytest.mark.parametrize("counted", [2019.0, 2020.0, 2021.0, 2023.0])
def test_deaths_of_the_young_move_whole_until_the_last_count_and_then_above_the_lowest(counted: float):
    found = outcomes.mortality_of_the_young(PEOPLE.year, P | {"outcomes.young_counted": number(counted)})
    pace = plain("outcomes.young_pace")
    for name in ("infant_mortality", "u5_mortality", "maternal_mortality"):
        group = "maternal" if name.startswith("mat") else "child"
        change = plain(f"outcomes.{group}_mortality_change", "year") + pace
        rate, lowest = plain(f"outcomes.{name}"), plain(f"outcomes.{name}_lowest")
        want = [rate]
        ahead = np.ones(DRAWS)
        last = rate * np.exp(sum((change[t] for t in (1, 2, 3) if YEARS[t] <= counted), np.zeros(DRAWS)))
        floor = np.minimum(lowest, last)
        for t in (1, 2, 3):
            if YEARS[t] <= counted:
                want.append(want[-1] * np.exp(change[t]))
            else:
                ahead = ahead * np.exp(change[t])
                want.append(floor + (last - floor) * ahead)
        if counted < 2020:
            want[0] = last
        same(found[name], np.stack(want), "year")


def test_who_is_lower_than_any_country_stays_there():
    low = P | {"outcomes.infant_mortality": number(1e-4), "outcomes.young_counted": number(2020.0)}
    found = outcomes.mortality_of_the_young(PEOPLE.year, low)["infant_mortality"]
    np.testing.assert_allclose(found, 1e-4)
    same(outcomes.own_pace(PEOPLE.year, P), np.exp(plain("outcomes.premature_pace") * GONE), "year")
    for name in ("young_pace", "child_mortality_change"):
        bad = P | {f"outcomes.{name}": P[f"outcomes.{name}"] * np.nan}
        with pytest.raises(ParameterError):
            outcomes.mortality_of_the_young(PEOPLE.year, bad)


def remaining() -> xr.DataArray:
    """Years left, that grow by a part of a year, and fall in one draw."""
    years = np.array([0.0, 0.4, 1.3, -0.7])[:, None, None, None] * np.array([1.0, 2.5])
    values = (
        90.0
        - AGE[None, None, :, None]
        + years
        + np.array([0.0, 0.1])[None, :, None, None] * np.arange(4)[:, None, None, None]
    )
    coords = {"year": YEARS, "sex": SEX, "age": AGE, "draw": range(DRAWS)}
    return xr.DataArray(values, coords, tuple(coords))


@pytest.mark.parametrize("hypothesis", dependency.HYPOTHESES)
def test_dependence_is_put_off_as_its_hypothesis_says(hypothesis: str):
    rng = np.random.default_rng(1)
    by_age = rng.uniform(0.01, 0.2, (3, 2, 101)) * (AGE >= 65)
    coords = {"severity": ["mild", "moderate", "severe"], "sex": SEX, "age": AGE}
    own = {
        "dependency.prevalence": xr.DataArray(by_age, coords, tuple(coords)),
        "dependency.hypothesis": number(hypothesis),
        "dependency.dynamic_share": number(0.6),
    }
    left = remaining()
    found = dependency.dependent_elderly(PEOPLE, left, own)
    gain = plain(left, "year", "sex", "age")[:, :, 65] - plain(left, "year", "sex", "age")[:1, :, 65]
    part = {"constant_prevalence": 0.0, "constant_disability_years": 1.0, "dynamic_equilibrium": 0.6}[
        hypothesis
    ]
    want = np.zeros((4, 3, DRAWS))
    for k in range(3):
        still = k == 0 and hypothesis == "dynamic_equilibrium"
        for s in range(2):
            for t in range(4):
                for d in range(DRAWS):
                    at = np.clip(AGE[65:] - (0 if still else part * gain[t, s, d]), 65, 100)
                    rate = np.interp(at, AGE[65:], by_age[k, s, 65:])
                    want[t, k, d] += (rate * N[t, s, 65:, d]).sum()
    same(found, want, "year", "severity")


# --- disease ------------------------------------------------------------------------------------

rates = st.floats(0, 0.4)


@settings(max_examples=30, deadline=None)
@given(i=rates, r=rates, f=rates, p=st.floats(0, 1))
def test_a_year_of_illness_is_the_exponential_of_its_matrix(i: float, r: float, f: float, p: float):
    matrix = expm(np.array([[-i, r], [i, -(r + f)]]))
    hh, hi, ih, ii = disease.transition(*(np.array([x]) for x in (i, r, f)))
    np.testing.assert_allclose([[hh[0], ih[0]], [hi[0], ii[0]]], matrix, atol=1e-12)
    healthy, ill = matrix @ [1 - p, p]
    now, killed = disease.step(*(np.array([x]) for x in (p, i, r, f)))
    assert now[0] == pytest.approx(ill / (ill + healthy), abs=1e-12)
    assert killed[0] == pytest.approx(1 - ill - healthy, abs=1e-12)
    two = disease.transition(np.array([i]), np.array([r]), np.array([f]), years=0.5)
    half = np.array([[two[0][0], two[2][0]], [two[1][0], two[3][0]]])
    np.testing.assert_allclose(half @ half, matrix, atol=1e-12)


@pytest.mark.parametrize("recovers", [False, True])
@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 5, 3), (1, 5, 1), (2, 1, 3), (2, 5, 1)])
def test_steps_of_blocks_are_the_year_of_illness_of_each_cell(recovers: bool, shape: tuple[int, ...]):
    """Rates of a single age or sex stand for all; by compiled steps and by NumPy's."""
    rng = np.random.default_rng(2)
    p = rng.uniform(0, 0.5, (2, 6, 3))
    i, r, f = (rng.uniform(0.01, high, shape) for high in (0.3, 0.2 if recovers else 0.01, 0.9))
    r = r if recovers else 0 * r
    by_i, by_f = rng.uniform(0.5, 2, 3), rng.uniform(0.5, 2, 3)
    for rates_ in ((i, r, f), (i[:1], r, f[:, :1]), (i[:, :1], r[:1, :1], f[:1])):
        cells = (np.broadcast_to(x * y, (2, 5, 3)) for x, y in zip(rates_, (by_i, 1, by_f), strict=True))
        want = disease.step(p[:, :-1], *cells)[0]
        later = np.full((2, 6, 3), 7.0)
        steps(p, *rates_, by_i, by_f, later, 0, 9.0, np.empty((3, 3)))
        np.testing.assert_allclose(later[:, 1:], want, rtol=1e-10)
        assert (later[:, 0] == 7.0).all()
        plainly = np.full((2, 6, 3), 7.0)
        Stepper(2, 5, 3)(p, *rates_, by_i, by_f, plainly)
        np.testing.assert_allclose(plainly[:, 1:], want, rtol=1e-10)
        assert (plainly[:, 0] == 7.0).all()
        for step in (Stepper(2, 5, 3), lambda *given: steps(*given, np.empty((3, 3)))):
            part = np.full((2, 6, 3), 7.0)
            step(p, *rates_, by_i, by_f, part, 2, 9.0)  # from the age of 2 on
            np.testing.assert_allclose(part[:, 3:], want[:, 2:], rtol=1e-10)
            assert (part[:, :3] == 7.0).all()


def test_fast_rates_take_the_tangent_and_slow_ones_the_ratio():
    """Half the difference of the roots squared just below and above where the ratio ends."""
    for high in (_HIGHEST * 0.999, _HIGHEST * 1.001, 4.0):
        rate = 2 * np.sqrt(high)
        p, later = np.full((1, 2, 1), 0.3), np.empty((1, 2, 1))
        cell = (np.full((1, 1, 1), rate), np.zeros((1, 1, 1)), np.zeros((1, 1, 1)))
        steps(p, *cell, np.ones(1), np.ones(1), later, 0, rate, np.empty((3, 1)))
        assert later[0, 1, 0] == pytest.approx(1 - 0.7 * np.exp(-rate), rel=1e-12)


def test_as_many_ages_at_a_time_as_stay_in_the_cache():
    for sexes, ages, draws in ((2, 101, 4), (2, 101, 1000), (2, 3, 10**6)):
        took = Stepper(sexes, ages, draws)._ages
        assert took == max(1, min(ages, _CACHED // (sexes * draws)))


def sick(method: str, **changes: Any) -> dict[str, xr.DataArray]:
    """Two causes on 101 ages; the first is managed among patients."""
    rng = np.random.default_rng(3)
    causes = ["hypertension", "stroke", "dementia"]
    coords = {"cause": causes, "sex": SEX, "age": AGE}
    cells = (3, 2, 101)

    def table(low: float, high: float) -> xr.DataArray:
        return xr.DataArray(rng.uniform(low, high, cells), coords, tuple(coords))

    def by_cause(*values: float) -> xr.DataArray:
        return xr.DataArray(list(values), {"cause": causes}, ("cause",))

    own = {
        "prevalence": table(0.05, 0.2),
        "incidence": table(0.001, 0.05),
        "excess_mortality": table(0.001, 0.05),
        "remission": by_cause(0.02, 0.0, 0.1),
        "incidence_trend": by_cause(0.02, -0.03, 0.01),
        "excess_trend": by_cause(-0.02, 0.03, 0.05),
        "trend_half_life": number(4.0),
        "disability_weight": by_cause(0.1, 0.3, 0.5),
        "method": number(method),
        "managed_share": xr.DataArray(
            [[0.3, 0.4], [0.4, 0.4], [0.5, 0.2], [0.7, 0.9]],
            {"year": YEARS, "programme_cause": ["hypertension", "diabetes"]},
            ("year", "programme_cause"),
        ),
        "management_effect": xr.DataArray(
            [0.3, 0.2], {"programme_cause": ["hypertension", "diabetes"]}, ("programme_cause",)
        ),
        "attributable_share": xr.DataArray(
            [0.5, 0.7], {"programme_cause": ["hypertension", "diabetes"]}, ("programme_cause",)
        ),
    } | changes
    return {f"disease.{k}": v for k, v in own.items()}


def test_cohorts_of_the_ill_year_by_year():
    own = sick("illness_death")
    cases, disability = disease.project(PEOPLE, own)
    scale = np.array([1.0, 1.0])
    cover = own["disease.managed_share"].values[:, 0]
    every = (1 - 0.3 * 0.5 * cover) / (1 - 0.3 * 0.5 * cover[0])
    patients = (1 - 0.3 * cover) / (1 - 0.3 * cover[0])
    prevalence = own["disease.prevalence"].values[..., None] * scale
    able = np.ones((4, 2, 101, 2))
    for c, weight in enumerate((0.1, 0.3, 0.5)):
        trend = {
            k: plain(fading_growth(PEOPLE.year, own[f"disease.{k}_trend"][c], number(4.0)), "year")[:, 0]
            for k in ("incidence", "excess")
        }
        incidence = trend["incidence"] * (every if c == 1 else 1.0)  # hypertension's management cuts strokes
        excess = trend["excess"] * (patients if c == 0 else 1.0)
        now = prevalence[c]
        for t in range(4):
            if t:
                later = np.empty_like(now)
                i = own["disease.incidence"].values[c] * incidence[t]
                f = own["disease.excess_mortality"].values[c] * excess[t]
                r = np.full_like(i, float(own["disease.remission"][c]))
                moved = np.stack([disease.step(now[..., d], i, r, f)[0] for d in range(2)], axis=-1)
                later[:, 0] = now[:, 0]  # newborn as the survey has them
                later[:, 1:] = moved[:, :-1]
                stay = N[t - 1, :, -1] / (N[t - 1, :, -1] + N[t - 1, :, -2])
                later[:, -1] = moved[:, -2] * (1 - stay) + moved[:, -1] * stay
                now = later
            same(cases.isel(year=t, cause=c), (N[t] * now).sum(axis=(0, 1)))
            able[t] *= 1 - weight * now
    same(disability, 1 - able, "year", "sex", "age")
    few, _ = disease.project(PEOPLE * 1e-6, own)  # of parts of persons the same shares are ill
    np.testing.assert_allclose(few, 1e-6 * cases)
    only, none = disease.project(PEOPLE, own, disability=False)
    np.testing.assert_allclose(only, cases)
    assert not none.any()


def test_prevalence_that_is_held_is_held():
    own = sick("constant_prevalence")
    cases, disability = disease.project(PEOPLE, own)
    held = own["disease.prevalence"].values
    same(cases, np.einsum("tsad,csa->tcd", N, held), "year", "cause")
    weight = np.array([0.1, 0.3, 0.5])[:, None, None]
    np.testing.assert_allclose(disability.transpose("sex", "age"), 1 - np.prod(1 - held * weight, axis=0))
    for name in ("incidence", "excess_mortality", "remission"):
        with pytest.raises(ParameterError, match=f"disease.{name}"):
            disease.project(PEOPLE, own | {f"disease.{name}": -own[f"disease.{name}"]})
    with pytest.raises(ParameterError, match=r"disease\.method"):
        disease.project(PEOPLE, sick("guess"))


def test_a_doubt_of_prevalence_is_one_of_incidence_too():
    """A draw with a tenth more ill has a tenth more falling ill; where nobody is ill nothing is scaled."""
    plainly = sick("illness_death")
    at = plainly["disease.prevalence"].where(plainly["disease.prevalence"].age != 20, 0.0)
    factor = xr.DataArray([1.0, 1.1], {"draw": [0, 1]}, ("draw",))
    both = disease.project(PEOPLE, plainly | {"disease.prevalence": at * factor})[0]
    more = {"disease.prevalence": at * 1.1}
    more["disease.incidence"] = (plainly["disease.incidence"] * 1.1).where(
        at.age != 20, plainly["disease.incidence"]
    )
    alone = disease.project(PEOPLE, plainly | more)[0]
    np.testing.assert_allclose(both.isel(draw=1), alone.isel(draw=1), rtol=1e-10)


def test_deaths_of_a_managed_disease_follow_its_programme():
    risk = disease.relative_risk(PEOPLE.year, sick("illness_death"))
    found = _ncd_risk(xr.DataArray(["cardiovascular", "cancer", "diabetes"], dims="ncd"), risk)
    np.testing.assert_allclose(found.sel(ncd="cardiovascular"), risk.sel(programme_cause="hypertension"))
    np.testing.assert_allclose(found.sel(ncd="diabetes"), risk.sel(programme_cause="diabetes"))
    assert (found.sel(ncd="cancer") == 1.0).all()
    flat = sick(
        "x",
        managed_share=xr.DataArray(
            [0.3, 0.4], {"programme_cause": ["hypertension", "diabetes"]}, ("programme_cause",)
        ),
    )
    assert (disease.relative_risk(PEOPLE.year, flat) == 1.0).all()


@pytest.mark.parametrize("seed", [1, 2])
def test_incidence_that_leads_from_age_to_age(seed: int):
    rng = np.random.default_rng(seed)
    p = np.sort(rng.uniform(0.01, 0.3, 8))
    r, f = np.full(8, 0.01), rng.uniform(0.0, 0.05, 8)
    p[5:] *= 0.2  # a fall that no incidence gives: more die instead
    i, ff, misfit = solve_incidence(p, r, f)
    then, _ = disease.step(p[:-1], i[:-1], r[:-1], ff[:-1])
    np.testing.assert_allclose(then, p[1:], atol=1e-9)
    assert misfit.max() < 1e-9
    assert i[4] == 0.0
    assert ff[4] > f[4]
    np.testing.assert_array_equal(ff[[0, 1, 2, 3]], f[[0, 1, 2, 3]])
    assert (i[-1], ff[-1], misfit[-1]) == (i[-2], ff[-2], misfit[-2])
    with pytest.raises(ParameterError, match="shapes"):
        solve_incidence(p, r[:-1], f)
    np.testing.assert_allclose(_bisect(lambda x: x - 3.3, (2,)), 3.3, rtol=1e-9)
    assert _bisect(lambda x: x * 0 - 1, (1,))[0] == pytest.approx(HIGHEST_RATE)


# --- measures -----------------------------------------------------------------------------------


def test_premature_deaths_by_cause_and_their_risk():
    rng = np.random.default_rng(5)
    mx = xr.zeros_like(PEOPLE) + xr.DataArray(
        rng.uniform(0.001, 0.02, (2, 101)), {"sex": SEX, "age": AGE}, ("sex", "age")
    )
    coords = {"ncd": ["a", "b"], "sex": SEX, "age": AGE}
    share = xr.DataArray(rng.uniform(0.1, 0.45, (2, 2, 101)), coords, tuple(coords))
    risk = xr.DataArray([[1.0, 1.2]] * 4, {"year": YEARS, "ncd": ["a", "b"]}, ("year", "ncd"))
    ages = slice(30, 70)
    m, s = plain(mx, "year", "sex", "age")[:, :, ages], share.values[:, :, ages]
    died = N[:, :, ages] * m
    deaths = summary.premature_ncd_deaths(PEOPLE, mx, share, risk)
    for k, factor in enumerate((1.0, 1.2)):
        same(deaths.isel(ncd=k), (died * s[k][None, ..., None]).sum(axis=(1, 2)) * factor, "year")
    both = (s[0] + 1.2 * s[1])[None, ..., None]
    rates_ = summary.ncd_rates(PEOPLE, mx, share, risk)
    want = []
    for g in range(8):
        cut = slice(5 * g, 5 * g + 5)
        want.append((died * both)[:, :, cut].sum(axis=(1, 2)) / N[:, :, 30:70][:, :, cut].sum(axis=(1, 2)))
    want = np.stack(want, axis=1)
    same(rates_, want, "year", "age_group")
    q = 5 * want / (1 + 2.5 * want)
    same(summary.premature_mortality(rates_), 1 - np.prod(1 - q, axis=1), "year")
    nobody = PEOPLE.where((PEOPLE.age < 40) | (PEOPLE.age > 44), 0.0)
    empty = summary.ncd_rates(nobody, mx, share, risk).isel(age_group=2)
    same(empty, (m * both)[:, :, 10:15].mean(axis=(1, 2)), "year")
    with pytest.raises(ParameterError, match=r"without .*69"):
        summary.ncd_rates(PEOPLE.sel(age=slice(0, 68)), mx.sel(age=slice(0, 68)), share.sel(age=slice(0, 68)))
    assert np.isfinite(summary.ncd_rates(*(a.sel(age=slice(30, 69)) for a in (PEOPLE, mx, share)))).all()


def test_all_may_die_within_a_group_and_no_more():
    one = xr.DataArray(np.full(8, 0.4), dims="age_group")
    assert float(summary.premature_mortality(one)) == 1.0
    for bad, text in ((one * 1.01, "rates"), (one[:7], "7 groups"), (-one, "rates")):
        with pytest.raises(ParameterError, match=text):
            summary.premature_mortality(bad)


# --- shares by age, small counts ------------------------------------------------------------------


def test_log_odds_run_straight_between_the_middles_and_level_behind_the_last():
    np.testing.assert_allclose(_middles([65, 70, 80]), [67.5, 75.0, 85.0])
    knots, sexes = np.array([[-2.0, -1.0, 0.5], [-3.0, -2.5, -1.0]]), np.array([0.2, -0.4])
    ages = [65, 67, 70, 75, 79, 85, 90, 95, 100]
    found = _shares(knots, sexes, np.array([67.5, 75.0, 85.0]), ages)
    for a, age in enumerate(ages):
        at = min(age, 90.0)
        line = []
        for k in range(2):
            low = 0 if at < 75 else 1
            x = [67.5, 75.0, 85.0]
            slope = (knots[k, low + 1] - knots[k, low]) / (x[low + 1] - x[low])
            line.append(knots[k, low] + slope * (at - x[low]))
        for s, sign in enumerate((1, -1)):
            odds = [np.exp(line[k] + sign * sexes[k] / 2) for k in range(2)]
            np.testing.assert_allclose(found[:, s, a], np.array(odds) / (1 + sum(odds)))


def test_groups_keep_their_means_and_sexes_their_ratio():
    starts, ages = [65, 70, 80], list(range(65, 95))
    people_ = np.random.default_rng(1).uniform(50, 90, (2, 30))
    means, ratio = np.array([[0.05, 0.1, 0.2], [0.02, 0.05, 0.1]]), np.array([1.3, 0.8])
    found = shares_by_age(means, starts, ages, people_, ratio)
    for g, (a, b) in enumerate(((0, 5), (5, 15), (15, 30))):
        mean = (found * people_)[:, :, a:b].sum(axis=(1, 2)) / people_[:, a:b].sum()
        np.testing.assert_allclose(mean, means[:, g], rtol=1e-8)
    of_sex = (found * people_).sum(axis=2) / people_.sum(axis=1)
    np.testing.assert_allclose(of_sex[:, 0] / of_sex[:, 1], ratio, rtol=1e-8)
    for bad in (
        (means * 0, starts, ages, people_, ratio),
        (means, starts, ages, people_, -ratio),
        (means * 4, starts, ages, people_, ratio),
        (means, starts, ages, people_ * (np.array(ages) >= 70), ratio),
    ):
        with pytest.raises(ParameterError, match="shares_by_age"):
            shares_by_age(*bad)


def test_kinds_of_more_than_all_are_cut_alike_and_others_stay():
    one = xr.DataArray([[0.3, 0.6], [0.2, 0.6]], dims=("kind", "draw"))
    np.testing.assert_allclose(within_all(one, "kind"), [[0.3, 0.5], [0.2, 0.5]])


def test_a_rate_is_the_gamma_of_prior_and_count():
    found = shrunk_rate(3.0, 500.0, Prior(mean=0.01, shape=4.0))
    assert (found.shape, found.exposure) == (7.0, 900.0)
    assert found.mean == pytest.approx(7 / 900)
    assert Prior(0.01, 4.0).exposure == 400.0
    one = ShrunkRate(1.0, 50.0)  # an exponential
    assert one.quantile(0.9) == pytest.approx(-np.log(0.1) / 50)
    assert shrunk_rate(0.0, 500.0, Prior(0.01, 4.0)).shape == 4.0
    with pytest.raises(ParameterError) as said:
        shrunk_rate(-1.0, 0.0, Prior(np.inf, np.nan))
    assert len(str(said.value).splitlines()) == 4


def test_the_prior_is_the_likeliest_negative_binomial():
    deaths, born = np.array([3.0, 9, 0, 14, 5]), np.array([900.0, 1000, 500, 800, 1200])
    found = fit_prior(deaths, born)

    def likelihood(mean: float, shape: float) -> float:
        rate = shape / mean
        p = rate / (rate + born)
        ways = gammaln(deaths + shape) - gammaln(shape) - gammaln(deaths + 1)
        return float((ways + shape * np.log(p) + deaths * np.log(1 - p)).sum())

    best = likelihood(found.mean, found.shape)
    for a, b in ((1.02, 1), (0.98, 1), (1, 1.05), (1, 0.95)):
        assert likelihood(found.mean * a, found.shape * b) < best
    with pytest.raises(ParameterError, match="no more than chance"):
        fit_prior(np.full(5, 5.0), np.full(5, 1000.0))
    with pytest.raises(ParameterError) as said:
        fit_prior(np.array([-1.0, 2, 3]), np.array([1.0, 0.0, 3.0]))
    assert len(str(said.value).splitlines()) == 2
    for bad in (([1.0, 2], [1.0, 2]), ([1.0, 2, 3], [1.0, 2]), ([0.0, 0, 0], [1.0, 2, 3])):
        with pytest.raises(ParameterError):
            fit_prior(*map(np.array, bad))
    assert fit_prior(np.array([1.0, 9, 30]), np.full(3, 100.0)).mean > 0  # three places are enough
