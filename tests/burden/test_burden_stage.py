"""The whole stage: anchors, laws of use and of management, published totals."""

import itertools

import numpy as np
import pytest
import xarray as xr
from place import people, place

import sim.burden
from sim.burden import disease, utilisation


def _project(inputs, params, **changes):
    own = {name: params[name] for name in sim.burden.PARAMETERS} | {
        k.replace("__", "."): v for k, v in changes.items()
    }
    return sim.burden.project(inputs[list(sim.burden.READS)], own)


@pytest.fixture(scope="module")
def result(inputs, params):
    return _project(inputs, params)


def _text(value):
    return xr.DataArray(value)


def test_writes_what_it_says(result):
    assert set(result.data_vars) == set(sim.burden.WRITES)


def test_levels_add_up_to_treated_admissions(result, params):
    treated = result.admissions.sum(("sex", "age")) * (1 + params["inpatient.net_inflow"])
    np.testing.assert_allclose(result.admissions_level.sum("level"), treated, rtol=1e-12)


def test_base_year_admissions_are_those_of_the_beds(inputs, result, params):
    """Bed identity: admissions x stay = 365 x open beds x occupancy."""
    beds = params["supply.beds_base"] * inputs.population.isel(year=0).sum()
    days = (result.admissions_level.isel(year=0) * params["inpatient.alos"]).sum()
    occupancy = days / (365 * beds * params["inpatient.open_share"])
    assert float(occupancy) == pytest.approx(float(params["inpatient.base_occupancy"]), rel=1e-12)


def test_national_rates_by_name_do_not_look_at_the_beds(inputs, params):
    by_rates = _text("national_rates")
    one = _project(inputs, params, inpatient__calibration=by_rates)
    other = _project(inputs, params, inpatient__calibration=by_rates, supply__beds_base=xr.DataArray(0.001))
    xr.testing.assert_allclose(one.admissions, other.admissions)


def test_more_old_people_more_admissions(inputs, result):
    per_head = result.admissions.sum(("sex", "age")) / inputs.population.sum(("sex", "age"))
    assert (per_head.diff("year") > 0).all()


def test_shares_of_levels_add_up_to_one():
    shares = utilisation.level_shares(xr.DataArray([0.2, 0.7]), xr.DataArray(0.5))
    np.testing.assert_allclose(shares.sum("level"), 1.0)


def test_moving_visits_to_primary_care_keeps_their_number(inputs, result, params):
    moved = _project(inputs, params, outpatient__primary_share=xr.DataArray(0.7))
    np.testing.assert_allclose(moved.visits.sum("level"), result.visits.sum("level"), rtol=1e-12)
    share = moved.visits.sel(level="primary") / moved.visits.sum("level")
    np.testing.assert_allclose(share, 0.7)


def _flat(params):
    cause = params["disease.incidence_trend"].cause
    zero = xr.DataArray(np.zeros(cause.size), {"cause": cause.values}, ("cause",))
    return {"disease__incidence_trend": zero, "disease__excess_trend": zero}


def test_without_trends_cohorts_keep_the_survey_prevalence(inputs, params):
    moving = _project(inputs, params, **_flat(params))
    held = _project(inputs, params, disease__method=_text("constant_prevalence"))
    np.testing.assert_allclose(moving.cases, held.cases, rtol=2e-3)


def _coverage(value):
    names = {"programme_cause": ["hypertension", "diabetes"]}
    path = np.linspace(0.3, value, 16)[:, None] * np.ones(2)
    return xr.DataArray(path, {"year": np.arange(2020, 2036), **names}, ("year", "programme_cause"))


def test_more_coverage_never_more_deaths_or_first_events(inputs, params):
    runs = [_project(inputs, params, disease__managed_share=_coverage(v)) for v in (0.3, 0.65, 0.95)]
    for low, high in itertools.pairwise(runs):
        assert (high.premature_ncd_mortality <= low.premature_ncd_mortality).all()
        assert (high.premature_ncd_deaths <= low.premature_ncd_deaths + 1e-9).all()
        events = ["stroke", "ischaemic_heart_disease"]  # patients themselves live longer
        assert (high.cases <= low.cases + 1e-9).sel(cause=events).all()
        patients = ["hypertension", "diabetes"]
        assert (high.cases >= low.cases - 1e-9).sel(cause=patients).all()
    averted = [float(r.premature_ncd_deaths.isel(year=-1, draw=0).sum()) for r in runs]
    assert averted[2] < averted[1] < averted[0]
    last = [float(r.premature_ncd_mortality[-1, 0]) for r in runs]
    assert last[2] < last[1] < last[0]


def test_no_effect_no_difference(inputs, params):
    none = xr.zeros_like(params["disease.management_effect"])
    a = _project(inputs, params, disease__managed_share=_coverage(0.9), disease__management_effect=none)
    b = _project(inputs, params, disease__managed_share=_coverage(0.3), disease__management_effect=none)
    xr.testing.assert_allclose(a.premature_ncd_mortality, b.premature_ncd_mortality)
    xr.testing.assert_allclose(a.premature_ncd_deaths, b.premature_ncd_deaths)
    xr.testing.assert_allclose(a.cases, b.cases)


def test_daly_is_the_sum_of_its_parts(result):
    np.testing.assert_allclose(result.daly, result.yll + result.yld)


@pytest.mark.parametrize(
    ("cause", "first_age", "low", "high"),
    [
        ("hypertension", 18, 0.23, 0.275),  # 23.2 % (2012-15), 27.5 % (2018)
        ("diabetes", 18, 0.105, 0.13),  # 11.6 % (2010), 12.4 % (2018)
        ("stroke", 40, 0.024, 0.028),  # 2.6 % (2020)
        ("dementia", 60, 0.055, 0.065),  # 6.0 % (2015-18)
        ("depression", 18, 0.031, 0.041),  # 3.6 % (2013-15)
    ],
)
def test_published_prevalence_of_china(params, cause, first_age, low, high):
    china = people().sel(age=slice(first_age, 100))
    prevalence = params["disease.prevalence"].sel(cause=cause).sel(age=slice(first_age, 100))
    assert low < float((china * prevalence).sum() / china.sum()) < high


def test_clhls_groups_are_kept(params):
    """CLHLS 2018, Table 2: 3.78, 9.74 and 42.28 % with any ADL impairment."""
    total = params["dependency.prevalence"].sum("severity")
    china = place("000000")["population.reference_2020"].data
    for first, last, want in ((65, 74, 3.78), (75, 84, 9.74), (85, 100, 42.28)):
        ages = {"age": slice(first, last)}
        got = 100 * float((china * total).sel(ages).sum() / china.sel(ages).sum())
        assert got == pytest.approx(want, abs=0.011)  # the parts are printed rounded


def test_managed_risk_is_one_at_the_coverage_of_the_base(params):
    year = xr.DataArray(np.arange(2020, 2036), dims="year", coords={"year": np.arange(2020, 2036)})
    own = dict(params) | {"disease.managed_share": _coverage(0.3)}
    np.testing.assert_allclose(disease.relative_risk(year, own), 1.0)
